"""What a model asks of the hardware: parameters by use, KV elements, attention work.

Every field may be a float (one model) or an array of shape (n, 1) (one model per row), so that
candidates of one model and measurements of many share the same physics.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from core.catalog.types import Model
from core.performance.types import Build, Floats

Number: TypeAlias = float | Floats

STATE_ELEMENTS_PER_HIDDEN = 256.0
"""Recurrent state of a linear-attention or state-space layer, elements per hidden dimension.

Gated DeltaNet keeps value heads x 128 x 128, Mamba-2 heads x head size x 128 with twice the
hidden size inside: both come to about 256 elements per hidden unit.
"""


@dataclass(frozen=True, slots=True)
class ModelShape:
    """Parameters in units (not billions), split by how a step reads them."""

    layers: Number
    moe_layers: Number
    linear_layers: Number
    hidden: Number
    attention_params: Number
    """Projections of all attention (and linear-attention) layers."""
    dense_params: Number
    """Dense and shared feed-forward parts, norms: read in full by every step."""
    head_params: Number
    """The output head (or the tied embedding used as one)."""
    embedding_params: Number
    """Input embedding: looked up, not streamed; 0 where tied to the head."""
    expert_params: Number
    """All routed experts of all layers."""
    experts: Number
    top_k: Number
    expert_share: Number
    """top_k over experts; 0 for dense models."""
    kv_full: Number
    """Cached elements per token in full-attention layers (all layers together)."""
    kv_sparse: Number
    """Those of ``kv_full`` that are read only where an indexer chose them."""
    kv_window: Number
    window: Number
    sparse_top_k: Number
    """Tokens that a sparse layer attends to; 10^9 without an indexer."""
    kv_heads: Number
    is_mla: Number
    """1 for multi-head latent attention, else 0."""
    state_elements: Number
    """Recurrent state per sequence, all layers together."""
    attention_width_full: Number
    """Sum over layers that attend to all tokens of heads x (key + value head size), for prefill
    FLOPs; layers that compress count per token, not per entry."""
    attention_width_window: Number
    attention_width_sparse: Number
    """The same of the sparse layers while a step computes them densely (short prompts)."""
    decode_width_full: Number
    """The same as decode computes it (MLA: absorbed, heads x (2 x rank + rope))."""
    decode_width_sparse: Number
    indexer_elements: Number
    """Elements per token of a sparse-attention indexer's keys, all layers; counted in
    ``kv_full``."""
    indexer_width: Number
    """Sum over sparse layers of index heads x head size: multiplications per token and token of
    its context, chosen or not."""

    @property
    def active_params(self) -> Number:
        """Parameters that multiply a token, without the embedding look-up and the head."""
        return self.attention_params + self.dense_params + self.expert_params * self.expert_share


def _attention_params_per_layer(m: Model) -> float:
    if m.is_mla:
        nope, rope, value = m.qk_nope_head_dim, m.qk_rope_head_dim, m.v_head_dim
        query_in = m.q_lora_rank or m.hidden
        query = (m.hidden * m.q_lora_rank if m.q_lora_rank else 0) + query_in * m.heads * (
            nope + rope
        )
        latent = m.hidden * (m.kv_lora_rank + rope) + m.kv_lora_rank * m.heads * (nope + value)
        return float(query + latent + m.heads * value * m.hidden)
    return float(m.hidden * m.head_dim * (2 * m.heads + 2 * m.kv_heads))


def _entry_elements(m: Model) -> int:
    """Elements of one layer's cached entry: a latent, a shared vector, or keys and values."""
    if m.is_mla:
        return m.kv_lora_rank + m.qk_rope_head_dim
    return m.kv_heads * m.head_dim * (1 if m.kv_compression > 1 else 2)


