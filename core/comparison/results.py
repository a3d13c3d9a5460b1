"""What the scenarios come to: the recommended options beside each other, and the best by venue."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from core.comparison.alignment import Slot
from core.comparison.figures import figures
from core.comparison.records import DASH, Row, Scenario
from core.decision.wording import milliseconds, money
from core.recommendation import Currency, Option, Recommendation, TargetCheck, Venue
from core.words import _


def rows(
    scenarios: Sequence[Scenario], slots: Sequence[Slot], currency: Currency
) -> tuple[Row, ...]:
    """Key results of every scenario's recommended option, then the cheapest of each venue.

    A row of which no scenario knows anything is left out.
    """
    found = (
        *_decision(scenarios),
        *figures(scenarios, currency),
        *_latencies(scenarios, slots),
        *_venues(scenarios, currency),
    )
    return tuple(row for row in found if set(row.texts) != {DASH})


# -- the decision ----------------------------------------------------------------------------


def _decision(scenarios: Sequence[Scenario]) -> Iterator[Row]:
    answers = [s.recommendation for s in scenarios]
    none, count = _("nothing qualifies"), len(answers)

    def words(key: str, label: str, texts: Sequence[str]) -> Row:
        return Row(key, _("Decision"), label, "", tuple(texts), (None,) * count)

    yield words("winner", _("Recommended"), [a.winner.title if a.winner else none for a in answers])
    yield words(
        "runner_up", _("Next best"), [a.runner_up.title if a.runner_up else DASH for a in answers]
    )
    levels = {"high": _("high"), "medium": _("medium"), "low": _("low")}
    yield words("confidence", _("Confidence"), [levels[a.confidence] for a in answers])
    counts = [len(a.options) for a in answers]
    yield Row(
        "qualifying",
        _("Decision"),
        _("Options that qualify"),
        "",
        tuple(str(n) for n in counts),
        tuple(float(n) for n in counts),
    )


# -- latencies -------------------------------------------------------------------------------


def _names(scenarios: Sequence[Scenario], slot: Slot) -> list[str]:
    """What the scenarios call a workload, each name once."""
    pairs = zip(scenarios, slot.places, strict=True)
    named = [s.recommendation.assessment.workloads[p].name for s, p in pairs if p is not None]
    return list(dict.fromkeys(named))


def _latencies(scenarios: Sequence[Scenario], slots: Sequence[Slot]) -> Iterator[Row]:
    """Every latency target of every workload: the prediction in the busiest hour and the limit."""
    for number, slot in enumerate(slots):
        servings = [s.serving(p) for s, p in zip(scenarios, slot.places, strict=True)]
        checks = [{c.key: c for c in serving.targets} if serving else {} for serving in servings]
        for key in dict.fromkeys(key for found in checks for key in found):
            given = [found.get(key) for found in checks]
            label = next(check.label for check in given if check is not None)
            if len(slots) > 1:
                label = _("{workload}: {target}").format(
                    workload=" / ".join(_names(scenarios, slot)), target=label
                )
            yield Row(
                f"latency[{number}].{key}",
                _("Latency in the busiest hour"),
                label,
                "ms",
                tuple(latency_text(check) for check in given),
                tuple(_predicted(check) for check in given),
                "lower",
            )


def _predicted(check: TargetCheck | None) -> float | None:
    if check is None or check.predicted_ms is None or not math.isfinite(check.predicted_ms.base):
        return None
    return check.predicted_ms.base


def latency_text(check: TargetCheck | None) -> str:
    """A latency against its limit: ``458 ms of 1,000 ms``, ``6.77 h of 10 h``."""
    if check is None:
        return DASH
    limit = milliseconds(check.limit_ms)
    if check.predicted_ms is None:
        return _("not published; limit {limit}").format(limit=limit)
    value = _predicted(check)
    text = _("no bound") if value is None else milliseconds(value)
    return _("{value} of {limit}").format(value=text, limit=limit)


# -- the cheapest of every venue ---------------------------------------------------------------


def _venues(scenarios: Sequence[Scenario], currency: Currency) -> Iterator[Row]:
    """Cost per million tokens of each venue's cheapest option that qualifies."""
    cheapest = [_cheapest(s.recommendation) for s in scenarios]
    labels: dict[Venue, str] = {
        venue: option.venue_label for found in cheapest for venue, option in found.items()
    }
    for venue, label in labels.items():
        given = [_per_mtok(found.get(venue)) for found in cheapest]
        yield Row(
            f"venue.{venue}",
            _("Cheapest option by venue"),
            label,
            _("{code} per million tokens").format(code=currency.code),
            tuple(_("none qualifies") if v is None else money(v, currency) for v in given),
            tuple(None if v is None else v * currency.per_usd for v in given),
            "lower",
        )


def _cheapest(answer: Recommendation) -> dict[Venue, Option]:
    found: dict[Venue, Option] = {}
    for option in answer.options:
        cost, best = _per_mtok(option), _per_mtok(found.get(option.venue))
        if cost is not None and (best is None or cost < best):
            found[option.venue] = option
    return found


def _per_mtok(option: Option | None) -> float | None:
    return None if option is None or option.cost is None else option.cost.usd_per_mtok.base
