"""Inputs at the edge of sense: a clear answer, and no NaN or infinity anywhere."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from core.assess import InvalidAssessmentError, assess
from core.assessment import Assessment, Workload
from core.catalog.load import Catalog
from tests.core.assess.cases import AS_OF, every, not_finite, run, small_catalog

EDGES: dict[str, dict[str, Any]] = {
    "free electricity": {"economics__electricity_price_kwh": 0.0},
    "free people": {"economics__staff_cost_usd_year": 0.0, "economics__minimum_staff_fte": 0.0},
    "hardly any demand": {
        "workload__traffic_entry": "requests", "workload__peak_requests_per_s": 1e-9,
    },
    "less than that": {
        "workload__traffic_entry": "requests", "workload__peak_requests_per_s": 1e-300,
    },
    "one hour in the week": {"workload__custom_hours": (0.0,) * 167 + (1.0,)},
    "all of it can wait": {"workload__batchable_share": 1.0},
    "one year": {"economics__horizon_years": 1},
    "ten years": {"economics__horizon_years": 10, "workload__growth_per_year": 1.0},
    "demand dies": {"economics__horizon_years": 10, "workload__growth_per_year": -0.9},
    "discount of everything": {"economics__discount_rate": 1.0},
    "no discount": {"economics__discount_rate": 0.0},
    "prices fall by 90 %": {
        "economics__token_price_trend": -0.9, "economics__gpu_hour_trend": -0.9,
        "economics__hardware_trend": -0.9,
    },
    "a life of one year": {"economics__hardware_life_years": 1},
    "eleven times as much every year": {
        "workload__growth_per_year": 10.0, "economics__horizon_years": 10,
    },
    "resale at the price": {"economics__residual_share_36m": 1.0},
    "no room in a rack": {"site__rack_power_kw": 0.01},
    "nothing costs anything": {
        "economics__electricity_price_kwh": 0.0, "economics__staff_cost_usd_year": 0.0,
        "economics__minimum_staff_fte": 0.0, "economics__support_share": 0.0,
    },
    "arrivals like clockwork": {"workload__arrival_cv": 0.0},
    "arrivals in crowds": {"workload__arrival_cv": 20.0},
    "no resale": {"economics__residual_share_36m": 0.0},
    "interest-free lease": {"economics__finance": "lease", "economics__lease_rate": 0.0},
    "limits that exclude each other": {
        "economics__capex_limit": 0.0, "economics__opex_limit_per_year": 0.0,
    },
    "air gap and only hosted": {"site__air_gapped": True, "site__venues": ("token_api",)},
    "no time at all": {"workload__targets__ttft_ms": 1.0, "workload__targets__tpot_ms": 1.0},
    "nothing is paid today": {"economics__current_cost_per_year": 0.0},
    "a million sites": {"site__edge_sites": 1_000_000},
    "ninety-nine point nine nine nine": {"site__availability": 0.99999},
}  # fmt: skip  # one case a line


@pytest.mark.parametrize("values", EDGES.values(), ids=EDGES.keys())
def test_every_number_is_finite(values: dict[str, Any]) -> None:
    result = run(**values)
    assert list(not_finite(result)) == []
    assert result.headline
    for option in every(result):
        assert option.cost is None or option.cost.npv_usd >= 0 or option.venue in (
            "on_premises", "colocation", "edge", "hybrid",
        )  # fmt: skip  # only resale can outweigh a bill


def test_limits_that_exclude_each_other_leave_nothing() -> None:
    result = run(**EDGES["limits that exclude each other"])
    assert result.winner is None
    assert result.reasons


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("economics__horizon_years", 0),
        ("economics__discount_rate", 1.5),
        ("economics__electricity_price_kwh", -0.1),
        ("workload__peak_requests_per_s", 0.0),
        ("workload__custom_hours", (0.0,) * 168),
        ("workload__users", 0),
        ("site__venues", ()),
        ("workload__growth_per_year", float("nan")),
        ("workload__replaced_by", "no-such-model"),
        ("workload__name", " "),
        ("site__date_needed", "2026-11-23"),
        ("site__region", "ZZZ"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(path: str, value: Any) -> None:
    with pytest.raises(InvalidAssessmentError) as caught:
        run(**{path: value})
    assert path.split("__")[-1] in caught.value.problems[0].path


def test_a_date_is_refused_only_once_it_is_past() -> None:
    ahead = run(site__date_needed=AS_OF.isoformat())
    assert ahead.headline
    with pytest.raises(InvalidAssessmentError) as caught:
        run(site__date_needed="2020-01-01")
    assert str(caught.value.problems[0]) == (
        "site.date_needed: must not lie in the past, before 2026-11-24; got 2020-01-01"
    )


def test_a_region_nobody_knows_is_answered_with_those_that_are() -> None:
    with pytest.raises(InvalidAssessmentError) as caught:
        run(site__region="ZZZ")
    message = caught.value.problems[0].message
    assert all(region in message for region in ("DEU", "USA", "FRA"))


def test_two_workloads_of_one_name_are_refused() -> None:
    twins = Assessment(workloads=(Workload(name="Chat"), Workload(name=" Chat ")))
    with pytest.raises(InvalidAssessmentError) as caught:
        run(twins)
    (found,) = caught.value.problems
    assert found.path == "workloads[1].name"
    assert found.message == "must differ from that of workload 1; got 'Chat'"


def without_prices() -> Catalog:
    full = small_catalog()
    bare = {
        key: dataclasses.replace(platform, price_usd=None)
        for key, platform in full.platforms.items()
    }
    return Catalog(
        models=full.models,
        accelerators=full.accelerators,
        platforms=bare,
        regions=full.regions,
        use_cases=full.use_cases,
        traffic_shapes=full.traffic_shapes,
        links=full.links,
        assumptions=full.assumptions,
    )


def test_without_a_price_nothing_wins() -> None:
    result = assess(Assessment(), without_prices(), as_of=AS_OF)
    assert result.winner is None
    assert every(result)
    assert all(option.cost is None for option in every(result))
    assert list(not_finite(result)) == []
