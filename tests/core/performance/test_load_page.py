"""The stored comparison with simulation: complete, and as good as it is said to be."""

from __future__ import annotations

from importlib.resources import files

from tests.core.performance.simulation import METRICS, SCENARIOS, STATISTICS

PAGE = (files("resources") / "docs" / "load.md").read_text("utf-8")
LOADS = ("30%", "60%", "80%", "90%")
ARRIVALS = ("Poisson", "CV 3")
MOST = {"ttft": 30, "tpot": 12, "e2e": 15}
"""Percent; the mean size of the errors over unlike replicas, the worst percentile and load."""


def tables() -> list[list[list[str]]]:
    """Every table of the page as rows of cells."""
    found: list[list[list[str]]] = [[]]
    for line in PAGE.splitlines():
        if line.startswith("|"):
            found[-1].append([cell.strip() for cell in line.strip("|").split("|")])
        elif found[-1]:
            found.append([])
    return [table for table in found if table]


def test_every_percentile_of_every_latency_is_told_at_every_load() -> None:
    wanted = ["arrivals", "load", *(f"{m} {s}" for m in METRICS for s in STATISTICS)]
    assert {"P50", "P90", "P95", "P99"} <= set(STATISTICS)
    assert len(tables()) == 1 + len(SCENARIOS)
    for head, _line, *rows in tables():
        assert head == wanted
        assert {(row[0], row[1]) for row in rows} == {(a, u) for a in ARRIVALS for u in LOADS}
        assert all(float(cell) == float(cell) for row in rows for cell in row[2:])


def test_the_mean_size_of_the_errors_is_bounded() -> None:
    head, _line, *rows = tables()[0]
    for row in rows:
        for name, cell in zip(head[2:], row[2:], strict=True):
            assert float(cell) <= MOST[name.split()[0]], (row[:2], name)


def test_the_mean_sizes_are_those_of_the_replicas() -> None:
    mean, *each = tables()
    for k, row in enumerate(mean[2:]):
        for column in range(2, len(row)):
            sizes = [abs(float(table[2 + k][column])) for table in each]
            # Every cell is rounded to whole percent.
            assert abs(sum(sizes) / len(sizes) - float(row[column])) <= 1.0
