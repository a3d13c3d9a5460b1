"""The five constraints, each 0 to 100 with fixed anchors and its formula as text.

Each score is continuous and, but for utilisation (one peak), monotone. ``None`` means that the
constraint does not apply, and is dropped with the weights renormalised, or that nothing is known:
then it counts with the cautious points ``assumed``, so that silence is never an advantage.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

from core.assessment import Assessment
from core.decision.anchors import (
    BANDWIDTH_FULL_SHARE,
    COOLING_KW_PER_RACK,
    COOLING_NAMES,
    EVIDENCE_MATURITY,
    LATENCY_FULL_SHARE,
    POWER_FULL_SHARE,
    RACK_FOOTPRINT_M2,
    SKILL_FULL_GAP,
    SKILL_ZERO_GAP,
    TUNING_GAINS,
    TUNING_PARTS,
    TUNING_SHARE_ZERO,
    UNKNOWN_ELSE,
    UNKNOWN_LATENCY,
    UTILISATION_BAND,
    UTILISATION_EMPTY,
)
from core.decision.facts import DecisionCatalog, at_edge_sites, platform_of
from core.decision.once import Once, served_alike
from core.decision.people_gates import skill_needed
from core.decision.site_gates import rack_kw, room_of
from core.decision.wording import listed, measured, milliseconds, number, percent
from core.performance.precision import published, storage_of
from core.recommendation import Option, Serving
from core.records import quickly_made
from core.units import read_as
from core.words import N_, _

CONSTRAINTS = ("memory_bandwidth", "latency", "power_density", "utilization", "tuning")
LABELS = {
    "memory_bandwidth": N_("Memory bandwidth"),
    "latency": N_("Latency sensitivity"),
    "power_density": N_("Power density"),
    "utilization": N_("Accelerator utilisation"),
    "tuning": N_("Operational tuning"),
}


@quickly_made
@dataclass(frozen=True, slots=True)
class Rating:
    """One criterion of one option before weighting; ``value`` 0..100 or ``None``."""

    key: str
    label: str
    value: float | None
    reason: str
    formula: str
    assumed: float | None = None
    """Cautious points where the criterion applies but nothing is known (``anchors``)."""


def headroom_score(used: float, full_share: float) -> float:
    """100 where ``used`` (share of a limit) is at most ``full_share``, 0 from 1 on, linear."""
    if not math.isfinite(used):
        return 0.0
    return 100.0 * min(max((1.0 - used) / (1.0 - full_share), 0.0), 1.0)


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
        _power_density(option, assessment, catalog),
        _utilization(option),
        _tuning(option, assessment, catalog, once),
    )


def _none(key: str, reason: str, formula: str) -> Rating:
    return Rating(key, _(LABELS[key]), None, reason, _(formula))


def _unknown(key: str, reason: str, formula: str, assumed: float = UNKNOWN_ELSE) -> Rating:
    return Rating(key, _(LABELS[key]), None, reason, _(formula), assumed)


# -- memory bandwidth ------------------------------------------------------------------------

_BANDWIDTH_FORMULA = N_(
    "100 × (1 − u) / (1 − 0.25), between 0 and 100; u is the larger of bandwidth needed over "
    "bandwidth sustained, and concurrent requests at the peak over those that KV memory holds; "
    "the worst workload counts"
)


def kv_share(serving: Serving) -> float | None:
    """Requests inside a replica at the peak (Little's law) over those KV memory holds."""
    point, room = serving.at_peak, serving.max_concurrency
    if point is None or not room or room <= 0:
        return None
    seconds = point.e2e_ms.get("mean", math.inf) / 1000.0
    share = point.req_s * seconds / room
    return share if math.isfinite(share) else None


def _memory_bandwidth(option: Option) -> Rating:
    worst, reason = -1.0, ""
    for serving in option.servings:
        needed, has = serving.bandwidth_needed_gb_s, serving.bandwidth_sustained_gb_s
        if needed is not None and has:
            used = needed / has
            if used > worst:
                worst, reason = (
                    used,
                    (
                        _(
                            "{workload}: {needed} of {has} GB/s sustained per accelerator ({used})."
                        ).format(
                            workload=serving.workload,
                            needed=number(needed),
                            has=number(has),
                            used=percent(used),
                        )
                    ),
                )
        kv = kv_share(serving)
        if kv is not None and kv > worst:
            worst, reason = (
                kv,
                (
                    _(
                        "{workload}: {kv} of the {max_concurrency} concurrent requests that KV "
                        "memory holds are in use at the peak."
                    ).format(
                        workload=serving.workload,
                        kv=percent(kv),
                        max_concurrency=number(serving.max_concurrency or 0),
                    )
                ),
            )
    if worst < 0:
        if option.venue == "token_api":
            return _none(
                "memory_bandwidth",
                _("Not applicable: the provider's hardware is not visible."),
                _BANDWIDTH_FORMULA,
            )
        return _unknown("memory_bandwidth", _("Not known."), _BANDWIDTH_FORMULA)
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


def _latency(option: Option) -> Rating:
    worst, reason, targets, published = -1.0, "", 0, True
    for serving in option.servings:
        for check in serving.targets:
            targets += 1
            if check.predicted_ms is None:
                published &= serving.accelerator_id is not None
                continue
            used = check.predicted_ms.base / check.limit_ms
            if used > worst:
                shown = (
                    milliseconds(check.predicted_ms.base)
                    if math.isfinite(check.predicted_ms.base)
                    else _("No bound")
                )
                worst = used
                reason = _("{workload}, {label}: {shown} of {limit_ms} allowed{value}.").format(
                    workload=serving.workload,
                    label=check.label,
                    shown=shown,
                    limit_ms=milliseconds(check.limit_ms),
                    value=f" ({percent(used)})" if math.isfinite(used) else "",
                )
    if not targets:
        return _none("latency", _("Not applicable: no latency target is set."), _LATENCY_FORMULA)
    if worst < 0 or not published:
        return _unknown(
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
    return Rating(
        "latency",
        _(LABELS["latency"]),
        headroom_score(worst, LATENCY_FULL_SHARE),
        reason,
        _(_LATENCY_FORMULA),
    )


# -- power density ---------------------------------------------------------------------------

_POWER_FORMULA = N_(
    "100 × (1 − r) / (1 − 0.5), between 0 and 100; r is the largest of power per rack (servers "
    "spread evenly over the free racks), total power, heat per rack over what the cooling class "
    "carries, and floor load, each over the site's limit"
)


def _power_density(option: Option, assessment: Assessment, catalog: DecisionCatalog) -> Rating:
    used: list[tuple[float, str]] = []
    site, fleet = assessment.site, option.fleet
    if at_edge_sites(option):
        if fleet.nameplate_kw is not None and site.edge_site_power_kw:
            kw = fleet.nameplate_kw / max(fleet.sites, 1)
            used.append(
                (
                    kw / site.edge_site_power_kw,
                    _("{kw} of {edge_site_power_kw} kW per site").format(
                        kw=number(kw), edge_site_power_kw=number(site.edge_site_power_kw)
                    ),
                )
            )
        return _worst_power(used)
    room = room_of(option, assessment)
    if room is None:
        return _none(
            "power_density", _("Not applicable: the provider powers and cools it."), _POWER_FORMULA
        )
    platform = platform_of(option, catalog)
    per_rack = rack_kw(option, platform)
    if per_rack is not None:
        if room.rack_kw:
            used.append(
                (
                    per_rack / room.rack_kw,
                    _("{per_rack} of {rack_kw} kW per rack").format(
                        per_rack=number(per_rack), rack_kw=number(room.rack_kw)
                    ),
                )
            )
        _least, most = COOLING_KW_PER_RACK.get(room.cooling, (0.0, 0.0))
        if most:
            text = _("{per_rack} kW of heat per rack of the {most} that {cooling} carries").format(
                per_rack=number(per_rack),
                most=number(most),
                cooling=_(COOLING_NAMES[room.cooling]),
            )
            used.append((per_rack / most, text))
    if room.total_kw and fleet.nameplate_kw is not None:
        used.append(
            (
                fleet.nameplate_kw / room.total_kw,
                _("{nameplate_kw} of {total_kw} kW in total").format(
                    nameplate_kw=number(fleet.nameplate_kw), total_kw=number(room.total_kw)
                ),
            )
        )
    weights = [r.weight_kg for r in fleet.racks if r.weight_kg is not None]
    if room.floor_load_kg_m2 and weights:
        load = max(weights) / RACK_FOOTPRINT_M2
        used.append(
            (
                load / room.floor_load_kg_m2,
                _("{load} of {limit} on the floor").format(
                    load=number(read_as(load, "kg/m²")[0]),
                    limit=measured(room.floor_load_kg_m2, "kg/m²"),
                ),
            )
        )
    return _worst_power(used)


def _worst_power(used: list[tuple[float, str]]) -> Rating:
    if not used:
        return _unknown(
            "power_density",
            _("Not known: the site's limits or the hardware's power are missing."),
            _POWER_FORMULA,
        )
    ratio, text = max(used)
    return Rating(
        "power_density",
        _(LABELS["power_density"]),
        headroom_score(ratio, POWER_FULL_SHARE),
        f"{text} ({percent(ratio)}).",
        _(_POWER_FORMULA),
    )


# -- utilization -----------------------------------------------------------------------------

_UTILISATION_FORMULA = N_(
    "100 where the yearly average is 40 to 70 %; falls linearly to 0 at 0 % "
    "(idle) and at 95 % (no slack for peaks); capacity that follows the hour keeps its slack, so "
    "it cannot be too full"
)
ELASTIC = frozenset({"public_cloud", "gpu_cloud"})
"""Venues whose capacity follows the load hour by hour, headroom included."""


def _utilization(option: Option) -> Rating:
    years = option.fleet.utilisation_by_year
    average = math.fsum(years) / len(years) if years else option.fleet.utilisation
    if option.venue == "token_api":
        return _none(
            "utilization",
            _("Not applicable: tokens are paid, not accelerators."),
            _UTILISATION_FORMULA,
        )
    if average is None:
        return _unknown("utilization", _("Not known."), _UTILISATION_FORMULA)
    low, high = UTILISATION_BAND
    elastic = option.venue in ELASTIC
    too_full = average > high and not elastic
    word = _("too idle") if average < low else _("too full") if too_full else _("well used")
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
        ),
        _(_UTILISATION_FORMULA),
    )


