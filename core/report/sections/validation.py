"""How far the engine's predictions were from published measurements, from its stored tables."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from core.decision.wording import percent
from core.notation import day, local
from core.performance.engine_names import engine_name
from core.performance.generation_names import generation_name
from core.performance.own_measurements import TERMS, OwnMeasurements
from core.report.brief import DASH, Brief, num
from core.report.content import Blocks, Callout, Column, Heading, Para, Table
from core.words import N_, _

METRICS = {
    "tpot": N_("Time per output token"),
    "ttft": N_("Time to first token"),
    "throughput": N_("Throughput"),
    "power": N_("Power and energy"),
    "e2e": N_("Whole answer"),
    "tpot, closed loop": N_("Time per output token, closed loop"),
    "ttft, closed loop": N_("Time to first token, closed loop"),
    "tpot_tail": N_("Time per output token, P99"),
    "ttft_tail": N_("Time to first token, P99"),
}
GROUPS = {
    "model": N_("Each model left out of the fit in turn"),
    "accelerator": N_("Each accelerator left out of the fit in turn"),
    "source": N_("Each source left out of the fit in turn"),
}
LEFT_OUT = {"model": N_("Model"), "accelerator": N_("Accelerator"), "source": N_("Source")}


@functools.cache
def stored() -> Mapping[str, Any]:
    """The calibration's result as it ships: date, count and error tables; empty where absent."""
    file = resources.files("resources") / "measured" / "parameters.json"
    if not file.is_file():
        return {}
    found = json.loads(file.read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else {}


def blocks(brief: Brief) -> Blocks:
    """The error tables, or a sentence that says why there are none; then the own refit."""
    yield from tables(stored())
    own = brief.recommendation.own_measurements
    if own is not None:
        yield from refitted(own)


def tables(found: Mapping[str, Any]) -> Blocks:
    """The error tables of a calibration result."""
    known = found.get("tables", {})
    fitted = _rows(known.get("fit", {}))
    if not fitted:
        yield Callout(
            _(
                "No stored validation of the performance engine is present in this installation, "
                "so no accuracy is claimed beyond the interval printed with every prediction."
            )
        )
        return
    yield Para(
        _(
            "Calibrated on {date} with {n} published values. Errors are absolute percentages of "
            "the measured value; a ratio above 1 means predicted too high. What counts for a new "
            "case is the error on groups that were left out of the fit."
        ).format(
            date=day(str(found.get("date", _("an unknown date")))), n=_count(found.get("values"))
        )
    )
    for by, group in known.get("left_out", {}).items():
        rows = _rows(group)
        if rows:
            yield _errors(rows, _(GROUPS.get(str(by), str(by))))
    yield _errors(fitted, _("On the data it was fitted to"))
    coverage = known.get("coverage", {})
    if coverage:
        yield _coverage(coverage)


def refitted(own: OwnMeasurements) -> Blocks:
    """What the site's own measurements changed, and what that gains."""
    yield Heading(_("Own measurements"), 2)
    yield Para(own.summary)
    yield Table(
        (
            Column(_("Metric")),
            Column(_("Values"), "", "decimal"),
            Column(_("As shipped"), "", "decimal"),
            Column(_("Refitted"), "", "decimal"),
            Column(_("Left out"), "", "decimal"),
        ),
        tuple(
            (
                _(METRICS.get(e.family, e.family)),
                _count(e.values),
                _share(e.before),
                _share(e.after),
                _share(e.held_out),
            )
            for e in own.errors
        ),
        caption=_(
            "Median errors on the own measurements; left out: each configuration predicted by a "
            "refit that did not see it"
        ),
    )
    yield Table(
        (
            Column(_("Serving engine")),
            Column(_("Accelerators")),
            Column(_("What is refitted")),
            Column(_("Factor"), "", "decimal"),
        ),
        tuple(
            (
                engine_name(t.engine),
                generation_name(t.generation),
                _(TERMS[t.term].label),
                num(t.factor, 3),
            )
            for t in own.terms
        ),
        caption=_("Factors on the shipped parameters; 1 leaves them as they are"),
    )
    yield Para(
        _("Measurement file SHA-256 {data}; shipped parameters {base}.").format(
            data=own.data_sha256[:16], base=own.base_sha256[:16]
        ),
        "small",
    )


def _count(value: Any) -> str:
    return local(f"{value:,}") if isinstance(value, int) else _("an unknown number of")


def _rows(table: Any) -> list[tuple[str, ...]]:
    if not isinstance(table, Mapping):
        return []
    return [
        (
            _(METRICS.get(str(name), str(name))),
            _count(entry["n"]),
            _share(entry.get("median")),
            _share(entry.get("mean")),
            _share(entry.get("p90")),
            _ratio(entry.get("ratio")),
        )
        for name, entry in table.items()
        if isinstance(entry, Mapping) and entry.get("n")
    ]


def _ratio(value: Any) -> str:
    return DASH if value is None else local(f"{float(value):.2f}")


def _share(value: Any) -> str:
    return DASH if value is None else percent(float(value))


def _errors(rows: list[tuple[str, ...]], caption: str) -> Table:
    return Table(
        (
            Column(_("Metric")),
            Column(_("Values"), "", "decimal"),
            Column(_("Median error"), "", "decimal"),
            Column(_("Mean error"), "", "decimal"),
            Column(_("P90 of errors"), "", "decimal"),
            Column(_("Median ratio"), "", "decimal"),
        ),
        tuple(rows),
        caption=caption,
    )


def _coverage(coverage: Mapping[str, Mapping[str, Any]]) -> Table:
    metrics = list(dict.fromkeys(name for entry in coverage.values() for name in entry))
    return Table(
        (
            Column(_("Left out")),
            *(Column(_(METRICS.get(name, name)), "", "decimal") for name in metrics),
        ),
        tuple(
            (_(LEFT_OUT.get(by, by)), *(_share(entry.get(name)) for name in metrics))
            for by, entry in coverage.items()
        ),
        caption=_("Share of left-out values inside their 80 % interval"),
    )
