"""What is asked for in every sampled future, and the same applied to an assessment."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.analysis.narrow import at_load
from core.analysis.uncertain_inputs import (
    GROWTH_POINTS,
    INDEX,
    INPUT_HIGH,
    INPUT_LOW,
    LOAD_HIGH,
    LOAD_LOW,
    OUTPUT_HIGH,
    OUTPUT_LOW,
    PREFIX_MOST,
    PREFIX_POINTS,
)
from core.assessment import Assessment
from core.performance.types import Floats
from core.products import product

Z80 = 1.2815515594
"""Standard normal quantile of 0.9: low and high of a range are read as P10 and P90."""


def two_sided(z: Floats, low: float | Floats, high: float | Floats) -> Floats:
    """exp of a split normal: ``low`` and ``high`` are log factors at z = -Z80 and +Z80."""
    return np.exp(np.where(z < 0, -np.asarray(low), np.asarray(high)) * z / Z80)


def times(z: Floats, low: float, high: float) -> Floats:
    """A factor with P10 ``low`` and P90 ``high``."""
    return two_sided(z, math.log(low), math.log(high))


def load_of(z: Floats) -> Floats:
    """Demand of the first year, a multiple of the stated one; so for the next two."""
    return times(z, LOAD_LOW, LOAD_HIGH)


def prompt_of(z: Floats) -> Floats:
    """Mean length of prompts."""
    return times(z, INPUT_LOW, INPUT_HIGH)


def answer_of(z: Floats) -> Floats:
    """Mean length of answers."""
    return times(z, OUTPUT_LOW, OUTPUT_HIGH)


def cached_of(z: Floats, stated: float) -> Floats:
    """Share of prompts found in the cache, where ``stated`` was."""
    shift = PREFIX_POINTS * z / Z80
    return np.clip(stated + shift, min(0.0, stated), max(PREFIX_MOST, stated))


@dataclass(frozen=True)
class Asked:
    """What is asked for in every future, against what was stated."""

    load: Floats
    """Requests in each year, multiples of the stated ones, shape (futures, years)."""
    input_tokens: Floats
    """Length of prompts, a multiple, shape (futures,); so for the next."""
    output_tokens: Floats
    cache_z: Floats
    """Share of prompts found in the cache, as ``cached_of`` takes it, shape (futures,)."""
    mtok: Floats
    """Present value of all tokens, millions."""


def asked(growth: float, input_mtok: Floats, output_mtok: Floats, z: Floats) -> Asked:
    """Demand, its growth and its lengths, from standard normal values (futures, inputs).

    ``growth`` is the stated one a year; tokens are present values of each year as stated.
    """
    base = 1.0 + growth
    factor = np.maximum(base + GROWTH_POINTS * z[:, INDEX["growth"]] / Z80, 0.05) / max(base, 0.05)
    load = load_of(z[:, INDEX["load"]])[:, None] * factor[:, None] ** np.arange(len(input_mtok))
    prompt, answer = prompt_of(z[:, INDEX["input_tokens"]]), answer_of(z[:, INDEX["output_tokens"]])
    mtok = prompt * product(load, input_mtok) + answer * product(load, output_mtok)
    return Asked(load, prompt, answer, z[:, INDEX["prefix_share"]], mtok)


def applied(stated: Assessment, z: Mapping[str, float]) -> Assessment:
    """An assessment as a future asks for it: load, growth, lengths and cache.

    ``z`` are standard normal values by the key of the input; what is not among them stays.
    """

    def of(key: str) -> Floats:
        return np.array(z.get(key, 0.0))

    prompt, answer = float(prompt_of(of("input_tokens"))), float(answer_of(of("output_tokens")))
    points = GROWTH_POINTS * z.get("growth", 0.0) / Z80
    workloads = tuple(
        dataclasses.replace(
            w,
            input_tokens_mean=w.input_tokens_mean * prompt,
            input_tokens_p95=w.input_tokens_p95 * prompt,
            output_tokens_mean=w.output_tokens_mean * answer,
            output_tokens_p95=w.output_tokens_p95 * answer,
            prefix_cache_share=float(cached_of(of("prefix_share"), w.prefix_cache_share)),
            growth_per_year=w.growth_per_year + points,
        )
        for w in stated.workloads
    )
    changed = dataclasses.replace(stated, workloads=workloads)
    return at_load(changed, float(load_of(of("load")))) if z.get("load") else changed
