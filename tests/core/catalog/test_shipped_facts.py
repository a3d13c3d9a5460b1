"""The facts that ship: plausible, consistent, sourced and dated, and true where known elsewhere."""

from __future__ import annotations

import re
from statistics import median

import pytest

from core.catalog.load import load_catalog
from core.catalog.table import read_table

CATALOG = load_catalog()
SOURCED = (
    "accelerators",
    "assumptions",
    "cloud_offers",
    "currencies",
    "links",
    "models",
    "platforms",
    "regions",
    "token_models",
    "token_offers",
    "traffic_shapes",
    "tuning_levers",
    "use_cases",
)
RECALLED = re.compile(r"\bCHECK\b|^[^;]*not verified; from general knowledge of the field, low")


@pytest.mark.parametrize("name", SOURCED)
def test_every_row_has_a_source_and_recalled_facts_have_low_confidence(name):
    rows = read_table(name)
    assert rows
    columns = [c for c in rows[0]._cells if c == "source" or c.endswith("_source")]
    assert columns
    for row in rows:
        row.provenance()
        for column in columns:
            confidence = column.replace("source", "confidence")
            if RECALLED.search(row.raw(column)) and confidence in row._cells:
                assert row.raw(confidence) == "low", (name, row.line, column)


def test_there_is_enough_to_choose_from():
    assert sum(a.in_catalog for a in CATALOG.accelerators.values()) >= 40
    assert len(CATALOG.model_names()) >= 60
    assert len(CATALOG.platforms) >= 35
    assert len(CATALOG.cloud_offers) >= 85
    assert len(CATALOG.regions) == 85
    assert len(CATALOG.use_cases) == 18
    assert {p.kind for p in CATALOG.platforms.values()} == {"server", "rack", "edge"}
    assert {o.venue for o in CATALOG.cloud_offers.values()} == {"public_cloud", "gpu_cloud"}
    assert {"same_rack", "nearest_region_internet"} <= set(CATALOG.links)


# Parameters in billions as the makers publish them.
PUBLISHED = {
    "meta-llama/Meta-Llama-3.1-8B": (8.03, 8.03),
    "meta-llama/Meta-Llama-3.1-70B": (70.6, 70.6),
    "meta-llama/Meta-Llama-3.1-405B": (406, 406),
    "mistralai/Mixtral-8x7B-v0.1": (46.7, 12.9),
    "mistralai/Mixtral-8x22B-v0.1": (141, 39),
    "Qwen/Qwen3-32B": (32.8, 32.8),
    "moonshotai/Kimi-Linear-48B-A3B-Instruct": (48, 3),
    "mistralai/Mistral-Large-3-675B-Instruct-2512": (673, 39),
    "Qwen/Qwen3-30B-A3B": (30.5, 3.3),
    "Qwen/Qwen3-235B-A22B": (235, 22),
    "Qwen/Qwen2.5-7B-Instruct": (7.61, 7.61),
    "Qwen/Qwen2.5-72B-Instruct": (72.7, 72.7),
    "deepseek-ai/DeepSeek-V3": (671, 37),
    "openai/gpt-oss-120b": (117, 5.1),
    "openai/gpt-oss-20b": (21, 3.6),
    "moonshotai/Kimi-K2-Instruct": (1000, 32),
    "MiniMaxAI/MiniMax-Text-01": (456, 45.9),
    "meituan-longcat/LongCat-Flash-Chat": (560, 27),
    "stepfun-ai/step3": (316, 38),
    "xai-org/grok-2": (270, 115),
    "Snowflake/snowflake-arctic-instruct": (480, 17),
    "inclusionAI/Ling-1T": (1000, 50),
    "inclusionAI/Ling-flash-2.0": (103, 6.1),
    "arcee-ai/Trinity-Mini": (26, 3),
    "arcee-ai/Trinity-Large-Preview": (400, 13),
    "ai21labs/AI21-Jamba-1.5-Large": (398, 94),
    "LGAI-EXAONE/K-EXAONE-236B-A23B": (236, 23),
    "tiiuae/Falcon-H1-34B-Instruct": (33.6, 33.6),
    "LiquidAI/LFM2-8B-A1B": (8.3, 1.5),
    "nvidia/Nemotron-H-8B-Base-8K": (8.1, 8.1),
    "openbmb/MiniCPM3-4B": (4.1, 4.1),
    "internlm/internlm3-8b-instruct": (8.8, 8.8),
    "arcee-ai/AFM-4.5B": (4.6, 4.6),
    "ServiceNow-AI/Apriel-Nemotron-15b-Thinker": (15, 15),
}


