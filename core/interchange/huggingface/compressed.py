"""Compressed attention (DeepSeek-V4): a short window, and summaries of what lies before it."""

from __future__ import annotations

from dataclasses import dataclass

from core.interchange.huggingface.attention import MAX_HEADS, Indexer, heads_of, indexer_of
from core.interchange.huggingface.layers import Layer
from core.interchange.json_object import JsonObject
from core.words import _


@dataclass(frozen=True, slots=True)
class Compressed:
    """One vector is key and value of all heads; every ``ratio`` tokens leave one summary."""

    heads: int
    size: int
    query_rank: int
    output_rank: int
    output_groups: int
    rope: int
    window: int
    ratios: tuple[int, ...]
    """Tokens per summary, by layer; 0 for layers that see the window only."""
    indexer: Indexer | None

    @property
    def cached_full(self) -> float:
        """Elements a token adds to the cache for good, all layers together."""
        index = self.indexer.size if self.indexer else 0
        return sum((self.size + (index if r == self.finest else 0)) / r for r in self.ratios if r)

    @property
    def finest(self) -> int:
        """Tokens per summary in the layers that compress least, which an indexer searches."""
        return min((r for r in self.ratios if r), default=0)

    @property
    def indexed_layers(self) -> int:
        """Layers that attend only to what an indexer chose."""
        return sum(r == self.finest for r in self.ratios if r) if self.indexer else 0

    @property
    def cached_window(self) -> float:
        """Elements a token adds while it is inside the window, all layers together."""
        return float(self.size * len(self.ratios))

    def parameters(self, hidden: int) -> float:
        """Weights of all layers' projections; those of the compressors are left out."""
        width = self.heads * self.size
        query = hidden * self.query_rank + self.query_rank * width
        out = width * self.output_rank + self.output_groups * self.output_rank * hidden
        index = self.indexer.parameters(hidden, self.query_rank) if self.indexer else 0.0
        return len(self.ratios) * (query + hidden * self.size + out) + self.indexed_layers * index


def compressed_of(config: JsonObject, layers: list[Layer]) -> Compressed | None:
    """Compressed attention; ``None`` where the model has none. Raises DocumentError."""
    ratios = config.items("compress_ratios", int)
    if ratios is None:
        return None
    if len(ratios) < len(layers) or min(ratios, default=0) < 0:
        raise config.fail(
            "compress_ratios",
            _("must have a number from 0 for each of the {len} layers").format(len=len(layers)),
        )
    return Compressed(
        heads=heads_of(config),
        size=config.whole("head_dim", most=MAX_HEADS),
        query_rank=config.whole("q_lora_rank", most=MAX_HEADS),
        output_rank=config.whole("o_lora_rank", most=MAX_HEADS),
        output_groups=config.whole("o_groups", most=MAX_HEADS),
        rope=config.whole("qk_rope_head_dim", most=MAX_HEADS),
        window=config.whole("sliding_window"),
        ratios=tuple(ratios[: len(layers)]),
        indexer=indexer_of(config),
    )
