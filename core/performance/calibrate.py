"""``python -m core.performance.calibrate``: refit the engine to the stored measurements.

Writes ``resources/measured/parameters.json`` (parameters, error tables, intervals, what was
seen), ``resources/measured/runs.csv.gz`` (the runs shown beside predictions),
``resources/measured/sites.json`` (what own measurements gain) and
``resources/docs/validation.md`` with its pictures. Takes a few minutes on two cores.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.performance import (
    evidence,
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
from core.performance.measurement_format import Row, read_rows
from core.performance.measurements import Names, Run, runs_of
from core.performance.published_split import count
from core.performance.quantities import QUANTITIES
from core.performance.targets import FitSet, family_of, fit_set
from core.performance.validate import predict_runs, validate

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
CALIBRATED_ON = "2026-11-28"
"""Date of the stored calibration; pass ``--date`` when the data changes."""
TIGHTNESS = 1.0
"""Factor on all shrinkage widths: at 0.7, 0.85, 1 and 1.25 TPOT of three left-out sources is off by
19, 17, 15.5 and 14 % (median); left-out accelerators by 14 % at 0.85 and 16 % at 1.25."""
POWER_COVERAGE = 0.88
"""Nominal coverage of power's intervals: few sources measure power, and one of them is most of the
rows, so that a left-out source scatters more than left-out models and accelerators do."""
Report = Callable[[str], None]


def read_measurements(path: Path) -> tuple[str, str]:
    """(text, SHA-256 of the uncompressed bytes) of a CSV file, gzipped or plain."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    return data.decode("utf-8-sig"), hashlib.sha256(data).hexdigest()


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
        for field, by in (("model", "model"), ("accelerator", "accelerator"), ("engine", "model")):
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


def tail_ratios(rows: Sequence[Row], runs: dict[str, Run]) -> dict[str, float]:
    """Median ratio of published percentiles to predicted means, by scenario and metric."""
    predicted = predict_runs(list(runs.values()))
    order = {point: i for i, point in enumerate(runs)}
    found: dict[str, list[float]] = {}
    bases = {"tpot": "tpot_ms_mean", "itl": "tpot_ms_mean", "ttft": "ttft_ms_mean"}
    for row in rows:
        i = order.get(row.point_id)
        name = row.metric
        if i is None:
            continue
        if not name.endswith(("_p50", "_p90", "_p95", "_p99")) or (
            name in predicted.outcome.values
        ):
            continue
        value = float(predicted.outcome.values[bases.get(name.split("_", 1)[0], "e2e_ms_mean")][i])
        if not np.isfinite(value) or value <= 0:
            continue
        ratio = row.value / value
        found.setdefault(f"{runs[row.point_id].scenario}|{name}", []).append(ratio)
        found.setdefault(name, []).append(ratio)
    return {k: round(float(np.median(v)), 4) for k, v in sorted(found.items()) if len(v) >= 5}


def add_other_tables(tables: dict[str, Any], rows: Sequence[Row], catalog: Names) -> None:
    """Errors and intervals of what is derived from the fitted times: power, end to end, tails.

    The grades beyond ``measured`` are widened here; power has leave-outs of its own.
    """
    fitted = ("tpot", "ttft", "throughput")
    checked = validate(rows, catalog).predictions  # all rows: offered loads are among them
    answered = [p for p in checked if p.predicted and family_of(p.metric) not in fitted]
    family = np.array([family_of(p.metric) for p in answered], dtype=object)
    for name in sorted(set(family.tolist())):
        mine = [p for p, f in zip(answered, family, strict=True) if f == name]
        residual = np.log([(p.predicted or 1.0) / p.value for p in mine])
        tables["fit"][name] = held_out.errors(residual)
        cards = np.array([p.accelerator for p in mine], dtype=object)
        tables["by_accelerator"][name] = {
            card: held_out.errors(residual[cards == card]) for card in sorted(set(cards.tolist()))
        }
        scenario = np.array([p.scenario for p in mine], dtype=object)
        for key, here in [(name, np.ones(len(mine), dtype=bool))] + [
            (f"{name}|{s}", scenario == s) for s in sorted(set(scenario.tolist()))
        ]:
            intervals_ = tables.setdefault("intervals", {})
            if here.sum() < held_out.ENOUGH or key in intervals_:
                continue
            low, high = held_out.quantile_factors(residual[here])
            intervals_[key] = {
                grade: [round(low**width, 4), round(high**width, 4)]
                for grade, width in (("measured", 1.0), ("calibrated", 1.15), ("extrapolated", 1.5))
            }