@pytest.mark.parametrize("model_id", PUBLISHED)
def test_derived_parameters_are_near_the_published_size(model_id):
    model = CATALOG.models[model_id]
    total, active = PUBLISHED[model_id]
    assert model.total_params_b == pytest.approx(total, rel=0.035)
    # Some makers leave the embedding table out of the active parameters.
    table = model.vocab * model.hidden / 1e9
    assert 0.97 * active <= model.active_params_b <= 1.03 * active + table + 0.02


def _parameters_from_shape(model) -> float:
    """Billions of parameters of a plain dense transformer with gated feed-forward layers."""
    attention = model.hidden * model.head_dim * (2 * model.heads + 2 * model.kv_heads)
    layer = attention + 3 * model.hidden * model.ffn
    tables = (1 if model.tied_embeddings else 2) * model.vocab * model.hidden
    return (model.layers * layer + tables) / 1e9


def test_sizes_follow_from_the_shapes():
    uniform = {r.text("id") for r in read_table("models") if r.raw("shape_check") == "uniform"}
    dense = [
        m
        for m in CATALOG.models.values()
        if m.id in uniform and not m.n_experts and not m.is_mla and not m.linear_layers
    ]
    assert len(dense) >= 25
    for model in dense:
        assert _parameters_from_shape(model) == pytest.approx(model.total_params_b, rel=0.03), (
            model.id
        )


def test_kv_elements_of_plain_attention_are_two_vectors_per_layer_and_kv_head():
    model = CATALOG.models["meta-llama/Llama-3.3-70B-Instruct"]
    assert model.kv_elems_per_token_full == 2 * 80 * 8 * 128
    # DeepSeek V3 caches one latent of 512 and a rotary key of 64 per layer.
    assert CATALOG.models["deepseek-ai/DeepSeek-V3"].kv_elems_per_token_full == 61 * (512 + 64)


# Dense peaks (TFLOP/s), bandwidth (GB/s) and board power (W) of the makers' data sheets.
SHEETS = {
    "a100-sxm-80gb": (312, None, 2039, 400),
    "h100-sxm": (989, 1979, 3350, 700),
    "h200-sxm": (989, 1979, 4800, 700),
    "b200-sxm": (2250, 4500, 62000 / 8, 1000),
    "l4": (121, 242, 300, 72),
    "l40s": (362, 733, 864, 350),
    "mi300x": (1307, 2615, 5300, 750),
    "mi355x": (2517, 5033, 8000, 1400),
    "rtx-pro-4500": (211, 422, 800, 165),  # Server Edition; the workstation card has 896 and 200
    "b100-sxm": (1750, 3500, 62000 / 8, 700),
    "v100-pcie-16gb": (112, None, 900, 250),
    "gaudi-3-pcie": (1835, 1835, 3700, 600),
    "arc-pro-b70": (367 / 2, None, 608, 230),
    "vr200": (4000, 17500, 22000, 1800),
    "cloud-ai-100-ultra": (288, None, 548, 150),
    "rtx-5060": (614 / 16, 614 / 8, 448, 145),  # 614 advertised: 4 bits, sparse
    "rtx-pro-4500-workstation": (1687 / 8, 1687 / 4, 896, 200),
}


@pytest.mark.parametrize("part", SHEETS)
def test_peaks_are_the_dense_ones_of_the_data_sheets(part):
    found = CATALOG.accelerators[part]
    bf16, fp8, bandwidth, watts = SHEETS[part]
    assert found.tflops_bf16 == pytest.approx(bf16, rel=0.02)
    assert (found.tflops_fp8 is None) == (fp8 is None)
    if fp8 is not None:
        assert found.tflops_fp8 == pytest.approx(fp8, rel=0.02)
    assert found.bandwidth_gb_s == pytest.approx(bandwidth, rel=0.02)
    assert found.tdp_w == watts


# Bytes/s (10^9) that leave one chip, both ways together, as the makers' documentation has them.
LINKS_BOTH_WAYS = {
    "h100-sxm": 900,
    "b200-sxm": 1800,
    "h200-nvl": 900,
    "h100-nvl": 600,
    "gaudi-2": 21 * 100 / 8 * 2,  # ports of 100 Gbit/s
    "gaudi-3": 21 * 200 / 8 * 2,
    "tpu-v5e": 400,
    "tpu-v5p": 1200,
    "tpu-v6e": 800,
    "tpu-v7": 1200,
    "inferentia2": 192,
    "trainium1": 384,
    "trainium2": 1024,  # within an instance; 256 between the four of an UltraServer
    "trainium3": 2560,
}


@pytest.mark.parametrize("part", LINKS_BOTH_WAYS)
def test_links_are_given_per_direction(part):
    found = CATALOG.accelerators[part].interconnect_gb_s
    assert found == pytest.approx(LINKS_BOTH_WAYS[part] / 2, rel=0.01)


