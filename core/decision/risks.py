"""What may go wrong with the winner, in sentences that contain the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from core.assessment import Assessment
from core.catalog.types import WITH_OWN_SERVERS
from core.decision import hosted, published_apart
from core.decision.leading import level, outpriced
from core.decision.rating import LABELS
from core.decision.standings import leads, points_of, score_of, usd_of, worst_evidence
from core.decision.wording import (
    listed,
    lower_first,
    milliseconds,
    percent,
    points_apart,
    price_span,
    signed_percent,
    weeks_in_words,
)
from core.notation import local
from core.recommendation import Currency, Option
from core.words import _, ngettext

CLOSE_POINTS = 2.0
"""A lead below this many points is called close, and never held with high confidence."""
CLEARLY_CHEAPER = 0.9
"""Cost share below which a close runner-up is worth taking unless its weak side matters."""
LARGEST_ORDER = 10_000
"""Accelerators from which an order is called extraordinary (about 15 MW; judgement)."""
IDLE = 0.2
"""Utilisation of the first year below which the hardware is called idle."""
QUOTED = frozenset(
    {
        "servers",
        "lease",
        "colocation",
        "tokens",
        "cloud_on_demand",
        "cloud_committed",
        "cloud_spot",
        "cloud_queued",
    }
)
"""Lines for which somebody can be asked for a price."""
LARGE_SHARE = 0.25
"""Share of the cost from which a weakly sourced line is a risk of its own."""
LATENCY_MATTERS = 0.15
"""Weight on latency from which an unknown one is told first."""


def _close(best: Option, second: Option) -> str:
    """The runner-up is near; where it is clearly cheaper, what speaks against it."""
    behind = _behind(best, second)
    own, other = usd_of(best), usd_of(second)
    if own and other and other < own * CLEARLY_CHEAPER:
        weaker = _weaker(second, best)
        return _(
            "{title} is {behind} and costs {less} less: take it unless {weaker} matters more to "
            "you than that."
        ).format(title=second.title, behind=behind, less=percent(1.0 - other / own), weaker=weaker)
    # how far the inputs must move to reverse the order is searched, not said here
    return _("{title} is {behind}: the points alone hardly tell the two apart.").format(
        title=second.title, behind=behind
    )


def _weaker(option: Option, best: Option) -> str:
    """The criteria that cost an option most against the winner, at most two."""
    return listed(
        [
            _("{label} ({value} against {value2})").format(
                label=lower_first(winners.label),
                value=points_of(own),
                value2=points_of(winners),
            )
            for lead, winners, own in leads(best, option)[:2]
            if lead > 0
        ]
    )


def risks_of(
    best: Option,
    second: Option | None,
    rivals: Sequence[Option],
    assessment: Assessment,
    currency: Currency,
) -> tuple[str, ...]:
    """What may go wrong with the winner, with its numbers; at most six sentences."""
    found: list[str] = [
        *(_unknown_latency(best, rivals) or hosted.unproven(best)),
        *map(published_apart.risk, published_apart.apart(best)),
        *hosted.no_way_back(best, second),
        *_beyond_lists(best),
    ]
    close = (
        second is not None
        and second.total_score is not None
        and best.total_score is not None
        and best.total_score - second.total_score < CLOSE_POINTS
        and not outpriced(best, second)
    )
    if close and second is not None:
        found.append(_close(best, second))
    for serving in best.servings:
        for check in serving.targets:
            got = check.predicted_ms
            if got is not None and got.base <= check.limit_ms < got.high:
                found.append(
                    _(
                        "{workload}: {label} is predicted at {base}, but the range that holds four "
                        "of five published runs reaches {high}, beyond the limit of {limit}: "
                        "measure it before buying."
                    ).format(
                        workload=serving.workload,
                        label=check.label,
                        base=milliseconds(got.base),
                        high=milliseconds(got.high),
                        limit=milliseconds(check.limit_ms),
                    )
                )
                break
    growth = max(w.growth_per_year for w in assessment.workloads)
    least = min(w.growth_per_year for w in assessment.workloads)
    if best.fleet.utilisation is not None and best.fleet.utilisation < IDLE:
        found.append(_idle(best, best.fleet.utilisation))
    if best.cost is not None:
        found.append(_price_risk(best, currency))
        found.extend(_unsure_price(best))
        found.extend(hosted.price_trend(best, assessment, currency))
    grade = worst_evidence(best)
    if grade == "extrapolated":
        note = next((s.evidence_note for s in best.servings if s.evidence == grade), "")
        note = (note or _("nothing comparable was measured")).rstrip(".")
        found.append(_("Performance is extrapolated: {note}.").format(note=lower_first(note)))
    if growth > 0 and best.venue in WITH_OWN_SERVERS:
        units = best.fleet.units_by_year
        if len(units) > 1 and units[-1] > units[0]:
            found.append(
                _(
                    "Growth of {growth} a year takes {unit} from {units} to {units2}: if it does "
                    "not come, the later ones need not be bought; if it comes sooner, delivery "
                    "takes {base}."
                ).format(
                    growth=percent(growth),
                    unit=_(best.fleet.unit),
                    units=units[0],
                    units2=units[-1],
                    base=weeks_in_words(best.weeks_to_deploy.base),
                )
                if best.weeks_to_deploy
                else _("Growth of {growth} a year takes {unit} from {units} to {units2}.").format(
                    growth=percent(growth),
                    unit=_(best.fleet.unit),
                    units=units[0],
                    units2=units[-1],
                )
            )
        elif best.fleet.utilisation is None or best.fleet.utilisation >= IDLE:
            found.append(
                _(
                    "Sized for {growth} growth a year: with {least} the hardware stays emptier "
                    "and each token costs more."
                ).format(
                    growth=percent(growth), least=percent(least) if least < growth else _("none")
                )
            )
    told_idle = (best.fleet.utilisation or 1.0) < IDLE and best.bottleneck == "utilization"
    if best.bottleneck is not None and not told_idle:
        score = score_of(best, best.bottleneck)
        if score is not None and score.value is not None:
            found.append(
                _(
                    "Weakest of the five constraints: {label}, {value} of 100 points. {reason}"
                ).format(
                    label=_(LABELS[best.bottleneck]),
                    value=points_of(score),
                    reason=score.reason,
                )
            )
    if best.venue == "token_api":
        found.append(
            _(
                "Prices, model versions and rate limits are set by the provider and can "
                "change at short notice."
            )
        )
    return tuple(dict.fromkeys(found))[:6]


def _idle(best: Option, utilisation: float) -> str:
    """Little of the capacity is used, then and later; how much of it stands by for failures."""
    years = best.fleet.utilisation_by_year
    later = percent(years[-1]) if len(years) > 1 else percent(utilisation)
    text = (
        _(
            "Only {utilisation} of the capacity is used in the first year: the cost per token "
            "falls as more is asked of it, and rises with less."
        )
        if later == percent(utilisation)
        else _(
            "Only {utilisation} of the capacity is used in the first year, {later} in the last: "
            "the cost per token falls as more is asked of it, and rises with less."
        )
    ).format(utilisation=percent(utilisation), later=later)
    spares, most = best.fleet.spares, max(best.fleet.units_by_year, default=0)
    if spares and best.fleet.sites == 1 and best.fleet.unit == "servers":
        text += ngettext(
            " {n} of the {all} servers is spare, for the availability asked for.",
            " {n} of the {all} servers are spare, for the availability asked for.",
            spares,
        ).format(n=spares, all=most)
    return text


def _beyond_lists(best: Option) -> list[str]:
    """An order so large that list prices, quotas and single sites say little."""
    if best.fleet.accelerators < LARGEST_ORDER:
        return []
    return [
        _(
            "{n} accelerators are more than list prices, quotas and single sites are made for: "
            "check the demand that was entered, and ask for quotations before anything else."
        ).format(n=local(f"{best.fleet.accelerators:,}"))
    ]


def _unknown_latency(best: Option, rivals: Sequence[Option]) -> list[str]:
    """Latency matters, but nothing about the winner's is known: what to take if a trial fails."""
    mine = score_of(best, "latency")
    known = [o for o in rivals if (s := score_of(o, "latency")) and s.value is not None]
    if mine is None or mine.value is not None or not known:
        return []
    if mine.weight < LATENCY_MATTERS:  # what is not known keeps the user's weight
        return []
    return [
        _(
            "Its latency is not known and counts as if it only just met your targets (your "
            "weight on latency is {weight}). Try it first; if it fails, take {title}."
        ).format(weight=percent(mine.weight), title=known[0].title)
    ]


