"""Presets: typical workloads and sites that prefill an assessment, and new assessments."""

from __future__ import annotations

import dataclasses
import difflib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from core.assessment import Assessment, Site, Workload
from core.assessment.fields import check, default_of, fields_of
from core.assessment.names import default_name
from core.assessment.workload import DEFAULT_NAME
from core.catalog.errors import CatalogError, UnknownNameError
from core.catalog.load import Catalog
from core.catalog.types import Provenance, UseCase
from core.words import _

SITES = "sites.json"
TITLE, DESCRIPTION = "title", "description"
"""What of a site preset is translated."""


@dataclass(frozen=True, slots=True)
class SitePreset:
    """Typical limits of a place: the site's fields it sets, and where the figures come from."""

    id: str
    title: str
    description: str
    values: Mapping[str, Any]
    provenance: Provenance


def use_case_presets(catalog: Catalog) -> tuple[UseCase, ...]:
    """The workload presets, in the catalog's order."""
    return tuple(catalog.use_cases.values())


def filled_by(use_case: UseCase) -> frozenset[str]:
    """The inputs, of the workload and of its targets, that ``apply_use_case`` fills from a preset.

    Without its name and model, which follow it only while they are nobody's own.
    """
    filled = {
        "input_tokens_mean", "input_tokens_p95", "output_tokens_mean", "output_tokens_p95",
        "prefix_cache_share", "reasoning_token_share", "batchable_share", "traffic_entry",
        "percentile", "ttft_ms", "tpot_ms", "e2e_ms", "answer_ttft_ms",
    }  # fmt: skip  # a line per kind
    if use_case.requests_per_user_hour is not None:
        filled.add("requests_per_user_hour")
        if use_case.active_user_fraction is not None:
            filled.add("active_user_fraction")
    if use_case.traffic_shape:
        filled.add("traffic_shape")
    return frozenset(filled)


def apply_use_case(
    workload: Workload, use_case: UseCase, previous: UseCase | None = None
) -> Workload:
    """The workload with a preset's tokens, cache share, targets, traffic and week.

    What the preset does not know stays: a machine-driven one has no requests per user, so the
    traffic is then entered in requests per second. Name and model follow while they are still the
    default or the ``previous`` preset's. A week of the user's own stays.
    """
    changes: dict[str, Any] = {
        "use_case": use_case.id,
        "input_tokens_mean": use_case.input_tokens_mean,
        "input_tokens_p95": use_case.input_tokens_p95,
        "output_tokens_mean": use_case.output_tokens_mean,
        "output_tokens_p95": use_case.output_tokens_p95,
        "prefix_cache_share": use_case.prefix_cache_share,
        "reasoning_token_share": use_case.reasoning_token_share,
        "batchable_share": use_case.batchable_share,
        "targets": dataclasses.replace(
            workload.targets,
            percentile=use_case.percentile,
            ttft_ms=use_case.ttft_ms,
            tpot_ms=use_case.tpot_ms,
            e2e_ms=use_case.e2e_ms,
            answer_ttft_ms=None,
        ),
    }
    if use_case.requests_per_user_hour is None:
        changes["traffic_entry"] = "requests"
    else:
        changes["traffic_entry"] = "users"
        changes["requests_per_user_hour"] = use_case.requests_per_user_hour
        if use_case.active_user_fraction is not None:
            changes["active_user_fraction"] = use_case.active_user_fraction
    if use_case.traffic_shape:
        changes["traffic_shape"] = use_case.traffic_shape
    usual = default_of(Workload, "model")
    if workload.model in (usual, previous.model if previous else usual):
        changes["model"] = use_case.model or usual
    ours = {"", DEFAULT_NAME, _(DEFAULT_NAME)}
    if previous:
        ours |= {previous.title, _(previous.title)}
    if workload.name in ours:
        changes["name"] = _(use_case.title)
    return dataclasses.replace(workload, **changes)


@cache
def _site_table() -> Mapping[str, Mapping[str, Any]]:
    text = files("resources.presets").joinpath(SITES).read_text(encoding="utf-8")
    try:
        table = json.loads(text)
    except json.JSONDecodeError as error:
        raise CatalogError(SITES, error.lineno, None, error.msg, _("JSON is expected")) from None
    return MappingProxyType(table)


def site_values(preset_id: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A preset's values, checked against the site's fields. Raises ``CatalogError``."""
    specs = dict(fields_of(Site))
    found = {}
    for key, given in values.items():
        value = tuple(given) if isinstance(given, list) else given
        wrong = check(specs[key], value) if key in specs else "is no field of a site"
        if wrong:
            raise CatalogError(SITES, None, f"{preset_id}.{key}", given, wrong)
        found[key] = value
    return MappingProxyType(found)


def site_presets() -> tuple[SitePreset, ...]:
    """The site presets, in the file's order, their texts translated. Raises ``CatalogError``."""
    return tuple(
        SitePreset(
            id=key,
            title=_(entry[TITLE]),
            description=_(entry[DESCRIPTION]),
            values=site_values(key, entry["values"]),
            provenance=Provenance(entry["source"], entry["as_of"], entry["confidence"]),
        )
        for key, entry in _site_table().items()
    )


def apply_site(site: Site, preset: SitePreset) -> Site:
    """The site with a preset's limits; what the preset does not speak of stays."""
    return dataclasses.replace(site, **preset.values)


def site_preset_of(site: Site) -> str:
    """Id of the first preset whose limits a site has, "" where it is like none."""
    return next((p.id for p in site_presets() if apply_site(site, p) == site), "")


def with_room_for(workload: Workload, catalog: Catalog) -> Workload:
    """The workload with a model whose context holds its prompts and answers.

    The model stays where it does; else the offered one nearest in size that does takes its place.
    """
    tokens = workload.input_tokens_p95 + workload.output_tokens_p95
    now = catalog.models.get(workload.model)
    if now is None or now.max_context >= tokens:
        return workload
    roomy = [m for m in catalog.models.values() if m.offered and m.max_context >= tokens]
    if not roomy:
        return workload
    size = math.log(now.total_params_b)
    nearest = min(roomy, key=lambda m: (abs(math.log(m.total_params_b) - size), m.id))
    return dataclasses.replace(workload, model=nearest.id)


def new_assessment(preset_id: str | None, catalog: Catalog) -> Assessment:
    """A new assessment: the defaults, with a use case or a site preset applied.

    Where the catalog (a subset) lacks the default model, its first offered one takes its place;
    where the preset's prompts exceed its context, one that holds them.
    Raises ``UnknownNameError``.
    """
    assessment = Assessment()
    workload = dataclasses.replace(assessment.workloads[0], name=default_name(""))
    if workload.model not in catalog.models:
        first = next(iter(catalog.model_names()), workload.model)
        workload = dataclasses.replace(workload, model=first)
    sites = {preset.id: preset for preset in site_presets()}
    site = assessment.site
    if preset_id in sites:
        site = apply_site(site, sites[preset_id])
    elif preset_id is not None:
        try:
            filled = apply_use_case(workload, catalog.use_cases[preset_id])
            if filled.model not in catalog.models:
                filled = dataclasses.replace(filled, model=workload.model)
            workload = with_room_for(filled, catalog)
        except KeyError:
            near = difflib.get_close_matches(preset_id, [*catalog.use_cases, *sites], 3, 0.4)
            raise UnknownNameError("preset", preset_id, near) from None
    return dataclasses.replace(assessment, workloads=(workload,), site=site)
