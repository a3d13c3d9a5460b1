"""Parameter, KV and memory formulas against hand calculations from published configurations."""

import dataclasses

import numpy as np
import pytest

from core.catalog.load import load_catalog
from core.performance import memory, physics, step_time
from core.performance.links import link_gb_s
from core.performance.precision import peak_flops, run_precision
from core.performance.shapes import model_shape
from core.performance.types import RequestProfile, ServingTable

CATALOG = load_catalog()
LLAMA = CATALOG.resolve_model("Llama-3.3-70B")
DEEPSEEK = CATALOG.resolve_model("DeepSeek-R1")
GPT_OSS = CATALOG.resolve_model("gpt-oss-120b")
H100 = CATALOG.resolve_accelerator("h100-sxm")
A100 = CATALOG.resolve_accelerator("a100-sxm-80gb")
B200 = CATALOG.resolve_accelerator("b200-sxm")
PROFILE = RequestProfile(2000, 4000, 300, 600)


def table(model, accelerator, tp=1, weight="fp8", kv="bf16", engine="vllm", **columns):
    def text(value):
        return np.array([value], dtype=object)

    base = ServingTable(
        model=model,
        accelerators=(accelerator,),
        accelerator_index=np.zeros(1, dtype=np.int64),
        tp=np.array([tp]),
        pp=np.ones(1, dtype=np.int64),
        ep=np.ones(1, dtype=np.int64),
        dp_attention=np.ones(1, dtype=np.int64),
        weight_precision=text(weight),
        kv_precision=text(kv),
        engine=text(engine),
        concurrency_limit=np.zeros(1, dtype=np.int64),
        prefix_caching=np.ones(1, dtype=bool),
        chunked_prefill=np.ones(1, dtype=bool),
        spec_accept=np.zeros(1),
    )
    return dataclasses.replace(base, **{k: np.array([v]) for k, v in columns.items()})


def test_llama_70b_weights_in_fp8_leave_embedding_and_head_in_16_bits():
    outer = 2 * 128256 * 8192
    expected = (70.55e9 - outer) * 1.0 + outer * 2.0
    assert memory.weights_bytes(LLAMA, "fp8") == pytest.approx(expected, rel=0.005)


@pytest.mark.parametrize(("name", "gib"), [("gpt-oss-20b", 12.8), ("gpt-oss-120b", 60.8)])
def test_gpt_oss_is_as_large_as_its_published_checkpoint(name, gib):
    """Checkpoint sizes of the model card (arXiv 2508.10925, table 1): experts alone are MXFP4."""
    model = CATALOG.resolve_model(name)
    assert memory.weights_bytes(model, "fp4") / 2**30 == pytest.approx(gib, rel=0.01)


def test_a_sparse_decode_reads_every_index_key_and_the_chosen_latents():
    sparse = CATALOG.resolve_model("deepseek-ai/DeepSeek-V3.2")
    setting = step_time.setting(table(sparse, B200, tp=8, weight="fp8", kv="fp8"))
    read = physics.kv_bytes_per_sequence(setting, 50_000.0)
    # 61 layers: 2,048 chosen tokens of 512 latent and 64 rope, and 50,000 keys of 128, one byte
    # each; a latent is not divided over the ranks.
    assert read == pytest.approx(61 * (2_048 * 576 + 50_000 * 128))


def test_a_compressed_decode_reads_chosen_entries_all_keys_and_the_coarse_layers():
    compressed = CATALOG.resolve_model("deepseek-ai/DeepSeek-V4-Flash")
    setting = step_time.setting(table(compressed, B200, tp=1, weight="fp8", kv="fp8"))
    read = physics.kv_bytes_per_sequence(setting, 65_536.0)
    # An entry stands for 4 tokens in 21 layers: 512 chosen of 512 elements, all keys of 128; for
    # 128 tokens in 20 layers, all read; the last 128 tokens in 43. One byte per element.
    fine = 21 * (512 * 512 + 65_536 / 4 * 128)
    assert read == pytest.approx(fine + 20 * 65_536 / 128 * 512 + 43 * 128 * 512)


