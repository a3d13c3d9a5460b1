"""The choice of configurations by hand, against brute force, and where it once turned at a hair."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.assess import assess
from core.catalog.load import load_catalog
from core.choice import Configurations, Times, chosen, densest
from core.interchange.document import load
from core.performance.splitting import SplitCapacity
from tests.core.assess.cases import AS_OF, run

EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"


def of(load: tuple[float, ...], *rows: tuple[int, float, float]) -> Configurations:
    """Of (accelerators, requests per second of a replica, lone request over target) each."""
    return Configurations(
        sizes=np.array([r[0] for r in rows]),
        lone=np.array([[r[2] for r in rows]]),
        capacity=SplitCapacity.of((1.0,), np.array([[r[1]] for r in rows])),
        able=np.array([[r[2] < 1.0 for r in rows]]),
        load=np.array([load]),
    )


def years(count: int) -> Times:
    return Times(np.ones(count, dtype=np.int64), slice(None))


def best(per_unit: int, *workloads: Configurations) -> list[int]:
    found = chosen(workloads, per_unit, 0.0, years(workloads[0].load.shape[1]))
    return [int(x) for x in found[0]]


def test_fewest_servers_in_all_years_come_first() -> None:
    # servers of 4: 10 and 19 a second take 1 and 1 of the first, 1 and 2 of the second
    assert best(4, of((10.0, 19.0), (4, 20.0, 0.9), (2, 6.0, 0.1))) == [0]


def test_then_the_most_room_for_latency() -> None:
    # one server either way, 10 of 25 and 10 of 26 a second: 0.6 + 0.4 x 10/26 = 0.75 of the
    # target, and 0.4 + 0.6 x 10/25 = 0.64
    assert best(4, of((10.0,), (1, 6.5, 0.6), (2, 12.5, 0.4))) == [1]
    # nearly full: 0.6 + 0.4 x 24/40 = 0.84 against 0.4 + 0.6 x 24/25 = 0.98
    assert best(4, of((24.0,), (1, 10.0, 0.6), (2, 12.5, 0.4))) == [0]


def test_below_half_of_the_target_the_emptier_one_and_of_equals_the_first() -> None:
    # 0.3 + 0.7 x 0.1 and 0.2 + 0.8 x 0.2 of the target: both have all points
    assert best(1, of((1.0,), (1, 10.0, 0.3), (1, 5.0, 0.2))) == [0]
    assert best(1, of((1.0,), (1, 10.0, 0.3), (1, 10.0, 0.3))) == [0]


def test_what_misses_a_target_is_taken_only_where_all_do() -> None:
    assert best(4, of((1.0,), (4, 20.0, 1.2), (2, 1.0, 0.9))) == [1]
    assert best(4, of((1.0,), (4, 20.0, 1.2), (2, 1.0, 1.1))) == [1]


def test_workloads_that_share_servers_take_no_second_one_for_latency() -> None:
    # each alone has a server of 4 to itself either way; together 1 + 4 accelerators are two
    slow, fast = (1, 10.0, 0.7), (4, 30.0, 0.2)
    both = of((5.0,), slow, fast)
    assert best(4, of((5.0,), slow, fast)) == [1]
    assert best(4, both, of((5.0,), slow)) == [0, 0]
    # with pairs there is room: 0.45 + 0.55 x 5 / (15 x 4/3) = 0.59 instead of 0.7 + 0.3 x 5/20
    assert best(4, of((5.0,), slow, (2, 15.0, 0.45)), of((5.0,), (1, 10.0, 0.4))) == [1, 0]


row = st.tuples(st.sampled_from([1, 2, 4]), st.floats(1.0, 40.0), st.floats(0.05, 0.95))


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(row, min_size=1, max_size=4), min_size=2, max_size=3),
    loads=st.lists(st.floats(0.5, 60.0), min_size=3, max_size=3),
)
def test_a_shared_fleet_is_the_smallest_of_all_combinations(
    rows: list[list[tuple[int, float, float]]], loads: list[float]
) -> None:
    asked = [of((load_,), *rows_) for load_, rows_ in zip(loads, rows, strict=False)]
    taken = [w.replicas(0.0)[0, :, 0] * w.sizes for w in asked]

    def servers(which: tuple[int, ...]) -> int:
        return -(-sum(int(t[i]) for t, i in zip(taken, which, strict=True)) // 4)

    least = min(servers(w) for w in itertools.product(*(range(len(r)) for r in rows)))
    assert servers(tuple(best(4, *asked))) == least


def test_what_is_always_full_takes_what_carries_most_on_a_unit() -> None:
    # 4 x 3 = 12 and 2 x 7 = 14 a second on a server of 4; of 8 a replica of 6 leaves 2 idle
    assert int(densest([of((1.0,), (1, 3.0, 0.1), (2, 7.0, 0.9))], 4)[0, 0]) == 1
    assert int(densest([of((1.0,), (6, 8.0, 0.1), (2, 2.5, 0.1))], 8)[0, 0]) == 1


def test_a_load_of_nothing_takes_nothing() -> None:
    assert best(4, of((0.0, 0.0), (1, 3.0, 0.1), (2, 7.0, 0.2))) in ([0], [1])


def test_the_bank_keeps_its_configuration_with_slightly_longer_answers() -> None:
    """25.06 against 25.00 requests a second, where 10 are asked for, once turned its latency."""
    catalog = load_catalog().subset(accelerators=["h200-nvl"])
    given_ = load(EXAMPLES / "bank_chat.json")
    found = []
    for factor in (0.98, 1.0, 1.02, 1.05, 1.1):
        (work,) = given_.workloads
        longer = dataclasses.replace(
            work,
            output_tokens_mean=work.output_tokens_mean * factor,
            output_tokens_p95=work.output_tokens_p95 * factor,
        )
        answer = assess(dataclasses.replace(given_, workloads=(longer,)), catalog, as_of=AS_OF)
        (serving,) = answer.option("on_premises/h200-nvl-4").servings
        (tpot,) = (c.predicted_ms for c in serving.targets if c.key == "tpot")
        assert tpot is not None
        found.append((serving.tp, tpot.base))
    assert {tp for tp, _tpot in found} == {2}
    assert max(t for _tp, t in found) < 1.1 * min(t for _tp, t in found)


def test_what_else_is_in_the_run_does_not_change_what_servers_draw() -> None:
    """Power was read off the longest curve of any option with that configuration: 2 % apart."""
    given_ = load(EXAMPLES / "bank_chat.json")
    catalog = load_catalog().subset(accelerators=["h200-nvl", "h100-nvl"])
    fewer = load_catalog().subset(accelerators=["h200-nvl"])
    fewer.platforms = {k: p for k, p in fewer.platforms.items() if k == "h200-nvl-4"}  # type: ignore[misc]  # a copy of one's own
    one, other = (
        assess(given_, c, as_of=AS_OF).option("on_premises/h200-nvl-4").cost
        for c in (catalog, fewer)
    )
    assert one is not None and other is not None
    assert one.npv_usd == pytest.approx(other.npv_usd, rel=1e-9)


def test_of_what_misses_a_target_alike_the_one_that_carries_most_is_told() -> None:
    """A last digit once told 42 servers for shorter answers, and 29 for longer ones."""
    found = []
    for tokens in (1037.0, 1262.0):
        answer = run(
            site__venues=("on_premises",),
            workload__traffic_entry="requests",
            workload__peak_requests_per_s=5.787308222105,
            workload__output_tokens_mean=tokens,
            workload__output_tokens_p95=3.0 * tokens,
        )
        option = answer.option("on_premises/edge-l40s-2")
        assert any(
            c.predicted_ms and c.predicted_ms.base > c.limit_ms for c in option.servings[0].targets
        )
        found.append((option.servings[0].kv_precision, max(option.fleet.units_by_year)))
    assert found[0][0] == found[1][0] == "fp8"
    assert found[0][1] < found[1][1]
