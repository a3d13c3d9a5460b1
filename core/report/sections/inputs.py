"""The workload and the targets as understood: every input, its default's source, what changed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from core.assessment import WEIGHTS, Entry, entries, get_value
from core.assessment.fields import readable
from core.decision.wording import MINUS
from core.notation import with_currency
from core.report.brief import Brief, ms, num, share
from core.report.content import (
    Block,
    Blocks,
    Callout,
    Column,
    Columns,
    Heading,
    Para,
    Picture,
    Table,
    without_empty,
)
from core.report.sections import load_steps
from core.report.text import one_line
from core.words import N_, _

SECTIONS = {
    "project": N_("Project"),
    "site": N_("Site constraints"),
    "economics": N_("Economics"),
    "priorities": N_("Priorities"),
}
MOST_SHORT = 30
"""Inputs in one small table."""
MOST_CHARACTERS = 140
MOST_WORKLOADS = 3
"""With more, the workloads share one table."""


def blocks(brief: Brief) -> Blocks:
    """Demand as derived, then the inputs that matter first and those that were changed."""
    yield Para(
        _(
            "Everything in this report follows from the inputs and from the dated catalog. Below "
            "are the demand that they lead to, the leading inputs, and every input that differs "
            "from the program's default (●); the section “Every input” lists all with the sources "
            "of the defaults."
        )
    )
    yield from _demand(brief)
    yield Heading(_("Leading and changed inputs"), 2)
    groups = _groups(brief)
    if len(brief.recommendation.assessment.workloads) > MOST_WORKLOADS:
        yield _workloads(brief)
        groups = [(p, group) for p, group in groups if not p.startswith("workloads")]
    tables = [t for prefix, group in groups for t in _short(brief, prefix, group)]
    if tables:
        yield Columns(tuple((table,) for table in tables))


def _workloads(brief: Brief) -> Table:
    """A line a workload, where tables of their own would fill pages."""
    return Table(
        (
            Column(_("Workload")),
            Column(_("Model")),
            Column(_("Input"), _("tokens"), "decimal"),
            Column(_("at P95"), _("tokens"), "decimal"),
            Column(_("Output"), _("tokens"), "decimal"),
            Column(_("at P95"), _("tokens"), "decimal"),
            Column(_("Growth"), _("per year"), "decimal"),
            Column("TTFT", "", "decimal"),
            Column("TPOT", "", "decimal"),
            Column(_("Whole answer"), "", "decimal"),
        ),
        tuple(
            (
                w.name,
                brief.recommendation.name_of(w.model),
                num(w.input_tokens_mean),
                num(w.input_tokens_p95),
                num(w.output_tokens_mean),
                num(w.output_tokens_p95),
                share(w.growth_per_year),
                ms(w.targets.ttft_ms),
                ms(w.targets.tpot_ms),
                ms(w.targets.e2e_ms),
            )
            for w in brief.recommendation.assessment.workloads
        ),
        caption=_("Workloads and their latency targets"),
    )


def every(brief: Brief) -> Blocks:
    """Every input with its unit, whether it was changed, and its default's source."""
    yield Para(
        _(
            "A mark in the column “Changed” means that the value differs from the program's "
            "default; the source tells where a default comes from."
        )
    )
    for prefix, group in _groups(brief):
        yield Heading(_title(brief, prefix), 2)
        yield from _table(brief, group)


def _groups(brief: Brief) -> list[tuple[str, list[Entry]]]:
    """Visible inputs by the part of the assessment they belong to."""
    rows = entries(brief.recommendation.assessment)
    return [
        (prefix, [e for e in group if _visible(brief, e)])
        for prefix, group in itertools.groupby(rows, key=lambda e: e.path.rsplit(".", 1)[0])
    ]


def _short(brief: Brief, prefix: str, group: list[Entry]) -> Iterator[Table]:
    """Small tables of the inputs that are asked for first or were changed."""
    shown = [
        e
        for e in group
        if not (e.path.startswith("project") or e.path.endswith(".name"))
        and (not e.field.more or e.value != e.default)
        and (e.value != e.default or _counts(brief, e))
    ]
    rows = []
    for entry in shown[:MOST_SHORT]:
        label, value, unit, mark, _source = _row(brief, entry)
        text = with_currency(unit, value) if unit in ("USD", brief.code) else f"{value} {unit}"
        if unit == "ms":
            text = ms(entry.value)
        rows.append((label, one_line(text.strip(), MOST_CHARACTERS), mark))
    if not rows:
        return
    # the name above the table, where a long one cannot squeeze the values
    yield Table(
        (Column(_("Input")), Column(_("Value")), Column("", align="centre")),
        tuple(rows),
        caption=one_line(_title(brief, prefix), MOST_CHARACTERS),
    )


