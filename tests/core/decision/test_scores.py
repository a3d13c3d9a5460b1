"""The five scores and the four other criteria: anchors, shape, what is unknown."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decision import constraints, criteria
from core.decision.constraints import kv_share, utilisation_score
from core.decision.criteria import ratio_utility
from core.decision.rating import Rating, headroom_score
from core.decision.tuning_score import tuning_share
from core.decision.yardstick import yardstick
from core.recommendation import Carbon, HybridPoint, Option, Spread, TargetCheck
from core.venues import cooling
from core.venues.racks import Fittings, RackLimits, plan_racks
from tests.core.decision import builders as b


def rating(key: str, option: Option, **site: object) -> Rating:
    found = constraints.ratings(option, b.assessment(**site), b.SmallCatalog())
    return next(r for r in found if r.key == key)


def other(key: str, option: Option) -> Rating:
    assessment, catalog = b.assessment(), b.SmallCatalog()
    stick = yardstick(assessment, catalog, 1e12)
    found = criteria.ratings(option, stick, catalog.currency("USD"))
    return next(r for r in found if r.key == key)


# -- shapes ----------------------------------------------------------------------------------


def test_headroom_anchors() -> None:
    assert [headroom_score(u, 0.25) for u in (0.0, 0.25, 1.0, 2.0)] == [100.0, 100.0, 0.0, 0.0]
    assert headroom_score(0.625, 0.25) == pytest.approx(50.0)
    assert headroom_score(math.inf, 0.25) == 0.0
    assert headroom_score(math.nan, 0.25) == 0.0


@given(st.floats(0, 3), st.floats(0, 3), st.sampled_from([0.25, 0.5]))
def test_headroom_never_rises_with_use(one: float, two: float, full: float) -> None:
    low, high = sorted((one, two))
    assert headroom_score(low, full) >= headroom_score(high, full)


def test_utilisation_anchors() -> None:
    points = {0.0: 0.0, 0.2: 50.0, 0.4: 100.0, 0.55: 100.0, 0.7: 100.0, 0.825: 50.0, 0.95: 0.0}
    for use, score in points.items():
        assert utilisation_score(use) == pytest.approx(score), use
    assert utilisation_score(1.2) == 0.0


@given(st.floats(0, 1.2), st.floats(0, 1.2), st.floats(0, 1.2))
def test_utilisation_has_one_peak(one: float, two: float, three: float) -> None:
    low, middle, high = sorted((one, two, three))
    assert utilisation_score(middle) >= min(utilisation_score(low), utilisation_score(high))


def test_cost_ratio_anchors() -> None:
    # yardstick / (yardstick + cost): 1/2, 1/3, 2/3, 1/8
    assert ratio_utility(1.0) == pytest.approx(50.0)
    assert ratio_utility(2.0) == pytest.approx(100 / 3)
    assert ratio_utility(0.5) == pytest.approx(200 / 3)
    assert ratio_utility(7.0) == pytest.approx(12.5)
    assert ratio_utility(0.0) == pytest.approx(100.0)
    assert ratio_utility(1e9) == pytest.approx(0.0, abs=1e-6)


@given(st.floats(1e-3, 1e3), st.floats(1.0001, 10.0))
def test_a_dearer_option_never_scores_more(ratio: float, factor: float) -> None:
    assert ratio_utility(ratio * factor) < ratio_utility(ratio)


# -- memory bandwidth and latency ------------------------------------------------------------


def test_memory_bandwidth_takes_the_worse_of_bandwidth_and_kv_memory() -> None:
    # 837.5 of 3350 GB/s is a quarter: full marks by bandwidth.
    # KV: 1.5 requests/s x 4 s = 6 inside, of 24: also a quarter.
    option = b.option()
    assert kv_share(option.servings[0]) == pytest.approx(0.25)
    assert rating("memory_bandwidth", option).value == pytest.approx(100.0)
    crowded = b.option(servings=(b.serving(max_concurrency=12),))
    found = rating("memory_bandwidth", crowded)  # 6 of 12: (1 - 0.5) / 0.75
    assert found.value == pytest.approx(200.0 / 3.0)
    assert "50 %" in found.reason


def test_the_worst_workload_counts() -> None:
    tight = b.serving(workload="Second", bandwidth_needed_gb_s=3000.0)
    found = rating("memory_bandwidth", b.option(servings=(b.serving(), tight)))
    assert found.value == pytest.approx(100 * (1 - 3000 / 3350) / 0.75)
    assert found.reason.startswith("Second")


def test_latency_at_half_the_target_and_at_the_target() -> None:
    def scored(base: float) -> float | None:
        target = TargetCheck("ttft", "TTFT", 500.0, Spread(base, base, base), "pass")
        option = b.option(servings=(b.serving(targets=(target,)),))
        return rating("latency", option).value

    assert scored(250.0) == 100.0
    assert scored(375.0) == pytest.approx(50.0)
    assert scored(500.0) == 0.0
    assert scored(math.inf) == 0.0


def test_latency_nobody_published_counts_as_just_met_and_what_nobody_asked_for_is_dropped() -> None:
    unknown = rating("latency", b.api())
    assert (unknown.value, unknown.assumed) == (None, 0.0)
    assert "no latency is published" in unknown.reason
    none = b.option(servings=(b.serving(targets=()),))
    dropped = rating("latency", none)
    assert (dropped.value, dropped.assumed) == (None, None)


# -- power density ---------------------------------------------------------------------------


def test_power_density_takes_the_worst_of_rack_room_and_floor() -> None:
    roomy = {"rack_power_kw": 51.0, "cooling": "liquid", "total_power_kw": 204.0}
    # 10.2 of 51 kW, 10.2 of 150 kW of heat, 20.4 of 204 kW, 108 of 1,000 kg/m2: all under half
    assert rating("power_density", b.option(), **roomy).value == 100.0
    tight = rating("power_density", b.option(), **{**roomy, "total_power_kw": 27.2})
    assert tight.value == pytest.approx(50.0)  # 20.4 / 27.2 = 0.75
    assert "20.4 of 27.2 kW in total" in tight.reason
    assert rating("power_density", b.option(), **{**roomy, "rack_power_kw": 10.2}).value == 0.0


ROOM = {
    "rack_power_kw": st.floats(4.0, 60.0),
    "total_power_kw": st.floats(4.0, 200.0),
    "floor_load_kg_m2": st.floats(150.0, 3000.0),
    "racks": st.integers(1, 12),
    "rack_height_u": st.integers(6, 50),
}


def power_rating(servers: int, room: dict[str, float]) -> Rating:
    """The score of a fleet whose racks are planned as the venues plan them in that room."""
    kind = b.platform(nameplate_kw=3.6, height_u=4.0, weight_kg=60.0)
    planned, most = cooling.KW_PER_RACK["in_row"]
    limits = RackLimits(
        kw=room["rack_power_kw"],
        height_u=room["rack_height_u"],
        kg=room["floor_load_kg_m2"] * 1.5,
        cooling_kw=planned,
        cooling_most_kw=most,
        racks=int(room["racks"]),
        fittings=Fittings(0.3, 180.0),
    )
    plan = plan_racks(kind, servers, limits)
    fleet = b.fleet(
        units_by_year=(servers,),
        nameplate_kw=plan.nameplate_kw,
        weight_kg=plan.weight_kg,
        kw_per_rack=plan.kw_per_rack,
        racks=plan.racks,
        rack_count=plan.count,
    )
    catalog = b.SmallCatalog(platforms={"server-8": kind})
    rated = constraints.ratings(b.option(fleet=fleet), b.assessment(**room), catalog)
    return next(r for r in rated if r.key == "power_density")


def power_points(servers: int, room: dict[str, float]) -> float:
    found = power_rating(servers, room).value
    assert found is not None
    return found


@given(st.integers(1, 30), st.fixed_dictionaries(ROOM), st.sampled_from(sorted(ROOM)), st.data())
def test_a_roomier_room_never_scores_lower(
    servers: int, room: dict[str, float], key: str, data: st.DataObject
) -> None:
    other = data.draw(ROOM[key])
    less, more = sorted((room[key], other))
    worse, better = ({**room, key: value} for value in (less, more))
    assert power_points(servers, better) >= power_points(servers, worse) - 1e-9


@given(st.integers(1, 30), st.fixed_dictionaries(ROOM), st.floats(0.0, 0.01))
def test_a_little_more_power_never_changes_the_score_much(
    servers: int, room: dict[str, float], share: float
) -> None:
    before = power_points(servers, room)
    for key in ("rack_power_kw", "total_power_kw", "floor_load_kg_m2"):
        after = power_points(servers, {**room, key: room[key] * (1.0 + share)})
        # d score / d ln(limit) = 200 r, and r is at most 1 where the score is not 0 anyway
        assert abs(after - before) <= 200.0 * share + 1e-9


def test_two_servers_that_share_a_rack_score_by_the_racks_that_are_free() -> None:
    room: dict[str, float] = {
        "rack_power_kw": 7.6, "total_power_kw": 60.0, "floor_load_kg_m2": 1000.0,
        "racks": 6, "rack_height_u": 42,
    }  # fmt: skip  # one room
    # 7.5 kW fill a rack of 7.6; over two racks 3.9 of 7.6 kW: 100 (1 - 0.5132) / 0.5
    assert power_points(2, room) == pytest.approx(100 * (1 - 3.9 / 7.6) / 0.5)
    assert power_points(2, {**room, "racks": 1}) == pytest.approx(100 * (1 - 7.5 / 7.6) / 0.5)
    assert power_points(2, {**room, "rack_power_kw": 7.4}) == pytest.approx(
        100 * (1 - 3.9 / 7.4) / 0.5
    )
    # planned in one rack, scored over two: it says that this is not the plan
    assert "if the servers are spread over 2 racks" in power_rating(2, room).reason
    assert "with the servers in 1 rack" in power_rating(2, {**room, "racks": 1}).reason


def test_where_no_rack_carries_it_the_plan_that_comes_nearest_is_told() -> None:
    """Both ways score nothing; 7.5 of 3 kW in one rack was told beside a plan of two racks."""
    room: dict[str, float] = {
        "rack_power_kw": 3.0, "total_power_kw": 60.0, "floor_load_kg_m2": 1000.0,
        "racks": 6, "rack_height_u": 42,
    }  # fmt: skip  # one room
    found = power_rating(2, room)
    assert found.value == 0.0
    assert found.reason.startswith("3.9 of 3 kW per rack") and "2 racks" in found.reason


def test_power_density_of_edge_sites_and_of_rented_capacity() -> None:
    edge = b.option(venue="edge", fleet=b.fleet(sites=10, nameplate_kw=11.25))
    assert rating("power_density", edge).value == pytest.approx(50.0)  # 1.125 of 1.5 kW
    assert rating("power_density", b.option(venue="gpu_cloud")).value is None


# -- utilisation and tuning ------------------------------------------------------------------


def test_utilisation_is_the_average_of_the_years() -> None:
    fleet = b.fleet(utilisation_by_year=(0.1, 0.3))
    found = rating("utilization", b.option(fleet=fleet))
    assert found.value == pytest.approx(50.0)
    assert "20 %" in found.reason and "below what is aimed at" in found.reason
    assert rating("utilization", b.api()).value is None


def test_own_servers_are_not_too_full_where_the_peaks_are_rented() -> None:
    full = b.option(fleet=b.fleet(utilisation_by_year=(0.825,)))
    # half of the way from 70 to 95 %
    assert rating("utilization", full).value == pytest.approx(50.0)
    ends = tuple(HybridPoint(units, units / 2, 1.0, 1.0, 2.0) for units in range(3))
    split = dataclasses.replace(full, venue="hybrid", hybrid_curve=ends)
    found = rating("utilization", split)
    assert found.value == 100.0 and "as aimed at" in found.reason
    # sites beside a centre have nobody to take their peaks
    apart = dataclasses.replace(split, hybrid_curve=ends[:1])
    assert rating("utilization", apart).value == pytest.approx(50.0)


EIGHT_BITS = {"weight_precision": "fp8", "kv_precision": "fp8"}


def test_the_share_that_tuning_brings_is_what_the_engine_found() -> None:
    catalog = b.SmallCatalog()
    assert tuning_share(b.serving(at_defaults=((4, 1.0),)), 8, catalog) == (0.0, [])
    eight = b.serving(**EIGHT_BITS, at_defaults=((2, 0.0), (4, 0.4), (8, 0.55)))
    share, names = tuning_share(eight, 8, catalog)
    assert share == pytest.approx(0.45)
    assert names == ["FP8 weights", "FP8 KV cache"]
    # a server of four holds no replica of eight, and defaults that fit nowhere carry nothing
    assert tuning_share(eight, 4, catalog)[0] == pytest.approx(0.6)
    nowhere = b.serving(**EIGHT_BITS, at_defaults=((4, 0.0),))
    assert tuning_share(nowhere, 4, catalog)[0] == 1.0
    # what is slower than the defaults is not told to bring less than nothing
    assert tuning_share(b.serving(**EIGHT_BITS, at_defaults=((4, 1.3),)), 4, catalog)[0] == 0.0


def test_options_that_the_limits_cannot_do_without_are_told_so() -> None:
    found = rating("tuning", b.option(servings=(b.serving(**EIGHT_BITS),)), team_skill=4)
    assert "only with FP8 weights and FP8 KV cache" in found.reason
    assert found.value == pytest.approx(0.40 * 0 + 0.35 * 100 + 0.25 * 100)
    drafts = b.serving(draft_tokens=2.0, at_defaults=((4, 0.75),))
    assert "25 % of the throughput comes from speculative decoding" in (
        rating("tuning", b.option(servings=(drafts,))).reason
    )


def test_native_low_bits_are_no_tuning() -> None:
    catalog = b.SmallCatalog(models={b.MODEL_ID: b.model(native_precision="mxfp4")})
    for weights in ("fp4", "int4"):
        assert tuning_share(b.serving(weight_precision=weights), 8, catalog) == (0.0, [])


def test_tuning_score_by_hand() -> None:
    # untuned 100, level 3 against a team of 4: a level to spare, 100; measured, 100
    assert rating("tuning", b.option(), team_skill=4).value == pytest.approx(100.0)
    # level 3 against 3: (2 - 0) / 3 = 66.7; extrapolated 20
    rough = b.option(servings=(b.serving(evidence="extrapolated"),))
    expected = 0.40 * 100 + 0.35 * 200 / 3 + 0.25 * 20
    assert rating("tuning", rough, team_skill=3).value == pytest.approx(expected)
    assert rating("tuning", b.api()).value is None


@given(st.integers(1, 5), st.integers(1, 5))
def test_a_better_team_never_scores_less(one: int, two: int) -> None:
    low, high = sorted((one, two))
    less = rating("tuning", b.option(), team_skill=low).value
    more = rating("tuning", b.option(), team_skill=high).value
    assert less is not None and more is not None and less <= more


# -- cost, carbon, time, control -------------------------------------------------------------


def test_yardstick_by_hand() -> None:
    # 70.55 billion 8-bit weights in 64 GB: two accelerators a replica, two replicas: four.
    # Work: 2 x 70.55e9 x 2.667 req/s x (1155 x fresh share + 211) is below 4 x 0.3e15.
    assessment = b.assessment()
    stick = yardstick(assessment, b.SmallCatalog(), 1e12)
    assert stick.accelerators == 4
    assert stick.usd_per_mtok == pytest.approx(4 * 8760 * 3.0 / 1e6)
    assert stick.g_per_mtok == pytest.approx(4 * 8760 * 1.0 * 450.0 / 1e6)


def test_yardstick_of_edge_sites_is_a_box_at_each() -> None:
    edge = b.assessment(venues=("edge",), edge_sites=400)
    stick = yardstick(edge, b.SmallCatalog(), 1e11)
    assert stick.accelerators == 400
    assert stick.usd_per_mtok == pytest.approx(400 * 8760 * 0.15 / 1e5)


def test_at_small_volumes_the_yardstick_is_what_tokens_cost_where_apis_may_be_used() -> None:
    hosted = b.assessment(venues=("token_api", "on_premises"))
    own = b.assessment(venues=("on_premises",))
    catalog, tokens = b.SmallCatalog(), 1e8  # a hundred million a year
    stick = yardstick(hosted, catalog, tokens)
    work = hosted.workloads[0]
    # a dense model of 70.55e9: 70.55^0.7 = 19.68; 0.021 and 0.061 USD times that
    mean = (work.input_tokens_mean * 0.021 + work.output_tokens_mean * 0.061) * 19.68
    mean /= work.input_tokens_mean + work.output_tokens_mean
    assert stick.usd_per_mtok == pytest.approx(mean + 6500 / 100, rel=1e-3)
    assert stick.g_per_mtok == yardstick(own, catalog, tokens).g_per_mtok
    # 26 times the cost costs most of the points, which idle servers by the hour would hide
    dear, cheap = ratio_utility(26.0), ratio_utility(1.0)
    assert cheap - dear > 0.9 * cheap
    # where they may not be used, and at large volumes, it is a plain deployment
    assert yardstick(own, catalog, tokens).hosted_usd is None
    large = yardstick(hosted, catalog, 1e14)
    assert large == yardstick(own, catalog, 1e14)


def test_cost_at_the_yardstick_is_fifty() -> None:
    usd = 4 * 8760 * 3.0 / 1e6
    assert other("cost", b.option(usd_per_mtok=usd)).value == pytest.approx(50.0)
    assert other("cost", b.option(usd_per_mtok=None)).value is None


def test_carbon_counts_both_kinds_and_is_assumed_high_where_unknown() -> None:
    grams = 4 * 8760 * 450.0 / 1e6
    half = Carbon(1.0, 1.0, grams / 2, grams / 2, 1.0, "")
    assert other("carbon", b.option(carbon=half)).value == pytest.approx(50.0)
    unknown = other("carbon", b.api())
    assert (unknown.value, unknown.assumed) == (None, 25.0)  # 100 / (1 + 3): three yardsticks


def test_time_and_control() -> None:
    def weeks(value: float) -> float | None:
        return other("time", b.option(weeks_to_deploy=Spread(value, value, value))).value

    assert (weeks(0.0), weeks(26.0), weeks(52.0), weeks(90.0)) == (100.0, 50.0, 0.0, 0.0)
    values = {
        "on_premises": 100.0, "edge": 100.0, "colocation": 80.0, "public_cloud": 40.0,
        "gpu_cloud": 40.0, "token_api": 20.0,
    }  # fmt: skip  # a table
    for venue, value in values.items():
        assert other("control", b.option(venue=venue)).value == value
    # a hybrid of unknown split stands between owning (100) and renting (40)
    assert other("control", b.option(venue="hybrid")).value == pytest.approx(70.0)


def test_every_score_stays_between_0_and_100_and_gives_its_formula() -> None:
    for option in (b.option(), b.api(), b.option(usd_per_mtok=None, fleet=b.fleet(racks=()))):
        found = [
            *constraints.ratings(option, b.assessment(), b.SmallCatalog()),
            *(other(k, option) for k in ("cost", "carbon", "time", "control")),
        ]
        for item in found:
            assert item.value is None or 0.0 <= item.value <= 100.0
            assert item.reason and item.formula


def test_a_hybrid_is_rated_by_the_part_whose_latency_is_known() -> None:
    unknown = TargetCheck("tpot", "TPOT", 40.0, None, "unknown")
    serving = b.serving(targets=(*b.serving().targets, unknown))
    option = b.option(venue="hybrid", servings=(serving,))
    assert rating("latency", option).value == 100.0
