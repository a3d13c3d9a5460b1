"""Long tables block by block: the same answers in the same order."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pytest

from core.performance import blocks, engine
from core.performance.types import Distribution, Targets
from tests.benchmarks.bench_candidates import CHAT, chat_table

TARGETS = Targets(ttft_ms=500.0, tpot_ms=40.0)


@dataclass(frozen=True)
class Answer:
    """Every kind of container that results come in."""

    plain: np.ndarray
    inside: Distribution
    several: tuple[np.ndarray, ...]
    named: dict[str, np.ndarray]


def test_blocks_are_joined_in_order_whatever_holds_the_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blocks, "ROWS", 5)
    sizes = []

    def work(rows):
        values = np.arange(12.0)[rows]
        sizes.append(len(values))
        same = Distribution(*[values] * 5)
        return Answer(values, same, (values, -values), {"a": values})

    found = blocks.in_blocks(12, work)
    assert sizes == [5, 5, 2]
    several, named = found.several, found.named["a"]
    for rows in (found.plain, found.inside.p99, several[0], -several[1], named):
        assert np.array_equal(rows, np.arange(12.0))


def test_what_has_no_rows_is_refused() -> None:
    with pytest.raises(TypeError, match="str"):
        blocks.joined(["a", "b"])


def test_loads_and_capacities_do_not_depend_on_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    table = chat_table(23)
    whole = engine.capacities(table, CHAT, TARGETS, (0.0, 40.0))
    load = 0.6 * whole[0].saturation_req_s
    at_load = engine.operate(table, CHAT, load)
    monkeypatch.setattr(blocks, "ROWS", 7)
    parts = engine.capacities(table, CHAT, TARGETS, (0.0, 40.0))
    for one, other in zip(whole, parts, strict=True):
        assert other.req_s == pytest.approx(one.req_s, rel=1e-3)
        assert other.binding.tolist() == one.binding.tolist()
    again = engine.operate(table, CHAT, load)
    for name in ("ttft_ms", "tpot_ms", "e2e_ms"):
        one, other = getattr(at_load, name), getattr(again, name)
        assert other.mean == pytest.approx(one.mean, rel=1e-6)
        assert other.p99 == pytest.approx(one.p99, rel=1e-6)
    assert again.power_w == pytest.approx(at_load.power_w, rel=1e-6)


def test_one_load_for_all_replicas_reaches_every_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "ROWS", 4)
    found = engine.operate(chat_table(9), CHAT, np.array(0.25))
    assert found.req_s.tolist() == [0.25] * 9


def test_no_two_rows_of_the_benchmark_are_alike() -> None:
    table = chat_table(2_000)
    columns = [
        getattr(table, f.name).tolist()
        for f in dataclasses.fields(table)
        if f.name not in ("model", "accelerators")
    ]
    assert len(set(zip(*columns, strict=True))) == 2_000
