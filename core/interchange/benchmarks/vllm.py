"""``vllm bench serve --save-result`` (format of vLLM 0.6 to 0.12; SGLang writes the same names)."""

from __future__ import annotations

import math
import re

from core.interchange.benchmarks.rows import Measured, poisson
from core.interchange.json_object import JsonObject
from core.words import N_

_LATENCIES = {"ttft": "ttft_ms", "tpot": "tpot_ms", "itl": "itl_ms", "e2el": "e2e_ms"}
_SGLANG = {"e2el": "e2e_latency"}
_STATISTICS = {"mean": "mean", "median": "p50", "p90": "p90", "p99": "p99"}
BOUND = 0.97
"""Served over offered rate below which the limit on concurrency decided, not the arrivals."""


def recognises(result: JsonObject) -> bool:
    """Whether the object is such a result."""
    throughput = result.found("request_throughput")[1]
    return isinstance(throughput, int | float) and result.has("total_output_tokens")


def read(result: JsonObject) -> list[Measured]:
    """The one run of a result. Raises DocumentError for values that cannot be."""
    done = result.measured("completed")
    served = result.measured("request_throughput")
    run = _load(result, served)
    asked = result.measured("num_prompts")
    failed = result.measured("failed")
    if failed is None and asked is not None and done is not None:
        failed = max(asked - done, 0.0)
    run.count_failures(done, failed)
    run.input_tokens = _per_request(result.measured("total_input_tokens"), done)
    run.output_tokens = _per_request(result.measured("total_output_tokens"), done)
    run.model = result.text("model_id")
    run.date = _date(result.text("date"))
    run.take("req_s", served)
    run.take("output_tok_s", result.measured("output_throughput"))
    run.take("total_tok_s", result.measured("total_token_throughput", "total_throughput"))
    for name, metric in _LATENCIES.items():
        for statistic, suffix in _STATISTICS.items():
            names = [f"{statistic}_{name}_ms"]
            if name in _SGLANG:
                names.append(f"{statistic}_{_SGLANG[name]}_ms")
            run.take(f"{metric}_{suffix}", result.measured(*names))
    return [run]


def _load(result: JsonObject, served: float | None) -> Measured:
    asked = result.measured("num_prompts")
    at_once = result.whole("max_concurrency", default=0, least=0)
    rate = _rate(result)
    if math.isinf(rate):
        if at_once:
            return Measured("closed_loop", str(at_once), None, None)
        if asked:
            return poisson(rate, asked)
        return Measured("offline_max", "max", None, None)
    if at_once and served is not None and served < BOUND * rate:
        run = Measured("closed_loop", str(at_once), None, None)
        run.mind(
            N_("the limit of {most} requests at once held back the offered {rate} per second"),
            most=str(at_once),
            rate=f"{rate:g}",
        )
        return run
    run = poisson(rate, asked)
    burstiness = result.measured("burstiness")
    if burstiness is not None and not math.isclose(burstiness, 1.0):
        run.refuse(
            N_("requests did not come independently of each other (burstiness {cv}, not 1)"),
            cv=f"{burstiness:g}",
        )
    return run


def _rate(result: JsonObject) -> float:
    """Offered requests per second; infinite where all come at once."""
    value = result.found("request_rate")[1]
    if value is None or value == "inf":
        return math.inf
    return result.number("request_rate", default=math.inf)


def _per_request(total: float | None, done: float | None) -> float | None:
    return total / done if total is not None and done else None


def _date(text: str) -> str:
    match = re.match(r"(\d{4})-?(\d{2})-?(\d{2})", text)
    return "-".join(match.groups()) if match else ""
