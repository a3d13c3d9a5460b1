"""The score for operational tuning: dependence on options, skill, maturity of the prediction."""

from __future__ import annotations

from functools import partial

from core.assessment import Assessment
from core.decision.anchors import (
    EVIDENCE_MATURITY,
    SKILL_FULL_GAP,
    SKILL_ZERO_GAP,
    TUNING_GAINS,
    TUNING_PARTS,
    TUNING_SHARE_ZERO,
)
from core.decision.facts import DecisionCatalog
from core.decision.once import Once, served_alike
from core.decision.people_gates import skill_needed
from core.decision.rating import (
    LABELS,
    Rating,
    not_applicable,
    not_known,
)
from core.decision.wording import listed, percent
from core.performance.precision import published, storage_of
from core.recommendation import Option, Serving
from core.words import N_, _

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


def tuning(option: Option, assessment: Assessment, catalog: DecisionCatalog, once: Once) -> Rating:
    """How well the option runs untuned and how the team's skill and the evidence fit it."""
    if option.venue == "token_api":
        return not_applicable(
            "tuning", _("Not applicable: the provider tunes the service."), _TUNING_FORMULA
        )
    if not option.servings:
        return not_known("tuning", _("Not known."), _TUNING_FORMULA)
    level, _why = skill_needed(option, once)
    question = ("tuning score", level, *served_alike(option))
    return once(question, partial(_tuning, option, assessment, catalog, level))


def _tuning(option: Option, assessment: Assessment, catalog: DecisionCatalog, level: int) -> Rating:
    """The same for own or rented servers that take a skill of ``level``."""
    shares = [tuning_share(serving, catalog) for serving in option.servings]
    share, names = max(shares, key=lambda pair: pair[0])
    dependence = 100.0 * min(max(1.0 - share / TUNING_SHARE_ZERO, 0.0), 1.0)
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
