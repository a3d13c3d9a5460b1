"""``python -m core.performance.calibrate``: refit the engine to the stored measurements.

Writes ``resources/measured/parameters.json`` (parameters, error tables, intervals, what was
seen), ``resources/measured/runs.csv.gz`` (the runs shown beside predictions),
``resources/measured/sites.json`` (what own measurements gain) and
``resources/docs/validation.md`` with its pictures. Takes a few minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.performance import (
    fit,
    held_out,
    power_fit,
    published_runs,
    scenarios,
    site_check,
    validation_page,
    validation_table,
)
from core.performance import parameters as par
from core.performance.agreement import apart
from core.performance.calibration_files import RESOURCES, read_measurements, shown_runs, to_json
from core.performance.derived_tables import add_other_tables, add_power_intervals, tail_ratios
from core.performance.measurement_format import Row, read_rows
from core.performance.measurements import Names, runs_of
from core.performance.targets import FitSet, fit_set
from core.performance.validate import validate

CALIBRATED_ON = "2026-11-28"
"""Date of the stored calibration; pass ``--date`` when the data changes."""
TIGHTNESS = 1.0
"""Factor on all shrinkage widths: at 0.7, 0.85, 1 and 1.25 TPOT of three left-out sources is off by
19, 17, 15.5 and 14 % (median); left-out accelerators by 14 % at 0.85 and 16 % at 1.25."""
LEFT_OUT_BY = (
    ("model", "model"),
    ("accelerator", "accelerator"),
    ("engine", "model"),
    ("source", "source"),
)
"""By what the errors of rows left out are told, and in which groups those were left out."""
Report = Callable[[str], None]


def calibrate(
    rows: Sequence[Row],
    catalog: Names,
    report: Report,
    leave_one_out: bool = True,
    unsure: Sequence[Row] = (),
    workers: int = 1,
) -> tuple[par.Parameters, FitSet]:
    """Fit, leave groups out, and collect intervals and error tables.

    ``unsure`` rows do not say whether they used speculative decoding.
    """
    runs, _reasons = runs_of([*rows, *unsure], catalog)
    cases = published_runs.stack(list(runs.values()))
    data = fit_set([*rows, *unsure], runs, cases)
    lay = fit.layout(cases.labels, TIGHTNESS)
    report(f"{len(rows)} values of {len(runs)} runs, {len(lay.keys)} parameters")
    soft = fit.fit(lay, data.targets, data.predict, iterations=60, report=report, fading=fit.SOFT)
    solution = fit.fit(lay, data.targets, data.predict, start=soft, iterations=60, report=report)
    sure = data.labelled
    fitted = np.where(sure, solution.log_predicted - data.targets.log_value, np.nan)
    published = power_fit.power_rows(rows, cases)
    held: dict[str, tuple[Any, list[str]]] = {}
    power_held: dict[str, Any] = {}
    without_source: dict[str, Any] = {}
    for by in ("model", "accelerator", "source") if leave_one_out else ():
        left = held_out.leave_out(lay, data, solution, by, workers)
        held[by] = (np.where(sure, left.residual, np.nan), left.grades)
        without = {key: lay.values(theta) for key, theta in left.theta.items()}
        if by == "source":
            without_source = left.theta
        keys = held_out.group_keys([cases.runs[i] for i in published.case.tolist()], by)
        power_held[by] = power_fit.leave_out(
            published, cases, keys, without, lay.values(solution.theta)
        )
        report(f"left out each {by}: {held_out.by_family(data, held[by][0])}")
        report(f"left out each {by}, power: {held_out.errors(power_held[by])}")
    plain = lay.parameters(solution.theta)
    outcome = scenarios.predict(cases, cases.quantities(plain))
    power_coefficients = power_fit.fit_power(
        published, power_fit.machines(cases), power_fit.use_of(outcome)
    )
    tables: dict[str, Any] = {
        "fit": held_out.by_family(data, fitted),
        "left_out": {
            by: held_out.by_family(data, r) | {"power": held_out.errors(power_held[by])}
            for by, (r, _g) in held.items()
        },
        "by_accelerator": held_out.by_field(data, fitted, "accelerator"),
        "by_model": held_out.by_field(data, fitted, "model"),
        "by_engine": held_out.by_field(data, fitted, "engine"),
        "by_scenario": held_out.by_field(data, fitted, "scenario"),
        "intervals": held_out.interval_table(data, fitted, held) if held else {},
        "seen": held_out.seen_groups(data),
        "sizes": held_out.seen_sizes(data),
    }
    if held:
        for field, by in LEFT_OUT_BY:
            tables[f"left_out_by_{field}"] = held_out.by_field(data, held[by][0], field)
        tables["coverage"] = {
            by: held_out.coverage(data, tables["intervals"], r, g) for by, (r, g) in held.items()
        }
        tables["sites"] = site_check.check(lay, data, without_source, rows, catalog, report)
    fitted_parameters = par.Parameters(plain.common, plain.offsets, power_coefficients, tables)
    with par.use(fitted_parameters):
        tables["tails"] = tail_ratios(rows, runs)
    with par.use(fitted_parameters):
        add_other_tables(tables, rows, catalog)
    if power_held:
        add_power_intervals(tables, power_held)
    return fitted_parameters, data


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of ``make calibrate``."""
    from core.catalog.load import load_catalog

    parser = argparse.ArgumentParser(prog="calibrate", description="Refit the engine.")
    parser.add_argument("--data", type=Path, default=RESOURCES / "measured/calibration.csv.gz")
    parser.add_argument(
        "--unlabelled", type=Path, default=RESOURCES / "measured/unlabelled_speculation.csv.gz"
    )
    parser.add_argument("--out", type=Path, default=RESOURCES)
    parser.add_argument("--date", default=CALIBRATED_ON)
    parser.add_argument("--quick", action="store_true", help="do not leave groups out")
    options = parser.parse_args(arguments)

    def report(text: str) -> None:
        print(text, flush=True)

    if not options.data.exists():
        print(f"No measurements at {options.data}.", file=sys.stderr)
        return 2
    text, digest = read_measurements(options.data)
    rows, problems = read_rows(text)
    unsure = []
    if options.unlabelled.exists():
        unsure = read_rows(read_measurements(options.unlabelled)[0])[0]
    catalog = load_catalog()
    fitted, data = calibrate(
        rows, catalog, report, not options.quick, unsure, workers=os.cpu_count() or 1
    )
    sites = fitted.tables.pop("sites", {})
    # What users get is rounded in the file: the stored errors are those of the rounded values.
    fitted = par.from_json(to_json(fitted, data, options.date, digest))
    with par.use(fitted):
        predictions = validate(rows, catalog).predictions
        fitted.tables["apart"] = apart(rows, predictions, catalog, fitted.tables["intervals"])
        checked = validate(rows, catalog, problems)  # grades depend on what lies apart
        fitted.tables["validation"] = {
            family: {k: v for k, v in entry.items() if not k.startswith("by_")}
            for family, entry in checked.summary()["families"].items()
        }
        runs = shown_runs(rows, catalog)
    report(validation_table.text(checked))
    measured, docs = options.out / "measured", options.out / "docs"
    for folder in (measured, docs):
        folder.mkdir(parents=True, exist_ok=True)
    (measured / "runs.csv.gz").write_bytes(runs)
    stored = to_json(fitted, data, options.date, digest)
    (measured / "parameters.json").write_text(stored, encoding="utf-8")
    with par.use(par.from_json(stored)):  # as rounded in the file: what users get
        shipped = validate(rows, catalog, problems)
    if sites:
        told = site_check.to_json(sites, options.date, digest)
        (measured / "sites.json").write_text(told, encoding="utf-8")
    validation_page.write(json.loads(stored), shipped, catalog, docs, sites)
    return 0


if __name__ == "__main__":
    sys.exit(main())
