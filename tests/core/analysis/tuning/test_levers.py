"""Levers on the user's own case: each has an effect or a reason, held against other ways."""

from __future__ import annotations

import copy
import dataclasses
import re

import numpy as np
import pytest

from core.analysis import tuning
from core.analysis.tuning import host_cache, pools_apart, shared_base
from core.analysis.tuning.case import (
    Case,
    case_of,
    compared,
    prompt_sentence,
    ratio_sentence,
    split_sentence,
)
from core.assess import assess
from core.assessment import Assessment, with_value
from core.candidates import Policy
from core.catalog.load import load_catalog
from core.recommendation import LeverEffect, Recommendation
from core.venues.demand import demands_of
from tests.core.assess.cases import AS_OF, run, small_catalog


def effects(answer: Recommendation) -> dict[str, LeverEffect]:
    return {effect.key: effect for effect in tuning.levers(answer, small_catalog())}


def case(answer: Recommendation) -> Case:
    assert answer.winner is not None
    return case_of(answer, small_catalog(), answer.winner)


@pytest.fixture(scope="module")
def owned() -> Recommendation:
    return run(
        site__venues=("on_premises",),
        workload__targets__ttft_ms=2000.0,
        workload__prefix_cache_share=0.3,
    )


@pytest.fixture(scope="module")
def rented() -> Recommendation:
    return run(site__venues=("public_cloud",), workload__targets__ttft_ms=2000.0)


@pytest.mark.parametrize("which", ["owned", "rented"])
def test_every_lever_has_an_effect_or_a_reason(which: str, request: pytest.FixtureRequest) -> None:
    answer = request.getfixturevalue(which)
    found = effects(answer)
    assert set(found) == set(small_catalog().levers)
    for effect in found.values():
        if effect.applies:
            known = effect.cost_change is not None and effect.power_change is not None
            assert known or "would not run on this hardware" in effect.note, effect
        else:
            assert effect.note.startswith("Does not apply here: ")
            assert effect.note.endswith(".") and effect.cost_change is None


def test_those_to_try_come_first_then_those_in_use(owned: Recommendation) -> None:
    found = tuning.levers(owned, small_catalog())
    groups = [2 if not x.applies else 1 if x.in_use else 0 for x in found]
    assert groups == sorted(groups)
    assert {0, 1, 2} == set(groups)
    for group in (0, 1):
        costs = [x.cost_change for x, g in zip(found, groups, strict=True) if g == group]
        known = [c for c in costs if c is not None]
        assert known == sorted(known)


def test_a_lever_not_in_use_is_held_against_what_is_recommended(owned: Recommendation) -> None:
    asked = case(owned)
    before, after = asked.base, asked.option(owned.assessment, Policy(weights=("int4",)))
    assert before is not None and before.cost is not None
    assert after is not None and after.cost is not None
    found = effects(owned)["int4_weight_only"]
    expected = after.cost.usd_per_mtok.base / before.cost.usd_per_mtok.base - 1.0
    assert not found.in_use
    assert found.cost_change == pytest.approx(expected)


def test_a_jump_names_the_servers_on_both_sides(owned: Recommendation) -> None:
    assert owned.winner is not None
    units = max(owned.winner.fleet.units_by_year)
    wide = case(owned).option(owned.assessment, Policy(weights=("bf16",)))
    assert wide is not None
    without = max(wide.fleet.units_by_year)
    note = effects(owned)["fp8_w8a8"].note
    if without == units:
        assert "either way" in note
    else:
        servers = "server" if units == 1 else "servers"
        assert f"It takes {units} {servers} instead of {without}:" in note


def test_fewer_bits_than_the_inputs_accept_are_said(owned: Recommendation) -> None:
    assert owned.assessment.workloads[0].lowest_precision == "fp8"
    assert "accept no fewer than 8 bits" in effects(owned)["int4_weight_only"].note


def test_what_the_inputs_rule_out_and_what_no_publication_shows_is_marked(
    owned: Recommendation,
) -> None:
    found = effects(owned)
    assert found["int4_weight_only"].against_inputs and not found["spec_decode"].against_inputs
    catalog = small_catalog()
    for effect in found.values():
        gains = catalog.levers[effect.key].throughput_x
        if effect.beyond_published:  # 1 / (1 - saving) is how many times more the money serves
            assert gains is not None and effect.cost_change is not None
            assert 1.0 / (1.0 + effect.cost_change) > max(gains)


