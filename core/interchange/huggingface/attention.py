"""Attention as a configuration describes it: heads, cached elements and parameters of a layer."""

from __future__ import annotations

from dataclasses import dataclass

from core.interchange.json_object import JsonObject

HEADS = ("num_attention_heads", "n_head", "n_heads")
KV_HEADS = ("num_key_value_heads", "num_kv_heads", "n_head_kv", "n_kv_heads")
MAX_HEADS = 100_000


@dataclass(frozen=True, slots=True)
class Grouped:
    """Multi-head, grouped-query or multi-query attention of one kind of layer."""

    heads: int
    kv_heads: int
    key_size: int
    value_size: int
    value_projection: bool = True
    """False where the values are the keys (Gemma 4's global layers)."""
    output_gate: bool = False
    """A gate as wide as the query, computed beside it (Qwen3-Next and 3.5)."""

    @property
    def cached(self) -> float:
        """Elements a token adds to the cache."""
        return float(self.kv_heads * (self.key_size + self.value_size))

    def parameters(self, hidden: int) -> float:
        """Weights of the projections: query, key, value and output."""
        query = self.heads * self.key_size * (2 if self.output_gate else 1)
        value = self.kv_heads * self.value_size if self.value_projection else 0
        return float(
            hidden * (query + self.kv_heads * self.key_size + value + self.heads * self.value_size)
        )


@dataclass(frozen=True, slots=True)
class Latent:
    """Multi-head latent attention (DeepSeek-V2 and later): one compressed vector per token."""

    heads: int
    query_rank: int
    rank: int
    nope: int
    rope: int
    value: int
    output_gate: bool = False

    def parameters(self, hidden: int) -> float:
        """Weights of the down and up projections (DeepSeek-V2, arXiv 2405.04434, section 2.1)."""
        query = self.heads * (self.nope + self.rope)
        into = hidden * self.query_rank + self.query_rank * query if self.query_rank else (
            hidden * query
        )  # fmt: skip  # the two ways to the query side by side
        latent = hidden * (self.rank + self.rope)
        up = self.rank * self.heads * (self.nope + self.value)
        out = self.heads * self.value * hidden * (2 if self.output_gate else 1)
        return float(into + latent + up + out)

    @property
    def cached(self) -> float:
        """Elements a token adds to the cache, whatever the number of heads."""
        return float(self.rank + self.rope)


@dataclass(frozen=True, slots=True)
class Indexer:
    """The small scorer of sparse attention (DeepSeek-V3.2): which tokens attention reads."""

    heads: int
    size: int
    tokens: int
    """Tokens read at most."""

    def parameters(self, hidden: int, query_rank: int) -> float:
        """Its query, key and head-weight projections."""
        return float(
            (query_rank or hidden) * self.heads * self.size + hidden * (self.size + self.heads)
        )


def heads_of(config: JsonObject) -> int:
    """Query heads."""
    return config.whole(*HEADS, most=MAX_HEADS)


def grouped_of(config: JsonObject, hidden: int, *, window: bool) -> Grouped:
    """Attention of the full (or the windowed) layers. Raises DocumentError."""
    heads = heads_of(config)
    if config.flag("multi_query") and not config.flag("new_decoder_architecture"):
        kv_heads = 1
    else:
        kv_heads = config.whole(*KV_HEADS, default=heads, most=MAX_HEADS)
    size = config.whole(
        "head_dim", "attention_head_dim", default=max(hidden // heads, 1), most=MAX_HEADS
    )
    value = config.whole("v_head_dim", default=size, most=MAX_HEADS)
    gate = config.flag("attn_output_gate")
    if window and config.has("swa_head_dim", "swa_num_key_value_heads"):
        heads = config.whole("swa_num_attention_heads", default=heads, most=MAX_HEADS)
        kv_heads = config.whole("swa_num_key_value_heads", default=kv_heads, most=MAX_HEADS)
        size = config.whole("swa_head_dim", default=size, most=MAX_HEADS)
        value = config.whole("swa_v_head_dim", default=value, most=MAX_HEADS)
    projected = True
    if not window and config.has("global_head_dim"):
        size = value = config.whole("global_head_dim", most=MAX_HEADS)
        kv_heads = config.whole("num_global_key_value_heads", default=kv_heads, most=MAX_HEADS)
        projected = not config.flag("attention_k_eq_v")
    return Grouped(heads, kv_heads, size, value, projected, gate)


def latent_of(config: JsonObject) -> Latent | None:
    """Latent attention; ``None`` where the model has none. Raises DocumentError."""
    if not config.has("kv_lora_rank"):
        return None
    return Latent(
        heads=heads_of(config),
        query_rank=config.whole("q_lora_rank", default=0, least=0, most=MAX_HEADS),
        rank=config.whole("kv_lora_rank", most=MAX_HEADS),
        nope=config.whole("qk_nope_head_dim", most=MAX_HEADS),
        rope=config.whole("qk_rope_head_dim", most=MAX_HEADS),
        value=config.whole("v_head_dim", most=MAX_HEADS),
        output_gate=config.flag("mla_use_output_gate"),
    )


def indexer_of(config: JsonObject) -> Indexer | None:
    """The indexer of sparse attention; ``None`` where there is none."""
    if not config.has("index_topk"):
        return None
    return Indexer(
        heads=config.whole("index_n_heads", most=MAX_HEADS),
        size=config.whole("index_head_dim", most=MAX_HEADS),
        tokens=config.whole("index_topk"),
    )