def test_an_indexer_scores_every_token_of_the_context():
    sparse = CATALOG.resolve_model("deepseek-ai/DeepSeek-V3.2")
    setting = step_time.setting(table(sparse, B200, tp=8, weight="fp8", kv="fp8"))
    long, short = 131_072.0, 1_024.0
    per_token = [
        float(np.squeeze(physics.prefill_step(setting, n, 0.0).flops_done)) / n
        for n in (long, short)
    ]
    # On each of 8 ranks: 64 heads of 128 in 61 layers against half the prompt on average.
    index = [2 * 61 * 64 * 128 * n / 2 for n in (long, short)]
    # Its share of attention: 128 heads of 192 + 128 against half of a short prompt; of a long
    # one 2,048 latents, each 576 to score and 512 to add.
    attend = [2 * 61 * 128 * w / 8 for w in (1_088 * 2_048, 320 * short / 2)]
    head = 2 * sparse.vocab * sparse.hidden / 8
    gap = index[0] - index[1] + attend[0] - attend[1] + head / long - head / short
    assert per_token[0] - per_token[1] == pytest.approx(gap, rel=1e-6)


def test_block_sparse_attention_leaves_its_first_layers_dense():
    shape = model_shape(CATALOG.resolve_model("MiniMaxAI/MiniMax-M3"))
    # 60 layers of 2 x 4 heads x 128; the 57 from the fourth attend to 16 blocks of 128.
    assert shape.kv_full - shape.kv_sparse - shape.indexer_elements == 3 * 1_024
    assert shape.sparse_top_k == 16 * 128
    assert shape.attention_width_full == 3 * 64 * 256


def test_llama_70b_kv_is_320_kib_per_token():
    # 2 (K and V) x 8 heads x 128 x 80 layers x 2 bytes
    assert memory.kv_bytes_per_token(LLAMA, "bf16") == 2 * 8 * 128 * 80 * 2 == 327_680


def test_deepseek_r1_latent_kv_is_70_kb_per_token():
    # (512 latent + 64 rope) x 61 layers x 2 bytes
    assert memory.kv_bytes_per_token(DEEPSEEK, "bf16") == (512 + 64) * 61 * 2


def test_gpt_oss_window_layers_stop_growing_at_128_tokens():
    one = memory.kv_bytes_of_sequence(GPT_OSS, np.array([10_000.0]), np.array([2.0]))
    # 18 full and 18 windowed layers, 2 x 8 heads x 64 elements each
    assert one[0] == pytest.approx(18 * 1024 * 2 * (10_000 + 128))


def test_keys_of_a_sparse_attention_indexer_are_stored_once():
    one, ten = np.array([1.0]), np.array([10_000.0])
    # 61 layers of 512 latent, 64 rope and 128 indexer elements.
    sparse = CATALOG.resolve_model("deepseek-ai/DeepSeek-V3.2")
    assert memory.kv_bytes_of_sequence(sparse, ten, one)[0] == 61 * (512 + 64 + 128) * 10_000
    # Every 4th token leaves 512 + 128 elements in 21 layers, every 128th 512 in 20; 43 windows.
    compressed = CATALOG.resolve_model("deepseek-ai/DeepSeek-V4-Flash")
    expected = (21 * 640 / 4 + 20 * 512 / 128) * 10_000 + 43 * 512 * 128
    assert memory.kv_bytes_of_sequence(compressed, ten, one)[0] == pytest.approx(expected)


def test_gpt_oss_has_5_1_billion_active_parameters_without_the_embedding():
    shape = model_shape(GPT_OSS)
    assert shape.active_params + shape.head_params == pytest.approx(5.13e9, rel=0.01)
    assert shape.expert_params == pytest.approx(36 * 128 * 3 * 2880 * 2880, rel=0.005)


def test_expected_experts_touched():
    shape = model_shape(GPT_OSS)
    assert physics.experts_touched_share(shape, 1.0) == pytest.approx(4 / 128)
    assert physics.experts_touched_share(shape, 64.0) == pytest.approx(1 - (1 - 1 / 32) ** 64)
    assert physics.experts_touched_share(shape, 1e6) == pytest.approx(1.0)


