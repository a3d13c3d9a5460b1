"""The sheets to look things up in: assumptions, limits, performance, sources."""

from __future__ import annotations

from core.assessment import entries
from core.assessment.fields import Field, shown
from core.catalog.types import Provenance
from core.interchange.workbook.sheet import Cell, Sheet
from core.notation import local
from core.recommendation import Analysis, LatencyPoint, Option, Recommendation, Serving
from core.units import converted, name_of
from core.words import _

PERCENTILES = ("mean", "p50", "p90", "p95", "p99")


def assumptions(sheet: Sheet, recommendation: Recommendation, analysis: Analysis | None) -> None:
    """Every input with its default's source; assumed cost lines; what the futures draw."""
    sheet.widths(44, 34, 14, 26, 14, 38, 60, 12, 11)
    sheet.put(0, 0, _("Inputs"), "heading")
    every, code = list(entries(recommendation.assessment)), recommendation.currency.code
    names = (_("Input"), _("Value"), _("Unit"), _("Default"), _("Changed"), _("Where"),
             _("Source of default"))  # fmt: skip  # one row
    row = sheet.table(
        1,
        names,
        [
            (
                entry.field.label,
                _value(recommendation, entry.field, entry.value),
                "" if entry.field.kind == "share" else entry.field.unit_in(code),
                _value(recommendation, entry.field, entry.default),
                entry.value != entry.default,
                entry.path,
                entry.field.default_source,
            )
            for entry in every
        ],
    )
    for n, entry in enumerate(every, 2):
        if entry.field.kind == "share":
            for column, value in ((1, entry.value), (3, entry.default)):
                sheet.put(n, column, value, "share")
    sheet.put(row + 1, 0, _("Cost lines of the leading option"), "heading")
    leading = recommendation.winner or next(iter(recommendation.rejected), None)
    lines = leading.cost.lines if leading is not None and leading.cost is not None else ()
    row = sheet.table(
        row + 2,
        (_("Line"), _("How it is found"), _("Low, USD"), _("Base, USD"), _("High, USD"),
         _("Assumption"), _("Source"), _("As of"), _("Confidence")),
        [
            (
                line.label,
                line.formula,
                line.present_value_usd * line.low_factor,
                line.present_value_usd,
                line.present_value_usd * line.high_factor,
                line.is_assumption,
                line.provenance.source,
                line.provenance.as_of,
                line.provenance.confidence,
            )
            for line in lines
        ],
    )  # fmt: skip  # headings on two lines
    if analysis is not None and analysis.input_ranges and analysis.uncertainty:
        sheet.put(row + 1, 0, _("What the sampled futures draw"), "heading")
        sheet.table(
            row + 2,
            (_("Uncertain input"), _("Distribution"), _("Source")),
            analysis.input_ranges,
        )


def _value(recommendation: Recommendation, field: Field, value: object) -> Cell:
    """A number as a number, a catalog id by its name, all else as forms show it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value * field.per_stored
    text = shown(field, value)
    return recommendation.name_of(text) if field.choices_from else text


def gates(sheet: Sheet, recommendation: Recommendation) -> None:
    """Every hard limit of every option."""
    rows: list[tuple[Cell, ...]] = [
        (
            option.title,
            option.feasible,
            gate.label,
            gate.status,
            converted(gate.needed, gate.unit),
            converted(gate.limit, gate.unit),
            name_of(gate.unit),
            gate.message,
            gate.remedy,
        )
        for option in (*recommendation.options, *recommendation.rejected)
        for gate in option.gates
    ]
    names = (_("Option"), _("Feasible"), _("Limit"), _("Status"), _("Needed"), _("Allowed"),
             _("Unit"), _("In words"), _("What it takes"))  # fmt: skip  # one row
    sheet.table(0, names, rows)
    sheet.widths(52, 9, 28, 10, 12, 12, 12, 80, 60)
    sheet.raw.freeze_panes(1, 1)
    sheet.raw.autofilter(0, 0, max(len(rows), 1), len(names) - 1)


def performance(sheet: Sheet, recommendation: Recommendation) -> None:
    """How every option serves every workload, predicted at its busiest hour."""
    names = [
        _("Option"), _("Workload"), _("Model"), _("Accelerator"), _("Configuration"),
        _("Evidence"), _("Replicas, first year"), _("Replicas, last year"),
        _("Capacity of a replica, requests/s"), _("Saturation of a replica, requests/s"),
        _("Peak, requests/s, first year"), _("Binding target"),
    ]  # fmt: skip  # one row
    for what in ("TTFT", "TPOT", _("Whole answer")):
        names += [f"{what}, ms, {percentile}" for percentile in PERCENTILES]
    names += [_("Targets"), _("Weights, GiB each"), _("KV cache, GiB each"), _("Usable, GiB each")]
    rows = [
        _serving(option, serving)
        for option in (*recommendation.options, *recommendation.rejected)
        for serving in option.servings
    ]
    sheet.table(0, names, rows)
    sheet.widths(52, 22, 26, 22, 52, 12, *([11] * 25), 60)
    sheet.raw.freeze_panes(1, 1)
    sheet.raw.autofilter(0, 0, max(len(rows), 1), len(names) - 1)


def _serving(option: Option, serving: Serving) -> list[Cell]:
    replicas, peaks = serving.replicas_by_year, serving.peak_req_s_by_year
    row: list[Cell] = [
        option.title,
        serving.workload,
        serving.model_name,
        serving.accelerator_name,
        serving.configuration,
        serving.evidence or _("unknown"),
        replicas[0] if replicas else None,
        replicas[-1] if replicas else None,
        serving.capacity_req_s,
        serving.saturation_req_s,
        peaks[0] if peaks else None,
        serving.binding_target,
    ]
    row += _latencies(serving.at_peak)
    checks = [
        f"{check.label}: {_limit(check.limit_ms)} ({check.status})" for check in serving.targets
    ]
    return [
        *row,
        "; ".join(checks),
        serving.weights_gib_per_accelerator,
        serving.kv_gib_per_accelerator,
        serving.usable_gib_per_accelerator,
    ]


def _limit(milliseconds: float) -> str:
    return _("at most {ms} ms").format(ms=local(f"{milliseconds:,.6g}"))


def _latencies(point: LatencyPoint | None) -> list[Cell]:
    if point is None:
        return [None] * (3 * len(PERCENTILES))
    kinds = (point.ttft_ms, point.tpot_ms, point.e2e_ms)
    return [kind.get(percentile) for kind in kinds for percentile in PERCENTILES]


def sources(sheet: Sheet, recommendation: Recommendation) -> None:
    """Where the figures come from: every source once, with what it is used for."""
    used: dict[Provenance, dict[str, None]] = {recommendation.currency.provenance: {}}
    used[recommendation.currency.provenance][_("Exchange rate")] = None
    for option in (*recommendation.options, *recommendation.rejected):
        for line in option.cost.lines if option.cost is not None else ():
            used.setdefault(line.provenance, {})[line.label] = None
        for provenance in option.sources:
            used.setdefault(provenance, {})
    rows = [
        (
            provenance.source,
            provenance.as_of,
            provenance.confidence,
            ", ".join(labels) or _("Hardware and model data"),
        )
        for provenance, labels in used.items()
    ]
    sheet.table(
        0, (_("Source"), _("As of"), _("Confidence"), _("Used for")), rows, frozenset((0, 3))
    )
    sheet.widths(100, 12, 12, 60)
    sheet.raw.freeze_panes(1, 0)
