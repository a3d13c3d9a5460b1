"""Step times: physical bounds and invariants."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.load import load_catalog
from core.performance import batching, intervals, physics, power, roofline, scenarios, step_time
from core.performance import parameters as par
from core.performance.measurements import driver_of
from core.performance.quantities import QUANTITIES
from core.performance.types import RequestProfile, ServingTable

CATALOG = load_catalog()
MODELS = [
    CATALOG.resolve_model(n)
    for n in ("Llama-3.3-70B", "DeepSeek-R1", "gpt-oss-120b", "Qwen3-30B-A3B", "Llama-3.1-8B")
]
ACCELERATORS = [
    CATALOG.resolve_accelerator(n) for n in ("h100-sxm", "b200-sxm", "mi300x", "l40s", "gaudi-3")
]
LEVELS = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0])
cases = st.tuples(
    st.sampled_from(MODELS),
    st.sampled_from(ACCELERATORS),
    st.sampled_from([1, 2, 4, 8]),
    st.sampled_from(["vllm", "sglang", "tensorrt-llm"]),
    st.integers(64, 16000),
    st.integers(16, 4000),
)


def table(model, accelerator, tp=1, engine="vllm", n=1, **columns):
    def text(value):
        return np.array([value] * n, dtype=object)

    ones = np.ones(n, dtype=np.int64)
    base = ServingTable(
        model=model,
        accelerators=(accelerator,),
        accelerator_index=ones * 0,
        tp=ones * tp,
        pp=ones,
        ep=ones,
        dp_attention=ones,
        weight_precision=text("bf16"),
        kv_precision=text("bf16"),
        engine=text(engine),
        concurrency_limit=ones * 0,
        prefix_caching=np.ones(n, dtype=bool),
        chunked_prefill=np.ones(n, dtype=bool),
        spec_accept=np.zeros(n),
    )
    return dataclasses.replace(base, **columns)


@settings(max_examples=40, deadline=None)
@given(cases)
def test_a_decode_step_is_never_faster_than_reading_the_weights_at_peak(case):
    model, accelerator, tp, engine, given_, out = case
    times = step_time.step_times(table(model, accelerator, tp, engine), given_, out, 0.0, LEVELS)
    head = model.vocab * model.hidden * (1 if model.tied_embeddings else 2)
    always = (model.active_params_b * 1e9 - head) * 2.0 * 0.9
    floor_ms = always / tp / (accelerator.bandwidth_gb_s * 1e9) * 1e3
    assert (times.decode_ms >= floor_ms).all()


@settings(max_examples=40, deadline=None)
@given(cases)
def test_more_concurrency_never_speeds_a_step_nor_lowers_throughput(case):
    model, accelerator, tp, engine, given_, out = case
    times = step_time.step_times(table(model, accelerator, tp, engine), given_, out, 0.0, LEVELS)
    assert (np.diff(times.decode_ms[0]) >= -1e-9).all()
    assert (np.diff(times.tpot_ms[0]) >= -1e-9).all()
    assert (np.diff(times.ttft_ms[0]) >= -1e-6).all()
    whole = times.ttft_ms[0] + times.tpot_ms[0] * max(out - 1, 0)
    assert (np.diff(LEVELS / whole) >= -1e-3 * (LEVELS / whole)[1:]).all()


@settings(max_examples=25, deadline=None)
@given(cases, st.floats(1.0, 3.0))
def test_faster_hardware_is_never_slower(case, factor):
    model, accelerator, tp, engine, given_, out = case
    before = step_time.step_times(table(model, accelerator, tp, engine), given_, out, 0, LEVELS)
    for field in ("bandwidth_gb_s", "tflops_bf16", "interconnect_gb_s"):
        better = dataclasses.replace(accelerator, **{field: getattr(accelerator, field) * factor})
        after = step_time.step_times(table(model, better, tp, engine), given_, out, 0, LEVELS)
        for name in ("decode_ms", "ttft_alone_ms", "prefill_ms"):
            assert (getattr(after, name) <= getattr(before, name) * (1 + 1e-9)).all()
        # Others' prompts are shared out between a request's first token and the rest: only the
        # whole request need not be slower.
        whole = [t.ttft_ms + t.tpot_ms * max(out - 1, 0) for t in (before, after)]
        assert (whole[1] <= whole[0] * (1 + 1e-3)).all()


@settings(max_examples=25, deadline=None)
@given(cases, st.floats(0.0, 0.95))
def test_a_cached_prefix_never_raises_ttft(case, share):
    model, accelerator, tp, engine, given_, out = case
    rows = table(model, accelerator, tp, engine)
    cold = step_time.step_times(rows, given_, out, 0.0, LEVELS)
    warm = step_time.step_times(rows, given_, out, share, LEVELS)
    # Reading the cached keys costs something: a hair more where almost nothing is cached.
    assert (warm.ttft_alone_ms <= cold.ttft_alone_ms * 1.05 + 0.5).all()
    uncached = dataclasses.replace(rows, prefix_caching=np.zeros(1, dtype=bool))
    off = step_time.step_times(uncached, given_, out, share, LEVELS)
    assert off.ttft_alone_ms == pytest.approx(cold.ttft_alone_ms)


def test_accepted_draft_tokens_shorten_tpot_at_low_load():
    rows = table(MODELS[0], ACCELERATORS[0], 4)
    plain = step_time.step_times(rows, 1000, 500, 0.0, np.array([1.0]))
    drafted = step_time.step_times(
        dataclasses.replace(rows, spec_accept=np.array([1.0])), 1000, 500, 0.0, np.array([1.0])
    )
    assert 1.5 < plain.tpot_ms[0, 0] / drafted.tpot_ms[0, 0] < 2.0


def test_llama_70b_fp8_on_four_h100_is_near_published_runs():
    """InferenceX, vLLM, 1k/1k at 64 streams: 20 to 24 ms per token."""
    rows = dataclasses.replace(
        table(MODELS[0], ACCELERATORS[0], 4), weight_precision=np.array(["fp8"], dtype=object)
    )
    times = step_time.step_times(rows, 1000, 1000, 0.0, np.array([64.0]))
    assert 13 < times.tpot_ms[0, 0] < 27


def test_rows_are_independent_of_their_neighbours():
    one = step_time.step_times(table(MODELS[0], ACCELERATORS[0], 4), 800, 200, 0.1, LEVELS)
    many = step_time.step_times(table(MODELS[0], ACCELERATORS[0], 4, n=5), 800, 200, 0.1, LEVELS)
    assert np.allclose(many.ttft_ms, one.ttft_ms)


def with_quantity(name, value):
    """The physical setting of Llama 3.1 8B on one H100, one fitted quantity set."""
    s = step_time.setting(table(MODELS[4], ACCELERATORS[0]))
    return dataclasses.replace(s, q={**s.q, name: value})


def test_attention_of_decodes_bounds_a_step_of_many_long_contexts():
    """By hand: 2 FLOPs x 32 layers x 32 heads x (128 + 128) x 8,000 tokens x 64 sequences."""
    reached = 0.001
    parts = physics.decode_step(with_quantity("decode_attention", reached), 64.0, 8000.0)
    flops = 2.0 * 32 * 32 * 256 * 8000 * 64
    attend_s = flops / (ACCELERATORS[0].tflops_bf16 * 1e12 * reached)
    assert parts.total.item() > attend_s  # the roof: nothing hides behind it
    quick = physics.decode_step(with_quantity("decode_attention", 0.5), 64.0, 8000.0)
    assert quick.total.item() < attend_s / 2


@pytest.mark.parametrize("power_of_width", [0.0, 1.0])
def test_a_layer_overhead_grows_with_the_hidden_size(power_of_width):
    """Llama 3.1 8B has the hidden size that the overhead is stated for, 70B twice that."""
    small = with_quantity("layer_width", power_of_width)
    assert physics.launch_seconds(small).item() == pytest.approx(
        32 * small.q["layer_us"].item() / 1e6
    )
    wide = dataclasses.replace(small, shape=dataclasses.replace(small.shape, hidden=8192.0))
    grown = physics.launch_seconds(wide) / physics.launch_seconds(small)
    assert grown.item() == pytest.approx(2.0**power_of_width)


@settings(max_examples=25, deadline=None)
@given(cases)
def test_shares_sum_to_one_and_roofs_hold(case):
    model, accelerator, tp, engine, given_, out = case
    rows = table(model, accelerator, tp, engine)
    for shares in (
        step_time.decode_shares(rows, given_, out, 32.0),
        step_time.prefill_shares(rows, given_, 0.0),
    ):
        parts = [getattr(shares, f.name)[0] for f in dataclasses.fields(shares)]
        assert sum(parts) == pytest.approx(1.0)
        assert min(parts) >= 0
    found = roofline.roofline(rows, given_, out, 0.0, 32.0)
    assert found.prefill_achieved_tflops[0] <= found.peak_tflops[0]
    assert found.decode_achieved_tflops[0] <= found.peak_tflops[0]
    assert 0 < found.bandwidth_gb_s[0] <= accelerator.bandwidth_gb_s
    # what memory sustains bounds what any step reads in its time, of whatever
    assert found.decode_achieved_tflops[0] <= found.decode_attainable_tflops[0] * (1 + 1e-9)
    assert found.prefill_achieved_tflops[0] <= found.prefill_attainable_tflops[0] * (1 + 1e-9)


def test_power_lies_between_idle_and_the_limit():
    h100 = ACCELERATORS[0]
    rows = table(MODELS[0], h100, 4)
    busy = power.power_w(rows, 1000, 500, 0.0, 64.0, 0.3, 0.7)[0] / 4
    idle = power.power_w(rows, 1000, 500, 0.0, 64.0, 0.0, 0.0)[0] / 4
    assert power.idle_power_w(h100) < idle < busy < h100.tdp_w
    assert np.isnan(power.idle_power_w(CATALOG.resolve_accelerator("tpu-v5e")))
    # MLPerf measured 6.15 kW at the wall of eight H200 limited to 5.6 kW; a DGX H100's nameplate
    # leaves 4.6 kW above its accelerators.
    assert 550 < power.server_overhead_w(h100, 8) < 4600


def test_uncertainty_grades_and_intervals():
    profile = RequestProfile(1000, 2000, 500, 900)
    seen = intervals.uncertainty(
        dataclasses.replace(
            table(MODELS[0], ACCELERATORS[0], 4), weight_precision=np.array(["fp8"], dtype=object)
        ),
        profile,
    )
    assert seen.evidence[0] == "measured"
    unseen = intervals.uncertainty(
        table(MODELS[0], CATALOG.resolve_accelerator("tpu-v7"), 4), profile
    )
    assert unseen.evidence[0] == "extrapolated"
    assert "Not seen" in unseen.evidence_note[0]
    for metric in ("ttft", "tpot", "throughput", "power", "e2e"):
        assert unseen.low[metric][0] < 1 < unseen.high[metric][0]
        assert seen.low[metric][0] >= unseen.low[metric][0]


def test_prefill_is_shared_out_between_first_token_and_the_rest_without_loss():
    """Whoever goes first, a request waits once for every other one's prefill; its own is in the
    lone first token, so that alone it waits for none."""
    level = np.array([1.0, 4.0, 32.0, 256.0])
    quantities = {name: q.default for name, q in QUANTITIES.items()}
    work, out = 0.05, 200.0
    ahead, per_token = batching.prompts_between_tokens(quantities, 0.02, work, level, out)
    assert ahead[0] == 0.0
    assert (ahead <= batching.MOST_AHEAD * level).all()
    total = ahead * work * quantities["interference"] + per_token * out
    assert total == pytest.approx((level - 1.0) * work * quantities["interference"])
    assert per_token[0] == 0.0


def test_the_slowest_steps_carry_prefill_where_prompts_are_frequent():
    quantities = {name: q.default for name, q in QUANTITIES.items()}
    decode, work, launch = np.array(0.02), np.array(0.1), np.array(0.002)
    rare, often = (
        float(scenarios.slowest_step(quantities, decode, work, launch, np.array(x), np.array(0.0)))
        for x in (1e-5, 0.5)
    )
    assert rare == pytest.approx(1.2 * 0.02)
    # A Poisson number with mean 0.5 is 3 at its 99th percentile, by the table; two launches more.
    assert 2.0 < (often - 1.2 * 0.02 - 2 * 0.002) / 0.1 < 3.0


@pytest.mark.parametrize("spread", [0.05, 0.6, 1.2])
@pytest.mark.parametrize("mean", [0.004, 0.03, 0.12, 1.0, 3.0, 10.0])
def test_the_slowest_prompts_are_those_of_a_simulation(mean: float, spread: float) -> None:
    """Poisson numbers of lognormal prompts with mean 1, two hundred thousand steps."""
    random = np.random.default_rng(1)
    count = random.poisson(mean, 200_000)
    lengths = random.lognormal(-(spread**2) / 2.0, spread, int(count.sum()))
    ends = np.concatenate([[0.0], np.cumsum(lengths)])[np.cumsum(count)]
    brought = np.diff(np.concatenate([[0.0], ends]))
    found = float(scenarios.slowest_prompts(np.array(mean), np.array(spread)))
    assert found == pytest.approx(float(np.quantile(brought, 0.99)), rel=0.3, abs=0.1)


@pytest.mark.parametrize(
    ("written", "group"),
    [
        ("llama.cpp b6918 CUDA", "llama.cpp"),
        ("Ollama / llama.cpp", "llama.cpp"),
        ("llama-server b6918", "llama.cpp"),
        ("SGL 0.5", "sglang"),
        ("Text Generation Inference 3.3", "tgi"),
        ("TensorRT 10.2, CUDA 12.4", "tensorrt-llm"),
        ("vLLM 0.9.0, PyTorch 2.7.0", "vllm"),
        ("vllm-ascend 0.20", "vendor"),
        ("PyTorch", "vendor"),
        ("some new engine", "other"),
    ],
)
def test_serving_software_is_grouped_by_its_name(written, group):
    assert par.engine_of(written) == group


@pytest.mark.parametrize(
    ("written", "driver"),
    [
        ("llama.cpp b9187 vulkan_amdvlk", "amdvlk"),
        ("llama.cpp b9187 vulkan_radv", "vulkan"),
        ("llama.cpp Vulkan", "vulkan"),
        ("llama.cpp b9187 rocm-7_2_3", "native"),
        ("vLLM 0.18.0", "native"),
    ],
)
def test_graphics_drivers_are_told_from_compute_stacks(written, driver):
    assert driver_of(written) == driver
