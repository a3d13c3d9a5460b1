"""Presets of use cases and sites, and new assessments from them."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assessment import Assessment, Site, Workload, problems
from core.catalog.errors import CatalogError, UnknownNameError
from core.catalog.load import load_catalog
from core.presets import (
    apply_site,
    apply_use_case,
    new_assessment,
    site_preset_of,
    site_presets,
    site_values,
    use_case_presets,
)

CATALOG = load_catalog()
NAMES = {
    table: frozenset(getattr(CATALOG, table))
    for table in ("models", "regions", "use_cases", "traffic_shapes", "links")
}
CASES = [case.id for case in use_case_presets(CATALOG)]
SITES = [preset.id for preset in site_presets()]


@pytest.mark.parametrize("preset_id", [None, *CASES, *SITES])
def test_every_new_assessment_can_be_assessed(preset_id):
    assert problems(new_assessment(preset_id, CATALOG), NAMES) == []


def test_no_preset_means_the_defaults():
    assert new_assessment(None, CATALOG) == Assessment()


def test_a_use_case_sets_what_it_knows():
    workload = apply_use_case(Workload(), CATALOG.use_cases["voice_support"])
    assert workload.use_case == "voice_support"
    assert workload.name == "Voice customer support"
    assert workload.targets.ttft_ms == 300
    assert workload.requests_per_user_hour == 120
    assert workload.traffic_entry == "users"
    assert workload.model == Workload().model
    assert workload.users == Workload().users


def test_machine_driven_use_cases_are_sized_by_requests():
    workload = apply_use_case(Workload(), CATALOG.use_cases["batch_extraction"])
    assert workload.traffic_entry == "requests"
    assert workload.targets.ttft_ms is None
    assert workload.targets.e2e_ms == 86_400_000
    assert workload.batchable_share == 1


def test_the_users_own_name_stays_and_a_presets_name_follows():
    chat, voice = CATALOG.use_cases["interactive_chat"], CATALOG.use_cases["voice_support"]
    own = dataclasses.replace(Workload(), name="Hotline")
    assert apply_use_case(own, voice).name == "Hotline"
    assert apply_use_case(apply_use_case(Workload(), chat), voice, chat).name == voice.title


def test_a_use_case_brings_a_model_of_its_size_unless_one_was_chosen():
    kiosk, chat = CATALOG.use_cases["edge_kiosk"], CATALOG.use_cases["interactive_chat"]
    at_the_till = apply_use_case(Workload(), kiosk)
    assert CATALOG.models[at_the_till.model].total_params_b < 5
    assert apply_use_case(at_the_till, chat, kiosk).model == Workload().model
    own = dataclasses.replace(Workload(), model="openai/gpt-oss-120b")
    assert apply_use_case(own, kiosk).model == "openai/gpt-oss-120b"


def test_every_model_of_a_use_case_is_known_and_has_its_reason():
    fitted = [case for case in CATALOG.use_cases.values() if case.model]
    assert {"edge_kiosk", "classification_routing", "vision_inspection"} <= {c.id for c in fitted}
    for case in fitted:
        assert case.model in CATALOG.models
        assert "; model: " in case.basis
        assert CATALOG.models[case.model].total_params_b < 35


@given(st.sampled_from(CASES), st.sampled_from(CASES))
def test_the_last_use_case_wins_whatever_came_before(first, second):
    before = dataclasses.replace(Workload(), name="Mine")
    direct = apply_use_case(before, CATALOG.use_cases[second])
    detour = apply_use_case(
        apply_use_case(before, CATALOG.use_cases[first]),
        CATALOG.use_cases[second],
        CATALOG.use_cases[first],
    )
    loose = {"requests_per_user_hour", "active_user_fraction"}  # kept where the preset is silent
    for field in dataclasses.fields(Workload):
        if field.name not in loose:
            assert getattr(direct, field.name) == getattr(detour, field.name), field.name


def test_site_presets_set_their_limits_and_leave_the_rest():
    presets = {preset.id: preset for preset in site_presets()}
    site = apply_site(Site(region="FRA"), presets["air_gapped"])
    assert site.air_gapped
    assert site.venues == ("on_premises", "edge")
    assert site.region == "FRA"
    assert apply_site(Site(), presets["own_server_room"]).rack_power_kw == 12
    assert apply_site(Site(), presets["liquid_hall"]).cooling == "liquid"
    assert apply_site(Site(), presets["eu_sovereign"]).data_residency == "eu"


def test_every_site_preset_says_where_it_comes_from():
    for preset in site_presets():
        assert preset.title
        assert preset.description
        assert preset.provenance.source
        json.dumps(dict(preset.values))


def test_wrong_values_are_refused_with_their_place():
    with pytest.raises(CatalogError, match=r"sites\.json.*x\.cooling"):
        site_values("x", {"cooling": "ice"})
    with pytest.raises(CatalogError, match="no field of a site"):
        site_values("x", {"colour": "blue"})


def test_unknown_presets_bring_the_nearest():
    with pytest.raises(UnknownNameError, match="air_gapped"):
        new_assessment("airgaped", CATALOG)


def test_a_small_catalog_brings_its_own_model():
    small = CATALOG.subset(models=["openai/gpt-oss-20b"])
    assert new_assessment(None, small).workloads[0].model == "openai/gpt-oss-20b"


@pytest.mark.parametrize("preset", sorted(CATALOG.use_cases))
def test_every_preset_starts_with_a_model_that_holds_its_prompts(preset: str) -> None:
    (workload,) = new_assessment(preset, CATALOG).workloads
    model = CATALOG.models[workload.model]
    assert model.max_context >= workload.input_tokens_p95 + workload.output_tokens_p95
    if CATALOG.models[Workload().model].max_context >= (
        workload.input_tokens_p95 + workload.output_tokens_p95
    ):
        assert workload.model == (CATALOG.use_cases[preset].model or Workload().model)


def test_a_site_is_told_to_be_like_the_preset_that_it_has_the_limits_of() -> None:
    for preset in site_presets():
        site = apply_site(Site(), preset)
        like = next(p for p in site_presets() if p.id == site_preset_of(site))
        assert all(getattr(site, key) == value for key, value in like.values.items())
    assert site_preset_of(dataclasses.replace(Site(), rack_power_kw=11.0)) == ""
