"""Which layers a model has: how each mixes tokens, and what feed-forward part follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.interchange.errors import DocumentError, shown
from core.interchange.json_object import JsonObject
from core.words import _

Mixer = Literal["full", "window", "linear", "none"]
FeedForward = Literal["dense", "experts", "both", "none"]

MAX_LAYERS = 1000
LAYERS = ("num_hidden_layers", "n_layer", "num_layers", "n_layers")
EXPERTS = ("n_routed_experts", "num_local_experts", "num_experts", "moe_num_experts")
TOP_K = (
    "num_experts_per_tok",
    "num_experts_per_token",
    "top_k_experts",
    "moe_top_k",
    "moe_topk",
    "moe_k",
)
LISTED = ("layer_types", "layers_block_type")
"""Fields that name every layer's kind."""
_MIXERS: dict[str, Mixer] = {
    "full_attention": "full",
    "attention": "full",
    "deepseek_sparse_attention": "full",
    "sliding_attention": "window",
    "chunked_attention": "window",
    "linear_attention": "linear",
    "mamba": "linear",
}
"""Names of layers in ``layer_types`` and ``layers_block_type``."""
_BLOCKS: dict[str, tuple[Mixer, FeedForward]] = {
    "M": ("linear", "none"),
    "*": ("full", "none"),
    "E": ("none", "experts"),
    "-": ("none", "dense"),
}
"""Letters of Nemotron-H's ``hybrid_override_pattern``: one part per layer."""
_BLOCK_NAMES = {"mamba": "M", "attention": "*", "moe": "E", "mlp": "-"}
"""The same parts in newer files' ``layers_block_type``."""
_EVERY_NTH_FULL = {"gemma2": 2, "gemma3_text": 6, "gemma3": 6, "cohere2": 4}
"""Families whose older files leave the pattern of windows to the program that reads them."""
_CHUNKED = ("llama4", "llama4_text")


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: what mixes tokens, and its feed-forward part."""

    mixer: Mixer
    feed_forward: FeedForward


def layers_of(config: JsonObject, model_type: str) -> list[Layer]:
    """The model's layers in order. Raises DocumentError."""
    pattern = _blocks(config)
    count = config.whole(*LAYERS, default=len(pattern) if pattern else None, most=MAX_LAYERS)
    if pattern:
        if len(pattern) != count:
            raise config.fail(
                "hybrid_override_pattern",
                _("must have one letter per layer ({count}); it has {len}").format(
                    count=count, len=len(pattern)
                ),
            )
        return [Layer(*_BLOCKS[letter]) for letter in pattern]
    return [
        Layer(mixer, feed_forward)
        for mixer, feed_forward in zip(
            _mixers(config, model_type, count), _feed_forwards(config, count), strict=True
        )
    ]


def names_layers(config: JsonObject) -> bool:
    """Whether the layers are listed one by one, so that their number need not be given."""
    return bool(_blocks(config))


def _blocks(config: JsonObject) -> str:
    """Letters of a model whose layers are single parts; "" for all others."""
    name = "hybrid_override_pattern"
    pattern = config.text(name).replace("|", "")
    if not pattern:
        listed = config.items("layers_block_type", str) or []
        if not {"moe", "mlp"} & set(listed):
            return ""
        name = "layers_block_type"
        pattern = "".join(_BLOCK_NAMES.get(item, "?") for item in listed)
    unknown = sorted(set(pattern) - set(_BLOCKS))
    if unknown:
        allowed = _BLOCKS if name == "hybrid_override_pattern" else _BLOCK_NAMES
        raise config.fail(
            name,
            _("may only hold {join}; got {shown}").format(
                join=" ".join(allowed), shown=shown(unknown[0])
            ),
        )
    return pattern


def _mixers(config: JsonObject, model_type: str, count: int) -> list[Mixer]:
    for name in LISTED:
        listed = config.items(name, str, count)
        if listed is not None:
            return [_mixer(config, name, n, item) for n, item in enumerate(listed)]
    kimi = config.section("linear_attn_config")
    if kimi is not None:
        full = set(kimi.items("full_attn_layers", int) or ())  # numbered from 1
        return ["full" if n + 1 in full else "linear" for n in range(count)]
    pattern = config.items("hybrid_layer_pattern", int, count)
    if pattern is not None:
        return ["window" if marked else "full" for marked in pattern]
    if config.has("attn_layer_period"):
        period = config.whole("attn_layer_period")
        offset = config.whole("attn_layer_offset", default=0, least=0)
        return ["full" if n % period == offset else "linear" for n in range(count)]
    if config.has("full_attention_interval"):
        every = config.whole("full_attention_interval")
        return ["full" if (n + 1) % every == 0 else "linear" for n in range(count)]
    return _windows(config, model_type, count)


