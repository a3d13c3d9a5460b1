"""Measurement files: rows of published or own benchmark results, read, checked and resolved.

The columns are those of the documented CSV format. A row that cannot be read is reported with its
line; a run whose model or accelerator is unknown keeps the reason.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from core.catalog.errors import UnknownNameError
from core.catalog.types import Accelerator, Model
from core.performance import precision
from core.performance.measurement_lines import split_lines
from core.performance.parameters import engine_of
from core.performance.published_precision import kv_element_bytes, stored_precision
from core.performance.published_split import (
    accelerators_of,
    parallel_split,
    refuse_bad_counts,
)
from core.performance.run_limits import impossible
from core.words import _

COLUMNS = [
    "point_id",
    "source_id",
    "version_date",
    "model",
    "weight_precision",
    "kv_precision",
    "accelerator",
    "n_accel",
    "tp",
    "pp",
    "ep",
    "dp",
    "engine",
    "isl",
    "osl",
    "concurrency",
    "scenario",
    "spec_decode",
    "metric",
    "value",
    "tier",
    "notes",
]
REQUIRED = ("point_id", "model", "accelerator", "scenario", "metric", "value")
SCENARIOS = frozenset(
    [
        "closed_loop",
        "static_batch",
        "saturated_batch",
        "offline_max",
        "prefill_only",
        "decode_only",
        "open_loop_poisson",
        "mlperf_offline",
        "mlperf_server",
        "mlperf_interactive",
        "mlperf_singlestream",
        "closed_loop_disagg",
    ]
)
METRICS = frozenset(
    [
        "tpot_ms_mean",
        "tpot_ms_p50",
        "tpot_ms_p90",
        "tpot_ms_p95",
        "tpot_ms_p99",
        "itl_ms_mean",
        "itl_ms_p50",
        "itl_ms_p90",
        "itl_ms_p95",
        "itl_ms_p99",
        "ttft_ms_mean",
        "ttft_ms_p50",
        "ttft_ms_p90",
        "ttft_ms_p95",
        "ttft_ms_p99",
        "e2e_ms_mean",
        "e2e_ms_p50",
        "e2e_ms_p90",
        "e2e_ms_p95",
        "e2e_ms_p99",
        "output_tok_s",
        "output_tok_s_per_gpu",
        "total_tok_s",
        "total_tok_s_per_gpu",
        "prefill_tok_s",
        "decode_tok_s",
        "req_s",
        "power_w_accel_total",
        "power_w_per_accel",
        "power_w_system",
        "power_w_system_peak",
        "energy_j_per_output_token",
    ]
)
NEW_SOFTWARE = "2025-03"
"""Software dated before is grouped apart: engines were rewritten around then (vLLM V1,
TensorRT-LLM's PyTorch backend)."""
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
"""Assumed prompt tokens of throughput runs that publish none."""
SERVER_LIMITS_MS: dict[tuple[str, str], tuple[float, float]] = {
    ("mlperf_server", "llama-2"): (2000.0, 200.0),
    ("mlperf_interactive", "llama-2"): (450.0, 40.0),
    ("mlperf_server", "mixtral"): (2000.0, 200.0),
    ("mlperf_server", "llama-3.1-8b"): (2000.0, 100.0),
    ("mlperf_interactive", "llama-3.1-8b"): (500.0, 30.0),
    ("mlperf_server", "llama-3.1-405b"): (6000.0, 175.0),
    ("mlperf_interactive", "llama-3.1-405b"): (4500.0, 80.0),
    ("mlperf_server", "deepseek-r1"): (2000.0, 80.0),
}
"""P99 limits of TTFT and TPOT that a valid MLPerf submission keeps (inference rules v4.1, v5.1)."""
_OFF = ("", "off", "no", "none", "false", "0", "n/a", "na", "-", "disabled")
_OPEN = ("allowed", "suspect_mtp", "unlabelled", "unknown")
NO_SPECULATION = frozenset([*_OFF, *_OPEN])
"""Texts of ``spec_decode`` that do not say that it was on: off, or left open."""
TASK_PROMPTS = {"lm-arena-chat": 200.0, "gpqa": 250.0, "sourcegraph-fim": 2000.0}
"""Assumed mean prompt tokens of ML.ENERGY tasks (not published; decode depends little on it)."""


class Names(Protocol):
    """What the reader needs of a catalog."""

    def resolve_model(self, name: str) -> Model:
        """Model by id, name or alias; raises UnknownNameError."""
        ...

    def resolve_accelerator(self, name: str) -> Accelerator:
        """Accelerator by id, name or alias; raises UnknownNameError."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """One measured value."""

    line: int
    point_id: str
    metric: str
    value: float
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that could not be used, and why."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a benchmark with everything resolved; lengths in tokens."""

    point_id: str
    source: str
    model: Model
    accelerator: Accelerator
    accelerators: int
    tp: int
    pp: int
    dp: int
    replicas: float
    precision: str
    """Group label: bf16, fp8, int8, int4, nvfp4, mxfp4, gguf4, gguf8."""
    weight_bytes: float
    kv_bytes: float
    flops: float
    engine: str
    old_software: bool
    scenario: str
    input_tokens: float
    cached_tokens: float
    output_tokens: float
    concurrency: float
    """Requests inside per replica; ``inf`` for "all at once", ``nan`` where load is offered."""
    offered_req_s: float
    """Per replica; ``nan`` where not an open loop."""
    beams: float
    ttft_limit_ms: float
    """P99 limit that the benchmark imposes; ``inf`` where none."""
    tpot_limit_ms: float
    input_known: bool
    varied_lengths: bool
    """Request lengths differ, so that a closed loop does not run in waves."""
    notes: str = field(repr=False, default="")
    speculation: bool = False
    """The row says that decoding was speculative (MTP, EAGLE, draft model)."""


def read_rows(text: str) -> tuple[list[Row], list[Problem]]:
    """Rows of a measurement file and its malformed lines.

    Raises ValueError where the header lacks a required column.
    """
    lines = split_lines(text)
    _line, header = next(lines, (1, list[str]()))
    if isinstance(header, str):
        raise ValueError(_("the heading cannot be read: {why}").format(why=header))
    missing = [c for c in REQUIRED if c not in header]
    if missing:
        raise ValueError(_("the file lacks the columns {join}").format(join=", ".join(missing)))
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, found in lines:
        if isinstance(found, str):
            problems.append(_skipped(line, found))
            continue
        cells = dict(zip(header, found, strict=False))
        short = [c for c in REQUIRED if not cells.get(c, "").strip()]
        if len(found) > len(header) or short:
            many = len(found) > len(header)
            lacking = _("no {join}").format(join=", ".join(short))
            problems.append(_skipped(line, _("more cells than columns") if many else lacking))
            continue
        clean = {c: cells.get(c, "").strip() for c in COLUMNS}
        try:
            value = float(clean["value"])
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or value <= 0:
            what = _("value {text} is not a positive number")
            problems.append(_skipped(line, what.format(text=repr(clean["value"][:40]))))
            continue
        rows.append(Row(line, clean["point_id"], clean["metric"], value, clean))
    return rows, problems


def _skipped(line: int, why: str) -> Problem:
    return Problem(line, _("line {line}: {why}; skipped").format(line=line, why=why))


def _tokens(cells: dict[str, str], column: str, least: float) -> float:
    """A length of a row, ``nan`` where it is empty. Raises ValueError with column and text."""
    text = cells[column]
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= least):
        raise ValueError(
            _("{column} {text} is not a number of tokens of at least {least}").format(
                column=column, text=repr(text[:40]), least=f"{least:g}"
            )
        )
    return value