def test_a_dense_model_has_no_experts():
    shape = model_shape(LLAMA)
    assert shape.expert_params == 0
    assert physics.experts_touched_share(shape, 64.0) == 0


def test_fp8_runs_in_16_bits_on_ampere_and_natively_on_hopper():
    assert run_precision(A100, "fp8") == "bf16"
    assert run_precision(H100, "fp8") == "fp8"
    assert peak_flops(H100, "int4") == pytest.approx(989e12)
    assert run_precision(B200, "fp4") == "fp4"


def test_a_pair_of_mi300x_has_one_of_seven_links():
    mi300x = CATALOG.resolve_accelerator("mi300x")
    assert link_gb_s(mi300x, 8) == pytest.approx(448)
    assert link_gb_s(mi300x, 2) == pytest.approx(64)


@pytest.mark.parametrize(("part", "port"), [("gaudi-2", 12.5), ("gaudi-3", 25.0)])
def test_gaudis_have_three_ethernet_ports_to_each_other(part, port):
    gaudi = CATALOG.resolve_accelerator(part)
    for group in (2, 4, 8):
        assert link_gb_s(gaudi, group) == pytest.approx(3 * port * (group - 1))


@pytest.mark.parametrize(("part", "link"), [("mi210", 50), ("mi300a", 128)])
def test_where_four_are_joined_each_has_three_links(part, link):
    found = CATALOG.resolve_accelerator(part)
    for group in (2, 3, 4):
        assert link_gb_s(found, group) == pytest.approx(link * (group - 1))


def test_bridged_cards_fall_back_to_pcie_beyond_their_group():
    nvl = CATALOG.resolve_accelerator("h100-nvl")
    assert link_gb_s(nvl, 2) > link_gb_s(nvl, 4) == nvl.fallback_gb_s


def test_70b_in_fp8_needs_two_h100():
    one = memory.memory(table(LLAMA, H100, 1), PROFILE)
    two = memory.memory(table(LLAMA, H100, 2), PROFILE)
    assert not one.fits[0]
    assert one.supported[0]
    assert "KV cache" in one.reason[0]
    assert one.weights_gib[0] == pytest.approx(72.65e9 / 2**30, rel=0.005)
    assert two.fits[0]
    assert two.reason[0] == ""
    assert two.weights_gib[0] == pytest.approx(one.weights_gib[0] / 2)


def test_concurrency_follows_the_kv_budget():
    found = memory.memory(table(LLAMA, H100, 4), PROFILE)
    per_sequence = 327_680 * 2150 * 1.04 / 4 / 2**30
    assert found.max_concurrency[0] == pytest.approx(found.kv_budget_gib[0] / per_sequence, abs=1)
    eight_bit = memory.memory(table(LLAMA, H100, 4, kv="fp8"), PROFILE)
    assert eight_bit.max_concurrency[0] == pytest.approx(2 * found.max_concurrency[0], rel=0.01)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tp": 3}, "does not divide the 64 attention heads"),
        ({"ep": 4}, "needs a model with experts"),
        ({"tp": 16}, "exceeds the 8 accelerators"),
        ({"pp": 100}, "exceeds the 80 layers"),
    ],
)
def test_impossible_parallelism_is_refused_with_the_reason(change, words):
    found = memory.memory(table(LLAMA, H100, **change), PROFILE)
    assert not found.supported[0]
    assert not found.fits[0]
    assert words in found.reason[0]
    assert found.max_concurrency[0] == 0


def test_unknown_precision_and_missing_kernels_are_refused():
    assert "unknown" in memory.memory(table(LLAMA, H100, weight="int3"), PROFILE).reason[0]
    tpu = CATALOG.resolve_accelerator("tpu-v5e")
    assert "native FP8" in memory.memory(table(LLAMA, tpu, weight="fp8"), PROFILE).reason[0]


def test_a_context_beyond_the_models_is_refused():
    long = RequestProfile(100_000, 200_000, 300, 600)
    assert "context of 131,072" in memory.memory(table(LLAMA, H100, 8), long).reason[0]


def test_a_set_limit_bounds_concurrency():
    assert (
        memory.memory(table(LLAMA, H100, 4, concurrency_limit=7), PROFILE).max_concurrency[0] == 7
    )