def test_trainium2_instances_are_joined_by_slower_links():
    assert CATALOG.accelerators["trainium2"].fallback_gb_s == pytest.approx(256 / 2)


@pytest.mark.parametrize(
    ("part", "cores", "per_cycle", "ghz"),
    [
        ("epyc-9654", 96, 64, 2.4),  # Zen 4: one 512-bit multiply-add of 32 pairs
        ("epyc-9755", 128, 128, 2.7),  # Zen 5: two
        ("epyc-9965", 192, 128, 2.25),
        ("xeon-8592-plus", 64, 2048, 2.0),  # AMX
        ("xeon-6980p", 128, 2048, 2.0),
        ("epyc-7763", 64, 32, 2.45),  # Zen 3: two 256-bit multiply-adds of eight 32-bit pairs
        ("epyc-9575f", 64, 128, 3.3),
        ("xeon-8380", 40, 64, 2.3),  # AVX-512: two multiply-adds of 16 32-bit pairs
        ("xeon-6972p", 96, 2048, 2.0),
        ("graviton4", 96, 128, 2.8),  # four 128-bit matrix multiply-adds of 16 pairs
        ("ryzen-9-9950x", 16, 128, 4.3),
    ],
)
def test_peaks_of_processors_follow_from_cores_and_clock(part, cores, per_cycle, ghz):
    found = CATALOG.accelerators[part].tflops_bf16
    assert found == pytest.approx(cores * per_cycle * ghz / 1e3, rel=0.02)


@pytest.mark.parametrize(
    ("model", "tokens"),
    [
        ("google/gemma-3-1b-it", 32_768),
        ("google/gemma-3-4b-it", 131_072),
        ("Qwen/Qwen2.5-1.5B-Instruct", 32_768),
        ("Qwen/Qwen2.5-7B-Instruct", 131_072),
        ("mistralai/Mistral-Large-Instruct-2411", 131_072),
    ],
)
def test_context_is_what_the_makers_state(model, tokens):
    assert CATALOG.models[model].max_context == tokens


def test_usable_memory_of_tpus_is_what_their_compiler_admits():
    for part, gib in {"tpu-v4": 30.75, "tpu-v5e": 15.75, "tpu-v6e": 31.25, "tpu-v7": 189.4}.items():
        assert CATALOG.accelerators[part].mem_gib_usable == pytest.approx(gib), part


def test_usable_memory_is_what_drivers_report():
    for part, mib in {
        "h100-sxm": 81559,
        "h200-sxm": 143771,
        "b200-sxm": 183359,
        "b300-sxm": 275040,
        "l40s": 46068,
        "rtx-pro-6000": 97887,
    }.items():
        found = CATALOG.accelerators[part].mem_gib_usable
        assert found == pytest.approx(mib / 1024, rel=0.001), part


def test_of_apple_memory_the_default_share_is_the_gpus():
    parts = [a for a in CATALOG.accelerators.values() if a.vendor == "Apple"]
    assert len(parts) >= 80
    for part in parts:
        share = 2 / 3 if part.mem_gb <= 32 else 3 / 4
        assert part.mem_gib_usable == pytest.approx(share * part.mem_gb, rel=0.02), part.id


def test_the_memory_of_processors_is_as_fast_as_its_channels():
    channels = re.compile(r"(\d+) channels (?:DDR[45]|MRDIMM)-(\d+)")
    seen = 0
    for row in read_table("accelerators"):
        found = channels.search(row.raw("notes"))
        if row.raw("kind") == "cpu" and found:
            fast = int(found[1]) * 8 * int(found[2]) / 1e3  # eight bytes a transfer
            assert row.number("bandwidth_gb_s") == pytest.approx(fast, rel=0.01), row.text("id")
            seen += 1
    assert seen > 80


def test_rented_prices_fall_with_commitment_and_spot_is_least():
    for offer in CATALOG.cloud_offers.values():
        one, three = offer.committed_1y_usd_h, offer.committed_3y_usd_h
        prices = [offer.on_demand_usd_h]
        prices += [term.base for term in (one, three) if term is not None]
        prices += [] if offer.spot_usd_h is None else [offer.spot_usd_h]
        assert prices == sorted(prices, reverse=True), offer.id
        for term in (one, three):
            assert term is None or term.high <= offer.on_demand_usd_h * 1.0001, offer.id


def test_prices_per_accelerator_are_within_five_times_the_median():
    by_part: dict[str, list[float]] = {}
    for offer in CATALOG.cloud_offers.values():
        price = offer.on_demand_usd_h / offer.accelerator_count
        by_part.setdefault(offer.accelerator_id, []).append(price)
    for part, prices in by_part.items():
        middle = median(prices)
        assert all(0.2 <= p / middle <= 5 for p in prices), (part, prices)