# -- operational tuning ----------------------------------------------------------------------

_TUNING_FORMULA = N_(
    "0.40 x dependence + 0.35 x skill + 0.25 x maturity; dependence: 100 untuned to 0 where 60 % "
    "of the throughput comes from options that are not defaults; skill: 100 with a level to "
    "spare to 0 at two levels short; maturity: 100 measured, 70 calibrated, 20 extrapolated"
)


def tuning_share(serving: Serving, catalog: DecisionCatalog) -> tuple[float, list[str]]:
    """Share of the throughput that options beyond the defaults bring, and their names.

    Product of the published typical multipliers of the options in use (weight precision below
    the model's native one, FP8 KV cache, speculative decoding): share = 1 - 1 / product.
    """
    model = catalog.models.get(serving.model_id)
    native = storage_of(published(model.native_precision if model else "bf16"))
    gain, names = 1.0, []
    weights = (serving.weight_precision or "bf16").lower()
    if native == "fp4" and weights == "int4":
        weights = native  # 4-bit weights as published, on an accelerator without FP4 arithmetic
    if weights not in ("bf16", native) and weights in TUNING_GAINS:
        gain *= _lever_gain(
            catalog,
            {"fp8": "fp8_w8a8", "int4": "int4_weight_only"}.get(weights),
            TUNING_GAINS[weights],
        )
        names.append(_("{precision} weights").format(precision=weights.upper()))
    if (serving.kv_precision or "bf16").lower() not in ("bf16", native):
        gain *= _lever_gain(catalog, "fp8_kv", TUNING_GAINS["fp8_kv"])
        names.append(_("FP8 KV cache"))
    if "specul" in serving.configuration.lower() or "draft" in serving.configuration.lower():
        gain *= _lever_gain(catalog, "spec_decode", 1.15)
        names.append(_("speculative decoding"))
    return 1.0 - 1.0 / gain, names