@lru_cache(maxsize=256)
def model_shape(m: Model) -> ModelShape:
    """Shape of one model. Totals follow the published parameter counts.

    Routed experts R and always-read parameters A solve total = A + R and
    active = A + R k / E, so that unusual layers need no formula of their own.
    """
    total, active = m.total_params_b * 1e9, m.active_params_b * 1e9
    share = m.top_k / m.n_experts if m.n_experts else 0.0
    experts = (total - active) / (1.0 - share) if 0.0 < share < 1.0 else 0.0
    head = float(m.vocab * m.hidden)
    embedding = 0.0 if m.tied_embeddings else head
    always = max(total - experts - head - embedding, 0.05 * active)
    attention = min(_attention_params_per_layer(m) * m.layers, always)
    widths_full: float = m.full_attn_layers or (
        m.layers if not m.swa_layers + m.linear_layers else 0
    )
    if m.is_mla:
        prefill_head = m.qk_nope_head_dim + m.qk_rope_head_dim + m.v_head_dim
        decode_head = 2 * m.kv_lora_rank + m.qk_rope_head_dim
    else:
        prefill_head = decode_head = 2 * m.head_dim
    moe_layers = m.layers - m.dense_layers if m.n_experts else 0
    # Sparse layers (DeepSeek-V3.2 technical report, 2025): an indexer scores every cached entry,
    # attention reads the best. All are counted per token: an entry may stand for several.
    sparse = m.sparse_layers / m.kv_compression
    kv_sparse = sparse * _entry_elements(m)
    indexer_elements = sparse * m.index_head_dim
    if m.sparse_layers:
        densely_read = m.kv_elems_per_token_full - kv_sparse - indexer_elements
        widths_full = densely_read / _entry_elements(m)
    return ModelShape(
        layers=float(m.layers),
        moe_layers=float(moe_layers),
        linear_layers=float(m.linear_layers),
        hidden=float(m.hidden),
        attention_params=attention,
        dense_params=always - attention,
        head_params=head,
        embedding_params=embedding,
        expert_params=experts,
        experts=float(max(m.n_experts, 1)),
        top_k=float(m.top_k),
        expert_share=share,
        kv_full=float(m.kv_elems_per_token_full),
        kv_sparse=kv_sparse,
        kv_window=float(m.kv_elems_per_token_window),
        window=float(m.sliding_window or 1e9),
        sparse_top_k=float(m.sparse_top_k * m.kv_compression or 1e9),
        kv_heads=float(max(m.kv_heads, 1)),
        is_mla=float(m.is_mla),
        state_elements=STATE_ELEMENTS_PER_HIDDEN * m.hidden * m.linear_layers,
        attention_width_full=float(widths_full * m.heads * prefill_head),
        attention_width_window=float(m.swa_layers * m.heads * prefill_head),
        attention_width_sparse=float(sparse * m.heads * prefill_head),
        decode_width_full=float(widths_full * m.heads * decode_head),
        decode_width_sparse=float(sparse * m.heads * decode_head),
        indexer_elements=indexer_elements,
        indexer_width=float(sparse * m.index_heads * m.index_head_dim),
    )


def stack_shapes(models: Sequence[Model]) -> ModelShape:
    """One row per model: every field an array of shape (n, 1)."""
    distinct = {id(m): model_shape(m) for m in models}
    rows = [distinct[id(m)] for m in models]
    return ModelShape(
        **{
            f.name: np.array([[getattr(r, f.name)] for r in rows], dtype=np.float64)
            for f in dataclasses.fields(ModelShape)
        }
    )


def build_of(m: Model) -> Build:
    """Whether a model is dense or a mixture of experts."""
    return "experts" if m.n_experts else "dense"


def model_type(m: Model) -> str:
    """``dense``, ``moe``, ``mla``, ``hybrid`` or ``windowed``: groups of like implementation."""
    if m.is_mla:
        return "mla"
    if m.linear_layers:
        return "hybrid_moe" if m.n_experts else "hybrid"
    if m.n_experts:
        return "windowed_moe" if m.swa_layers else "moe"
    return "windowed" if m.swa_layers else "dense"
