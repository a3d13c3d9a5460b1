"""A recommendation on own measurements: other numbers where measured, said, and nowhere else."""

from __future__ import annotations

import dataclasses
import json

import pytest

from core.analysis import analyse
from core.assess import assess
from core.assessment import Assessment, with_value
from core.interchange.exports import results_json
from core.performance import parameters as par
from core.performance.own_measurements import OwnMeasurements
from core.recommendation import Recommendation
from tests.core.assess.cases import AS_OF, every, run, small_catalog
from tests.core.performance.own_site import whole_refit

OWN = whole_refit(0.6, errors=())


def recommended(own: OwnMeasurements | None) -> Recommendation:
    asked = with_value(Assessment(), "site.venues", ("on_premises",))
    asked = with_value(asked, "workloads[0].model", "meta-llama/Llama-3.3-70B-Instruct")
    asked = dataclasses.replace(asked, own_measurements=own)
    return assess(asked, small_catalog(), as_of=AS_OF)


@pytest.fixture(scope="module")
def both() -> tuple[Recommendation, Recommendation]:
    return recommended(None), recommended(OWN)


def test_only_what_was_measured_gets_slower(both: tuple[Recommendation, Recommendation]) -> None:
    shipped, own = (
        {(o.id, s.configuration): s for o in every(r) for s in o.servings} for r in both
    )
    hopper = {"h100-sxm", "h200-nvl"}
    slower = same = 0
    for key in shipped.keys() & own.keys():
        a, b = shipped[key], own[key]
        if not a.saturation_req_s or not b.saturation_req_s:
            continue
        if a.accelerator_id in hopper:
            slower += 1
            assert b.saturation_req_s < 0.95 * a.saturation_req_s
        else:
            same += 1
            assert b.saturation_req_s == a.saturation_req_s
    assert slower and same


def test_it_is_said_everywhere(both: tuple[Recommendation, Recommendation]) -> None:
    shipped, own = both
    assert shipped.own_measurements is None
    assert own.own_measurements == OWN
    assert any("own measurements: 24 values" in n.text for n in own.notices)
    assert not any("own measurements" in n.text for n in shipped.notices)
    told = json.loads(results_json(own))["assessment"]["own_measurements"]
    assert told["terms"][0]["factor"] == 0.6
    notes = {s.evidence_note for o in every(own) for s in o.servings if s.evidence == "measured"}
    assert any(note.startswith("Own measurements of this model") for note in notes)


def test_nothing_of_it_stays_behind(both: tuple[Recommendation, Recommendation]) -> None:
    assert par.active() is par.shipped()
    assert recommended(None) == both[0]


@pytest.mark.full  # two whole analyses; that the bills they start from do is asked below
def test_the_analysis_runs_on_the_same_parameters() -> None:
    own = recommended(OWN)
    found = analyse(own, small_catalog(), samples=64)
    forgotten = dataclasses.replace(own.assessment, own_measurements=None)
    bare = analyse(dataclasses.replace(own, assessment=forgotten), small_catalog(), samples=64)
    assert found.uncertainty != bare.uncertainty
    assert par.active() is par.shipped()


def test_at_base_the_bills_are_those_of_the_recommendation() -> None:
    from core.analysis.fitting import bills_of
    from core.analysis.future_cost import one_at_a_time
    from core.analysis.narrow import Narrow

    own = recommended(OWN)
    with par.use(par.with_own(OWN)):
        bills = bills_of(Narrow(own, small_catalog()), lambda share: None)
    costs = one_at_a_time(bills, ["load"], [0.0])[0, 0]
    for bill, cost in zip(bills.bills, costs, strict=True):
        assert bill.option.cost is not None
        assert cost == pytest.approx(bill.option.cost.usd_per_mtok.base, rel=1e-6)


def test_shipped_parameters_are_the_default() -> None:
    assert run(site__venues=("on_premises",)).own_measurements is None
