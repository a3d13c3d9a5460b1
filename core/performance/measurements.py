"""Runs of a measurement file: its rows resolved to a model, an accelerator and how they are used.

A run whose names are unknown, or that cannot have been as it is written, keeps the reason.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from core.catalog.errors import UnknownNameError
from core.catalog.types import Accelerator, Model
from core.performance import precision
from core.performance.measurement_format import OWN, SCENARIOS, Row, nearest_words
from core.performance.parameters import engine_of
from core.performance.published_lengths import (
    SERVED,
    latency_limits,
    lengths_of,
    load_of,
    requests_of,
    stated_rate,
)
from core.performance.published_precision import kv_element_bytes, stored_precision
from core.performance.published_split import (
    Split,
    StatedPools,
    accelerators_of,
    parallel_split,
    ranks_of,
    refuse_bad_counts,
    stated_pools,
)
from core.performance.run_limits import impossible
from core.words import _

NEW_SOFTWARE = "2025-03"
"""Software dated before is grouped apart: engines were rewritten around then (vLLM V1,
TensorRT-LLM's PyTorch backend)."""
_OFF = ("", "off", "no", "none", "false", "0", "n/a", "na", "-", "disabled")
_OPEN = ("allowed", "suspect_mtp", "unlabelled", "unknown")
NO_SPECULATION = frozenset([*_OFF, *_OPEN])
"""Texts of ``spec_decode`` that do not say that it was on: off, or left open."""


class Names(Protocol):
    """What the reader needs of a catalog."""

    def resolve_model(self, name: str) -> Model:
        """Model by id, name or alias; raises UnknownNameError."""
        ...

    def resolve_accelerator(self, name: str) -> Accelerator:
        """Accelerator by id, name or alias; raises UnknownNameError."""
        ...


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
    driver: str
    """``native``, or the graphics driver over which compute runs (Vulkan)."""
    old_software: bool
    scenario: str
    input_tokens: float
    cached_tokens: float
    output_tokens: float
    concurrency: float
    """Requests inside per replica; ``inf`` for "all at once", ``nan`` where load is offered."""
    offered_req_s: float
    """Per replica; ``nan`` where not an open loop, ``inf`` where all come at once."""
    requests: float
    """Offered in all, per replica; ``inf`` where the load goes on or nothing is said."""
    beams: float
    ttft_limit_ms: float
    """P99 limit that the benchmark imposes; ``inf`` where none."""
    tpot_limit_ms: float
    input_known: bool
    """The prompt's length is published."""
    varied_lengths: bool
    """Request lengths differ, so that a closed loop does not run in waves."""
    notes: str = field(repr=False, default="")
    lengths_assumed: bool = False
    """Of an MLPerf run whose data set is not known: its lengths are a guess."""
    pools: StatedPools | None = None
    """Separate prefill and decode workers as the run states them; a replica is then a decode
    worker."""
    rate_stated: bool = False
    """The rate is what was offered; else it is that of what the run served."""
    speculation: bool = False
    """The row says that decoding was speculative (MTP, EAGLE, draft model)."""

    own: bool = False
    """Measured by who asks: it speaks for the options that are compared, and is labelled so."""

    @property
    def prompt_guessed(self) -> bool:
        """Prompts arrived one by one and their length is an assumption."""
        return not self.input_known and self.scenario in SERVED


def resolve(cells: dict[str, str], offered_req_s: float, catalog: Names) -> Run:
    """One run from the cells of any of its rows. Raises UnknownNameError or ValueError."""
    model = catalog.resolve_model(cells["model"])
    accelerator = catalog.resolve_accelerator(cells["accelerator"])
    refuse_bad_counts(cells)
    total = accelerators_of(cells, model, accelerator)
    label, stored, per_weight = stored_precision(
        cells["weight_precision"], accelerator, model.native_precision
    )
    published = "mxfp4" if label == "mxfp4" else ""
    flops = precision.peak_flops(accelerator, stored, published)
    if label.startswith("gguf") or engine_of(cells["engine"]) == "llama.cpp":
        flops = _llamacpp_flops(accelerator)
    if not flops:
        flops = accelerator.tflops_bf16 * 1e12  # measured, so a kernel exists: the 16-bit one
    kv_bytes = kv_element_bytes(cells["kv_precision"])
    weights_gib = model.total_params_b * 1e9 * per_weight / 2**30
    pools = stated_pools(cells, total)
    if pools:  # the run is told by its decode workers, with their part of the prefill workers
        tp, dp = ranks_of(pools.decode_size, model)
        split = Split(tp, 1, dp, float(pools.decode_workers))
    else:
        split = parallel_split(cells, model, accelerator, weights_gib)
    lengths = lengths_of(cells, model)
    scenario = cells["scenario"]
    if scenario not in SCENARIOS:
        raise ValueError(
            _("scenario '{scenario}' is not supported{nearest_words}").format(
                scenario=scenario[:40], nearest_words=nearest_words(scenario, SCENARIOS)
            )
        )
    concurrency, offered_req_s = load_of(cells, offered_req_s)
    ttft_limit_ms, tpot_limit_ms = latency_limits(scenario, model)
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
        driver=driver_of(cells["engine"]),
        old_software=_is_old(cells),
        scenario=scenario,
        input_tokens=lengths.prompt,
        cached_tokens=lengths.cached,
        output_tokens=lengths.output,
        concurrency=concurrency / split.replicas,
        offered_req_s=offered_req_s / split.replicas,
        requests=max(requests_of(cells) / split.replicas, 1.0),
        beams=4.0 if scenario.startswith("mlperf") and "gpt-j" in model.id.lower() else 1.0,
        ttft_limit_ms=ttft_limit_ms,
        tpot_limit_ms=tpot_limit_ms,
        input_known=lengths.prompt_known,
        lengths_assumed=lengths.assumed,
        pools=pools,
        varied_lengths="0.8-1.0x" in cells["notes"],
        notes=cells["notes"],
        rate_stated=stated_rate(cells) is not None,
        speculation=speculative(cells["spec_decode"]),
    )


def speculative(text: str) -> bool:
    """Whether a row's ``spec_decode`` says that speculation was on, not merely possible."""
    return text.strip().lower() not in NO_SPECULATION


def driver_of(engine: str) -> str:
    """How software reaches the hardware: its maker's compute stack or a graphics driver."""
    low = engine.lower()
    if "vulkan" not in low:
        return "native"
    return "amdvlk" if "amdvlk" in low else "vulkan"


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


def runs_of(
    rows: Iterable[Row], catalog: Names, own: bool = False
) -> tuple[dict[str, Run], dict[str, str]]:
    """Runs by point id, and the reason of each that cannot be resolved.

    All are the asker's ``own``, or those are whose source is named so.
    """
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
            runs[point] = replace(run, point_id=point, own=own or run.source == OWN)
    return runs, reasons
