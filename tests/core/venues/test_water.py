"""Water for cooling: litres per kWh of IT energy where known, and not known elsewhere."""

from __future__ import annotations

import pytest

from core.recommendation import Option, Recommendation
from tests.core.assess.cases import every, run


@pytest.fixture(scope="module")
def answer() -> Recommendation:
    """A flat bill: no growth, an own room that evaporates 1.5 litres per kWh."""
    return run(
        workload__growth_per_year=0.0, workload__targets__ttft_ms=2000.0, site__wue_l_kwh=1.5
    )


def at(answer: Recommendation, venue: str) -> list[Option]:
    return [o for o in every(answer) if o.venue == venue and o.cost]


def test_the_own_room_takes_what_the_user_says(answer: Recommendation) -> None:
    for option in at(answer, "on_premises"):
        assert option.fleet.average_kw is not None
        litres = option.fleet.average_kw * 8760 * 1.5
        assert option.carbon.water_m3_per_year == pytest.approx(litres / 1000)
        tokens = answer.demand[0].tokens_per_year[0] / 1e6
        assert option.carbon.water_l_per_mtok == pytest.approx(litres / tokens)
        assert option.carbon.water_source.endswith("your input")


def test_large_clouds_publish_it_others_do_not(answer: Recommendation) -> None:
    for option in at(answer, "public_cloud"):
        known = option.carbon.kwh_per_mtok
        if known is not None:  # 0.2 litres per kWh of IT energy; the kWh are with a PUE of 1.25
            assert option.carbon.water_l_per_mtok == pytest.approx(known / 1.25 * 0.2)
            assert "Microsoft" in option.carbon.water_source
    for venue in ("gpu_cloud", "token_api", "colocation", "edge"):
        for option in at(answer, venue):
            assert option.carbon.water_l_per_mtok is None
            assert option.carbon.water_m3_per_year is None


def test_not_known_stays_not_known() -> None:
    for option in at(run(site__venues=("on_premises",)), "on_premises"):
        assert option.carbon.water_l_per_mtok is None and option.carbon.water_source == ""
    dry = run(site__venues=("on_premises",), site__wue_l_kwh=0.0)
    assert {o.carbon.water_l_per_mtok for o in at(dry, "on_premises")} == {0.0}
