"""The score for operational tuning: dependence on options, skill, maturity of the prediction."""

from __future__ import annotations

from functools import partial

from core.assessment import Assessment
from core.decision.anchors import (
    EVIDENCE_MATURITY,
    SKILL_FULL_GAP,
    SKILL_ZERO_GAP,
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
from core.decision.wording import listed, lower_first, percent
from core.performance.precision import published, storage_of
from core.recommendation import Option, Serving
from core.venues.defaults import PLAIN_KV
from core.words import N_, _

_TUNING_FORMULA = N_(
    "0.40 × dependence + 0.35 × skill + 0.25 × maturity; dependence: 100 untuned to 0 where 60 % "
    "of the computed throughput comes from options that are not defaults; skill: 100 with a level "
    "to spare to 0 at two levels short; maturity: 100 measured, 70 calibrated, 20 extrapolated"
)


def beyond_defaults(serving: Serving, catalog: DecisionCatalog) -> list[str]:
    """Names of the options in use that are not defaults."""
    model = catalog.models.get(serving.model_id)
    native = storage_of(published(model.native_precision if model else PLAIN_KV))
    names = []
    weights = (serving.weight_precision or PLAIN_KV).lower()
    if native == "fp4" and weights == "int4":
        weights = native  # 4-bit weights as published, on an accelerator without FP4 arithmetic
    if weights != native:
        names.append(_("{precision} weights").format(precision=weights.upper()))
    if (serving.kv_precision or PLAIN_KV).lower() != PLAIN_KV:
        names.append(lower_first(_("FP8 KV cache")))
    if serving.draft_tokens > 0:
        names.append(_("speculative decoding"))
    return names


def tuning_share(
    serving: Serving, per_unit: int, catalog: DecisionCatalog
) -> tuple[float, list[str]]:
    """Share of the throughput that options beyond the defaults bring, and their names.

    By the engine: 1 - throughput of an accelerator at defaults over that of the configuration,
    with replicas of the size that suits the defaults best within a unit of ``per_unit``
    accelerators. 1 where the defaults do not fit or miss a target.
    """
    names = beyond_defaults(serving, catalog)
    if not names:
        return 0.0, []
    most = max(per_unit, serving.accelerators_per_replica)
    best = max((ratio for size, ratio in serving.at_defaults if size <= most), default=0.0)
    return min(max(1.0 - best, 0.0), 1.0), names


def tuning(option: Option, assessment: Assessment, catalog: DecisionCatalog, once: Once) -> Rating:
    """How well the option runs untuned and how the team's skill and the evidence fit it."""
    if option.venue == "token_api":
        return not_applicable(
            "tuning", _("Not applicable: the provider tunes the service."), _TUNING_FORMULA
        )
    if not option.servings:
        return not_known("tuning", _("Not known."), _TUNING_FORMULA)
    level, _why = skill_needed(option, once)
    per_unit = option.fleet.accelerators // max((1, *option.fleet.units_by_year))
    question = ("tuning score", level, per_unit, *served_alike(option))
    return once(question, partial(_tuning, option, assessment, catalog, level, per_unit))


def _tuning(
    option: Option, assessment: Assessment, catalog: DecisionCatalog, level: int, per_unit: int
) -> Rating:
    """The same for own or rented servers of ``per_unit`` that take a skill of ``level``."""
    shares = [tuning_share(serving, per_unit, catalog) for serving in option.servings]
    share, names = max(shares, key=lambda pair: pair[0])
    dependence = 100.0 * min(max(1.0 - share / TUNING_SHARE_ZERO, 0.0), 1.0)
    gap = level - assessment.site.team_skill
    skill = 100.0 * min(max((SKILL_ZERO_GAP - gap) / (SKILL_ZERO_GAP - SKILL_FULL_GAP), 0.0), 1.0)
    grades = [EVIDENCE_MATURITY[s.evidence] for s in option.servings if s.evidence is not None]
    maturity = min(grades) if grades else EVIDENCE_MATURITY["extrapolated"]
    first, second, third = TUNING_PARTS
    value = first * dependence + second * skill + third * maturity
    evidence = {v: k for k, v in EVIDENCE_MATURITY.items()}[maturity]
    if not names:
        what = _("runs on defaults")
    elif share < 1.0:
        what = _("{share} of the throughput comes from {names}, as computed here").format(
            share=percent(share), names=listed(names)
        )
    else:
        what = _("it meets its limits only with {names}").format(names=listed(names))
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
