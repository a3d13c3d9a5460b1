"""One estimate by a peer tool, timed beside ours; only where the environment asks for it.

``PEER=install make bench`` puts the peer's package into a throw-away environment (about 900 MB
and a minute), ``PEER=/path/to/python`` uses one that has it. The peer never becomes a dependency;
nothing but its time is read.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from core.catalog.load import load_catalog
from core.performance import engine
from core.performance.types import RequestProfile, ServingTable
from tests.benchmarks.result import Result, SkippedError

PACKAGES = ("aisimulate", "aiconfigurator")
"""The tool under its new and its former name; the first that installs is timed."""
PATIENCE_S = 600.0
BATCHES = (4, 8, 12, 16, 24, 32)
"""Concurrencies of a 32B model on two H200, 1,000 tokens in and 250 out; the first is cold."""
PEER_CODE = """
import json, sys, time
try:
    from aisimulate.cli.api import cli_estimate
except ImportError:
    from aiconfigurator.cli.api import cli_estimate
times = []
for batch in json.loads(sys.argv[1]):
    start = time.process_time()
    cli_estimate("Qwen/Qwen3-32B", "h200_sxm", backend_name="trtllm", isl=1000, osl=250,
                 batch_size=batch, tp_size=2)
    times.append(time.process_time() - start)
print("TIMES", json.dumps(times))
"""


def compare() -> Iterator[Result]:
    """Processor time of a first and of further estimates, the peer's over ours.

    Ours gives mean and percentiles under load with power and traffic; the peer's means alone.
    """
    with peer_python() as (python, name):
        peer_first, peer_next = peer_times_s(python)
    first, after = our_times_s()
    for what, theirs, ours in (
        ("first estimate", peer_first, first),
        ("further estimate", peer_next, after),
    ):
        detail = f"{name} {1e3 * theirs:,.0f} ms, ours {1e3 * ours:,.1f} ms"
        yield Result(f"our {what} over the peer's", ours / theirs, 1.0, "x", detail)


@contextmanager
def peer_python() -> Iterator[tuple[str, str]]:
    """A Python that has the peer, and the peer's name. Raises SkippedError with the reason."""
    wanted = os.environ.get("PEER", "")
    if not wanted:
        raise SkippedError("set PEER=install (a throw-away environment, about 900 MB) to time one")
    if wanted != "install":
        if not Path(wanted).is_file():
            raise SkippedError(f"PEER={wanted}: no such file; give a Python or the word install")
        yield wanted, "peer"
        return
    with tempfile.TemporaryDirectory(prefix="peer-") as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / ("Scripts" if os.name == "nt" else "bin") / "python")
        reasons = []
        for package in PACKAGES:
            done = _run([python, "-m", "pip", "install", "--quiet", package])
            if done.returncode == 0:
                yield python, package
                return
            reasons.append(f"{package}: {_last_line(done.stderr)}")
        raise SkippedError("no peer can be installed: " + "; ".join(reasons))


def peer_times_s(python: str) -> tuple[float, float]:
    """(first, median of further) processor seconds of an estimate. Raises SkippedError."""
    done = _run([python, "-c", PEER_CODE, json.dumps(BATCHES)])
    lines = [x for x in done.stdout.splitlines() if x.startswith("TIMES ")]
    if done.returncode != 0 or not lines:
        raise SkippedError(f"the peer failed: {_last_line(done.stderr)}")
    times = json.loads(lines[0].removeprefix("TIMES "))
    return times[0], statistics.median(times[1:])


def our_times_s() -> tuple[float, float]:
    """The same of this engine, loading the catalog included in the first."""
    load_catalog.cache_clear()
    times = []
    for batch in BATCHES:
        start = time.process_time()
        catalog = load_catalog()
        one = np.ones(1, dtype=np.int64)
        table = ServingTable(
            model=catalog.resolve_model("Qwen3-32B"),
            accelerators=(catalog.resolve_accelerator("H200-SXM-141GB"),),
            accelerator_index=one * 0,
            tp=one * 2,
            pp=one,
            ep=one,
            dp_attention=one,
            weight_precision=np.array(["bf16"], dtype=object),
            kv_precision=np.array(["bf16"], dtype=object),
            engine=np.array(["tensorrt-llm"], dtype=object),
            concurrency_limit=one * batch,
            prefix_caching=np.zeros(1, dtype=bool),
            chunked_prefill=np.ones(1, dtype=bool),
            spec_accept=np.zeros(1),
        )
        engine.operate(table, RequestProfile(1000, 1000, 250, 250), np.array([0.1 * batch]))
        times.append(time.process_time() - start)
    return times[0], statistics.median(times[1:])


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SkippedError(f"{Path(command[0]).name} took over {PATIENCE_S:.0f} s") from error


def _last_line(text: str) -> str:
    """The line of an error output that says most: the last that speaks of an error."""
    lines = [line.strip() for line in text.splitlines() if line.strip(" *")]
    telling = [line for line in lines if "error" in line.lower()] or lines
    return telling[-1][:160] if telling else "no message"


if __name__ == "__main__":
    for result in compare():
        print(result)
    sys.exit(0)
