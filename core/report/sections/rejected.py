"""Rejected options: the limit that binds, by how much, and the smallest change."""

from __future__ import annotations

from collections import Counter

from core.recommendation import Gate, Option
from core.report.brief import DASH, Brief, num
from core.report.content import Blocks, Callout, Column, Para, Table
from core.words import _

MOST = 24


def blocks(brief: Brief) -> Blocks:
    """A tally by limit, then the nearest options with their numbers."""
    rejected = brief.recommendation.rejected
    if not rejected:
        yield Callout(_("No option was rejected: every one examined meets every limit."))
        return
    yield Para(
        _(
            "{n} options break at least one hard limit or have no known price. They keep their "
            "numbers, so that a limit can be weighed against what it costs."
        ).format(n=len(rejected))
    )
    counts = Counter(label for o in rejected for label in {g.label for g in _failing(o)})
    unpriced = sum(1 for o in rejected if o.cost is None)
    if unpriced:
        counts[_("No known price")] = unpriced
    yield Table(
        (Column(_("Limit")), Column(_("Options it rejects"), "", "decimal")),
        tuple((label, str(n)) for label, n in sorted(counts.items(), key=lambda p: (-p[1], p[0]))),
        caption=_("What rejects (an option may break several)"),
    )
    yield Table(
        (
            Column(_("Option")),
            Column(_("Cost"), f"{brief.code}/Mtok", "decimal"),
            Column(_("Binding limit")),
            Column(_("Needed"), "", "decimal"),
            Column(_("Limit"), "", "decimal"),
            Column(_("Unit")),
            Column(_("Smallest change that would admit it")),
        ),
        tuple(_row(brief, o) for o in rejected[:MOST]),
        caption=_("Rejected options, nearest first"),
    )
    if len(rejected) > MOST:
        yield Para(
            _("{n} more are in the attached options.csv.").format(n=len(rejected) - MOST), "small"
        )


def _failing(option: Option) -> list[Gate]:
    return [g for g in option.gates if g.status == "fail"]


def _row(brief: Brief, option: Option) -> tuple[str, ...]:
    failing = _failing(option)
    cost = brief.amount(option.cost.usd_per_mtok.base) if option.cost else DASH
    if not failing:
        return option.title, cost, _("No known price"), DASH, DASH, "", _("A quotation.")
    gate = max(failing, key=_excess)
    others = [g.label for g in failing if g.label != gate.label]
    label = gate.label
    if others:
        label = _("{label}; also {others}").format(
            label=label, others=", ".join(dict.fromkeys(others))
        )
    needed, limit = num(gate.needed), num(gate.limit)
    change = gate.smallest_change or _("nothing would")
    return option.title, cost, label, needed, limit, gate.unit, change


def _excess(gate: Gate) -> float:
    """How far beyond its limit a gate is; one without numbers is beyond any."""
    if gate.needed is None or not gate.limit:
        return float("inf")
    return max(gate.needed / gate.limit, gate.limit / gate.needed if gate.needed else 0.0)
