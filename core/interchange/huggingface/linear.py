"""Layers whose memory of the past has a fixed size: their parameters from a configuration."""

from __future__ import annotations

from core.interchange.json_object import JsonObject

MOST = 1_000_000
SIZES = (
    *("linear_num_value_heads", "linear_attn_config", "mamba_num_heads", "mamba_n_heads"),
    "mamba_d_state",
)
"""Fields of which each family with such layers has one."""


def linear_parameters(config: JsonObject, hidden: int) -> float:
    """Weights of one linear-attention or state-space layer, norms and biases left out.

    Recognises Gated DeltaNet (Qwen3-Next, 3.5), Kimi Delta Attention, Mamba 2 (Nemotron-H,
    Granite 4) and Mamba 1 (Jamba) by their fields. Raises DocumentError where none fits.
    """
    if config.has("linear_num_value_heads"):
        return _delta_net(config, hidden)
    kimi = config.section("linear_attn_config")
    if kimi is not None:
        return _kimi_delta(kimi, hidden)
    if config.has("mamba_num_heads", "mamba_n_heads"):
        return _mamba_2(config, hidden)
    if config.has("mamba_d_state"):
        return _mamba_1(config, hidden)
    raise config.fail(
        SIZES[0],
        "the model has layers without attention, but none of the fields that give their size: "
        + ", ".join(SIZES),
    )


def _delta_net(config: JsonObject, hidden: int) -> float:
    """Projections of query, key, value, output gate, decay and step; a short convolution."""
    key_heads = config.whole("linear_num_key_heads", most=MOST)
    value_heads = config.whole("linear_num_value_heads", most=MOST)
    keys = key_heads * config.whole("linear_key_head_dim", most=MOST)
    values = value_heads * config.whole("linear_value_head_dim", most=MOST)
    kernel = config.whole("linear_conv_kernel_dim", default=4, most=64)
    into = hidden * (2 * keys + 2 * values + 2 * value_heads)
    return float(into + kernel * (2 * keys + values) + values * hidden)


def _kimi_delta(kimi: JsonObject, hidden: int) -> float:
    """Query, key, value, output; a decay per channel of low rank; an output gate."""
    heads = kimi.whole("num_heads", most=MOST)
    size = kimi.whole("head_dim", most=MOST)
    width = heads * size
    kernel = kimi.whole("short_conv_kernel_size", default=4, most=64)
    low_rank = hidden * size + size * width
    gate = hidden * width if kimi.flag("use_full_rank_gate") else low_rank
    return float(4 * hidden * width + low_rank + gate + hidden * heads + 3 * kernel * width)


def _mamba_2(config: JsonObject, hidden: int) -> float:
    """One projection in (state input twice, B, C, step), convolution, projection out."""
    heads = config.whole("mamba_num_heads", "mamba_n_heads", most=MOST)
    size = config.whole("mamba_head_dim", "mamba_d_head", most=MOST)
    state = config.whole("ssm_state_size", "mamba_d_state", most=MOST)
    groups = config.whole("n_groups", "mamba_n_groups", default=1, most=MOST)
    kernel = config.whole("conv_kernel", "mamba_d_conv", default=4, most=64)
    inner, both = heads * size, 2 * groups * state
    return float(
        hidden * (2 * inner + both + heads) + kernel * (inner + both) + 3 * heads + inner * hidden
    )


def _mamba_1(config: JsonObject, hidden: int) -> float:
    """Projection in (twice the inner width), convolution, low-rank step, states, out."""
    inner = config.whole("mamba_expand", default=2, most=64) * hidden
    state = config.whole("mamba_d_state", most=MOST)
    rank = -(-hidden // 16)
    if config.found("mamba_dt_rank")[1] != "auto":
        rank = config.whole("mamba_dt_rank", default=rank, most=MOST)
    kernel = config.whole("mamba_d_conv", default=4, most=64)
    step = inner * (rank + 2 * state) + rank * inner
    return float(hidden * 2 * inner + kernel * inner + step + inner * state + inner * hidden)
