"""The five constraints, each 0 to 100 with fixed anchors and its formula as text.

Each score is continuous and, but for utilisation (one peak), monotone. ``None`` means that the
constraint does not apply, and is dropped with the weights renormalised, or that nothing is known:
then it counts with the cautious points ``assumed``, so that silence is never an advantage.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial

from core.assessment import Assessment
from core.catalog.types import CLOUD_VENUES
from core.decision.anchors import (
    BANDWIDTH_FULL_SHARE,
    LATENCY_FULL_SHARE,
    UNKNOWN_LATENCY,
    UTILISATION_BAND,
    UTILISATION_EMPTY,
)
from core.decision.facts import DecisionCatalog
from core.decision.once import Once, served_alike
from core.decision.power_score import power_density
from core.decision.rating import (
    LABELS,
    Rating,
    headroom_score,
    not_applicable,
    not_known,
)
from core.decision.tuning_score import tuning
from core.decision.wording import milliseconds, number, percent
from core.notation import local
from core.recommendation import Option, Serving, TargetCheck
from core.words import N_, _


def utilisation_score(utilisation: float) -> float:
    """0 when idle, 100 inside the band, 0 where no slack is left; linear in between."""
    low, high = UTILISATION_BAND
    if utilisation < low:
        return 100.0 * max(utilisation, 0.0) / low
    return 100.0 * min(
        max((UTILISATION_EMPTY - utilisation) / (UTILISATION_EMPTY - high), 0.0), 1.0
    )


def ratings(
    option: Option,
    assessment: Assessment,
    catalog: DecisionCatalog,
    once: Once | None = None,
) -> tuple[Rating, ...]:
    """The five constraint scores of an option, in the order of ``CONSTRAINTS``.

    ``once`` is shared by options that are judged together.
    """
    once = once or Once()
    served = (option.venue == "token_api", *served_alike(option))
    return (
        once(("bandwidth score", *served), partial(_memory_bandwidth, option)),
        once(("latency score", *served), partial(_latency, option)),
        power_density(option, assessment, catalog),
        _utilization(option),
        tuning(option, assessment, catalog, once),
    )


# -- memory bandwidth ------------------------------------------------------------------------

_BANDWIDTH_FORMULA = N_(
    "100 × (1 − u) / (1 − 0.25), between 0 and 100; u is the larger of bandwidth needed over "
    "bandwidth sustained, and concurrent requests at the peak over those that KV memory holds; "
    "the worst workload counts"
)


def concurrent_requests(serving: Serving) -> float | None:
    """Mean requests inside a replica at its peak, by Little's law; ``None`` where unknown."""
    return None if serving.at_peak is None else serving.at_peak.running


def kv_share(serving: Serving) -> float | None:
    """Requests inside a replica at the peak over those KV memory holds."""
    running, room = concurrent_requests(serving), serving.max_concurrency
    return running / room if running is not None and room and room > 0 else None


def bandwidth_used(option: Option) -> Iterator[tuple[float, str, Serving]]:
    """Shares of what an accelerator's memory keeps up and holds: "rate" and "room" of workloads."""
    for serving in option.servings:
        needed, has = serving.bandwidth_needed_gb_s, serving.bandwidth_sustained_gb_s
        if needed is not None and has:
            yield needed / has, "rate", serving
        room = kv_share(serving)
        if room is not None:
            yield room, "room", serving


def _memory_bandwidth(option: Option) -> Rating:
    found = max(bandwidth_used(option), key=lambda item: item[0], default=None)
    if found is None:
        if option.venue == "token_api":
            return not_applicable(
                "memory_bandwidth",
                _("Not applicable: the provider's hardware is not visible."),
                _BANDWIDTH_FORMULA,
            )
        return not_known("memory_bandwidth", _("Not known."), _BANDWIDTH_FORMULA)
    worst, what, serving = found
    if what == "rate":
        reason = _(
            "{workload}: {needed} of the {has} GB/s that an accelerator's memory keeps up ({used})."
        ).format(
            workload=serving.workload,
            needed=number(serving.bandwidth_needed_gb_s or 0.0),
            has=number(serving.bandwidth_sustained_gb_s or 0.0),
            used=percent(worst),
        )
    else:
        reason = _(
            "{workload}: {kv} of the {max_concurrency} concurrent requests that fit the memory are "
            "in use at the peak."
        ).format(
            workload=serving.workload,
            kv=percent(worst),
            max_concurrency=local(f"{serving.max_concurrency or 0:,}"),
        )
    return Rating(
        "memory_bandwidth",
        _(LABELS["memory_bandwidth"]),
        headroom_score(worst, BANDWIDTH_FULL_SHARE),
        reason,
        _(_BANDWIDTH_FORMULA),
    )