def test_a_saving_beyond_what_is_published_is_doubted_at_the_lever_itself(
    owned: Recommendation,
) -> None:
    """Were nobody to have published any gain, every saving would be more than that."""
    catalog = small_catalog()
    without = {
        key: dataclasses.replace(lever, throughput_x=(1.0, 1.0, 1.0))
        for key, lever in catalog.levers.items()
    }
    unpublished = copy.copy(catalog)
    vars(unpublished)["levers"] = without
    found = tuning.levers(owned, unpublished)
    saving = [e for e in found if e.applies and (e.cost_change or 0.0) < 0]
    assert saving
    for effect in found:
        told = "That is more than published runs gain: test it first." in effect.note
        assert told == effect.beyond_published == (effect in saving)


def test_a_precision_that_the_model_is_published_in_is_no_lever() -> None:
    """gpt-oss exists in MXFP4 alone: there is nothing wider to hold it against."""
    few = load_catalog().subset(
        models=("openai/gpt-oss-20b",), platforms=("h100-nvl-8",), cloud_offers=()
    )
    assessment = with_value(Assessment(), "site.venues", ("on_premises",))
    for path, value in {
        "workloads[0].model": "openai/gpt-oss-20b",
        "workloads[0].lowest_precision": "fp4",
        "workloads[0].users": 200,
    }.items():
        assessment = with_value(assessment, path, value)
    answer = assess(assessment, few, as_of=AS_OF)
    assert answer.winner is not None
    found = {effect.key: effect for effect in tuning.levers(answer, few)}
    assert answer.winner.servings[0].weight_precision == "fp4"
    assert not found["fp4"].applies and "published in FP4" in found["fp4"].note
    assert not found["fp8_w8a8"].applies and "stored in FP4 already" in found["fp8_w8a8"].note


def test_without_a_lever_in_use_the_model_may_not_run_at_all(owned: Recommendation) -> None:
    base = case(owned).base
    assert base is not None
    found = compared(None, base, in_use=True)
    assert found.applies and found.in_use and found.cost_change is None
    assert "would not run" in found.sentences[0]
    assert not compared(base, None, in_use=False).applies


# -- batching, autoscaling, pools ------------------------------------------------------------


def test_continuous_batching_never_costs_more_than_static(owned: Recommendation) -> None:
    found = effects(owned)["continuous_batching"]
    assert found.in_use and found.cost_change is not None and found.cost_change <= 1e-3
    assert found.ttft_change is not None and found.ttft_change < 0.0


def test_a_fixed_fleet_never_costs_less_than_one_by_the_hour(rented: Recommendation) -> None:
    found = effects(rented)["autoscale"]
    assert found.in_use and found.cost_change is not None and found.cost_change <= 1e-9


def test_putting_bought_servers_off_saves_no_more_than_their_energy() -> None:
    owned = run(site__venues=("on_premises",), workload__users=60_000, site__total_power_kw=1e3)
    assert owned.winner is not None and max(owned.winner.fleet.units_by_year) > 1
    found = effects(owned)["autoscale"]
    assert owned.winner is not None and owned.winner.cost is not None
    cost = owned.winner.cost
    energy = sum(x.present_value_usd for x in cost.lines if x.kind == "energy") / cost.npv_usd
    assert found.applies and found.cost_change is not None and found.power_change is not None
    assert -energy <= found.cost_change < 0.0
    assert -1.0 < found.power_change < 0.0


def test_separate_pools_carry_what_is_told(owned: Recommendation) -> None:
    found = effects(owned)["pd_disagg"]
    assert owned.winner is not None
    told = pools_apart.effect(case(owned).plain, owned.winner, 8)
    assert told is not None and found.ttft_change == pytest.approx(told.ttft_change)
    (serving,) = owned.winner.servings
    assert serving.capacity_req_s is not None
    rate = told.per_accelerator * serving.capacity_req_s / serving.accelerators_per_replica
    assert told.accelerators * rate >= 0.8 * max(serving.peak_req_s_by_year)


def test_separate_pools_tell_one_ratio_and_each_thing_once(owned: Recommendation) -> None:
    """The ratio is the quotient of the two rates beside it."""
    found = effects(owned)["pd_disagg"]
    assert owned.winner is not None
    told = pools_apart.effect(case(owned).plain, owned.winner, 8)
    assert told is not None
    sentences = re.split(r"(?<=[.]) (?=[A-Z])", found.note)
    assert len(set(sentences)) == len(sentences)
    rates = re.search(r"serve ([\d.,]+) requests/s .* against ([\d.,]+) in one pool", told.note)
    assert rates is not None
    apart, one = (float(x.replace(",", "")) for x in rates.groups())
    assert told.per_accelerator == pytest.approx(apart / one, rel=0.01)
    ratios = [x for x in sentences if x.startswith("With it an accelerator carries")]
    assert ratios == [x for x in [ratio_sentence(told.per_accelerator)] if x]


