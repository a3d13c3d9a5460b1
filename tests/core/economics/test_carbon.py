"""Carbon of making the hardware, by hand."""

from __future__ import annotations

import dataclasses

import pytest

from core.catalog.load import load_catalog
from core.economics.assumptions import Assumptions
from core.economics.carbon import embodied_kg, embodied_source, is_small_box
from tests.core.assess.cases import run

CATALOG = load_catalog()
ASSUME = Assumptions(CATALOG.assumptions)


def test_a_server_and_a_quarter_of_one() -> None:
    """8 x 273 + 5,700 = 7,884 kg; two accelerators in a server case a quarter: 1,971 kg."""
    assert embodied_kg(ASSUME, 8, 1, CATALOG.platforms["hgx-h100-8"]) == pytest.approx(7884)
    edge_server = CATALOG.platforms["edge-l40s-2"]
    assert not is_small_box(edge_server)
    assert embodied_kg(ASSUME, 2, 1, edge_server) == pytest.approx(1971)


def test_a_small_box_counts_by_its_weight() -> None:
    """A desktop box of 3.6 kg at 100 kg per kg: 360 kg, where the flat figure gave 985."""
    box = CATALOG.platforms["mac-studio-m3-ultra"]
    assert (box.weight_kg, is_small_box(box)) == (3.6, True)
    assert embodied_kg(ASSUME, 1, 1, box) == pytest.approx(360)
    assert embodied_kg(ASSUME, 400, 400, box) == pytest.approx(144_000)
    assert "3.6 kg x 100 kgCO2e per kg (46 to 173)" in embodied_source(ASSUME, box)
    unknown = dataclasses.replace(box, weight_kg=None)
    assert embodied_kg(ASSUME, 1, 1, unknown) == pytest.approx(300)
    assert "(assumed)" in embodied_source(ASSUME, unknown)


def test_the_source_of_both_parts_is_told_once() -> None:
    for option in run(site__venues=("on_premises", "public_cloud", "hybrid")).options:
        assert option.carbon.source.count("embodied carbon") <= 2  # base and burst of a hybrid
        if option.venue == "on_premises":
            assert option.carbon.source.count("embodied carbon") == 1
