"""GuideLLM's ``benchmarks.json`` (versions 0.2 to 0.5)."""

from __future__ import annotations

from datetime import UTC, datetime

from core.interchange.benchmarks.rows import Measured, paced, per_rate, poisson
from core.interchange.json_object import JsonObject
from core.words import N_

_LATENCIES = {
    "time_to_first_token_ms": ("ttft_ms", 1.0),
    # What GuideLLM calls inter-token latency is the mean gap of a request: time per output token.
    "inter_token_latency_ms": ("tpot_ms", 1.0),
    "request_latency": ("e2e_ms", 1000.0),
}
_STATISTICS = ("p90", "p99")


def recognises(result: JsonObject) -> bool:
    """Whether the object is such a report."""
    return any(one.section("metrics") is not None for one in result.sections("benchmarks"))


def read(result: JsonObject) -> list[Measured]:
    """Every benchmark of a report. Raises DocumentError for values that cannot be."""
    told = result.section("args")
    model = told.text("model") if told else ""
    return [_one(one, model) for one in result.sections("benchmarks")]


def _one(benchmark: JsonObject, model: str) -> Measured:
    metrics = benchmark.section("metrics")
    if metrics is None:
        run = Measured("closed_loop", "1", None, None)
        run.refuse(N_("it has no metrics"))
        return run
    served = _mean(metrics, "requests_per_second")
    latency_s = _mean(metrics, "request_latency")
    inside = _mean(metrics, "request_concurrency") or per_rate(served, latency_s)
    totals = metrics.section("request_totals") or benchmark.section("request_totals")
    done = totals.measured("successful") if totals is not None else None
    cut_off = totals.measured("incomplete") if totals is not None else None
    run = _load(benchmark, inside, None if cut_off else done)
    if totals is not None:
        run.count_failures(done, totals.measured("errored"))
    run.input_tokens = _mean(metrics, "prompt_token_count")
    run.output_tokens = _mean(metrics, "output_token_count")
    run.model = model or _model(benchmark)
    run.date = _date(benchmark)
    run.take("req_s", served)
    run.take("output_tok_s", _mean(metrics, "output_tokens_per_second"))
    run.take("total_tok_s", _mean(metrics, "tokens_per_second"))
    for name, (metric, factor) in _LATENCIES.items():
        summary = _successful(metrics, name)
        if summary is None:
            continue
        found = {"mean": summary.measured("mean"), "p50": summary.measured("median")}
        percentiles = summary.section("percentiles")
        if percentiles is not None:
            found.update({p: percentiles.measured(p) for p in _STATISTICS})
        for suffix, value in found.items():
            run.take(f"{metric}_{suffix}", None if value is None else value * factor)
    return run


def _successful(metrics: JsonObject, name: str) -> JsonObject | None:
    summary = metrics.section(name)
    return summary.section("successful") if summary is not None else None


def _mean(metrics: JsonObject, name: str) -> float | None:
    summary = _successful(metrics, name)
    return summary.measured("mean") if summary is not None else None


def _load(benchmark: JsonObject, inside: float | None, requests: float | None) -> Measured:
    """How the requests came: the strategy, which moved from place to place between versions."""
    strategy = None
    for name in ("args", "config", "scheduler"):
        holder = benchmark.section(name)
        strategy = strategy or (holder.section("strategy") if holder is not None else None)
    kind = strategy.text("type_", "kind") if strategy is not None else ""
    if strategy is not None and kind == "concurrent":
        streams = strategy.whole("streams", "max_concurrency")
        return Measured("closed_loop", str(streams), None, None)
    if kind == "synchronous":
        return Measured("closed_loop", "1", None, None)
    if kind == "throughput":
        return Measured("offline_max", "max", None, None)
    if strategy is not None and kind == "poisson":
        rate = strategy.number("rate", default=0.0)
        return poisson(rate, requests)
    return paced(kind, inside)


def _model(benchmark: JsonObject) -> str:
    for place, name in (("worker", "backend_model"), ("config", "backend"), ("backend", "model")):
        holder = benchmark.section(place)
        if holder is None:
            continue
        if name == "backend":
            holder = holder.section("backend")
            name = "model"
        if holder is not None and holder.has(name):
            return holder.text(name)
    return ""


def _date(benchmark: JsonObject) -> str:
    holder = benchmark.section("run_stats") or benchmark
    seconds = holder.measured("start_time") or 0.0
    if not 0 < seconds < 4e9:
        return ""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
