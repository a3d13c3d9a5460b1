"""What is known of a hosted API without its provider: the users' own way out."""

from __future__ import annotations

import pytest

from tests.core.assess.cases import run, small_catalog


@pytest.mark.parametrize("beyond", [False, True])
def test_a_first_token_is_never_sooner_than_the_way_there_and_back(beyond: bool) -> None:
    way_ms = small_catalog().links["nearest_region_internet"].rtt_ms.low
    answer = run(
        site__venues=("token_api",),
        site__wan_link="nearest_region_internet",
        workload__targets__ttft_ms=way_ms * (1.1 if beyond else 0.9),
    )
    assert bool(answer.options) == beyond
    (status,) = {
        g.status for o in (answer.options or answer.rejected) if o.venue == "token_api"
        for g in o.gates if g.key == "ttft"
    }  # fmt: skip  # one look-up
    assert status == ("unknown" if beyond else "fail")
