"""Predicted latencies as the plain numbers of the public record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from core.performance.types import Distribution, Operating
from core.recommendation import LatencyPoint

Numbers: TypeAlias = tuple[float, float, float, float, float]
"""Mean, P50, P90, P95 and P99, milliseconds."""


@dataclass(frozen=True, slots=True)
class LatencyRows:
    """Latencies of operating points, row by row and without the network.

    Thousands of single numbers are read for one answer: taken out of their columns all at once.
    """

    req_s: list[float]
    stable: list[bool]
    ttft_ms: list[Numbers]
    answer_ttft_ms: list[Numbers]
    """The very same where nothing is thought before the answer."""
    tpot_ms: list[Numbers]
    e2e_ms: list[Numbers]

    @classmethod
    def of(cls, found: Operating) -> LatencyRows:
        """The rows of operating points."""
        first, answer = _rows(found.ttft_ms), found.answer_ttft_ms
        return cls(
            found.req_s.tolist(),
            found.stable.tolist(),
            first,
            first if answer is found.ttft_ms else _rows(answer),
            _rows(found.tpot_ms),
            _rows(found.e2e_ms),
        )

    def point(self, row: int, rtt_ms: float) -> LatencyPoint | None:
        """One row with the network; ``None`` where the load exceeds the replica."""
        if not self.stable[row]:
            return None
        return LatencyPoint(
            req_s=self.req_s[row],
            ttft_ms=_named(self.ttft_ms[row], rtt_ms),
            tpot_ms=_named(self.tpot_ms[row], 0.0),
            e2e_ms=_named(self.e2e_ms[row], rtt_ms),
            answer_ttft_ms=_named(self.answer_ttft_ms[row], rtt_ms),
        )


def _rows(found: Distribution) -> list[Numbers]:
    columns = (found.mean, found.p50, found.p90, found.p95, found.p99)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _named(numbers: Numbers, network_ms: float) -> dict[str, float]:
    mean, p50, p90, p95, p99 = numbers
    return {
        "mean": mean + network_ms,
        "p50": p50 + network_ms,
        "p90": p90 + network_ms,
        "p95": p95 + network_ms,
        "p99": p99 + network_ms,
    }
