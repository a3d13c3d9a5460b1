"""What may go wrong with the winner, in sentences that contain the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from core.assessment import Assessment
from core.decision.constraints import LABELS
from core.decision.wording import (
    counted,
    listed,
    lower_first,
    money,
    number,
    percent,
    points,
    price_per_mtok,
)
from core.recommendation import Currency, Option, Score

CLOSE_POINTS = 2.0
"""A lead below this many points is called close, and never held with high confidence."""
MUCH_CHEAPER = 0.75
"""Cost share below which an option with open questions is worth a trial first."""
QUOTED = frozenset(
    {"servers", "lease", "colocation", "cloud_on_demand", "cloud_committed", "cloud_spot", "tokens"}
)
"""Lines for which somebody can be asked for a price."""
LARGE_SHARE = 0.25
"""Share of the cost from which a weakly sourced line is a risk of its own."""
EVIDENCE_ORDER = ("measured", "calibrated", "extrapolated")


def usd_of(option: Option) -> float | None:
    """Levelised cost in US dollars per million tokens; ``None`` where no price is known."""
    return None if option.cost is None else option.cost.usd_per_mtok.base


def score_of(option: Option, key: str) -> Score | None:
    """The criterion with this key."""
    return next((s for s in option.scores if s.key == key), None)


def worst_evidence(option: Option) -> str | None:
    """The weakest evidence grade of an option's workloads; ``None`` for a hosted API."""
    grades = [s.evidence for s in option.servings if s.evidence is not None]
    return max(grades, key=EVIDENCE_ORDER.index) if grades else None


def _cheaper(best: Option, rivals: Sequence[Option], currency: Currency) -> list[str]:
    """Far cheaper feasible options: one with nothing open, and one worth a trial first."""
    own = usd_of(best)
    found = []
    for asking in (False, True):
        priced = [o for o in rivals if bool(o.conditions) == asking and usd_of(o)]
        cheap = min(priced, key=lambda o: (usd_of(o), o.id), default=None)
        usd = None if cheap is None else usd_of(cheap)
        if cheap is None or not own or not usd or usd > own * MUCH_CHEAPER:
            continue
        text = (
            f"{cheap.title} would cost {percent(1.0 - usd / own)} less "
            f"({price_per_mtok(usd, currency)}), but "
        )
        if asking:
            found.append(
                f"{text}has open questions, first of all: {cheap.conditions[0].rstrip('.')}. "
                "Settle them before you commit."
            )
        else:
            found.append(
                f"{text}scores less for {_weaker(cheap, best)}: give cost more weight if it "
                "matters more to you than that."
            )
    return found


def _weaker(option: Option, best: Option) -> str:
    """The criteria that cost an option most against the winner, at most two."""
    losses = []
    for score in option.scores:
        rival = score_of(best, score.key)
        if rival is None:
            continue
        if score.value is None or rival.value is None:
            continue
        lost = (score.weight + rival.weight) / 2 * (rival.value - score.value)
        losses.append((lost, score, rival))
    losses.sort(key=lambda t: (-t[0], t[1].key))
    return listed(
        [
            f"{lower_first(s.label)} ({number(s.value or 0.0, 2)} against "
            f"{number(r.value or 0.0, 2)})"
            for lost, s, r in losses[:2]
            if lost > 0
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
    found: list[str] = []
    for serving in best.servings:
        for check in serving.targets:
            got = check.predicted_ms
            if got is not None and got.base <= check.limit_ms < got.high:
                found.append(
                    f"{serving.workload}: {check.label} is predicted at {number(got.base)} ms, but "
                    f"its 80 % interval reaches {number(got.high)} ms, beyond the limit of "
                    f"{number(check.limit_ms)} ms: measure it before buying."
                )
                break
    growth = max(w.growth_per_year for w in assessment.workloads)
    least = min(w.growth_per_year for w in assessment.workloads)
    if best.fleet.utilisation is not None and best.fleet.utilisation < 0.2:
        found.append(
            f"Only {percent(best.fleet.utilisation)} of the capacity is used in the first "
            "year: the cost per token falls as more is asked of it, and rises with less."
        )
    if best.cost is not None:
        found.append(_price_risk(best, currency))
        found.extend(_unsure_price(best))
    found.extend(_cheaper(best, rivals, currency))
    grade = worst_evidence(best)
    if grade == "extrapolated":
        note = next((s.evidence_note for s in best.servings if s.evidence == grade), "")
        note = (note or "nothing comparable was measured").rstrip(".")
        found.append(f"Performance is extrapolated: {lower_first(note)}.")
    if growth > 0 and best.venue in ("on_premises", "colocation", "edge", "hybrid"):
        units = best.fleet.units_by_year
        if len(units) > 1 and units[-1] > units[0]:
            found.append(
                f"Growth of {percent(growth)} a year takes {best.fleet.unit} from "
                f"{units[0]} to {units[-1]}: if it does not come, the later ones need "
                "not be bought; if it comes sooner, delivery takes "
                f"{counted(best.weeks_to_deploy.base, 'week')}."
                if best.weeks_to_deploy
                else f"Growth of {percent(growth)} a year takes {best.fleet.unit} from "
                f"{units[0]} to {units[-1]}."
            )
        else:
            found.append(
                f"Sized for {percent(growth)} growth a year: with "
                f"{percent(least) if least < growth else 'none'} the hardware stays "
                "emptier and each token costs more."
            )
    if best.bottleneck is not None:
        score = score_of(best, best.bottleneck)
        if score is not None and score.value is not None:
            found.append(
                f"{LABELS[best.bottleneck]} is the bottleneck "
                f"({number(score.value, 2)} of 100): {score.reason}"
            )
    if (
        second is not None
        and second.total_score is not None
        and best.total_score is not None
        and best.total_score - second.total_score < CLOSE_POINTS
    ):
        found.append(
            f"{second.title} is {_behind(best.total_score - second.total_score)}: "
            "small changes of the inputs may reverse the order."
        )
    if best.venue == "token_api":
        found.append(
            "Prices, model versions and rate limits are set by the provider and can "
            "change at short notice."
        )
    return tuple(dict.fromkeys(found))[:6]


def _behind(lead: float) -> str:
    return "level with it" if lead < 0.005 else f"only {points(lead)} behind"


def _price_risk(best: Option, currency: Currency) -> str:
    """The line whose range moves the levelised cost most."""
    assert best.cost is not None  # the caller checked
    cost = best.cost
    swing = [
        (abs(line.present_value_usd * (line.high_factor - line.low_factor)), line)
        for line in cost.lines
    ]
    widest = max(swing, key=lambda pair: (pair[0], pair[1].key), default=None)
    text = (
        f"With every cost line at its low or its high value it costs "
        f"{money(cost.usd_per_mtok.low, currency)} to "
        f"{price_per_mtok(cost.usd_per_mtok.high, currency)}"
    )
    if widest is None or widest[0] <= 0:
        return f"{text}."
    line = widest[1]
    return (
        f"{text}; most of the range comes from {lower_first(line.label)} "
        f"({_signed(line.low_factor - 1)} to {_signed(line.high_factor - 1)}"
        f"{', an assumption' if line.is_assumption else ''})."
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
        f"The price of {lower_first(largest.label)}, "
        f"{percent(largest.present_value_usd / best.cost.npv_usd)} of the cost, rests on a weak "
        f"source ({largest.provenance.source.rstrip('.')}): get a quotation first."
    ]


def _signed(share: float) -> str:
    return f"{'+' if share > 0 else ''}{percent(share)}"
