"""Prefixes that no longer fit on the accelerator, kept in the server's memory."""

from __future__ import annotations

import dataclasses

import numpy as np

from core.analysis.tuning.case import Case, Found, compared, light, not_applicable
from core.assessment import Assessment
from core.candidates import Policy
from core.decision.wording import milliseconds, percent
from core.performance.memory import GIB, sequence_gib
from core.recommendation import Option
from core.words import _

HIT_SHARE = 0.6
"""Share of prompt tokens that a cache without bounds finds: 0.62 and 0.54 in two production
traces (arXiv 2506.02634); an assumption elsewhere."""
PCIE_GB_S = 50.0
"""Bytes/s (10^9) from host memory to one accelerator: PCIe 5.0 x16 carries 63 each way, of which
about four fifths arrive."""
OWN_MEMORY = ("gpu", "npu")
"""Kinds of accelerators whose memory is apart from the host's."""


def effect(case: Case, base: Option) -> Found:
    """What finding ``HIT_SHARE`` of the prompts in host memory does, its way over PCIe included."""
    works, serving = case.assessment.workloads, base.servings[0]
    accelerator = case.catalog.accelerators[serving.accelerator_id or ""]
    if accelerator.kind not in OWN_MEMORY or "superchip" in accelerator.form_factor:
        return not_applicable(
            _("{name} and its host share their memory or a link faster than PCIe.").format(
                name=accelerator.name
            )
        )
    share = max(w.prefix_cache_share for w in works)
    if share <= 0.0:
        return not_applicable(
            _("no part of your prompts repeats (prefix share 0 % in the inputs).")
        )
    least = min(w.prefix_cache_share for w in works)
    if least >= HIT_SHARE:
        return not_applicable(
            _(
                "your inputs already find {share} of the prompts, as much as caches without bounds "
                "do in production."
            ).format(share=percent(least))
        )
    after = case.option(_found_more(case.assessment), Policy())
    first = works[0]
    more = max(HIT_SHARE - first.prefix_cache_share, 0.0)
    moved = _moved_ms(case, base, more)
    text = _(
        "Taken to find {found} of the prompts instead of {now} (an assumption); the rest of a mean "
        "prefix comes over PCIe in {time}."
    ).format(
        found=percent(HIT_SHARE), now=percent(first.prefix_cache_share), time=milliseconds(moved)
    )
    result = compared(base, after, in_use=False, more=(text,))
    before = light(base, "ttft_ms")
    if after is None or not result.applies or not before:
        return result
    later = light(after, "ttft_ms")
    return dataclasses.replace(
        result, ttft_change=None if later is None else (later + moved) / before - 1.0
    )


def _found_more(assessment: Assessment) -> Assessment:
    changed = tuple(
        dataclasses.replace(w, prefix_cache_share=max(w.prefix_cache_share, HIT_SHARE))
        if w.prefix_cache_share > 0.0
        else w
        for w in assessment.workloads
    )
    return dataclasses.replace(assessment, workloads=changed)


def _moved_ms(case: Case, base: Option, share: float) -> float:
    """Time to bring a share of a mean prompt's KV cache to its accelerators, each its part."""
    serving, candidates = base.servings[0], case.plain.candidates[0]
    rows = candidates.rows_of[serving.accelerator_id or ""]
    table = candidates.table
    rows = rows[
        (table.tp[rows] == serving.tp)
        & (table.kv_precision[rows] == serving.kv_precision)
        & (candidates.size[rows] == serving.accelerators_per_replica)
    ]
    if not len(rows) or share <= 0.0:
        return 0.0
    tokens = np.asarray(share * candidates.demand.profile.input_tokens_mean)
    held = float(sequence_gib(table.take(rows[:1]), tokens).ravel()[0]) * GIB
    return held / (PCIE_GB_S * 1e9) * 1e3
