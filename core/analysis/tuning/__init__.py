"""Operational tuning: what each serving lever does on the user's own case.

The winner's platform is sized and costed again with one lever turned; the rest stays. Published
multipliers are shown beside the computed effect as a cross-check, never mixed into it.
"""

from __future__ import annotations

from collections.abc import Callable

from core.analysis.tuning import autoscaling, batching, host_cache, pools_apart, shared_base
from core.analysis.tuning.case import Case, Found, case_of
from core.analysis.tuning.turned import eight_bits, turned
from core.catalog.load import Catalog
from core.catalog.types import TuningLever
from core.decision.wording import number
from core.notation import semicolons
from core.recommendation import LeverEffect, Option, Recommendation
from core.words import N_, _

SPECIAL: dict[str, Callable[[Case, Option], Found]] = {
    "continuous_batching": batching.effect,
    "autoscale": autoscaling.effect,
    "pd_disagg": pools_apart.found,
    "kv_offload": host_cache.effect,
    "multi_lora": shared_base.effect,
}
"""Levers that are no single input of the search; the others are (``turned``)."""
INTEGERS = {
    "fp8_w8a8": (
        N_("INT8 weights + activations (vs 16-bit)"),
        N_("This hardware has no 8-bit floats; the published figures are those of FP8."),
    ),
    "fp4": (N_("FP4 (NVFP4/MXFP4) weights (vs INT8)"), ""),
}
"""Levers as they are called, and what they need, where 8 bits are integers."""
DEARER = 0.01
"""Rise of the cost from which a lever that is not in use is not called one to try."""
NAMES = {"throughput": N_("throughput"), "ttft": N_("TTFT"), "tpot": N_("TPOT")}


def levers(recommendation: Recommendation, catalog: Catalog) -> tuple[LeverEffect, ...]:
    """Every lever of the catalog; empty for a hosted API, whose provider tunes.

    First those to try, what saves most first; then those in use, by what they save already; last
    those that do not apply here, each with the reason.
    """
    winner = recommendation.winner
    if winner is None or not winner.servings or winner.servings[0].accelerator_id is None:
        return ()
    case = case_of(recommendation, catalog, winner)
    base = case.base
    if base is None or base.cost is None:
        return ()
    found = [_told(case, lever, _found(case, base, lever)) for lever in catalog.levers.values()]
    return tuple(sorted(found, key=_order))


def _found(case: Case, base: Option, lever: TuningLever) -> Found:
    special = SPECIAL.get(lever.id)
    return turned(case, base, lever.id) if special is None else special(case, base)


def _order(effect: LeverEffect) -> tuple[int, bool, float, int, str]:
    group = 2 if not effect.applies else 1 if effect.in_use else 0
    cost = effect.cost_change
    return group, cost is None, cost if cost is not None else 0.0, effect.skill_level, effect.key


def _told(case: Case, lever: TuningLever, found: Found) -> LeverEffect:
    dearer = found.cost_change is not None and found.cost_change > DEARER
    lead = _("In use.") if found.in_use else _("Costs more here.") if dearer else _("To try.")
    if not found.applies:
        lead = _("Does not apply here:")
    title, needs = _own_words(case, lever)
    needs = needs if found.applies else ""
    hybrid = found.applies and case.winner.venue == "hybrid"
    part = _("Worked out as if its own servers carried all of the load.") if hybrid else ""
    beyond = _beyond(lever, found)
    doubt = _("That is more than published runs gain: test it first.") if beyond else ""
    return LeverEffect(
        key=lever.id,
        label=title,
        cost_change=found.cost_change,
        ttft_change=found.ttft_change,
        tpot_change=found.tpot_change,
        power_change=found.power_change,
        skill_level=lever.skill_level,
        in_use=found.in_use,
        note=" ".join(text for text in (lead, *found.sentences, part, doubt, needs) if text),
        published=_published(lever),
        provenance=lever.provenance,
        applies=found.applies,
        against_inputs=found.against_inputs,
        beyond_published=beyond,
    )


def _beyond(lever: TuningLever, found: Found) -> bool:
    """Whether the saving is more than the best published gain in throughput would bring."""
    if lever.throughput_x is None or found.cost_change is None or not found.applies:
        return False
    return 1.0 + found.cost_change < 1.0 / max(lever.throughput_x)


def _own_words(case: Case, lever: TuningLever) -> tuple[str, str]:
    """Title of a lever and what it needs, in the 8-bit format of the option's own hardware."""
    base = case.base
    if base is None or eight_bits(case, base) != "int8" or lever.id not in INTEGERS:
        return _(lever.title), _(lever.needs)
    title, needs = INTEGERS[lever.id]
    return _(title), _(needs or lever.needs)


def _published(lever: TuningLever) -> str:
    parts = [
        _("{name} × {typical} ({low} to {high})").format(
            name=_(NAMES[key]),
            typical=number(values[1]),
            low=number(values[0]),
            high=number(values[2]),
        )
        for key, values in (
            ("throughput", lever.throughput_x),
            ("ttft", lever.ttft_x),
            ("tpot", lever.tpot_x),
        )
        if values is not None
    ]
    return semicolons(parts)