# -- latency ---------------------------------------------------------------------------------

_LATENCY_FORMULA = N_(
    "100 × (1 − r) / (1 − 0.5), between 0 and 100; r is the largest predicted "
    "latency over its target, at the target's percentile, network included; 0 points where "
    "nothing is published; dropped where no target is set"
)


def latency_used(option: Option) -> Iterator[tuple[float, Serving, TargetCheck]]:
    """Predicted latencies over their targets, where something is predicted."""
    for serving in option.servings:
        for check in serving.targets:
            if check.predicted_ms is not None:
                yield check.predicted_ms.base / check.limit_ms, serving, check


def _latency(option: Option) -> Rating:
    targets = sum(len(serving.targets) for serving in option.servings)
    published = all(
        serving.accelerator_id is not None or check.predicted_ms is not None
        for serving in option.servings
        for check in serving.targets
    )
    if not targets:
        return not_applicable(
            "latency", _("Not applicable: no latency target is set."), _LATENCY_FORMULA
        )
    found = max(latency_used(option), key=lambda item: item[0], default=None)
    if found is None or not published:
        return not_known(
            "latency",
            _(
                "Not known: no latency is published for this offer. It counts as if it only just "
                "met the target."
            )
            if not published
            else _("Not known."),
            _LATENCY_FORMULA,
            UNKNOWN_LATENCY,
        )
    worst, serving, check = found
    base = check.predicted_ms.base if check.predicted_ms else math.inf
    reason = _("{workload}, {label}: {shown} of {limit_ms} allowed{value}.").format(
        workload=serving.workload,
        label=check.label,
        shown=milliseconds(base) if math.isfinite(base) else _("No bound"),
        limit_ms=milliseconds(check.limit_ms),
        value=f" ({percent(worst)})" if math.isfinite(worst) else "",
    )
    return Rating(
        "latency",
        _(LABELS["latency"]),
        headroom_score(worst, LATENCY_FULL_SHARE),
        reason,
        _(_LATENCY_FORMULA),
    )


# -- utilization -----------------------------------------------------------------------------

_UTILISATION_FORMULA = N_(
    "100 where the yearly average is 40 to 70 %; falls linearly to 0 at 0 % "
    "(idle) and at 95 % (no slack for peaks); capacity that follows the hour keeps its slack, so "
    "it cannot be too full"
)


def _standing(standing: Sequence[float], years: Sequence[float]) -> str:
    """What stands there by itself, where other instances run only while they are full."""
    if not any(standing) or tuple(standing) == tuple(years):
        return ""
    return _(
        " What stands there is used to {share}; the other instances run only while they are full."
    ).format(share=percent(math.fsum(standing) / len(standing)))


def _utilization(option: Option) -> Rating:
    years = option.fleet.utilisation_by_year
    average = math.fsum(years) / len(years) if years else option.fleet.utilisation
    if option.venue == "token_api":
        return not_applicable(
            "utilization",
            _("Not applicable: tokens are paid, not accelerators."),
            _UTILISATION_FORMULA,
        )
    if average is None:
        return not_known("utilization", _("Not known."), _UTILISATION_FORMULA)
    standing = option.fleet.standing_utilisation_by_year
    low, high = UTILISATION_BAND
    # capacity follows the load hour by hour; beside own servers, what is rented for the peaks does
    elastic = option.venue in CLOUD_VENUES or len(option.hybrid_curve) > 1
    too_full = average > high and not elastic
    word = (
        _("below what is aimed at")
        if average < low
        else _("above what is aimed at")
        if too_full
        else _("as aimed at")
    )
    return Rating(
        "utilization",
        _(LABELS["utilization"]),
        utilisation_score(min(average, high) if elastic else average),
        _("{average} of capacity used on average over the years: {word} ({value}).").format(
            average=percent(average),
            word=word,
            value=_("at least {low}").format(low=percent(low))
            if elastic
            else _("{low} to {high}").format(low=percent(low), high=percent(high)),
        )
        + _standing(standing, years),
        _(_UTILISATION_FORMULA),
    )