def _mixer(config: JsonObject, name: str, n: int, item: str) -> Mixer:
    if item not in _MIXERS:
        raise config.fail(
            f"{name}[{n}]",
            _("must be one of {join}; got {shown}").format(
                join=", ".join(_MIXERS), shown=shown(item)
            ),
        )
    return _MIXERS[item]


def window_of(config: JsonObject, model_type: str) -> int:
    """Tokens of a sliding window (or chunk); 0 where attention reaches the whole context."""
    if model_type in _CHUNKED:
        return config.whole("attention_chunk_size", default=0, least=0)
    if not config.flag("use_sliding_window", default=True):
        return 0
    window = config.whole("sliding_window", "sliding_window_size", default=0, least=0)
    context = config.whole("max_position_embeddings", default=0, least=0)
    return window if not context or window < context else 0


def _windows(config: JsonObject, model_type: str, count: int) -> list[Mixer]:
    """Layers of a model that says nothing of their kinds."""
    if not window_of(config, model_type):
        return ["full"] * count
    if model_type in _CHUNKED:
        rotary = config.items("no_rope_layers", int) or ()
        if len(rotary) == count:
            return ["window" if marked else "full" for marked in rotary]
        return ["full" if (n + 1) % 4 == 0 else "window" for n in range(count)]
    every = config.whole(
        "sliding_window_pattern",
        "_sliding_window_pattern",
        default=_EVERY_NTH_FULL.get(model_type, 0),
        least=0,
    )
    if every:
        return ["full" if (n + 1) % every == 0 else "window" for n in range(count)]
    from_layer = config.whole("max_window_layers", default=0, least=0, most=10_000)
    return ["window" if n >= from_layer else "full" for n in range(count)]


def _feed_forwards(config: JsonObject, count: int) -> list[FeedForward]:
    experts = config.whole(*EXPERTS, default=0, least=0, most=100_000)
    if not experts or (config.has("enable_moe_block") and not config.flag("enable_moe_block")):
        return ["dense"] * count
    if config.flag("enable_moe_block"):
        return ["both"] * count  # Gemma 4: a dense part beside the experts
    return ["experts" if is_moe else "dense" for is_moe in _expert_layers(config, count)]


def _expert_layers(config: JsonObject, count: int) -> list[bool]:
    listed = config.items("mlp_layer_types", str, count)
    if listed is not None:
        return [item != "dense" for item in listed]
    starts = ("first_k_dense_replace", "moe_layer_start_index")
    first = config.whole(*starts, default=0, least=0, most=MAX_LAYERS)
    if isinstance(config.found("moe_layer_freq")[1], list):
        marks = config.items("moe_layer_freq", int, count) or []
        return [bool(mark) for mark in marks]
    if config.has("moe_layers"):
        chosen = set(config.items("moe_layers", int) or ())
        return [n in chosen for n in range(count)]
    if config.has("expert_layer_period"):
        period = config.whole("expert_layer_period")
        offset = config.whole("expert_layer_offset", default=0, least=0)
        return [n % period == offset for n in range(count)]
    step = config.whole(
        "interleave_moe_layer_step", "decoder_sparse_step", "moe_layer_freq", default=1
    )
    dense = set(config.items("mlp_only_layers", int) or ())
    if config.has("interleave_moe_layer_step", "decoder_sparse_step"):
        return [(n + 1) % step == 0 and n not in dense for n in range(count)]
    return [n >= first and n % step == 0 and n not in dense for n in range(count)]


def experts_of(config: JsonObject) -> tuple[int, int]:
    """(experts, experts per token); (0, 0) for a dense model. Raises DocumentError."""
    experts = config.whole(*EXPERTS, default=0, least=0, most=100_000)
    if experts == 0:
        return 0, 0
    per_token = config.whole(*TOP_K, most=100_000)
    if per_token > experts:
        raise DocumentError(
            _("must be at most the {experts} experts; got {per_token}").format(
                experts=experts, per_token=per_token
            ),
            file=config.file,
            path=config.found(*TOP_K)[0],
        )
    return experts, per_token
