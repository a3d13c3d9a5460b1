"""Emissions of options with two parts: those of the whole, or none with what is known of a part."""

from __future__ import annotations

import re

import pytest

from core.economics.assumptions import Assumptions
from tests.core.assess.cases import every, run, small_catalog


def test_a_part_is_not_told_as_the_whole() -> None:
    """An API publishes nothing: what the own servers take is told in words, and as theirs."""
    answer = run(
        workload__users=60_000, workload__growth_per_year=0.0, workload__targets__ttft_ms=2000.0
    )
    catalog, assume = small_catalog(), Assumptions(small_catalog().assumptions)
    region = catalog.regions[answer.assessment.site.region]
    mtok = answer.demand[0].tokens_per_year[0] / 1e6
    found = [o for o in every(answer) if o.venue == "hybrid" and ":token_api/" in o.id]
    assert found
    for option in found:
        known, fleet = option.carbon, option.fleet
        assert known.kwh_per_mtok is None and known.total_t_per_year is None
        assert known.embodied_g_per_mtok is None  # it was that of the own part
        told = re.fullmatch(
            r"The API publishes none; the own servers alone draw ([\d,]+) kWh a year, cooling and "
            r"losses included; making them causes ([\d.]+) gCO2e per million tokens of all",
            known.source,
        )
        assert told, known.source
        pue = (
            assume.base("colocation_pue")
            if "colocation" in option.title
            else region.pue_enterprise or 0.0
        )
        assert fleet.average_kw is not None
        kwh = fleet.average_kw * 8760 * pue
        assert float(told[1].replace(",", "")) == pytest.approx(kwh, abs=0.6)
        made = fleet.accelerators * assume.base("embodied_kg_accelerator")
        made += fleet.accelerators / 8 * assume.base("embodied_kg_server")
        assert float(told[2]) == pytest.approx(made / 5 * 1000 / mtok, rel=0.005)
