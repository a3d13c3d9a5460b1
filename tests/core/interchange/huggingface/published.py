"""Shapes as their publishers' ``config.json`` state them, cut to the fields that matter here.

Facts of public files (read 2026-11-26); the layer lists are written short.
"""

from __future__ import annotations

from typing import Any

Config = dict[str, Any]
FP8 = {"quant_method": "fp8", "fmt": "e4m3", "weight_block_size": [128, 128]}
SSSF = ["sliding_attention"] * 3 + ["full_attention"]


def causal(model_type: str, hidden: int, layers: int, heads: int, **more: Any) -> Config:
    return {
        "architectures": [f"{model_type.title().replace('_', '')}ForCausalLM"],
        "model_type": model_type,
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "torch_dtype": "bfloat16",
        "tie_word_embeddings": False,
        **more,
    }


def seen(model_type: str, text: Config, **more: Any) -> Config:
    """A model with a vision tower: the language model one level down."""
    return {
        "architectures": ["ForConditionalGeneration"],
        "model_type": model_type,
        "text_config": text,
        "vision_config": {"hidden_size": 1152, "num_hidden_layers": 27},
        **more,
    }


def deepseek(**changes: Any) -> Config:
    shape = {
        "num_key_value_heads": 128,
        "intermediate_size": 18432,
        "moe_intermediate_size": 2048,
        "n_routed_experts": 256,
        "n_shared_experts": 1,
        "num_experts_per_tok": 8,
        "first_k_dense_replace": 3,
        "moe_layer_freq": 1,
        "q_lora_rank": 1536,
        "kv_lora_rank": 512,
        "qk_nope_head_dim": 128,
        "qk_rope_head_dim": 64,
        "v_head_dim": 128,
        "vocab_size": 129280,
        "max_position_embeddings": 163840,
        "num_nextn_predict_layers": 1,
        "rope_scaling": {"type": "yarn", "factor": 40, "original_max_position_embeddings": 4096},
        "quantization_config": FP8,
    }
    return {**causal("deepseek_v3", 7168, 61, 128, **shape), **changes}


def qwen_linear(hidden: int, layers: int, heads: int, **more: Any) -> Config:
    return causal(
        "qwen3_5_moe_text",
        hidden,
        layers,
        heads,
        num_key_value_heads=2,
        head_dim=256,
        attn_output_gate=True,
        linear_num_key_heads=16,
        linear_key_head_dim=128,
        linear_value_head_dim=128,
        linear_conv_kernel_dim=4,
        num_experts_per_tok=8,
        max_position_embeddings=262144,
        **more,
    )