def add_power_intervals(tables: dict[str, Any], held: dict[str, Any]) -> None:
    """Intervals of power from left-out residuals, and the share of them inside."""
    entry = tables["intervals"]["power"]
    known = np.concatenate([held["model"], held["accelerator"]])
    entry["calibrated"] = held_out.quantile_factors(known, POWER_COVERAGE)
    every = np.concatenate([known, held["source"]])
    entry["extrapolated"] = held_out.quantile_factors(every, POWER_COVERAGE)
    for by, residual in held.items():
        low, high = entry["calibrated"]
        inside = (np.exp(-residual) >= low) & (np.exp(-residual) <= high)
        tables["coverage"][by]["power"] = round(float(inside.mean()), 4)


def to_json(fitted: par.Parameters, data: FitSet, date: str, digest: str) -> str:
    """The parameter file's text."""
    count: dict[str, int] = {}
    for i in set(data.targets.case.tolist()):
        for name, q in QUANTITIES.items():
            for feature, _width in q.groups:
                key = f"{name}|{par.join_label(feature, data.cases.labels[i])}"
                count[key] = count.get(key, 0) + 1
    confidence = {
        name: {
            group: "high"
            if count.get(f"{name}|{group}", 0) >= 100
            else ("medium" if count.get(f"{name}|{group}", 0) >= 20 else "low")
            for group in groups
        }
        for name, groups in fitted.offsets.items()
    }
    content = {
        "about": "Fitted by core.performance.calibrate; not edited by hand",
        "date": date,
        "data_sha256": digest,
        "values": len(data.targets.case),
        "common": {k: round(v, 6) for k, v in fitted.common.items()},
        "units": {k: q.unit for k, q in QUANTITIES.items()},
        "meaning": {k: q.meaning for k, q in QUANTITIES.items()},
        "offsets": {
            k: {g: round(x, 5) for g, x in sorted(v.items())} for k, v in fitted.offsets.items()
        },
        "confidence": confidence,
        "power": fitted.power,
        "tables": fitted.tables,
    }
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


def shown_runs(rows: Sequence[Row], catalog: Names) -> bytes:
    """Compressed CSV of resolved runs with predictions, for ``evidence.nearest``."""
    runs, _reasons = runs_of(rows, catalog)
    wanted = evidence.METRICS
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        [
            "model",
            "accelerator",
            "engine",
            "precision",
            "tp",
            "ep",
            "dp",
            "generation",
            "isl",
            "osl",
            "concurrency",
            "metric",
            "value",
            "predicted",
            "source",
            "source_date",
        ]
    )
    for row, p in zip(rows, validate(rows, catalog).predictions, strict=True):
        if p.predicted is None or row.metric not in wanted:
            continue
        run = runs[row.point_id]
        writer.writerow(
            [
                run.model.id,
                run.accelerator.id,
                run.engine,
                run.precision,
                run.tp,
                max(count(row.cells, "ep"), 1),
                run.dp,
                run.accelerator.generation,
                f"{run.input_tokens:.0f}",
                f"{run.output_tokens:.0f}",
                row.cells["concurrency"],
                row.metric,
                f"{row.value:.5g}",
                f"{p.predicted:.5g}",
                row.cells["source_id"],
                row.cells["version_date"],
            ]
        )
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=0) as file:
        file.write(out.getvalue().encode())
    return packed.getvalue()


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