def test_the_missing_price_sentinel_and_slices_of_accelerators_are_out():
    assert all(o.on_demand_usd_h != 700.0 for o in CATALOG.cloud_offers.values())
    assert not any("NV6ads" in o.instance for o in CATALOG.cloud_offers.values())


def test_countries_of_offers_are_known_or_said_to_be_unknown():
    known = {r.iso3 for r in CATALOG.regions.values()} | {""}
    assert {o.country_iso3 for o in CATALOG.cloud_offers.values()} <= known


def test_accelerators_that_are_rented_or_bought_are_candidates():
    used = {p.accelerator_id for p in CATALOG.platforms.values()}
    used |= {o.accelerator_id for o in CATALOG.cloud_offers.values()}
    assert all(CATALOG.accelerators[part].in_catalog for part in used)


def test_servers_cost_at_least_most_of_their_accelerators():
    for platform in CATALOG.platforms.values():
        part = CATALOG.accelerators[platform.accelerator_id]
        if platform.price_usd is None or part.price_usd is None or part.kind == "cpu":
            continue
        boards = platform.accelerator_count * part.price_usd.base
        assert 0.7 * boards <= platform.price_usd.base <= 3.0 * boards or platform.kind == "edge"


def test_training_class_servers_have_eight_accelerators():
    training = [p for p in CATALOG.platforms.values() if p.training_class]
    assert len(training) >= 5
    assert all(p.accelerator_count == 8 for p in training)


def test_published_physics_of_servers():
    dgx = CATALOG.platforms["hgx-b200-8"]
    assert (dgx.nameplate_kw, dgx.height_u, dgx.weight_kg) == (14.3, 10, 142.4)
    assert CATALOG.platforms["nvl72-gb200"].cooling == "liquid"
    assert CATALOG.platforms["hgx-h100-8"].nameplate_kw == 10.2


def test_the_european_union_has_27_members():
    members = {r.iso3 for r in CATALOG.regions.values() if r.is_eu and r.iso3}
    assert len(members) == 26  # Malta has no row
    assert "MLT" not in members
    assert not {"CHE", "GBR", "NOR"} & members


def test_electricity_is_the_local_price_at_the_dated_rate():
    price = CATALOG.regions["DEU"].electricity_usd_kwh
    assert price is not None
    assert price.base * CATALOG.currency("EUR").per_usd == pytest.approx(0.2264, abs=2e-5)
    # Unknown stays unknown.
    assert CATALOG.regions["TWN"].electricity_usd_kwh is None
    assert CATALOG.regions["EU27"].carbon_kg_kwh is None


def test_rates_of_currencies():
    # European Central Bank, 30 October 2026: 1 EUR = 1.1172 USD = 0.9194 CHF.
    assert CATALOG.currency("EUR").per_usd == pytest.approx(1 / 1.1172, rel=1e-5)
    assert CATALOG.currency("CHF").per_usd == pytest.approx(0.9194 / 1.1172, rel=1e-5)
    assert CATALOG.currency("USD").per_usd == 1
    from core.assessment.economics import CURRENCIES

    assert {code for code, _ in CURRENCIES} <= set(CATALOG.currencies)


def test_weeks_have_168_hours_of_mean_one():
    for shape in CATALOG.traffic_shapes.values():
        assert len(shape.hours) == 168
        assert sum(shape.hours) / 168 == pytest.approx(1, abs=1e-12)
    # Published: the coding week peaks at three times its mean.
    assert max(CATALOG.traffic_shapes["business_hours_us"].hours) == pytest.approx(2.99, abs=0.01)


def test_targets_do_not_contradict_each_other():
    for case in CATALOG.use_cases.values():
        if case.e2e_ms is not None:
            least = (case.ttft_ms or 0) + (case.tpot_ms or 0) * case.output_tokens_p95
            assert least <= case.e2e_ms, case.id
        assert case.traffic_shape in CATALOG.traffic_shapes
    corrected = CATALOG.use_cases["vision_inspection"]
    assert corrected.e2e_ms == 12_000  # MLPerf's limit stands, the time per token gave way
    assert "Corrected" in corrected.notes


def test_planning_values_are_ordered_and_known_to_the_engine():
    from core.economics.assumptions import DEFAULTS

    for key, value in CATALOG.assumptions.items():
        assert value.low <= value.base <= value.high
        stem = re.sub(r"_(?:[A-Z]{3}|US-[A-Z]{2})$", "", key)
        assert stem in DEFAULTS, key
        assert value.unit.split(",")[0] == DEFAULTS[stem].unit.split(",")[0], key