def test_separate_pools_need_a_configuration_that_serves(owned: Recommendation) -> None:
    assert owned.winner is not None
    study = case(owned).plain
    (serving,) = owned.winner.servings
    for changes in ({"accelerator_id": "no-such-card"}, {"capacity_req_s": 0.0}):
        other = dataclasses.replace(serving, **changes)
        option = dataclasses.replace(owned.winner, servings=(other,))
        assert pools_apart.effect(study, option, 8) is None


# -- prefixes in host memory ------------------------------------------------------------------


def test_the_way_over_pcie_by_hand(owned: Recommendation) -> None:
    assert owned.winner is not None
    (serving,) = owned.winner.servings
    model = small_catalog().models[serving.model_id]
    profile = demands_of(owned.assessment, small_catalog().models, small_catalog().traffic_shapes)[
        0
    ].profile
    bytes_each = {"fp8": 1.0, "bf16": 2.0}[serving.kv_precision or "bf16"]
    tokens = 0.3 * profile.input_tokens_mean
    held = model.kv_elems_per_token_full * bytes_each * tokens / serving.tp
    base = case(owned).base
    assert base is not None
    moved = host_cache._moved_ms(case(owned), base, 0.3)
    # paged memory loses a few percent of a block
    assert moved == pytest.approx(held / 50e9 * 1e3, rel=0.08)


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "no part of your prompts repeats"), (0.7, "already find 70 %")]
)
def test_where_more_prefixes_cannot_be_found(share: float, said: str) -> None:
    answer = run(site__venues=("on_premises",), workload__prefix_cache_share=share)
    found = effects(answer)["kv_offload"]
    assert not found.applies and said in found.note


# -- workloads on one base --------------------------------------------------------------------


def twins() -> Assessment:
    """The default workload twice, half the users each."""
    asked = with_value(Assessment(), "workloads[0].users", 3000)
    asked = with_value(asked, "site.venues", ("on_premises",))
    first = asked.workloads[0]
    return dataclasses.replace(asked, workloads=(first, dataclasses.replace(first, name="Another")))


def test_twins_merged_are_one_workload_of_twice_the_users() -> None:
    catalog = small_catalog()
    demands = demands_of(twins(), catalog.models, catalog.traffic_shapes)
    whole = with_value(Assessment(), "workloads[0].users", 6000)
    (one,) = demands_of(whole, catalog.models, catalog.traffic_shapes)
    merged = shared_base.merge(demands)
    assert merged.hours == pytest.approx(one.hours)
    assert merged.growth == pytest.approx(one.growth)
    assert merged.profile == one.profile and merged.targets == one.targets


def test_lengths_are_weighted_by_requests_and_targets_are_the_tightest() -> None:
    asked = with_value(twins(), "workloads[1].output_tokens_mean", 100.0)
    asked = with_value(asked, "workloads[1].users", 9000)
    asked = with_value(asked, "workloads[1].targets.ttft_ms", 300.0)
    catalog = small_catalog()
    one, two = demands_of(asked, catalog.models, catalog.traffic_shapes)
    merged = shared_base.merge((one, two))
    long = one.profile.output_tokens_mean
    assert merged.profile.output_tokens_mean == pytest.approx((long + 3 * 100.0) / 4.0)
    assert merged.targets.ttft_ms == 300.0
    assert float(np.sum(merged.output_tokens)) == pytest.approx(
        float(np.sum(one.output_tokens + two.output_tokens))
    )


def test_one_pool_for_two_fine_tunes_is_computed() -> None:
    answer = run(twins())
    found = effects(answer)["multi_lora"]
    # Never more servers; the fuller ones of the pool may draw a little more power.
    assert found.applies and found.cost_change is not None and found.cost_change <= 1e-3
    assert "“Another”" in found.note
    alone = effects(run(site__venues=("on_premises",)))["multi_lora"]
    assert not alone.applies and "no two workloads" in alone.note