CATALOGUED: dict[str, Config] = {
    "meta-llama/Llama-3.3-70B-Instruct": causal(
        "llama", 8192, 80, 64, num_key_value_heads=8, intermediate_size=28672,
        vocab_size=128256, max_position_embeddings=131072,
        rope_scaling={"rope_type": "llama3", "factor": 8.0,
                      "original_max_position_embeddings": 8192},
    ),
    "Qwen/Qwen3-4B": causal(
        "qwen3", 2560, 36, 32, num_key_value_heads=8, head_dim=128, intermediate_size=9728,
        vocab_size=151936, max_position_embeddings=40960, tie_word_embeddings=True,
        sliding_window=None, use_sliding_window=False, max_window_layers=36,
    ),
    "mistralai/Mistral-7B-Instruct-v0.3": causal(
        "mistral", 4096, 32, 32, num_key_value_heads=8, intermediate_size=14336,
        vocab_size=32768, max_position_embeddings=32768, sliding_window=None,
    ),
    "Qwen/Qwen2.5-0.5B-Instruct": causal(
        "qwen2", 896, 24, 14, num_key_value_heads=2, intermediate_size=4864, vocab_size=151936,
        max_position_embeddings=32768, sliding_window=32768, max_window_layers=21,
        use_sliding_window=False, tie_word_embeddings=True,
    ),
    "mistralai/Mixtral-8x7B-v0.1": causal(
        "mixtral", 4096, 32, 32, num_key_value_heads=8, intermediate_size=14336,
        num_local_experts=8, num_experts_per_tok=2, vocab_size=32000,
        max_position_embeddings=32768, sliding_window=None,
    ),
    "Qwen/Qwen3-30B-A3B": causal(
        "qwen3_moe", 2048, 48, 32, num_key_value_heads=4, head_dim=128, intermediate_size=6144,
        moe_intermediate_size=768, num_experts=128, num_experts_per_tok=8, decoder_sparse_step=1,
        mlp_only_layers=[], vocab_size=151936, max_position_embeddings=40960,
    ),
    "openai/gpt-oss-120b": causal(
        "gpt_oss", 2880, 36, 64, num_key_value_heads=8, head_dim=64, intermediate_size=2880,
        num_local_experts=128, num_experts_per_tok=4, sliding_window=128,
        layer_types=["sliding_attention", "full_attention"] * 18, vocab_size=201088,
        max_position_embeddings=131072, quantization_config={"quant_method": "mxfp4"},
        rope_scaling={"rope_type": "yarn", "factor": 32.0,
                      "original_max_position_embeddings": 4096},
    ),
    "meta-llama/Llama-4-Maverick-17B-128E-Instruct": seen(
        "llama4",
        causal("llama4_text", 5120, 48, 40, num_key_value_heads=8, head_dim=128,
               intermediate_size=8192, intermediate_size_mlp=16384, num_local_experts=128,
               num_experts_per_tok=1, interleave_moe_layer_step=2, attention_chunk_size=8192,
               vocab_size=202048, max_position_embeddings=1048576),
    ),
    "deepseek-ai/DeepSeek-V3": deepseek(),
    "deepseek-ai/DeepSeek-V3.2": deepseek(index_head_dim=128, index_n_heads=64, index_topk=2048),
    "moonshotai/Kimi-K2-Instruct": deepseek(
        model_type="kimi_k2", num_attention_heads=64, num_key_value_heads=64, n_routed_experts=384,
        first_k_dense_replace=1, vocab_size=163840, max_position_embeddings=131072,
        rope_scaling={"type": "yarn", "factor": 32.0, "original_max_position_embeddings": 4096},
    ),
    "zai-org/GLM-5": causal(
        "glm_moe_dsa", 6144, 78, 64, num_key_value_heads=64, head_dim=192,
        intermediate_size=12288, moe_intermediate_size=2048, n_routed_experts=256,
        n_shared_experts=1, num_experts_per_tok=8, first_k_dense_replace=3, q_lora_rank=2048,
        kv_lora_rank=512, qk_nope_head_dim=192, qk_rope_head_dim=64, v_head_dim=256,
        index_head_dim=128, index_n_heads=32, index_topk=2048, vocab_size=154880,
        max_position_embeddings=202752, mlp_layer_types=["dense"] * 3 + ["sparse"] * 75,
    ),
    "deepseek-ai/DeepSeek-V4-Flash": causal(
        "deepseek_v4", 4096, 43, 64, num_key_value_heads=1, head_dim=512, q_lora_rank=1024,
        o_lora_rank=1024, o_groups=8, qk_rope_head_dim=64, sliding_window=128,
        compress_ratios=[0, 0, *[4, 128] * 20, 4, 0], index_head_dim=128, index_n_heads=64,
        index_topk=512, moe_intermediate_size=2048, n_routed_experts=256, n_shared_experts=1,
        num_experts_per_tok=6, vocab_size=129280, max_position_embeddings=1048576,
        expert_dtype="fp4", quantization_config=FP8,
    ),
    "google/gemma-4-26B-A4B": seen(
        "gemma4",
        causal("gemma4_text", 2816, 30, 16, num_key_value_heads=8, head_dim=256,
               global_head_dim=512, num_global_key_value_heads=2, attention_k_eq_v=True,
               intermediate_size=2112, moe_intermediate_size=704, num_experts=128,
               top_k_experts=8, enable_moe_block=True, sliding_window=1024,
               layer_types=(["sliding_attention"] * 5 + ["full_attention"]) * 5,
               hidden_size_per_layer_input=0, vocab_size=262144, max_position_embeddings=262144,
               tie_word_embeddings=True),
    ),
    "google/gemma-3-27b-it": causal(
        "gemma3_text", 5376, 62, 32, num_key_value_heads=16, head_dim=128,
        intermediate_size=21504, sliding_window=1024, sliding_window_pattern=6,
        vocab_size=262144, max_position_embeddings=131072, tie_word_embeddings=None,
    ),
    "google/gemma-2-9b-it": causal(
        "gemma2", 3584, 42, 16, num_key_value_heads=8, head_dim=256, intermediate_size=14336,
        sliding_window=4096, vocab_size=256000, max_position_embeddings=8192,
        tie_word_embeddings=None,
    ),
    "Qwen/Qwen3.5-35B-A3B": seen(
        "qwen3_5_moe",
        qwen_linear(2048, 40, 16, linear_num_value_heads=32, moe_intermediate_size=512,
                    shared_expert_intermediate_size=512, num_experts=256, vocab_size=248320,
                    layer_types=(["linear_attention"] * 3 + ["full_attention"]) * 10),
    ),
    "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8": causal(
        "nemotron_h", 4096, 88, 32, num_key_value_heads=2, head_dim=128, intermediate_size=2688,
        hybrid_override_pattern=(
            "MEMEMEM*EMEMEMEM*EMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEM*EMEMEMEME"
        ),
        mamba_num_heads=128, mamba_head_dim=64, ssm_state_size=128, n_groups=8, conv_kernel=4,
        moe_intermediate_size=2688, moe_latent_size=1024, n_routed_experts=512,
        moe_shared_expert_intermediate_size=5376, n_shared_experts=1, num_experts_per_tok=22,
        time_step_limit=[0.0, float("inf")], vocab_size=131072, max_position_embeddings=262144,
    ),
    "MiniMaxAI/MiniMax-M3": causal(
        "minimax_m3", 6144, 60, 64, num_key_value_heads=4, head_dim=128,
        dense_intermediate_size=12288, intermediate_size=3072, moe_intermediate_size=3072,
        moe_layer_freq=[0] * 3 + [1] * 57, n_shared_experts=1, shared_intermediate_size=3072,
        num_local_experts=128, num_experts_per_tok=4, vocab_size=200064,
        max_position_embeddings=1048576, sparse_attention_config={"use_sparse_attention": True},
    ),
    "stepfun-ai/Step-3.7-Flash": causal(
        "step3p7", 4096, 45, 64, num_key_value_heads=8, head_dim=128, intermediate_size=11264,
        sliding_window=512, layer_types=["full_attention", *SSSF * 11], share_expert_dim=1280,
        first_k_dense_replace=3, num_experts=288, num_experts_per_tok=8,
        moe_intermediate_size=1280, n_shared_experts=1, vocab_size=128896,
        max_position_embeddings=65536, tie_word_embeddings=None,
    ),
    "deepseek-ai/DeepSeek-V2-Lite": causal(
        "deepseek_v2", 2048, 27, 16, num_key_value_heads=16, intermediate_size=10944,
        moe_intermediate_size=1408, n_routed_experts=64, n_shared_experts=2,
        num_experts_per_tok=6, first_k_dense_replace=1, moe_layer_freq=1, q_lora_rank=None,
        kv_lora_rank=512, qk_nope_head_dim=128, qk_rope_head_dim=64, v_head_dim=128,
        vocab_size=102400, max_position_embeddings=163840,
    ),
    "ibm-granite/granite-4.0-h-small": causal(
        "granitemoehybrid", 4096, 40, 32, num_key_value_heads=8, intermediate_size=768,
        shared_intermediate_size=1536, num_local_experts=72, num_experts_per_tok=10,
        layer_types=["attention" if n in (5, 15, 25, 35) else "mamba" for n in range(40)],
        mamba_n_heads=128, mamba_d_head=64, mamba_d_state=128, mamba_n_groups=1, mamba_d_conv=4,
        vocab_size=100352, max_position_embeddings=131072, tie_word_embeddings=True,
    ),
    "EleutherAI/gpt-j-6b": {
        "architectures": ["GPTJForCausalLM"], "model_type": "gptj", "n_embd": 4096, "n_layer": 28,
        "n_head": 16, "n_inner": None, "n_positions": 2048, "vocab_size": 50400,
        "tie_word_embeddings": False, "torch_dtype": "float16",
    },
    "facebook/opt-6.7b": {
        "architectures": ["OPTForCausalLM"], "model_type": "opt", "hidden_size": 4096,
        "num_hidden_layers": 32, "num_attention_heads": 32, "ffn_dim": 16384,
        "vocab_size": 50272, "max_position_embeddings": 2048, "torch_dtype": "float16",
    },
}  # fmt: skip
"""Models the catalog has too, with numbers derived by another hand."""

