"""Another model takes over within the horizon."""

from __future__ import annotations

import pytest

from core.recommendation import Recommendation
from tests.core.assess.cases import every, not_finite, run

LATER = "Qwen/Qwen3-4B"


@pytest.fixture(scope="module")
def replaced() -> Recommendation:
    return run(workload__replaced_from_year=3, workload__replaced_by=LATER)


def test_each_model_serves_its_own_years(replaced: Recommendation) -> None:
    first, second = replaced.demand
    assert (first.workload, second.model_name) == (second.workload, "Qwen3 4B")
    assert first.peak_req_s_by_year[2:] == (0.0, 0.0)
    assert second.peak_req_s_by_year[:2] == (0.0, 0.0)
    whole = run().demand[0]
    for year in range(4):
        both = first.tokens_per_year[year] + second.tokens_per_year[year]
        assert both == pytest.approx(whole.tokens_per_year[year])
    assert list(not_finite(replaced)) == []


def test_fleets_follow_the_model(replaced: Recommendation) -> None:
    stays, small = run(), run(workload__model=LATER)
    before = {o.id: o for o in every(stays)}
    after = {o.id: o for o in every(small)}
    compared = 0
    for option in every(replaced):
        if option.venue not in ("public_cloud", "gpu_cloud", "on_premises", "colocation"):
            continue
        one, two = before[option.id].fleet.units_by_year, after[option.id].fleet.units_by_year
        units = option.fleet.units_by_year
        if not (one and two and units and units[0]):  # it fits
            continue
        compared += 1
        assert units[:2] == one[:2], option.id
        if option.venue in ("public_cloud", "gpu_cloud"):  # an owned fleet does not shrink
            assert units[2:] == two[2:], option.id
        else:
            assert units[2] >= two[2], option.id
    assert compared > 20


def test_no_replacement_changes_nothing() -> None:
    same = run()
    for values in (
        {"workload__replaced_by": LATER},
        {"workload__replaced_from_year": 3},
        {"workload__replaced_by": LATER, "workload__replaced_from_year": 9},
    ):
        assert run(**values).options == same.options


def test_what_a_much_smaller_model_leaves_idle_is_told(replaced: Recommendation) -> None:
    """Where the use falls to half or less; commitments that run on beyond it are named."""
    told = 0
    for option in every(replaced):
        used = option.fleet.utilisation_by_year
        if option.venue not in ("public_cloud", "gpu_cloud", "on_premises", "colocation"):
            continue
        if option.cost is None or len(used) < 4:
            continue
        notes = " ".join(option.notes)
        assert ("when Qwen3 4B takes over" in notes) == (used[2] <= 0.5 * used[1]), option.id
        told += "when Qwen3 4B takes over" in notes
        line = next((x for x in option.cost.lines if x.key == "cloud_committed"), None)
        beyond = line is not None and "for three years" in line.formula
        if "Commitments of three years run beyond" in notes:
            assert beyond and line is not None and line.yearly_usd[3] > 0
    assert told
    assert all("takes over" not in note for o in every(run()) for note in o.notes)
