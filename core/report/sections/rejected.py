"""Rejected options: the limit that binds, by how much, and what would admit them."""

from __future__ import annotations

from collections import Counter

from core.decision import verdicts
from core.decision.wording import difference_figure, price_per_mtok
from core.notation import local, semicolons
from core.recommendation import Option
from core.report.brief import DASH, Brief, joined, num
from core.report.content import Blocks, Callout, Column, Heading, Para, Table
from core.report.sections import admission, prices
from core.trade_offs import LimitPrice
from core.units import converted, name_of
from core.words import _, ngettext

MOST, MOST_CHEAPER = 10, 8


def blocks(brief: Brief) -> Blocks:
    """A tally by limit, what would cost less than the answer, then what comes nearest."""
    rejected = brief.recommendation.rejected
    if not rejected:
        yield Callout(_("No option was rejected: every one examined meets every limit."))
        return
    text = ngettext(
        "{n} option breaks at least one hard limit or has no known price. It keeps its numbers, "
        "so that a limit can be weighed against what it costs.",
        "{n} options break at least one hard limit or have no known price. They keep their "
        "numbers, so that a limit can be weighed against what it costs.",
        len(rejected),
    )
    yield Para(text.format(n=len(rejected)))
    counts = Counter({gate.label: n for gate, n in verdicts.rejecting(rejected)})
    unpriced = sum(1 for o in rejected if o.cost is None)
    if unpriced:
        counts[_("No known price")] = unpriced
    yield Table(
        (Column(_("Limit")), Column(_("Options it rejects"), "", "decimal")),
        tuple((label, str(n)) for label, n in sorted(counts.items(), key=lambda p: (-p[1], p[0]))),
        caption=_("What rejects (an option may break several)"),
    )
    yield from _own_limits(brief)
    yield from admission.blocks(brief)
    told = {c.option_id for c in brief.smallest_changes}
    priced = {p.option_title for p in brief.recommendation.limit_prices}
    rest = [o for o in rejected if o.id not in told and o.title not in priced]
    cheaper = _cheaper(brief, rest)
    if cheaper:
        caption = (
            _("Besides those above, these would cost less than the recommended option")
            if told or priced
            else _("Would cost less than the recommended option")
        )
        if len(cheaper) > MOST_CHEAPER:  # the others stand below and in the attached file
            caption = _("{caption}: the {n} nearest to the limits, of {all}").format(
                caption=caption, n=MOST_CHEAPER, all=len(cheaper)
            )
        yield _table(brief, cheaper[:MOST_CHEAPER], caption)
    nearest = [o for o in rest if o not in cheaper[:MOST_CHEAPER]][:MOST]
    left = _left(len(rest) - len(cheaper[:MOST_CHEAPER]) - len(nearest))
    if nearest:
        caption = (
            _("Others, nearest to the limits first") if told or cheaper else _("Nearest first")
        )
        # told above the table: below it the sentence might stand alone on the next page
        yield _table(brief, nearest, semicolons((caption, left)) if left else caption)
    elif left:
        yield Para(f"{left}.", "small")


def _left(count: int) -> str:
    """How many rejected options are in no table; "" where all are."""
    if not count:
        return ""
    text = ngettext(
        "{n} more is in the attached options.csv",
        "{n} more are in the attached options.csv",
        count,
    )
    return text.format(n=local(f"{count:,}"))


def _own_limits(brief: Brief) -> Blocks:
    """What the user's own limits cost, and the cheapest rejected option, whatever rejects it."""
    answer = brief.recommendation
    yield Heading(_("What your own limits cost"), 2)
    cheapest = prices.cheapest_rejected(brief)
    if cheapest:
        yield Para(cheapest)
    if not answer.limit_prices:
        if answer.winner is not None:  # else there is none that others are cheaper than
            yield Para(_("None of your own limits alone rejects a cheaper option."))
        return
    allowed = {p.allowed_title: p.allowed_usd_per_mtok for p in answer.limit_prices}
    yield Para(
        _(
            "Only limits that you set are lifted here, not those of the hardware, the model or "
            "the latency targets."
        )
        + " "
        + (
            _(
                "The difference is held against {allowed} at {price}, the cheapest option that "
                "keeps every limit."
            ).format(
                allowed=answer.limit_prices[0].allowed_title,
                price=price_per_mtok(answer.limit_prices[0].allowed_usd_per_mtok, answer.currency),
            )
            if len(allowed) == 1
            else _(
                "Each difference is held against the cheapest option that is known to keep the "
                "limits named beside it."
            )
        )
    )
    held = (Column(_("Held against")),) if len(allowed) > 1 else ()
    yield Table(
        (
            Column(_("Option")),
            Column(_("Limits that reject it")),
            *held,
            Column(_("Cost"), f"{brief.code}/Mtok", "decimal"),
            Column(_("Difference"), f"{brief.code}/Mtok", "decimal"),
            Column(_("Difference"), _("{code} a month").format(code=brief.code), "decimal"),
            Column(_("Open questions"), "", "decimal"),
        ),
        tuple(
            (
                price.option_title,
                joined(price.limits),
                *((_held_against(price, brief),) if held else ()),
                brief.amount(price.option_usd_per_mtok),
                difference_figure(
                    price.allowed_usd_per_mtok, price.option_usd_per_mtok, answer.currency
                ),
                brief.amount(price.usd_per_month),
                str(price.open_questions),
            )
            for price in answer.limit_prices
        ),
    )


def _held_against(price: LimitPrice, brief: Brief) -> str:
    return _("{option} at {price}").format(
        option=price.allowed_title,
        price=price_per_mtok(price.allowed_usd_per_mtok, brief.recommendation.currency),
    )


def _cheaper(brief: Brief, rejected: list[Option]) -> list[Option]:
    """Rejected options with a lower cost than the recommended one, nearest to the limits first."""
    lead = brief.winner.cost.usd_per_mtok.base if brief.winner and brief.winner.cost else None
    if lead is None:
        return []
    return [o for o in rejected if o.cost is not None and o.cost.usd_per_mtok.base < lead]


def _table(brief: Brief, options: list[Option], caption: str) -> Table:
    return Table(
        (
            Column(_("Option")),
            Column(_("Cost"), f"{brief.code}/Mtok", "decimal"),
            Column(_("Binding limit")),
            Column(_("Needs")),
            Column(_("What its limits take, each by itself")),
        ),
        tuple(_row(brief, o) for o in options),
        caption=caption,
    )


def _row(brief: Brief, option: Option) -> tuple[str, ...]:
    gate = verdicts.binding(option.gates)
    cost = brief.amount(option.cost.usd_per_mtok.base) if option.cost else DASH
    if gate is None:
        return option.title, cost, _("No known price"), DASH, _("A quotation.")
    others = [g.label for g in verdicts.failures(option.gates) if g.label != gate.label]
    label = gate.label
    if others:
        label = _("{label}; also {others}").format(
            label=label, others=", ".join(dict.fromkeys(others))
        )
    needs = DASH
    if gate.needed is not None and gate.limit is not None:
        needs = _("{needed} of {limit} {unit}").format(
            needed=num(converted(gate.needed, gate.unit)),
            limit=num(converted(gate.limit, gate.unit)),
            unit=name_of(gate.unit),
        )
    return option.title, cost, label, needs.rstrip(), verdicts.remedies(option.gates) or DASH
