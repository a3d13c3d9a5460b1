"""The attention part of the record: heads, layers by kind, cached elements, parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from core.interchange.huggingface.attention import (
    Grouped,
    Indexer,
    Latent,
    grouped_of,
    indexer_of,
    latent_of,
)
from core.interchange.huggingface.compressed import Compressed, compressed_of
from core.interchange.huggingface.layers import LISTED, Layer, window_of
from core.interchange.huggingface.linear import SIZES, linear_parameters
from core.interchange.json_object import JsonObject
from core.words import _


class IndexFields(TypedDict):
    """Those that sparse attention decides."""

    sparse_top_k: int
    sparse_layers: int
    index_heads: int
    index_head_dim: int
    kv_compression: int


class AttentionFields(IndexFields):
    """Those fields of ``core.catalog.types.Model`` that attention decides."""

    attention: str
    is_mla: bool
    heads: int
    kv_heads: int
    head_dim: int
    q_lora_rank: int
    kv_lora_rank: int
    qk_nope_head_dim: int
    qk_rope_head_dim: int
    v_head_dim: int
    sliding_window: int
    full_attn_layers: int
    swa_layers: int
    linear_layers: int
    kv_elems_per_token_full: float
    kv_elems_per_token_window: float


@dataclass(frozen=True, slots=True)
class AttentionPart:
    """What attention (and what stands in its place) needs."""

    fields: AttentionFields
    attention_parameters: float
    linear_parameters: float


def attention_part(
    config: JsonObject, model_type: str, hidden: int, layers: list[Layer]
) -> AttentionPart:
    """The attention part of a configuration. Raises DocumentError."""
    linear = sum(layer.mixer == "linear" for layer in layers)
    states = linear * linear_parameters(config, hidden) if linear else 0.0
    if not linear and config.has(*SIZES) and not config.has(*LISTED):
        raise config.fail(
            config.found(*SIZES)[0],
            _("layers that mix attention with a state-space part are not supported"),
        )
    compressed = compressed_of(config, layers)
    if compressed is not None:
        return AttentionPart(_compressed(compressed), compressed.parameters(hidden), states)
    full = sum(layer.mixer == "full" for layer in layers)
    windowed = sum(layer.mixer == "window" for layer in layers)
    if not full + windowed:
        raise config.fail("layer_types", _("the model has no attention layer; it is not supported"))
    latent, indexer = latent_of(config), indexer_of(config)
    if latent is not None:
        if windowed:
            raise config.fail("sliding_window", _("latent attention with windows is not supported"))
        parameters = latent.parameters(hidden)
        parameters += indexer.parameters(hidden, latent.query_rank) if indexer else 0.0
        return AttentionPart(_latent(latent, indexer, full, linear), full * parameters, states)
    far = grouped_of(config, hidden, window=False)
    near = grouped_of(config, hidden, window=True)
    window = window_of(config, model_type)
    return AttentionPart(
        _grouped(far, near, (full, windowed, linear), window),
        full * far.parameters(hidden) + windowed * near.parameters(hidden),
        states,
    )


def _indexed(indexer: Indexer | None, layers: int, compression: int = 1) -> IndexFields:
    return IndexFields(
        sparse_top_k=indexer.tokens if indexer else 0,
        sparse_layers=layers if indexer else 0,
        index_heads=indexer.heads if indexer else 0,
        index_head_dim=indexer.size if indexer else 0,
        kv_compression=max(compression, 1) if indexer else 1,
    )


def _compressed(part: Compressed) -> AttentionFields:
    return AttentionFields(
        attention=f"shared keys and values, window {part.window}, compressed beyond",
        is_mla=False,
        heads=part.heads,
        kv_heads=1,
        head_dim=part.size,
        q_lora_rank=part.query_rank,
        kv_lora_rank=0,
        qk_nope_head_dim=0,
        qk_rope_head_dim=part.rope,
        v_head_dim=0,
        sliding_window=part.window,
        full_attn_layers=sum(ratio > 0 for ratio in part.ratios),
        swa_layers=len(part.ratios),
        linear_layers=0,
        kv_elems_per_token_full=part.cached_full,
        kv_elems_per_token_window=part.cached_window,
        **_indexed(part.indexer, part.indexed_layers, part.finest),
    )


def _latent(part: Latent, indexer: Indexer | None, full: int, linear: int) -> AttentionFields:
    words = ["MLA"]
    if indexer:
        words.append(f"sparse (top {indexer.tokens:,})")
    if linear:
        words.append(f"{linear} linear layers")
    return AttentionFields(
        attention=", ".join(words),
        is_mla=True,
        heads=part.heads,
        kv_heads=1,
        head_dim=part.rank + part.rope,
        q_lora_rank=part.query_rank,
        kv_lora_rank=part.rank,
        qk_nope_head_dim=part.nope,
        qk_rope_head_dim=part.rope,
        v_head_dim=part.value,
        sliding_window=0,
        full_attn_layers=full,
        swa_layers=0,
        linear_layers=linear,
        kv_elems_per_token_full=full * (part.cached + (indexer.size if indexer else 0)),
        kv_elems_per_token_window=0.0,
        **_indexed(indexer, full),
    )


def _grouped(
    far: Grouped, near: Grouped, kinds: tuple[int, int, int], window: int
) -> AttentionFields:
    full, windowed, linear = kinds
    # Where both kinds differ (Gemma 4), the record keeps the one that most layers have.
    typical = near if windowed > full else far
    if typical.kv_heads == 1 and typical.heads > 1:
        words = ["MQA"]
    else:
        words = ["GQA" if typical.kv_heads < typical.heads else "MHA"]
    if windowed:
        words.append(f"window {window:,} in {windowed} of {full + windowed} layers")
    if linear:
        words.append(f"{linear} linear layers")
    return AttentionFields(
        attention=", ".join(words),
        is_mla=False,
        heads=typical.heads,
        kv_heads=typical.kv_heads,
        head_dim=typical.key_size,
        q_lora_rank=0,
        kv_lora_rank=0,
        qk_nope_head_dim=0,
        qk_rope_head_dim=0,
        v_head_dim=typical.value_size if typical.value_size != typical.key_size else 0,
        sliding_window=window if windowed else 0,
        full_attn_layers=full,
        swa_layers=windowed,
        linear_layers=linear,
        kv_elems_per_token_full=full * far.cached,
        kv_elems_per_token_window=windowed * near.cached,
        **_indexed(None, 0),
    )
