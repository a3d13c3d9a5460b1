"""Risks with the role that owns each, and what is assumed and left out."""

from __future__ import annotations

from collections.abc import Iterator

from core.catalog.types import CLOUD_VENUES, WITH_OWN_SERVERS
from core.decision.facts import may_rent
from core.decision.market import notices as market_notices
from core.decision.wording import price_span
from core.recommendation import Analysis, Option
from core.report.brief import DASH, Brief, ms, share, signed_share, weeks
from core.report.content import (
    Blocks,
    Bullets,
    Callout,
    Column,
    Heading,
    Para,
    Table,
    without_empty,
)
from core.report.quoting import quoted
from core.words import N_, _

OWNERS = {
    "venue": N_("Management"),
    "residency": N_("Data protection"),
    "air_gap": N_("Information security"),
    "licence": N_("Legal"),
    "memory": N_("Platform engineering"),
    "context": N_("Platform engineering"),
    "ttft": N_("Platform engineering"),
    "tpot": N_("Platform engineering"),
    "e2e": N_("Platform engineering"),
    "answer_ttft": N_("Platform engineering"),
    "capex": N_("Finance"),
    "opex": N_("Finance"),
    "lead_time": N_("Procurement"),
    "availability": N_("Operations"),
    "skills": N_("Operations"),
}
ELSE = N_("Facilities")
"""Who confirms a limit, by gate; facilities for the rest, which are about the room."""


def owner_of(gate_key: str) -> str:
    """The role that confirms a limit."""
    return _(OWNERS.get(gate_key, ELSE))


def risks(brief: Brief) -> Blocks:
    """What the engine warns of, then a register with owners."""
    found = brief.recommendation.settled(brief.analysis).risks
    if brief.winner is None:  # what the answer lists then are limits that reject
        yield Callout(
            _(
                "No option meets every limit, so there is none whose risks could be told. What "
                "rejects most stands with the rejected options."
            )
        )
        return
    if found:
        yield Bullets(found)
    else:
        yield Callout(_("The engine found nothing particular to warn of."))
    option = brief.winner
    yield Heading(_("Register"), 2)
    yield Para(
        _("Every entry follows from this answer; the role named should watch it and act."), "small"
    )
    yield Table(
        (
            Column(_("Risk")),
            Column(_("What is known")),
            Column(_("What to do")),
            Column(_("Owner")),
        ),
        tuple(_register(brief, option)),
    )


def _register(brief: Brief, option: Option) -> Iterator[tuple[str, ...]]:
    for gate in option.gates:
        if gate.status == "unknown":
            owner = owner_of(gate.key)
            yield (
                _("Not confirmed: {limit}").format(limit=gate.label),
                gate.message,
                gate.remedy or _("Find the figure and enter it."),
                owner,
            )
    predicted = _performance(option)
    if predicted:
        yield (
            _("Performance differs from the prediction"),
            predicted,
            _("Proof-of-concept test before ordering.")
            if option.venue in WITH_OWN_SERVERS
            else _("Proof-of-concept test before a longer commitment."),
            _("Platform engineering"),
        )
    if option.cost is not None:
        spread, currency = option.cost.usd_per_mtok, brief.recommendation.currency
        low, high = price_span(spread.low, spread.high, currency)
        yield (
            _("Costs differ from the budget"),
            _("{low} to {high}").format(low=low, high=high),
            _("Binding quotations; check the lines with the widest range first."),
            _("Finance"),
        )
    if option.fleet.utilisation is not None:
        yield (
            _("Demand differs from the forecast"),
            _("{share} of the capacity is used in the first year").format(
                share=share(option.fleet.utilisation)
            ),
            _("Compare load with the forecast every month; commit to more only when it comes.")
            if option.venue in CLOUD_VENUES
            else _("Compare load with the forecast every month; buy later units when it comes."),
            _("Product owner"),
        )
    if option.weeks_to_deploy is not None and option.weeks_to_deploy.base > 2:
        yield (
            _("Delivery is late"),
            weeks(option.weeks_to_deploy),
            _("Order in time; agree on a date with the supplier; rent meanwhile if needed.")
            if option.venue in WITH_OWN_SERVERS and may_rent(brief.recommendation.assessment)
            else _("Order in time; agree on a date with the supplier."),
            _("Procurement"),
        )
    if option.venue in ("token_api", "public_cloud", "gpu_cloud", "hybrid"):
        yield (
            _("The provider changes prices, models or limits"),
            _("Provider: {name}").format(name=option.hosted_by or DASH),
            _("Contract terms; keep the application able to move; watch the next option."),
            _("Procurement"),
        )


