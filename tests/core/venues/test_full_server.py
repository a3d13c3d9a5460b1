"""What tokens cost on a server that is always full, from the option's own figures."""

from __future__ import annotations

import pytest

from core.recommendation import Recommendation
from tests.core.assess.cases import run

PER_SERVER = {"staff"}
"""Lines that do not grow with servers."""


@pytest.fixture(scope="module")
def answer() -> Recommendation:
    return run(
        site__venues=("on_premises", "token_api"),
        workload__growth_per_year=0.0,
        workload__targets__ttft_ms=2000.0,
    )


def test_a_full_server_is_cheaper_by_how_little_servers_are_used(answer: Recommendation) -> None:
    own = next(o for o in answer.options if o.venue == "on_premises")
    assert own.cost is not None and own.fleet.utilisation is not None
    grows = sum(x.present_value_usd for x in own.cost.lines if x.key not in PER_SERVER)
    today = own.cost.usd_per_mtok.base * grows / own.cost.npv_usd
    assert own.cost.usd_per_mtok_next_server == pytest.approx(today * own.fleet.utilisation)


def test_an_api_has_no_server_to_fill(answer: Recommendation) -> None:
    api = next(o for o in answer.options if o.venue == "token_api")
    assert api.cost is not None and api.cost.usd_per_mtok_next_server is None