def _lever_gain(catalog: DecisionCatalog, key: str | None, fallback: float) -> float:
    lever = None if key is None else catalog.levers.get(key)
    return lever.throughput_x[1] if lever is not None and lever.throughput_x else fallback


def _tuning(option: Option, assessment: Assessment, catalog: DecisionCatalog, once: Once) -> Rating:
    if option.venue == "token_api":
        return _none(
            "tuning", _("Not applicable: the provider tunes the service."), _TUNING_FORMULA
        )
    if not option.servings:
        return _unknown("tuning", _("Not known."), _TUNING_FORMULA)
    shares = [
        once(("tuning share", id(s)), partial(tuning_share, s, catalog)) for s in option.servings
    ]
    share, names = max(shares, key=lambda pair: pair[0])
    dependence = 100.0 * min(max(1.0 - share / TUNING_SHARE_ZERO, 0.0), 1.0)
    level, _why = skill_needed(option, once)
    gap = level - assessment.site.team_skill
    skill = 100.0 * min(max((SKILL_ZERO_GAP - gap) / (SKILL_ZERO_GAP - SKILL_FULL_GAP), 0.0), 1.0)
    grades = [EVIDENCE_MATURITY[s.evidence] for s in option.servings if s.evidence is not None]
    maturity = min(grades) if grades else EVIDENCE_MATURITY["extrapolated"]
    first, second, third = TUNING_PARTS
    value = first * dependence + second * skill + third * maturity
    evidence = {v: k for k, v in EVIDENCE_MATURITY.items()}[maturity]
    what = (
        _("{share} of the throughput comes from {names}").format(
            share=percent(share), names=listed(names)
        )
        if names
        else _("runs on defaults")
    )
    return Rating(
        "tuning",
        _(LABELS["tuning"]),
        value,
        _(
            "{upper}{what}; level {level} of skill against the team's {team_skill}; "
            "performance is {evidence}."
        ).format(
            upper=what[0].upper(),
            what=what[1:],
            level=level,
            team_skill=assessment.site.team_skill,
            evidence=_(evidence),
        ),
        _(_TUNING_FORMULA),
    )
