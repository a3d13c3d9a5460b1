"""Feed-forward parts as a configuration describes them: widths and parameters."""

from __future__ import annotations

from dataclasses import dataclass

from core.interchange.huggingface.layers import Layer, experts_of
from core.interchange.json_object import JsonObject

FFN = ("intermediate_size", "ffn_dim", "n_inner", "ffn_hidden_size")
MOST = 10_000_000
_FOUR_TIMES = ("gpt2", "gptj", "falcon", "bloom", "gpt_neo", "gpt_bigcode", "mpt")
"""Families that leave a feed-forward width of four times the hidden size unsaid."""
_UNGATED = (
    *_FOUR_TIMES,
    *("gpt_neox", "opt", "phi", "starcoder2", "nemotron", "nemotron_h", "stablelm_epoch"),
)
"""Families with two matrices instead of three."""


@dataclass(frozen=True, slots=True)
class FeedForwards:
    """Widths of all feed-forward parts; zero for what a model does not have."""

    matrices: int
    dense: int
    expert: int
    experts: int
    top_k: int
    shared_experts: int
    shared: int
    """Width of all shared experts together."""
    latent: int
    """Width the routed experts work in; the hidden size unless they have their own."""

    def dense_parameters(self, hidden: int) -> float:
        """Weights of the dense part of one layer."""
        return float(self.matrices * hidden * self.dense)

    def routed_parameters(self) -> float:
        """Weights of all routed experts of one layer."""
        return float(self.matrices * self.latent * self.expert * self.experts)

    def common_parameters(self, hidden: int) -> float:
        """What every token uses beside its experts: shared ones, router, change of width."""
        router = hidden * self.experts
        change = 2 * hidden * self.latent if self.latent != hidden else 0
        return float(self.matrices * hidden * self.shared + router + change)


def feed_forwards_of(
    config: JsonObject, model_type: str, hidden: int, layers: list[Layer]
) -> FeedForwards:
    """The widths. Raises DocumentError where one is needed and not given."""
    experts, top_k = experts_of(config)
    kinds = {layer.feed_forward for layer in layers}
    dense = expert = shared = count = 0
    if kinds & {"dense", "both"}:
        dense = _dense_width(config, model_type, hidden)
    if kinds & {"experts", "both"}:
        expert = config.whole("moe_intermediate_size", "moe_ffn_dim", *FFN, most=MOST)
        count, shared = _shared(config, model_type, expert)
    else:
        experts = top_k = 0
    latent = config.whole("moe_latent_size", "routed_expert_hidden_size", default=hidden, most=MOST)
    matrices = 2 if model_type in _UNGATED else 3
    return FeedForwards(matrices, dense, expert, experts, top_k, count, shared, latent)


def _dense_width(config: JsonObject, model_type: str, hidden: int) -> int:
    default = 4 * hidden if model_type in _FOUR_TIMES else None
    width = config.whole(
        "intermediate_size_mlp", "dense_intermediate_size", *FFN, default=default, most=MOST
    )
    return width


def _shared(config: JsonObject, model_type: str, expert: int) -> tuple[int, int]:
    """(shared experts, their width together)."""
    names = (
        "n_shared_experts",
        "num_shared_experts",
        "num_shared_expert",
        "moe_num_shared_experts",
    )
    count = config.whole(*names, default=0, least=0, most=1000)
    whole = ("shared_expert_intermediate_size", "share_expert_dim", "shared_intermediate_size")
    if config.has(*whole):
        width = config.whole(*whole, least=0, most=MOST)
        return (max(count, 1) if width else 0), width
    if config.has("moe_shared_expert_intermediate_size"):
        return count, count * config.whole("moe_shared_expert_intermediate_size", most=MOST)
    if model_type in ("llama4", "llama4_text"):
        return 1, expert  # the family has exactly one, as wide as the routed ones
    return count, count * expert
