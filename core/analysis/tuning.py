"""Operational tuning: what each serving lever does on the user's own case.

The winner's platform is sized and costed again with one lever turned; the rest stays. Published
multipliers are shown beside the computed effect as a cross-check, never mixed into it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from core.analysis import disaggregated
from core.assessment import Assessment
from core.candidates import Policy
from core.catalog.load import Catalog
from core.catalog.types import TuningLever
from core.notation import local
from core.recommendation import LeverEffect, Option, Recommendation, Serving
from core.venues.demand import demands_of
from core.venues.every_venue import pure_options, size_all
from core.venues.service import open_book
from core.venues.study import Study, open_study
from core.words import _

DRAFT_TOKENS = 1.0
"""Extra tokens per step that speculative decoding is taken to bring (an assumption)."""
DISAGGREGATION = "pd_disagg"
Turn = tuple[Assessment, Policy]


@dataclass(frozen=True)
class _Case:
    """The winner's platform, and the option it gives for any inputs and policy."""

    recommendation: Recommendation
    catalog: Catalog
    option_id: str
    per_unit: int

    def study(self, assessment: Assessment, policy: Policy) -> Study:
        return open_study(
            assessment,
            self.catalog,
            date.fromisoformat(self.recommendation.as_of),
            demands_of(assessment, self.catalog.models, self.catalog.traffic_shapes),
            policy,
        )

    def option(self, assessment: Assessment, policy: Policy) -> Option | None:
        study = self.study(assessment, policy)
        drafts = size_all(study)
        book = open_book(study, drafts.pools())
        found = {o.id: o for o in pure_options(study, book, drafts)}
        return found.get(self.option_id)


def levers(recommendation: Recommendation, catalog: Catalog) -> tuple[LeverEffect, ...]:
    """Every lever of the catalog, in order of what it saves; empty for a hosted API."""
    winner = recommendation.winner
    if winner is None or not winner.servings or winner.servings[0].accelerator_id is None:
        return ()
    case = _case(recommendation, catalog, winner)
    base = case.option(recommendation.assessment, Policy())
    if base is None or base.cost is None:
        return ()
    found = [_effect(case, base, lever) for lever in catalog.levers.values()]
    return tuple(sorted(found, key=_order))


def _order(effect: LeverEffect) -> tuple[bool, float, int]:
    cost = effect.cost_change
    return cost is None, cost if cost is not None else 0.0, effect.skill_level


def _case(recommendation: Recommendation, catalog: Catalog, winner: Option) -> _Case:
    key = winner.fleet.platform_id
    rented = winner.venue in ("public_cloud", "gpu_cloud")
    platforms = [] if rented else [key or ""]
    offers = [key or ""] if rented else []
    small = catalog.subset(platforms=platforms, cloud_offers=offers, token_providers=())
    option_id = winner.id
    if winner.venue == "hybrid":
        option_id = winner.id.split(":", 1)[0].removeprefix("hybrid/")
    units = small.cloud_offers[key or ""] if rented else small.platforms[key or ""]
    per_unit = units.accelerator_count
    return _Case(recommendation, small, option_id, per_unit)


def _weights(serving: Serving) -> str:
    return serving.weight_precision or "bf16"


def _with_drafts(assessment: Assessment, tokens: float) -> Assessment:
    changed = tuple(dataclasses.replace(w, speculative_tokens=tokens) for w in assessment.workloads)
    return dataclasses.replace(assessment, workloads=changed)


