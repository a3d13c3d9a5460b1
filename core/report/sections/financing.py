"""How the subject is paid for: the contract of rented instances, leasing beside buying."""

from __future__ import annotations

from collections.abc import Iterator

from core.financing import LeaseWay
from core.recommendation import CommitmentPlan, LeaseOrBuy, Option
from core.report.brief import DASH, Brief, count, num, share
from core.report.content import Blocks, Column, Heading, Para, Table
from core.report.quoting import filled, quoted
from core.words import N_, _

WAYS = (
    N_("Leased as stated"),
    N_("At a low rate"),
    N_("At a high rate"),
    N_("Paid in advance"),
    N_("Servers returned"),
)
"""Names of ``LeaseOrBuy.ways``."""


def blocks(brief: Brief, option: Option) -> Blocks:
    """What was worked out for the option; nothing where neither applies."""
    answer = brief.recommendation
    for plan in answer.commitment_plans:
        if plan.option_id == option.id:
            yield from _contract(brief, plan)
    for found in answer.lease_or_buy:
        if found.option_id == option.id:
            yield Heading(_("Lease or buy"), 2)
            yield from _lease(brief, found)


def _lease(brief: Brief, found: LeaseOrBuy) -> Blocks:
    """Buying, the stated lease, and leases on other terms, all net of the resale one keeps."""
    yield Para(found.sentence)
    yield Para(found.terms)
    bought = (
        _capital(_("Bought")),
        DASH,
        DASH,
        _("yours"),
        DASH,
        brief.whole(found.buy_net_usd),
        DASH,
    )
    yield Table(
        (
            Column(_("Way")),
            Column(_("Interest"), _("a year"), "decimal"),
            Column(_("Paid at")),
            Column(_("In the end")),
            Column(_("A month"), brief.code, "decimal"),
            Column(_("Present value"), brief.code, "decimal"),
            Column(_("Against buying"), brief.code, "decimal"),
        ),
        (
            bought,
            *(
                _way(brief, name, way, found.buy_net_usd)
                for name, way in zip(WAYS, found.ways, strict=True)
            ),
        ),
        caption=filled(
            _(
                "Servers only, less the present value of the resale that stays with you. A "
                "month: for what is leased at the start. Low and high rate: {source}"
            ),
            source=quoted(found.rates.provenance.source),
        ),
        strong=frozenset((1,)),
    )


def _way(brief: Brief, name: str, way: LeaseWay, buy_net_usd: float) -> tuple[str, ...]:
    present, bought = (
        round(brief.recommendation.money(usd)) for usd in (way.present_usd, buy_net_usd)
    )
    return (
        _(name),
        share(way.rate),
        _("start of month") if way.in_advance else _("end of month"),
        _("lessor's") if way.returned else _("yours"),
        brief.whole(way.monthly_usd),
        brief.unit(present),
        f"+{brief.unit(present - bought)}" if present > bought else brief.unit(present - bought),
    )


def _contract(brief: Brief, plan: CommitmentPlan) -> Blocks:
    yield Heading(_("How the instances are contracted"), 2)
    yield Para(plan.sentence)
    yield Table(
        (
            Column(_("Year"), "", "decimal"),
            Column(_("Three years"), _("instances"), "decimal"),
            Column(_("One year"), _("instances"), "decimal"),
            Column(_("On demand"), _("hours"), "decimal"),
            Column(_("Spot"), _("hours"), "decimal"),
            Column(_("Cost"), brief.code, "decimal"),
        ),
        tuple(
            (
                str(number),
                num(year.three_year),
                num(year.one_year),
                count(round(year.on_demand_hours)),
                count(round(year.spot_hours)),
                brief.whole(year.usd),
            )
            for number, year in enumerate(plan.years, start=1)
        ),
        caption=_("The cheapest mix for the load of every hour"),
    )
    yield Table(
        (
            Column(_("Prices")),
            Column(_("Present value"), brief.code, "decimal"),
            Column(_("Committed"), "", "decimal"),
        ),
        (
            (_("Low"), brief.whole(plan.usd[0]), share(plan.committed_share[0])),
            (_("As stated"), brief.whole(plan.usd[1]), share(plan.committed_share[1])),
            (_("High"), brief.whole(plan.usd[2]), share(plan.committed_share[2])),
            (_("All on demand"), brief.whole(plan.on_demand_usd), share(0.0)),
            *_committed(brief, _("All for one year"), plan.one_year_usd),
            *_committed(brief, _("All for three years"), plan.three_year_usd),
        ),
        caption=_("The mix found anew at low and high prices, and the simple ways"),
    )


def _committed(brief: Brief, name: str, usd: float | None) -> Iterator[tuple[str, str, str]]:
    """The year's peak under one term; nothing where the term is not offered."""
    if usd is not None:
        yield name, brief.whole(usd), share(1.0)


def _capital(text: str) -> str:
    """A word that begins a line of the table; some languages write the choice small."""
    return text[:1].upper() + text[1:]