PUBLISHED: list[tuple[str, Config, float, float]] = [
    ("Qwen3-VL-30B-A3B, card: 30.5 and 3.3 billion",
     seen("qwen3_vl_moe", CATALOGUED["Qwen/Qwen3-30B-A3B"]), 30.5, 3.3),
    ("MiMo-V2-Flash, card: 309 and 15 billion",
     causal("mimo_v2_flash", 4096, 48, 64, num_key_value_heads=4, head_dim=192, v_head_dim=128,
            swa_num_attention_heads=64, swa_num_key_value_heads=8, swa_head_dim=192,
            swa_v_head_dim=128, sliding_window=128,
            hybrid_layer_pattern=[0, *[1, 1, 1, 1, 0], *[1, 1, 1, 1, 1, 0] * 7],
            moe_layer_freq=[0] + [1] * 47, intermediate_size=16384, moe_intermediate_size=2048,
            n_routed_experts=256, num_experts_per_tok=8, vocab_size=152576,
            max_position_embeddings=262144), 309.0, 15.0),
    ("Jamba v0.1, arXiv 2403.19887: 52 and 12 billion",
     causal("jamba", 4096, 32, 32, num_key_value_heads=8, intermediate_size=14336,
            num_experts=16, num_experts_per_tok=2, attn_layer_period=8, attn_layer_offset=4,
            expert_layer_period=2, expert_layer_offset=1, mamba_d_state=16, mamba_d_conv=4,
            mamba_expand=2, mamba_dt_rank="auto", vocab_size=65536,
            max_position_embeddings=262144), 52.0, 12.0),
    ("Hunyuan-A13B, card: 80 and 13 billion",
     causal("hunyuan_v1_moe", 4096, 32, 32, num_key_value_heads=8, head_dim=128,
            intermediate_size=3072, moe_intermediate_size=[3072] * 32, num_experts=64,
            moe_topk=[8] * 32, num_shared_expert=[1] * 32, vocab_size=128167,
            max_position_embeddings=32768, tie_word_embeddings=True), 80.0, 13.0),
    ("ERNIE 4.5 300B-A47B, by its name",
     causal("ernie4_5_moe", 8192, 54, 64, num_key_value_heads=8, head_dim=128,
            intermediate_size=28672, moe_intermediate_size=3584, moe_num_experts=64, moe_k=8,
            moe_layer_start_index=3, moe_num_shared_experts=0, vocab_size=103424,
            max_position_embeddings=131072), 300.0, 47.0),
    ("Nemotron-H 56B, by its name",
     causal("nemotron_h", 8192, 118, 64, num_key_value_heads=8, attention_head_dim=128,
            intermediate_size=32768, mamba_num_heads=256, mamba_head_dim=64, ssm_state_size=256,
            n_groups=8, conv_kernel=4, hybrid_override_pattern=(
                "M-M-M-M*-" + "M-M-M-M-M*-" * 9 + "M-M-M-M-M-"), vocab_size=131072,
            max_position_embeddings=8192), 56.0, 56.0),
]  # fmt: skip
"""(what and where from, configuration, total and active parameters in billions as published)."""