def _performance(option: Option) -> str:
    """The latency that comes nearest to its limit, with its interval; first what was extrapolated.

    "" where nothing is predicted (a provider that publishes no latency), or nothing is asked.
    """
    notes = [
        s.evidence_note or _("Nothing comparable was measured.")
        for s in option.servings
        if s.evidence == "extrapolated"
    ]
    found = [
        (served.high / check.limit_ms, serving.workload, check, served)
        for serving in option.servings
        for check in serving.targets
        if (served := check.served_ms) is not None and check.limit_ms
    ]
    if not found:
        return " ".join(dict.fromkeys(notes))
    _share, workload, check, served = max(found, key=lambda x: x[0])
    label = check.label if len(option.servings) == 1 else f"{workload}, {check.label}"
    text = (
        _("{label}: {base} predicted, between {low} and {high}; {limit} allowed.")
        if not check.waiting_ms
        else _(
            "{label}: {base} predicted from the work's turn on, between {low} and {high}; planned "
            "to wait {wait} before; {limit} allowed in all."
        )
    ).format(
        label=label,
        base=ms(served.base),
        low=ms(served.low),
        high=ms(served.high),
        wait=ms(check.waiting_ms),
        limit=ms(check.limit_ms),
    )
    return " ".join([*dict.fromkeys(notes), text])


def _drawn(brief: Brief, analysis: Analysis) -> Table:
    """The uncertain inputs; what an option does not pay for is left out, the rest has numbers."""
    from core.analysis.uncertain_inputs import (
        input_keys,
        price_ranges,
    )  # heavy: loaded where it is used

    cost = brief.subject.cost if brief.subject else None
    ranges = price_ranges(cost.lines if cost else ())
    keys, rows = input_keys(), []
    for label, distribution, source in analysis.input_ranges:
        key = keys.get(label, "")
        if key not in ranges:
            rows.append((label, distribution, DASH, source))
        elif (found := ranges[key]) is not None:
            # the low case of a resale is the high one of its cost: the smaller end first
            low, high = (signed_share(value - 1.0) for value in sorted(found))
            span = _("{low} to {high}").format(low=low, high=high)
            rows.append((label, distribution, span, source))
    return without_empty(
        Table(
            (
                Column(_("Uncertain input")),
                Column(_("Distribution")),
                Column(_("P10 to P90"), _("of this option")),
                Column(_("Source")),
            ),
            tuple(rows),
            caption=_("What the sampled futures draw"),
        )
    )


# -- assumptions -----------------------------------------------------------------------------


def assumptions(brief: Brief) -> Blocks:
    """Cost lines that are assumptions, price trends, ranges of the futures, what is left out."""
    answer, option = brief.recommendation, brief.subject
    economics = answer.assessment.economics
    yield Table(
        (Column(_("Trend per year, nominal")), Column(_("Value"), "", "decimal")),
        (
            (_("Hosted token prices"), signed_share(economics.token_price_trend)),
            (_("Cloud GPU prices"), signed_share(economics.gpu_hour_trend)),
            (_("Server prices"), signed_share(economics.hardware_trend)),
            (_("Electricity"), signed_share(economics.electricity_growth)),
            (_("Labour"), signed_share(economics.labour_trend)),
        ),
        caption=_("Price trends in force"),
    )
    lines = [x for x in option.cost.lines if x.is_assumption] if option and option.cost else []
    if lines:
        yield Table(
            (
                Column(_("Cost line")),
                Column(_("Low"), brief.code, "decimal"),
                Column(_("Base"), brief.code, "decimal"),
                Column(_("High"), brief.code, "decimal"),
                Column(_("Basis")),
            ),
            tuple(
                (
                    x.label,
                    brief.whole(x.present_value_usd * x.low_factor),
                    brief.whole(x.present_value_usd),
                    brief.whole(x.present_value_usd * x.high_factor),
                    quoted(x.provenance.source),
                )
                for x in lines
            ),
            caption=_("Cost lines that rest on an assumption, in present value"),
        )
    if brief.analysis and brief.analysis.input_ranges and brief.analysis.uncertainty:
        yield _drawn(brief, brief.analysis)
    notes = [n.text for n in answer.notices if n.level == "info" and n not in market_notices()]
    if notes:
        yield Heading(_("Stated and left out"), 2)
        yield Bullets(tuple(quoted(text) for text in notes))
