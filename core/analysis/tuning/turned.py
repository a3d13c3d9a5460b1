"""Levers that are a choice of the search: precision, caching, chunks, drafts, parallelism."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from core.analysis.tuning.case import Case, Found, compared, not_applicable
from core.assessment import Assessment
from core.candidates import Policy
from core.decision.wording import number
from core.performance.precision import published, storage_of
from core.recommendation import Option
from core.words import _

DRAFT_TOKENS = 1.0
"""Extra tokens per step that speculative decoding is taken to bring (an assumption)."""
BITS = {"bf16": 16, "fp8": 8, "int8": 8, "fp4": 4, "int4": 4}
LEAST_BITS = {"bf16": 16, "fp8": 8, "fp4": 4}
"""Bits that the input on the lowest precision still accepts."""
Turn = tuple[Assessment, Policy]


@dataclass(frozen=True)
class _Lever:
    """Whether it is in use, what the case is without it and with it, and what to say."""

    in_use: bool
    without: Turn
    with_it: Turn
    more: tuple[str, ...] = ()
    against_inputs: bool = False
    of: int = 0
    """Which workload it concerns, where not all."""


def turned(case: Case, base: Option, key: str) -> Found:
    """The effect of one such lever; against going without it where it is in use."""
    found = _lever(case, base, key)
    if isinstance(found, str):
        return not_applicable(found)
    before, after = (
        _with_first(case.option(*turn), found.of) for turn in (found.without, found.with_it)
    )
    more = found.more
    if found.of:
        workload = base.servings[found.of].workload
        more = (_("Told of “{workload}”.").format(workload=workload), *more)
    told = compared(before, after, in_use=found.in_use, more=more)
    return dataclasses.replace(told, against_inputs=found.against_inputs and told.applies)


def _with_first(option: Option | None, index: int) -> Option | None:
    """The option with another workload first: the one that latencies are told of."""
    if option is None or not index:
        return option
    first = option.servings[index]
    others = (s for s in option.servings if s is not first)
    return dataclasses.replace(option, servings=(first, *others))


def _lever(case: Case, base: Option, key: str) -> _Lever | str:
    """A lever, or why it does not apply."""
    if key in ("fp8_w8a8", "fp4", "int4_weight_only"):
        return _weights(case, base, key)
    assessment, same = case.assessment, (case.assessment, Policy())
    serving = base.servings[0]
    if key == "fp8_kv":
        if serving.kv_precision == "fp8":
            return _Lever(True, (assessment, Policy(kv_precisions=("bf16",))), same)
        turn = (assessment, Policy(kv_precisions=("fp8",)))
        return _fewer_bits(assessment, turn, 8)
    if key == "prefix_cache":
        if not any(w.prefix_cache_share > 0 for w in assessment.workloads):
            return _("no part of your prompts repeats (prefix share 0 % in the inputs).")
        return _Lever(True, (assessment, Policy(prefix_caching=False)), same)
    if key == "chunked_prefill":
        return _Lever(True, (assessment, Policy(chunked_prefill=False)), same)
    if key == "spec_decode":
        return _drafts(assessment)
    if key == "tp_double":
        wide = 2 * serving.tp
        if wide > case.per_unit:
            return _(
                "a replica of {size} accelerators does not fit one machine, which holds {held}."
            ).format(size=wide, held=case.per_unit)
        one, two = Policy(tensor_parallel=(serving.tp,)), Policy(tensor_parallel=(wide,))
        return _Lever(False, (assessment, one), (assessment, two))
    return _("the engine has no model of it.")


def _weights(case: Case, base: Option, key: str) -> _Lever | str:
    assessment, eight = case.assessment, eight_bits(case, base)
    # the workload that is served widest: there is most to gain
    serving = max(base.servings, key=lambda s: BITS.get(s.weight_precision or "bf16", 16))
    of = base.servings.index(serving)
    weights = serving.weight_precision or "bf16"
    four = "int4" if weights == "int4" else "fp4"
    wanted, wider = {
        "fp8_w8a8": (eight, "bf16"),
        "fp4": (four, eight),
        "int4_weight_only": ("int4", "bf16"),
    }[key]
    name = serving.workload if len(base.servings) > 1 else ""
    if weights == wanted and not (key == "fp4" and weights == "int4"):
        native = case.catalog.models[serving.model_id].native_precision
        if storage_of(published(native)) == wanted:
            return _in_workload(name, _("the model is published in {precision}."), wanted)
        without = (assessment, Policy(weights=(wider,)))
        return _Lever(True, without, (assessment, Policy()), of=of)
    if BITS[wanted] >= BITS.get(weights, 16):
        return _in_workload(name, _("the weights are stored in {precision} already."), weights)
    # against what is recommended, not against 16 bits: that is what trying it would change
    turn = (assessment, Policy(weights=(wanted,)))
    return dataclasses.replace(_fewer_bits(assessment, turn, BITS[wanted]), of=of)


def _in_workload(name: str, text: str, precision: str) -> str:
    """A reason, with the workload that it concerns where there are several."""
    reason = text.format(precision=precision.upper())
    return _("“{workload}”: {reason}").format(workload=name, reason=reason) if name else reason


def eight_bits(case: Case, base: Option) -> str:
    """The 8-bit format of the option's own hardware: integers where it has no 8-bit floats."""
    serving = base.servings[0]
    accelerator = case.catalog.accelerators[serving.accelerator_id or ""]
    whole = accelerator.tflops_fp8 is None and accelerator.tops_int8 is not None
    return "int8" if whole or serving.weight_precision == "int8" else "fp8"


def _fewer_bits(assessment: Assessment, turn: Turn, bits: int) -> _Lever:
    """A lever that stores in fewer bits; says so where the inputs rule out so few."""
    least = max(LEAST_BITS[w.lowest_precision] for w in assessment.workloads)
    refused = _(
        "Your inputs accept no fewer than {least} bits: test the quality of the answers first."
    ).format(least=least)
    against = bits < least
    return _Lever(False, (assessment, Policy()), turn, (refused,) if against else (), against)


def _drafts(assessment: Assessment) -> _Lever:
    drafts = assessment.workloads[0].speculative_tokens
    same = (assessment, Policy())
    if drafts > 0:
        return _Lever(True, (_with_drafts(assessment, 0.0), Policy()), same)
    assumed = _("{tokens} accepted extra token per step is assumed.")
    return _Lever(
        False,
        same,
        (_with_drafts(assessment, DRAFT_TOKENS), Policy()),
        (assumed.format(tokens=number(DRAFT_TOKENS)),),
    )


def _with_drafts(assessment: Assessment, tokens: float) -> Assessment:
    changed = tuple(dataclasses.replace(w, speculative_tokens=tokens) for w in assessment.workloads)
    return dataclasses.replace(assessment, workloads=changed)
