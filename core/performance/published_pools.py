"""Published runs whose prompts are read by one pool of replicas and answered by another.

A benchmark keeps a number of requests inside: a closed network of the two pools. What a decode
replica adds to the first token is that of ``disaggregation``, whose pools the program sizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.performance import batching, physics
from core.performance.disaggregation import admission_seconds
from core.performance.links import PORT_GB_S
from core.performance.published_runs import Cases
from core.performance.shapes import Number
from core.performance.types import Floats, Ints

PREFILL_USE = 0.8
"""Use of a prefill pool of unknown size: what keeps its queue short."""
BENCHMARK_ROUNDS = 3.0
"""Requests that a benchmark sends per one inside. Publications of separate pools do not state it;
their waits are those of 2.5 to 3.5."""
_ROUNDS = 30
"""Rounds, each halfway, in which the numbers inside settle to well below a percent."""


@dataclass(frozen=True, slots=True)
class Loop:
    """Requests that always circulate through both pools; per decode replica, any shape."""

    decoding: Floats
    """Requests that decode, at least 1."""
    ttft: Floats
    """Seconds, hand-over included; the wait for a place to decode too."""
    rest: Floats
    """Seconds from the first token to the last."""
    prefill: Floats
    """Seconds of a prefill replica per prompt."""


def closed_loop(
    reader: physics.Setting,
    writer: physics.Setting,
    readers: Number,
    new_tokens: Number,
    cached_tokens: Number,
    output_tokens: Number,
    inside: Number,
    most: Number,
) -> Loop:
    """A constant number of requests ``inside`` per decode replica, at most ``most`` of them in it.

    ``readers`` are prefill replicas per decode replica. A request is being read, decodes, or
    waits: behind the prompts that were sent with it, or for a pool that cannot keep up.

    All start together, so that in the first round a request waits for half of the others at its
    prefill replica. Decoding takes about equally long for all, so they come back spaced as they
    were read, and hardly wait again: over r rounds the mean wait is 1 / (2 r) of the others.
    A pool that cannot keep up holds the most requests: inside = rate x (TTFT + rest), with the
    rate at most what either pool lets through (asymptotic bounds of a closed network: Denning and
    Buzen, Computing Surveys 10, 1978).
    """
    tokens = np.asarray(new_tokens) + cached_tokens
    context = tokens + np.asarray(output_tokens) / 2.0
    later = np.maximum(np.asarray(output_tokens) - 1.0, 0.0)
    there = np.asarray(inside) / readers
    work = batching.prefill_work(
        reader, new_tokens, cached_tokens, np.maximum(there, 1.0), reader.dp
    )
    alone = physics.prefill_step(reader, new_tokens, cached_tokens).total
    alone = alone + reader.q["prompt_ms"] * 1e-3
    moved = physics.kv_bytes_per_sequence(writer, tokens) / (PORT_GB_S * 1e9)
    ahead = np.maximum(there - 1.0, 0.0) / (2.0 * BENCHMARK_ROUNDS)
    decoding = np.minimum(np.asarray(inside, dtype=np.float64), most)
    first = alone
    rest = np.zeros(np.shape(first))
    for _round in range(_ROUNDS):
        step = physics.decode_step(writer, np.maximum(decoding, 1.0), context).total
        rest = step * later
        first = alone + ahead * work + moved + admission_seconds(writer.q, step, decoding)
        slowest = np.maximum(work / readers, rest / most)
        first = np.maximum(first, inside * slowest - rest)
        kept = np.clip(inside * rest / (first + rest), 1e-6, most)
        decoding = np.sqrt(decoding * kept)
    return Loop(np.maximum(decoding, 1.0), np.asarray(first), np.asarray(rest), work)


def share_that_reads(
    s: physics.Setting,
    new_tokens: Number,
    cached_tokens: Number,
    output_tokens: Number,
    inside: Number,
    most: Number,
) -> Floats:
    """Share of equal replicas that prefill where only the total is known, 0 to 1.

    Rates are matched: a request costs its prefill here and its decode steps there; prefill
    replicas are kept at ``PREFILL_USE`` of what they could do.
    """
    context = np.asarray(new_tokens) + cached_tokens + np.asarray(output_tokens) / 2.0
    work = batching.prefill_work(s, new_tokens, cached_tokens, inside, s.dp) / PREFILL_USE
    share = np.full(np.shape(inside), 0.5)
    for _round in range(6):
        decoding = np.minimum(np.asarray(inside) / (1.0 - share), most)
        decode = output_tokens * physics.decode_step(s, decoding, context).total / decoding
        share = np.sqrt(share * work / (work + decode))  # halfway: settles in a few rounds
    return np.asarray(share)


@dataclass(frozen=True)
class Apart:
    """Runs with pools of their own for prefill and decode, (n, 1); ``nan`` for all others."""

    decoding: Floats
    """Requests that decode, per decode replica."""
    ttft: Floats
    """Seconds."""
    work: Floats
    """Seconds of a prefill replica per prompt."""
    inside: Floats
    """Requests in both pools, per replica of the run."""
    places: Floats
    """What memory admits, per replica of the run."""
    decoders: Floats
    """Decode replicas per replica of the run: 1 where pools are stated."""
    reading: Floats
    """Share of the accelerators' time in prefill."""
    writing: Floats
    """The same of decode."""


def apart(cases: Cases, q: Mapping[str, Any], rows: Ints) -> Apart:
    """The runs ``rows`` as a closed loop through both pools."""
    count = len(cases.runs)
    part, s = cases.part(q, rows)
    reader = part.reading(s.q)
    new = np.maximum(part.input_tokens - part.cached, 1.0)
    out = np.maximum(part.output_tokens, 1.0)
    most = np.maximum(part.most, 1.0)
    share = share_that_reads(
        s, new, part.cached, out, np.where(np.isfinite(part.asked), part.asked, most), most
    )
    stated = np.isfinite(part.readers)
    decoders = np.where(stated, 1.0, 1.0 - share)
    readers = np.where(stated, part.readers, share / (1.0 - share))
    inside = np.where(np.isfinite(part.asked), part.asked, most * decoders)
    loop = closed_loop(reader, s, readers, new, part.cached, out, inside / decoders, most)
    rate = inside / decoders / (loop.ttft + loop.rest)
    held = readers * np.asarray(reader.stage) * reader.pp
    held = held / (held + np.asarray(s.stage) * s.pp)
    found = {
        "decoding": loop.decoding,
        "ttft": loop.ttft,
        "work": loop.prefill,
        "inside": inside,
        "places": most * decoders,
        "decoders": decoders,
        "reading": held * np.minimum(rate * loop.prefill / readers, 1.0),
        "writing": 1.0 - held,
    }
    spread = {name: np.full((count, 1), np.nan) for name in found}
    for name, values in found.items():
        spread[name][rows] = values
    return Apart(**spread)
