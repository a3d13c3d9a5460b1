"""How long the requests of a published run are, and how many it serves at a time.

Some publications name a data set and no lengths: its mean takes their place, or an assumption.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from core.catalog.types import Model
from core.notation import local
from core.performance.measurement_lines import plain_number
from core.words import _

T = TypeVar("T")

DATASET_LENGTHS: dict[str, tuple[float, float]] = {
    "llama-2": (295.0, 294.0),
    "mixtral": (480.0, 145.0),
    "gpt-j": (870.0, 69.0),
    "llama-3.1-8b": (780.0, 128.0),
    "llama-3.1-405b": (9430.0, 684.0),
    "llama-3.3": (295.0, 294.0),
    "deepseek-r1": (820.0, 3880.0),
    "gpt-oss": (1000.0, 1300.0),
}
"""Mean (prompt, output) tokens of MLPerf data sets: OpenOrca 294, CNN/DailyMail 780 (GPT-J's
tokenizer 870), OpenOrca-GSM8K-MBXP mix 480, LongBench-style 9,430, reasoning mix 820 / 3,880."""
OTHER_DATASET_LENGTHS = (300.0, 300.0)
"""For models without a data set above: near OpenOrca's, which most chat tasks of MLPerf used."""
UNKNOWN_PROMPT = 300.0
"""Assumed prompt tokens of runs that publish none; decode depends little on it."""
SERVED = ("closed_loop", "closed_loop_disagg", "open_loop_poisson")
"""Scenarios in which prompts are read beside the answers of others."""
_BATCHED = ("saturated_batch", "offline_max", "static_batch")
SERVER_LIMITS_MS: dict[tuple[str, str], tuple[float, float]] = {
    ("mlperf_server", "llama-2"): (2000.0, 200.0),
    ("mlperf_interactive", "llama-2"): (450.0, 40.0),
    ("mlperf_server", "mixtral"): (2000.0, 200.0),
    ("mlperf_server", "llama-3.1-8b"): (2000.0, 100.0),
    ("mlperf_interactive", "llama-3.1-8b"): (500.0, 30.0),
    ("mlperf_server", "llama-3.1-405b"): (6000.0, 175.0),
    ("mlperf_interactive", "llama-3.1-405b"): (4500.0, 80.0),
    ("mlperf_server", "deepseek-r1"): (2000.0, 80.0),
    ("mlperf_interactive", "deepseek-r1"): (1500.0, 15.0),
    ("mlperf_server", "gpt-oss"): (3000.0, 80.0),
    ("mlperf_interactive", "gpt-oss"): (2000.0, 20.0),
}
"""P99 limits of TTFT and TPOT that a valid MLPerf submission keeps: inference rules and
``loadgen/mlperf.conf`` of v4.1 to v6.0. For gpt-oss, interactive, the rules say a TPOT of 20 ms."""
_THOUSANDS = re.compile(r"(\d+(?:\.\d+)?) ?k")
"""``8k``: serving benchmarks mean 8,192 tokens."""
_AT_ONCE = ("max", "inf", "infinity")
_AMOUNT = rf"(\d[\d.,]*(?:e[+-]?\d+)?|{'|'.join(_AT_ONCE)})"
_RATE = re.compile(
    rf"(?:qps|rps|rate) ?[=:]? ?{_AMOUNT}"
    rf"|(?<![\d.,+-]){_AMOUNT} ?(?:qps|rps|req(?:uest)?s? ?(?:/ ?s|per s))"
)
"""``qps=2``, ``request_rate: 2``, ``2 req/s``, ``qps=inf``."""
_REQUESTS = re.compile(r"\b(\d[\d,]{0,8}) (?:prompts|requests)\b")
TASK_PROMPTS = {"lm-arena-chat": 200.0, "gpqa": 250.0, "sourcegraph-fim": 2000.0}
"""Assumed mean prompt tokens of ML.ENERGY tasks (not published; decode depends little on it)."""


MOST_TOKENS = 1e13
"""Of a prompt or an answer: beyond, a cell holds something else."""


def _tokens(cells: Mapping[str, str], column: str, least: float) -> float:
    """A length of a row, ``nan`` where it is empty. Raises ValueError with column and text."""
    text = cells[column]
    if not text:
        return math.nan
    short = _THOUSANDS.fullmatch(text.lower())
    value = float(short[1]) * 1024.0 if short else plain_number(text)
    if not least <= value <= MOST_TOKENS:
        raise ValueError(
            _("{column} {text} is not a number of tokens from {least} to {most}").format(
                column=column,
                text=repr(text[:40]),
                least=f"{least:g}",
                most=local(f"{MOST_TOKENS:,.0f}"),
            )
        )
    return value