def _load(cells: dict[str, str], offered_req_s: float) -> tuple[float, float]:
    """(requests inside, requests/s offered) of the whole run; ``nan`` where not given.

    Raises ValueError for a text that is neither, and for what is not above zero.
    """
    text, scenario = cells["concurrency"].lower(), cells["scenario"]
    rate = re.search(r"qps=([\d.]+)", text) or re.search(r"at ([\d.]+) req/s", text)
    if rate:
        return math.nan, _positive(rate[1].rstrip("."), cells["concurrency"])
    if scenario == "mlperf_singlestream":
        return 1.0, offered_req_s
    if text in ("max", "inf") or scenario in ("offline_max", "mlperf_offline"):
        return math.inf, offered_req_s
    if text == "poisson" or (not text and scenario not in ("prefill_only", "decode_only")):
        return math.nan, offered_req_s
    return (_positive(text, text) if text else 1.0), offered_req_s


def _positive(text: str, shown: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise ValueError(
            _(
                "concurrency {text} is not a positive number, 'max', 'poisson' or a rate "
                "such as qps=2"
            ).format(text=repr(shown[:40]))
        )
    return value


def nearest_words(name: str, known: Iterable[str]) -> str:
    """`` Did you mean ...?`` with the nearest known names, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.5)
    return f". Did you mean {', '.join(near)}?" if near else f"; known are {', '.join(names)}"


def _lengths(cells: dict[str, str], model: Model) -> tuple[float, float, float, bool]:
    """(input, cached, output tokens, whether the input is published)."""
    notes, scenario = cells["notes"], cells["scenario"]
    given = _tokens(cells, "isl", 0.0 if scenario == "decode_only" else 1.0)
    out = _tokens(cells, "osl", 0.0 if scenario == "prefill_only" else 1.0)
    known = math.isfinite(given)
    depth = re.search(r"@ d(\d+)", notes)
    cached = 0.0
    if scenario.startswith("mlperf"):
        low = model.name.lower().replace(" ", "-")
        found = next(
            (v for k, v in DATASET_LENGTHS.items() if low.startswith(k)), OTHER_DATASET_LENGTHS
        )
        given = given if known else found[0]
        out = out if math.isfinite(out) else found[1]
    elif scenario == "decode_only":
        given = given if known else 16.0
        if depth:
            given = float(depth[1])
        out = out if math.isfinite(out) else 256.0
    elif scenario == "prefill_only" and depth:
        cached = float(depth[1])
    if not math.isfinite(given):
        task = next((v for k, v in TASK_PROMPTS.items() if k in notes), None)
        if task is None and scenario in ("saturated_batch", "offline_max", "static_batch"):
            task = UNKNOWN_PROMPT
        given = task if task is not None else math.nan
    if scenario == "prefill_only" and not out > 0:
        out = 1.0
    if "0.8-1.0x" in notes:
        given, out = given * 0.9, out * 0.9
    return given + cached, cached, out, known


def resolve(cells: dict[str, str], offered_req_s: float, catalog: Names) -> Run:
    """One run from the cells of any of its rows. Raises UnknownNameError or ValueError."""
    model = catalog.resolve_model(cells["model"])
    accelerator = catalog.resolve_accelerator(cells["accelerator"])
    refuse_bad_counts(cells)
    total = accelerators_of(cells, model, accelerator)
    label, stored, per_weight = stored_precision(cells["weight_precision"], accelerator)
    published = "mxfp4" if label == "mxfp4" else ""
    flops = precision.peak_flops(accelerator, stored, published)
    if label.startswith("gguf") or engine_of(cells["engine"]) == "llama.cpp":
        flops = _llamacpp_flops(accelerator)
    if not flops:
        flops = accelerator.tflops_bf16 * 1e12  # measured, so a kernel exists: the 16-bit one
    kv_bytes = kv_element_bytes(cells["kv_precision"])
    weights_gib = model.total_params_b * 1e9 * per_weight / 2**30
    split = parallel_split(cells, model, accelerator, weights_gib)
    given, cached, out, known = _lengths(cells, model)
    scenario = cells["scenario"]
    if scenario not in SCENARIOS:
        raise ValueError(
            _("scenario '{scenario}' is not supported{nearest_words}").format(
                scenario=scenario[:40], nearest_words=nearest_words(scenario, SCENARIOS)
            )
        )
    concurrency, offered_req_s = _load(cells, offered_req_s)
    limits = next(
        (
            v
            for (s, m), v in SERVER_LIMITS_MS.items()
            if s == scenario and model.name.lower().replace(" ", "-").startswith(m)
        ),
        (math.inf, math.inf),
    )
    return Run(
        point_id=cells["point_id"],
        source=cells["source_id"],
        model=model,
        accelerator=accelerator,
        accelerators=total,
        tp=split.tp,
        pp=split.pp,
        dp=split.dp,
        replicas=split.replicas,
        precision=label,
        weight_bytes=per_weight,
        kv_bytes=kv_bytes,
        flops=flops,
        engine=engine_of(cells["engine"]),
        old_software=_is_old(cells),
        scenario=scenario,
        input_tokens=given,
        cached_tokens=cached,
        output_tokens=out,
        concurrency=concurrency / split.replicas,
        offered_req_s=offered_req_s / split.replicas,
        beams=4.0 if scenario.startswith("mlperf") and "gpt-j" in model.id.lower() else 1.0,
        ttft_limit_ms=limits[0],
        tpot_limit_ms=limits[1],
        input_known=known,
        varied_lengths="0.8-1.0x" in cells["notes"],
        notes=cells["notes"],
        speculation=speculative(cells["spec_decode"]),
    )


def speculative(text: str) -> bool:
    """Whether a row's ``spec_decode`` says that speculation was on, not merely possible."""
    return text.strip().lower() not in NO_SPECULATION


def _llamacpp_flops(accelerator: Accelerator) -> float:
    """llama.cpp accumulates in 16 bits or multiplies in INT8: half the INT8 rate where higher.

    GeForce cards halve the 16-bit rate with 32-bit accumulation, which the catalog lists.
    """
    half_int8 = (accelerator.tops_int8 or 0.0) / 2.0 if accelerator.vendor == "NVIDIA" else 0.0
    return max(accelerator.tflops_bf16, half_int8) * 1e12


def _is_old(cells: dict[str, str]) -> bool:
    engine, text = engine_of(cells["engine"]), cells["engine"].lower()
    version = re.search(r"v?(\d+)\.(\d+)", text)
    if version:
        major, minor = int(version[1]), int(version[2])
        if engine == "vllm":
            return major == 0 and minor < 8
        if engine == "tensorrt-llm" and "llm" in text:
            return major == 0 and minor < 17
    date = re.search(r"20\d\d(-\d\d)?", cells["version_date"])
    return bool(date) and date[0] < NEW_SOFTWARE if date else False


def runs_of(rows: Iterable[Row], catalog: Names) -> tuple[dict[str, Run], dict[str, str]]:
    """Runs by point id, and the reason of each that cannot be resolved."""
    cells: dict[str, dict[str, str]] = {}
    offered: dict[str, float] = {}
    for row in rows:
        cells.setdefault(row.point_id, row.cells)
        if row.metric == "req_s":
            offered[row.point_id] = row.value
    runs: dict[str, Run] = {}
    reasons: dict[str, str] = {}
    for point, first in cells.items():
        try:
            run = resolve(first, offered.get(point, math.nan), catalog)
        except (UnknownNameError, ValueError) as error:
            reasons[point] = str(error)
            continue
        why = impossible(run, first)
        if why:
            reasons[point] = why
        else:
            runs[point] = run
    return runs, reasons
