"""AIPerf's ``profile_export_aiperf.json`` and GenAI-Perf's ``profile_export_genai_perf.json``."""

from __future__ import annotations

import re

from core.interchange.benchmarks.rows import STATISTICS, Measured, paced, per_rate, poisson
from core.interchange.errors import shown
from core.interchange.json_object import JsonObject
from core.words import N_, _

_TO_MS = {"ms": 1.0, "s": 1e3, "sec": 1e3, "us": 1e-3, "ns": 1e-6}
_LATENCIES = {
    "time_to_first_token": "ttft_ms",
    # Per request (latency - first token) / (tokens - 1): time per output token.
    "inter_token_latency": "tpot_ms",
    "request_latency": "e2e_ms",
}


def recognises(result: JsonObject) -> bool:
    """Whether the object is such an export."""
    return isinstance(result.found("request_throughput")[1], dict) and result.has("input_config")


def read(result: JsonObject) -> list[Measured]:
    """The one run of an export. Raises DocumentError for values that cannot be."""
    served = _average(result, "request_throughput")
    config = result.section("input_config") or result
    latency = result.section("request_latency")
    mean_ms = _in_ms(latency, "avg") if latency is not None else None
    done = _average(result, "request_count")
    run = _load(config, per_rate(served, None if mean_ms is None else mean_ms / 1e3), done)
    failed = _average(result, "error_request_count")
    if failed is None:
        failed = sum(one.measured("count") or 0.0 for one in result.sections("error_summary"))
    run.count_failures(done, failed)
    if result.flag("was_cancelled"):
        run.mind(N_("the run was stopped before its end"))
    run.input_tokens = _average(result, "input_sequence_length")
    run.output_tokens = _average(result, "output_sequence_length")
    run.model = _model(config)
    run.date = _date(result.text("start_time"))
    run.take("req_s", served)
    run.take("output_tok_s", _average(result, "output_token_throughput"))
    run.take("total_tok_s", _average(result, "total_token_throughput"))
    for name, metric in _LATENCIES.items():
        summary = result.section(name)
        if summary is None:
            continue
        for suffix in STATISTICS:
            run.take(f"{metric}_{suffix}", _in_ms(summary, "avg" if suffix == "mean" else suffix))
    _power(result, run)
    return [run]


def _average(result: JsonObject, name: str) -> float | None:
    summary = result.section(name)
    return summary.measured("avg") if summary is not None else None


def _in_ms(summary: JsonObject, statistic: str) -> float | None:
    value = summary.measured(statistic)
    unit = summary.text("unit", default="ms")
    if unit not in _TO_MS:
        raise summary.fail(
            "unit",
            _("must be one of {join}; got {shown}").format(
                join=", ".join(_TO_MS), shown=shown(unit)
            ),
        )
    return None if value is None else value * _TO_MS[unit]


def _load(config: JsonObject, inside: float | None, requests: float | None) -> Measured:
    """How the requests came: under ``loadgen`` (AIPerf), ``perf_analyzer.stimulus`` or flat."""
    places = [config.section("loadgen")]
    analyser = config.section("perf_analyzer")
    if analyser is not None:
        places.append(analyser.section("stimulus"))
    for place in (*places, config):
        if place is None:
            continue
        if place.has("request_rate"):
            rate = place.number("request_rate", default=0.0)
            mode = place.text("request_rate_mode", "arrival_pattern", default="poisson").lower()
            if mode == "poisson":
                return poisson(rate, requests)
            return paced(mode, inside)
        if place.has("concurrency"):
            return Measured("closed_loop", str(_first_whole(place)), None, None)
    run = Measured("closed_loop", "1", None, None)
    run.refuse(N_("neither a concurrency nor a request rate is given"))
    return run


def _first_whole(place: JsonObject) -> int:
    """Some versions write the concurrency as a list of one."""
    if isinstance(place.found("concurrency")[1], list):
        listed = place.items("concurrency", int, 1) or [0]
        return int(listed[0])
    return place.whole("concurrency")


def _model(config: JsonObject) -> str:
    endpoint = config.section("endpoint")
    for holder, name in ((endpoint, "model_names"), (config, "model_names"), (config, "model")):
        if holder is None or not holder.has(name):
            continue
        if isinstance(holder.found(name)[1], list):
            return next(iter(holder.items(name, str) or []), "")
        return holder.text(name)
    return ""


def _date(text: str) -> str:
    match = re.match(r"\d{4}-\d{2}-\d{2}", text)
    return match[0] if match else ""


def _power(result: JsonObject, run: Measured) -> None:
    """Mean power of the accelerators that telemetry saw, and their name if they are alike."""
    telemetry = result.section("telemetry_data")
    watts, names = [], []
    for server in telemetry.sections("endpoints") if telemetry is not None else []:
        for card in server.sections("gpus"):
            names.append(card.text("gpu_name"))
            metrics = card.section("metrics")
            power = metrics.section("gpu_power_usage") if metrics is not None else None
            mean = power.measured("avg") if power is not None else None
            if mean:
                watts.append(mean)
    if names and len(set(names)) == 1:
        run.accelerator, run.accelerators = names[0], len(names)
    if watts and len(watts) == len(names):
        run.take("power_w_accel_total", sum(watts))