def test_eight_bits_are_called_by_what_the_hardware_has() -> None:
    """A Jetson Orin computes 8-bit integers and no 8-bit floats; an H100 has both."""
    box = load_catalog().subset(accelerators=("jetson-agx-orin-64gb",))
    assessment = with_value(Assessment(), "site.venues", ("edge",))
    for path, value in {
        "workloads[0].model": "Qwen/Qwen3-4B",
        "workloads[0].users": 20,
        "workloads[0].targets.ttft_ms": 5000.0,
        "workloads[0].targets.tpot_ms": None,
        "workloads[0].targets.e2e_ms": None,
    }.items():
        assessment = with_value(assessment, path, value)
    answer = assess(assessment, box, as_of=AS_OF)
    assert answer.winner is not None
    found = {effect.key: effect for effect in tuning.levers(answer, box)}
    assert found["fp8_w8a8"].label.startswith("INT8 ")
    assert "Hopper" not in found["fp8_w8a8"].note
    assert found["fp4"].label.endswith("(vs INT8)")
    served = answer.winner.servings[0].weight_precision
    assert found["fp8_w8a8"].in_use == (served == "int8")


def test_eight_bits_are_floats_where_the_hardware_has_them(owned: Recommendation) -> None:
    assert effects(owned)["fp8_w8a8"].label.startswith("FP8 ")


@pytest.mark.parametrize(
    ("was", "now", "change", "word"),
    [(2, 1, 0.64, "longer"), (1, 2, -0.35, "quicker"), (2, 2, 0.64, ""), (2, 1, 0.02, ""),
     (2, 1, -0.4, ""), (1, 2, None, "")],
)  # fmt: skip  # a table
def test_a_pace_is_explained_only_where_the_replica_explains_it(
    was: int, now: int, change: float | None, word: str
) -> None:
    text = split_sentence(was, now, change)
    assert (word in text and f"replicas of {now} instead of {was}" in text) if word else text == ""


@pytest.mark.parametrize(
    ("was", "now", "change", "word"),
    [(2, 1, 0.5, "later"), (1, 2, -0.3, "sooner"), (2, 2, 0.5, ""), (2, 1, 0.05, ""),
     (2, 1, -0.5, ""), (1, 2, None, "")],
)  # fmt: skip  # a table
def test_a_first_token_is_explained_by_the_replica_where_it_follows(
    was: int, now: int, change: float | None, word: str
) -> None:
    text = prompt_sentence(was, now, change)
    assert (word in text and f"replicas of {now} instead of {was}" in text) if word else text == ""


def test_a_lever_on_weights_leaves_a_model_published_in_as_few_bits_alone() -> None:
    """Two workloads on one server, one of them on a model that exists in 4 bits alone."""
    few = load_catalog().subset(
        models=("openai/gpt-oss-20b", "Qwen/Qwen3-32B"), platforms=("h100-nvl-8",), cloud_offers=()
    )
    first = dataclasses.replace(
        Assessment().workloads[0], name="Small", model="openai/gpt-oss-20b",
        lowest_precision="fp4", users=200,
    )  # fmt: skip  # one record
    second = dataclasses.replace(
        first, name="Large", model="Qwen/Qwen3-32B", lowest_precision="fp8"
    )
    assessment = dataclasses.replace(Assessment(), workloads=(first, second))
    assessment = with_value(assessment, "site.venues", ("on_premises",))
    answer = assess(assessment, few, as_of=AS_OF)
    assert answer.winner is not None
    assert [s.weight_precision for s in answer.winner.servings] == ["fp4", "fp8"]
    here = case_of(answer, few, answer.winner)
    without = here.option(assessment, Policy(weights=("bf16",)))
    assert without is not None
    assert [s.weight_precision for s in without.servings] == ["fp4", "bf16"]
    lever = {effect.key: effect for effect in tuning.levers(answer, few)}["fp8_w8a8"]
    assert lever.in_use and "Told of “Large”." in lever.note


def test_a_pace_that_other_replicas_set_names_them(owned: Recommendation) -> None:
    """The option with replicas of two against that with one, from the engine itself."""
    here = case(owned)
    narrow = here.option(here.assessment, Policy(tensor_parallel=(1,)))
    wide = here.option(here.assessment, Policy(tensor_parallel=(2,)))
    assert narrow is not None and wide is not None
    effect = compared(wide, narrow, in_use=False)
    assert effect.tpot_change is not None and effect.tpot_change > 0.1
    (told,) = [text for text in effect.sentences if "takes longer" in text]
    assert "replicas of 1 instead of 2" in told