def load_of(cells: Mapping[str, str], offered_req_s: float) -> tuple[float, float]:
    """(requests inside, requests/s offered) of the whole run; ``nan`` where not given.

    Raises ValueError for a text that is neither, and for what is not above zero.
    """
    text, scenario = cells["concurrency"].lower(), cells["scenario"]
    rate = stated_rate(cells)
    if rate is not None:
        return math.nan, rate
    if scenario == "mlperf_singlestream":
        return 1.0, offered_req_s
    if text in ("max", "inf") or scenario in ("offline_max", "mlperf_offline"):
        return math.inf, offered_req_s
    if text == "poisson" or (not text and scenario not in ("prefill_only", "decode_only")):
        return math.nan, offered_req_s
    return (_positive(text, text) if text else 1.0), offered_req_s


def stated_rate(cells: Mapping[str, str]) -> float | None:
    """Requests/s that a row offers; ``inf`` where all come at once, ``None`` where it says none.

    Raises ValueError for a rate that is not above zero.
    """
    text = cells["concurrency"].lower()
    if cells["scenario"] == "open_loop_poisson" and text in _AT_ONCE:
        return math.inf
    found = _RATE.search(text)
    if not found:
        return None
    amount = (found[1] or found[2]).rstrip(".,")
    return math.inf if amount in _AT_ONCE else _positive(amount, cells["concurrency"])


def requests_of(cells: Mapping[str, str]) -> float:
    """How many requests an open loop offers in all (``10 prompts at 1 req/s``); ``inf`` if unsaid.

    Only beside a stated rate: where the rate is that of what was served, the end of the run is in
    it.
    """
    if cells["scenario"] != "open_loop_poisson" or stated_rate(cells) is None:
        return math.inf
    told = _REQUESTS.search(cells["concurrency"].lower()) or _REQUESTS.search(
        cells["notes"].lower()
    )
    return max(float(told[1].replace(",", "")), 1.0) if told else math.inf


def _positive(text: str, shown: str) -> float:
    value = plain_number(text)
    if not (math.isfinite(value) and value > 0):
        raise ValueError(
            _(
                "concurrency {text} is not a positive number, 'max', 'poisson' or a rate "
                "such as qps=2"
            ).format(text=repr(shown[:40]))
        )
    return value


@dataclass(frozen=True, slots=True)
class Lengths:
    """Tokens of a run's requests, means; ``nan`` where neither published nor assumed."""

    prompt: float
    """With the part that is in the cache."""
    cached: float
    output: float
    prompt_known: bool
    """The prompt's length is published."""
    assumed: bool
    """MLPerf's data set of this model is not known here: ``OTHER_DATASET_LENGTHS``."""


def lengths_of(cells: Mapping[str, str], model: Model) -> Lengths:
    """How long the requests of a run are. Raises ValueError for a text that is no length."""
    notes, scenario = cells["notes"], cells["scenario"]
    given = _tokens(cells, "isl", 0.0 if scenario == "decode_only" else 1.0)
    out = _tokens(cells, "osl", 0.0 if scenario == "prefill_only" else 1.0)
    known, assumed = math.isfinite(given), False
    depth = re.search(r"@ d(\d+)", notes)
    cached = 0.0
    if scenario.startswith("mlperf"):
        of_task = of_model(DATASET_LENGTHS, model)
        assumed = of_task is None and not (known and math.isfinite(out))
        mean = of_task or OTHER_DATASET_LENGTHS
        given = given if known else mean[0]
        out = out if math.isfinite(out) else mean[1]
    elif scenario == "decode_only":
        given = given if known else 16.0
        if depth:
            given = float(depth[1])
        out = out if math.isfinite(out) else 256.0
    elif scenario == "prefill_only" and depth:
        cached = float(depth[1])
    if not math.isfinite(given):
        task = next((v for k, v in TASK_PROMPTS.items() if k in notes), None)
        if task is None and scenario in (*SERVED, *_BATCHED):
            task = UNKNOWN_PROMPT
        given = task if task is not None else math.nan
    if scenario == "prefill_only" and not out > 0:
        out = 1.0
    if "0.8-1.0x" in notes:
        given, out = given * 0.9, out * 0.9
    return Lengths(given + cached, cached, out, known, assumed)


def of_model(table: Mapping[str, T], model: Model) -> T | None:
    """The entry of a table by beginnings of model names (``llama-2``); ``None`` if none fits."""
    name = model.name.lower().replace(" ", "-")
    return next((value for start, value in table.items() if name.startswith(start)), None)


def latency_limits(scenario: str, model: Model) -> tuple[float, float]:
    """P99 limits of (TTFT, TPOT) in ms that the benchmark imposes; ``inf`` where none."""
    limits = {start: v for (of, start), v in SERVER_LIMITS_MS.items() if of == scenario}
    return of_model(limits, model) or (math.inf, math.inf)