def _turns(
    base: Option, assessment: Assessment, largest: int
) -> dict[str, tuple[bool, Turn, Turn]]:
    """Lever -> (in use, without it, with it); ``largest`` accelerators are in one unit."""
    serving = base.servings[0]
    weights = _weights(serving)
    drafts = assessment.workloads[0].speculative_tokens
    prefix = any(w.prefix_cache_share > 0 for w in assessment.workloads)
    same = (assessment, Policy())
    tp = serving.tp

    def policy(**changes: object) -> Turn:
        return assessment, Policy(**changes)  # type: ignore[arg-type]  # names of its fields

    eight = "int8" if weights == "int8" else "fp8"
    four = "int4" if weights == "int4" else "fp4"
    turns = {
        "fp8_w8a8": (weights in ("fp8", "int8"), policy(weights=("bf16",)),
                     policy(weights=(eight,))),
        "fp4": (weights == "fp4", policy(weights=(eight,)), policy(weights=(four,))),
        "int4_weight_only": (weights == "int4", policy(weights=("bf16",)),
                             policy(weights=("int4",))),
        "fp8_kv": (serving.kv_precision == "fp8", policy(kv_precisions=("bf16",)),
                   policy(kv_precisions=("fp8",))),
        "prefix_cache": (prefix, policy(prefix_caching=False), same),
        "chunked_prefill": (True, policy(chunked_prefill=False), same),
        "spec_decode": (drafts > 0, (_with_drafts(assessment, 0.0), Policy()),
                        (_with_drafts(assessment, drafts or DRAFT_TOKENS), Policy())),
        "tp_double": (False, policy(tensor_parallel=(tp,)), policy(tensor_parallel=(2 * tp,))),
    }  # fmt: skip  # a table
    if 2 * tp > largest:
        del turns["tp_double"]
    return turns


def _published(lever: TuningLever) -> str:
    parts = []
    for name, values in (
        ("throughput", lever.throughput_x),
        ("TTFT", lever.ttft_x),
        ("TPOT", lever.tpot_x),
    ):
        if values is not None:
            parts.append(
                _("{name} x {values} ({values2} to {values3})").format(
                    name=name,
                    values=local(f"{values[1]:g}"),
                    values2=local(f"{values[0]:g}"),
                    values3=local(f"{values[2]:g}"),
                )
            )
    return "; ".join(parts)


def _effect(case: _Case, base: Option, lever: TuningLever) -> LeverEffect:
    turns = _turns(base, case.recommendation.assessment, case.per_unit)
    blank = LeverEffect(
        key=lever.id,
        label=_(lever.title),
        cost_change=None,
        ttft_change=None,
        tpot_change=None,
        power_change=None,
        skill_level=lever.skill_level,
        in_use=False,
        note=_("Not computed: the engine does not model this lever. Published effect only."),
        published=_published(lever),
        provenance=lever.provenance,
    )
    if lever.id == DISAGGREGATION:
        return _disaggregated(case, base, blank, lever)
    if lever.id not in turns:
        return blank
    in_use, without, with_it = turns[lever.id]
    before, after = case.option(*without), case.option(*with_it)
    if before is None or after is None or before.cost is None or after.cost is None:
        return dataclasses.replace(
            blank, note=_("Not possible on this hardware or with this model."), in_use=in_use
        )
    note = _("In use: effect against going without it.") if in_use else _("Not in use.")
    if (
        lever.id == "spec_decode"
        and not case.recommendation.assessment.workloads[0].speculative_tokens
    ):
        note = _("Not in use; {tokens} accepted extra token per step is assumed.").format(
            tokens=local(f"{DRAFT_TOKENS:g}")
        )
    if lever.needs:
        note = f"{note} {_(lever.needs)}"
    return dataclasses.replace(
        blank,
        cost_change=_change(before, after, lambda o: o.cost.usd_per_mtok.base if o.cost else None),
        ttft_change=_change(before, after, lambda o: _light(o, "ttft_ms")),
        tpot_change=_change(before, after, lambda o: _light(o, "tpot_ms")),
        power_change=_change(before, after, lambda o: o.fleet.average_kw),
        in_use=in_use,
        note=note,
    )


def _disaggregated(
    case: _Case, base: Option, blank: LeverEffect, lever: TuningLever
) -> LeverEffect:
    study = case.study(case.recommendation.assessment, Policy())
    found = disaggregated.effect(study, base, case.per_unit)
    if found is None:
        return dataclasses.replace(
            blank, note=_("Not possible on this hardware or with this model.")
        )
    needs = _(lever.needs) if lever.needs else ""
    return dataclasses.replace(
        blank,
        ttft_change=found.ttft_change,
        tpot_change=found.tpot_change,
        note=" ".join(part for part in (_("Not in use."), found.note, needs) if part),
    )


def _light(option: Option, name: str) -> float | None:
    """Median latency at the lightest load of the first workload's curve."""
    curve = option.servings[0].curve
    value = getattr(curve[0], name)["p50"] if curve else None
    return None if value is None else float(value)


def _change(before: Option, after: Option, value: Callable[[Option], float | None]) -> float | None:
    one, two = value(before), value(after)
    if one is None or two is None or one <= 0:
        return None
    return two / one - 1.0