def _counts(brief: Brief, entry: Entry) -> bool:
    """False for what only edge sites have, where they are not considered."""
    edge = entry.path.startswith("site.edge_")
    return not edge or "edge" in brief.recommendation.assessment.site.venues


def _title(brief: Brief, prefix: str) -> str:
    match = re.fullmatch(r"workloads\[(\d+)\](\.targets)?", prefix)
    if match is None:
        return _(SECTIONS[prefix])
    name = brief.recommendation.assessment.workloads[int(match[1])].name
    text = _("Latency targets of “{name}”") if match[2] else _("Workload “{name}”")
    return text.format(name=name)


def _visible(brief: Brief, entry: Entry) -> bool:
    """False for an input that another one makes meaningless."""
    rule = entry.field.visible_when
    if rule is None:
        return True
    sibling = f"{entry.path.rsplit('.', 1)[0]}.{rule[0]}"
    return get_value(brief.recommendation.assessment, sibling) in rule[1]


def _table(brief: Brief, rows: list[Entry]) -> Iterator[Block]:
    if rows and rows[0].path.startswith("priorities"):
        yield Para(
            _(
                "Weights count in proportion; those of criteria that do not apply to an option are "
                "spread over the others."
            ),
            "small",
        )
    yield without_empty(
        Table(
            (
                Column(_("Input")),
                Column(_("Value")),
                Column(_("Unit")),
                Column(_("Changed"), align="centre"),
                Column(_("Source of the default")),
            ),
            tuple(_long_times(entry, _row(brief, entry)) for entry in rows),
        )
    )


def _long_times(entry: Entry, row: tuple[str, ...]) -> tuple[str, ...]:
    """A value in ms exactly as it was entered and, where it is long, as it is told elsewhere."""
    label, value, unit, *rest = row
    read = ms(entry.value) if unit == "ms" else unit
    return label, value, unit if read.endswith(unit) else f"{unit} ({read})", *rest


def _row(brief: Brief, entry: Entry) -> tuple[str, ...]:
    value = readable(entry.field, entry.value)
    if entry.field.choices_from:
        value = brief.recommendation.name_of(value)
    unit = entry.field.unit_in(brief.code, entry.value)
    if entry.value is None or entry.field.kind in ("bool", "choice", "flags", "text"):
        unit = unit if entry.value is not None and entry.field.kind not in ("bool",) else ""
    if entry.field.kind in ("share", "int", "number"):
        value = value.replace("-", MINUS)
    changed = entry.value != entry.default
    source = entry.field.default_source
    if not changed and not source and entry.path.rsplit(".", 1)[1] not in WEIGHTS:
        source = _("Program default")
    return entry.field.label, value, unit, "●" if changed else "", "" if changed else source


# -- what the inputs ask for -----------------------------------------------------------------


def _demand(brief: Brief) -> Blocks:
    demands = brief.recommendation.demand
    yield Heading(_("Demand derived from the inputs"), 2)
    if not demands:
        yield Callout(_("No demand was derived."))
        return
    yield Table(
        (
            Column(_("Workload")),
            Column(_("Model")),
            Column(_("Peak, first year"), _("req/s"), "decimal"),
            Column(_("Peak, last year"), _("req/s"), "decimal"),
            Column(_("Mean"), _("req/s"), "decimal"),
            Column(_("Peak to mean"), "", "decimal"),
            Column(_("Burstiness"), "CV", "decimal"),
            Column(_("Tokens, first year"), _("million"), "decimal"),
            Column(_("of which output"), _("million"), "decimal"),
        ),
        tuple(
            (
                d.workload,
                d.model_name,
                num(d.peak_req_s_by_year[0] if d.peak_req_s_by_year else None),
                num(d.peak_req_s_by_year[-1] if d.peak_req_s_by_year else None),
                num(d.mean_req_s),
                num(d.peak_to_mean),
                num(d.arrival_cv),
                num(d.tokens_per_year[0] / 1e6 if d.tokens_per_year else None),
                num(d.output_tokens_per_year[0] / 1e6 if d.output_tokens_per_year else None),
            )
            for d in demands
        ),
    )
    for demand in demands:
        yield from load_steps.blocks(brief, demand)
    yield Picture("weekly_load")