def _behind(best: Option, second: Option) -> str:
    return (
        _("level with it")
        if level(best, second)
        else _("only {points} behind").format(
            points=points_apart(best.total_score or 0.0, second.total_score or 0.0)
        )
    )


def _price_risk(best: Option, currency: Currency) -> str:
    """The line whose range moves the levelised cost most."""
    assert best.cost is not None  # the caller checked
    cost = best.cost
    swing = [
        (abs(line.present_value_usd * (line.high_factor - line.low_factor)), line)
        for line in cost.lines
    ]
    widest = max(swing, key=lambda pair: (pair[0], pair[1].key), default=None)
    low, high = price_span(cost.usd_per_mtok.low, cost.usd_per_mtok.high, currency)
    text = _("It costs {low} to {high} with every cost line at its low or its high value").format(
        low=low, high=high
    )
    if widest is None or widest[0] <= 0:
        return f"{text}."
    line = widest[1]
    source = (
        _(
            "{text}; the largest part of the range comes from {label} ({low} to {high}, an "
            "assumption)."
        )
        if line.is_assumption
        else _("{text}; the largest part of the range comes from {label} ({low} to {high}).")
    )
    return source.format(
        text=text,
        label=lower_first(line.label),
        low=signed_percent(line.low_factor - 1),
        high=signed_percent(line.high_factor - 1),
    )


def _unsure_price(best: Option) -> list[str]:
    """The largest line, where it makes up much of the cost and its source is weak."""
    assert best.cost is not None  # the caller checked
    quoted = [line for line in best.cost.lines if line.key in QUOTED]
    largest = max(quoted, key=lambda x: (x.present_value_usd, x.key), default=None)
    if (
        largest is None
        or largest.provenance.confidence != "low"
        or largest.present_value_usd < LARGE_SHARE * best.cost.npv_usd
    ):
        return []
    return [
        _(
            "The price of {label}, {share} of the cost, rests on a weak "
            "source: get a quotation first."
        ).format(
            label=lower_first(largest.label),
            share=percent(largest.present_value_usd / best.cost.npv_usd),
        )
    ]
