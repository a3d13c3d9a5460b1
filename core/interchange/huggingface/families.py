"""What is known of families of models beyond their fields."""

from __future__ import annotations

from core.interchange.json_object import JsonObject
from core.words import _

CHECKED = frozenset(
    {
        *("llama", "mistral", "mixtral", "qwen2", "qwen3", "qwen3_moe", "gpt_oss", "llama4_text"),
        *("deepseek_v2", "deepseek_v3", "deepseek_v32", "deepseek_v4", "kimi_k2", "kimi_linear"),
        *("glm_moe_dsa", "gemma2", "gemma3_text", "gemma4_text", "qwen3_5_text"),
        *("qwen3_5_moe_text", "qwen3_vl_text", "qwen3_vl_moe_text", "nemotron_h", "minimax_m2"),
        *("minimax_m3", "step3p7", "granitemoehybrid", "gptj", "opt", "mimo", "mimo_v2_flash"),
        *("jamba", "hunyuan_v1_moe", "ernie4_5_moe"),
    }
)
"""Families of which a configuration was counted and agreed with the published size."""
_TIED = frozenset(
    {
        *("gemma", "gemma2", "gemma3", "gemma3_text", "gemma4", "gemma4_text", "cohere"),
        *("cohere2", "gpt2", "gpt_bigcode", "opt", "bloom", "falcon", "mpt"),
    }
)
"""Families whose files leave out that one matrix is both embedding and output head."""


def tied_embeddings(whole: JsonObject, config: JsonObject, model_type: str) -> tuple[bool, str]:
    """(whether one matrix is embedding and output head, what had to be assumed)."""
    name = "tie_word_embeddings"
    for place in (config, whole):
        if place.has(name):
            return place.flag(name), ""
    if model_type in _TIED:
        return True, ""
    return False, _(
        "The file does not say whether embedding and output head are one matrix: two are assumed."
    )


def assumptions(config: JsonObject, model_type: str) -> list[str]:
    """What had to be assumed, or is not counted, in sentences."""
    found = []
    if model_type not in CHECKED:
        found.append(
            _(
                "The family '{family}' is read by its field names only: compare the counted "
                "parameters with the published size."
            ).format(family=model_type)
        )
    if config.has("sparse_attention_config"):
        found.append(
            _(
                "Block-sparse attention is counted as full attention: long contexts run faster "
                "than predicted."
            )
        )
    if config.whole(
        "num_nextn_predict_layers", "mtp_num_hidden_layers", default=0, least=0, most=1000
    ):
        found.append(_("Layers for multi-token prediction are not counted."))
    return found
