"""What is to be served, and how fast: one workload and its latency targets."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.assessment.fields import entry
from core.words import N_

TRACE = "Azure LLM inference trace 2023 (CC-BY 4.0), conversation"
DEFAULT_NAME = N_("Chat assistant")
"""What a workload is called that nobody named, in files and in English."""
PERCENTILES = (("p50", "50th (median)"), ("p90", "90th"), ("p95", "95th"), ("p99", "99th"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyTargets:
    """How long a request may take. ``None`` means no limit."""

    percentile: str = entry(
        "p95",
        label="Percentile the targets apply to",
        kind="choice",
        choices=PERCENTILES,
        help="The share of requests that must be at least this fast. 95th is common for "
        "interactive services, 99th for strict ones.",
        default_source="Common service-level practice",
    )
    ttft_ms: float | None = entry(
        500.0,
        label="Time to first token (TTFT)",
        kind="number",
        unit="ms",
        minimum=1,
        maximum=86_400_000,
        optional=True,
        none_text="no limit",
        decimals=0,
        step=50,
        help="From sending the request to the first generated token, network included. Chat "
        "feels instant below about 500 ms.",
        default_source="MLPerf Inference interactive limits, 2026-07-23 rules",
    )
    tpot_ms: float | None = entry(
        40.0,
        label="Time per output token (TPOT)",
        kind="number",
        unit="ms",
        minimum=1,
        maximum=86_400_000,
        optional=True,
        none_text="no limit",
        decimals=0,
        step=5,
        help="Average time between generated tokens. Silent reading is about 189 ms per token "
        "(Brysbaert 2019); chat services aim at 30 to 50 ms.",
        default_source="MLPerf Inference interactive limits, 2026-07-23 rules",
    )
    e2e_ms: float | None = entry(
        None,
        label="Whole answer",
        kind="number",
        unit="ms",
        minimum=1,
        maximum=604_800_000,
        optional=True,
        none_text="no limit",
        decimals=0,
        step=500,
        help="From sending the request to the last token, network included.",
    )
    answer_ttft_ms: float | None = entry(
        None,
        label="Time to first answer token",
        kind="number",
        unit="ms",
        minimum=1,
        maximum=604_800_000,
        optional=True,
        none_text="no limit",
        decimals=0,
        step=500,
        more=True,
        help="For reasoning models: until the first token after the thinking tokens.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A model, its traffic over the week and what it may cost in quality."""

    name: str = entry(
        DEFAULT_NAME,
        label="Name",
        kind="text",
        group="Workload",
        help="How this workload is called in the results.",
    )
    use_case: str = entry(
        "interactive_chat",
        label="Use case",
        kind="choice",
        choices_from="use_cases",
        group="Workload",
        help="Fills tokens, targets and request rates with typical values, "
        "each with its source; change any of them afterwards.",
    )
    model: str = entry(
        "meta-llama/Llama-3.3-70B-Instruct",
        label="Model",
        kind="choice",
        choices_from="models",
        group="Workload",
        help="The open-weight model to serve.",
    )
    lowest_precision: str = entry(
        "fp8",
        label="Lowest weight precision accepted",
        kind="choice",
        group="Workload",
        choices=(("bf16", "16-bit only"), ("fp8", "8-bit (FP8/INT8)"), ("fp4", "4-bit (FP4/INT4)")),
        help="Fewer bits cost less and run faster; 8-bit is measured to be practically lossless, "
        "4-bit loses up to a few points on knowledge tests.",
        default_source="arXiv 2411.02355 (over 500,000 evaluations)",
    )
    input_tokens_mean: float = entry(
        1155.0,
        label="Input tokens, mean",
        kind="number",
        unit="tokens",
        minimum=1,
        maximum=2_000_000,
        decimals=0,
        step=100,
        group="Tokens per request",
        default_source=TRACE,
        help="Length of what the model reads for a request: question, system prompt, history and "
        "retrieved text. A token is about three quarters of an English word.",
    )
    input_tokens_p95: float = entry(
        4083.0,
        label="Input tokens, 95th percentile",
        kind="number",
        unit="tokens",
        minimum=1,
        maximum=10_000_000,
        decimals=0,
        step=100,
        group="Tokens per request",
        default_source=TRACE,
        help="Nineteen of twenty prompts are shorter than this.",
    )
    output_tokens_mean: float = entry(
        211.0,
        label="Output tokens, mean",
        kind="number",
        unit="tokens",
        minimum=1,
        maximum=1_000_000,
        decimals=0,
        step=50,
        group="Tokens per request",
        default_source=TRACE,
        help="Length of the answer, thinking tokens included.",
    )
    output_tokens_p95: float = entry(
        451.0,
        label="Output tokens, 95th percentile",
        kind="number",
        unit="tokens",
        minimum=1,
        maximum=1_000_000,
        decimals=0,
        step=50,
        group="Tokens per request",
        default_source=TRACE,
        help="Nineteen of twenty answers are shorter than this.",
    )
    prefix_cache_share: float = entry(
        0.5,
        label="Input found in the prefix cache",
        kind="share",
        unit="%",
        minimum=0.0,
        maximum=0.99,
        decimals=0,
        group="Tokens per request",
        default_source="Alibaba and Mooncake traces: 37 to 62 % for chat",
        help="Share of prompt tokens that repeat an earlier prompt's beginning (system prompt, "
        "history) and need no new computation.",
    )
    reasoning_token_share: float = entry(
        0.0,
        label="Thinking tokens in the output",
        kind="share",
        unit="%",
        minimum=0.0,
        maximum=0.99,
        decimals=0,
        more=True,
        group="Tokens per request",
        help="For reasoning models; ServeGen measured a mean of 70 % on DeepSeek-R1.",
    )
    traffic_entry: str = entry(
        "users",
        label="Size traffic by",
        kind="choice",
        group="Traffic",
        choices=(("users", "Users"), ("requests", "Requests per second")),
        help="By users, which is what most people know, or by requests per second where machines "
        "ask.",
    )
    users: int = entry(
        2000,
        label="Named users",
        kind="int",
        unit="users",
        minimum=1,
        maximum=5_000_000_000,
        decimals=0,
        step=100,
        group="Traffic",
        visible_when=("traffic_entry", ("users",)),
        help="People (or devices) that may use the service.",
    )
    active_user_fraction: float = entry(
        0.2,
        label="Active in the busiest hour",
        kind="share",
        unit="%",
        minimum=0.0,
        above_minimum=True,
        maximum=1.0,
        decimals=1,
        group="Traffic",
        visible_when=("traffic_entry", ("users",)),
        default_source="llm-d-planner presets, 2026-04",
        help="Share of the named users that are active in the busiest hour of the week.",
    )
    requests_per_user_hour: float = entry(
        24.0,
        label="Requests per active user and hour",
        kind="number",
        unit="requests/h",
        minimum=0.0,
        above_minimum=True,
        maximum=1_000_000,
        decimals=1,
        step=1,
        group="Traffic",
        visible_when=("traffic_entry", ("users",)),
        default_source="llm-d-planner presets, 2026-04",
        help="How often an active user asks.",
    )
    peak_requests_per_s: float = entry(
        1.0,
        label="Requests per second in the busiest hour",
        kind="number",
        unit="requests/s",
        minimum=0.0,
        above_minimum=True,
        maximum=10_000_000,
        decimals=3,
        step=1,
        group="Traffic",
        visible_when=("traffic_entry", ("requests",)),
        help="Average over the busiest hour of the week, all sites together.",
    )
    traffic_shape: str = entry(
        "business_hours_us",
        label="Week",
        kind="choice",
        choices_from="traffic_shapes",
        group="Traffic",
        help="How demand moves over the 168 hours of a week.",
    )
    custom_hours: tuple[float, ...] | None = entry(
        None,
        label="Own hourly weights",
        kind="hours",
        optional=True,
        none_text="preset week",
        group="Traffic",
        more=True,
        help="168 weights from a traffic file; they replace the preset "
        "week. Only their proportions matter.",
    )
    arrival_cv: float | None = entry(
        None,
        label="Burstiness of arrivals (CV)",
        kind="number",
        minimum=0.0,
        maximum=20.0,
        optional=True,
        none_text="from the chosen week",
        decimals=1,
        step=0.1,
        more=True,
        group="Traffic",
        help="How irregularly requests arrive: 1 where each comes independently of the others, "
        "about 3 where they come in strong bursts. It is the coefficient of variation of the "
        "time between them.",
    )
    growth_per_year: float = entry(
        0.2,
        label="Growth of demand per year",
        kind="share",
        unit="%",
        minimum=-0.9,
        maximum=10.0,
        decimals=0,
        group="Traffic",
        default_source="Assumption",
        help="Yearly growth of requests over the horizon.",
    )
    batchable_share: float = entry(
        0.0,
        label="Work that can wait for idle hours",
        kind="share",
        unit="%",
        minimum=0.0,
        maximum=1.0,
        decimals=0,
        more=True,
        group="Traffic",
        help="Share of requests that may wait for hours with free capacity: up to a day, or up to "
        "the limit on the whole answer where that is an hour or more. A limit below an hour "
        "is counted from when the work begins.",
    )
    replaced_from_year: int | None = entry(
        None,
        label="Another model from year",
        kind="int",
        minimum=2,
        maximum=10,
        decimals=0,
        optional=True,
        none_text="same model throughout",
        more=True,
        group="Later model",
        help="From this year of the horizon on, another model serves the same requests: hardware "
        "and prices are then sized for both.",
    )
    replaced_by: str | None = entry(
        None,
        label="Model from then on",
        kind="choice",
        choices_from="models",
        optional=True,
        none_text="same model throughout",
        more=True,
        group="Later model",
        visible_when=("replaced_from_year", tuple(range(2, 11))),
        help="The model that takes over, with the same tokens and targets.",
    )
    commercial_use: bool = entry(
        True,
        label="Commercial use",
        kind="bool",
        more=True,
        group="Workload",
        help="Some licences restrict it.",
    )
    engine: str = entry(
        "auto",
        label="Serving engine",
        kind="choice",
        more=True,
        group="Serving",
        choices=(
            ("auto", "Best supported"),
            ("vllm", "vLLM"),
            ("sglang", "SGLang"),
            ("tensorrt-llm", "TensorRT-LLM"),
        ),
        help="Software that serves the model.",
    )
    speculative_tokens: float = entry(
        0.0,
        label="Accepted draft tokens per step",
        kind="number",
        unit="tokens",
        minimum=0.0,
        maximum=5.0,
        decimals=1,
        step=0.1,
        more=True,
        group="Serving",
        help="Speculative decoding or multi-token prediction: extra tokens accepted per step on "
        "average; 0 switches it off.",
    )
    targets: LatencyTargets = field(default_factory=LatencyTargets)
