"""Hard limits, checked before scoring. Every gate answers pass, fail or unknown.

Unknown is not a pass: an option may lead with it, but carries it as a condition to confirm.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from core.assessment import Assessment
from core.assessment.site import VENUES
from core.decision import people_gates, site_gates
from core.decision.facts import (
    HOSTED,
    DecisionCatalog,
    context_limit,
    currency_of,
    in_eu,
    offer_country,
    runs_everywhere,
    site_region,
)
from core.decision.verdicts import gate
from core.decision.wording import milliseconds, number, round_up
from core.recommendation import Currency, Gate, Option, Serving, TargetCheck
from core.words import _

VENUE_NAMES = dict(VENUES)
PERCENTILE_NAMES = {
    "p50": "median",
    "p90": "90th percentile",
    "p95": "95th percentile",
    "p99": "99th percentile",
}


def gates_for(
    option: Option,
    assessment: Assessment,
    catalog: DecisionCatalog,
    as_of: str,
    *,
    currency: Currency | None = None,
) -> tuple[Gate, ...]:
    """Every hard limit that applies to an option, in the order of checking.

    ``as_of`` is the ISO date of the answer; money limits of the assessment are in its currency
    (``currency`` spares looking it up).
    """
    currency = currency or currency_of(assessment, catalog)
    return (
        *_place(option, assessment, catalog),
        *_models(option, assessment, catalog),
        *_latency(option, assessment),
        *site_gates.checks(option, assessment, catalog),
        *people_gates.money_gates(option, assessment, currency),
        people_gates.lead_time(option, assessment, as_of),
        people_gates.availability(option, assessment),
        people_gates.skills(option, assessment),
    )


# -- where -----------------------------------------------------------------------------------


def _place(option: Option, assessment: Assessment, catalog: DecisionCatalog) -> Iterator[Gate]:
    site, venue = assessment.site, option.venue
    name = VENUE_NAMES.get(venue, venue)
    allowed = venue in site.venues
    yield gate(
        "venue",
        "Venue allowed",
        "pass" if allowed else "fail",
        f"{name} is {'among' if allowed else 'not among'} the venues to consider.",
        f"Add {name} to the venues to consider.",
    )
    yield _residency(option, assessment, catalog)
    if site.air_gapped:
        inside = venue in ("on_premises", "edge")
        yield gate(
            "air_gap",
            "Air gap",
            "pass" if inside else "fail",
            "Runs inside the own network without any outside connection."
            if inside
            else f"{name} needs a connection to an outside network; the service must have none.",
            "Allow a private connection to the outside.",
        )


def _residency(option: Option, assessment: Assessment, catalog: DecisionCatalog) -> Gate:
    site, venue, label = assessment.site, option.venue, "Data residency"
    name, rule = VENUE_NAMES.get(venue, venue), site.data_residency
    if rule == "none":
        return gate("residency", label, "pass", "No rule about where data may be processed.")
    if rule == "own_premises":
        inside = venue in ("on_premises", "edge")
        return gate(
            "residency",
            label,
            "pass" if inside else "fail",
            "Data stays on own premises."
            if inside
            else f"Data must stay on own premises; {name} processes it elsewhere.",
            "Allow processing in the country instead of on own premises only.",
        )
    home = site_region(assessment, catalog)
    wanted = "the European Union" if rule == "eu" else (home.name if home else site.region)
    elsewhere = venue in HOSTED or venue == "hybrid"
    country = offer_country(option, catalog) if elsewhere else (home.iso3 if home else None)
    if country is None:
        return gate(
            "residency",
            label,
            "unknown",
            f"Data must stay in {wanted}; where {option.provider or name} processes it is "
            "not known.",
            f"Ask {option.provider or 'the provider'} for processing in {wanted} only.",
        )
    fits = in_eu(country, catalog) if rule == "eu" else home is not None and country == home.iso3
    place = next((_(r.name) for r in catalog.regions.values() if r.id == country), country)
    if not fits and runs_everywhere(option, catalog):
        return gate(
            "residency",
            label,
            "unknown",
            f"Data must stay in {wanted}; the catalog prices this offer in {place} only, but its "
            "provider runs regions in many countries.",
            f"Get a quotation for a region in {wanted}.",
        )
    return gate(
        "residency",
        label,
        "pass" if fits else "fail",
        f"Data must stay in {wanted}; it is processed in {place}.",
        f"A quotation for a region in {wanted}: the catalog prices this offer in {place}.",
    )


# -- the model -------------------------------------------------------------------------------


def _models(option: Option, assessment: Assessment, catalog: DecisionCatalog) -> Iterator[Gate]:
    workloads = {w.name: w for w in assessment.workloads}
    seen: set[str] = set()
    for serving in option.servings:
        workload = workloads.get(serving.workload)
        if workload is None:
            continue
        if serving.model_id not in seen and workload.commercial_use:
            seen.add(serving.model_id)
            yield _licence(option, serving, catalog)
        if serving.accelerator_id is not None:
            yield _memory(serving)
        tokens = workload.input_tokens_p95 + workload.output_tokens_p95
        limit = context_limit(option, serving.model_id, catalog)
        label = "Context length"
        if limit is None:
            yield gate(
                "context",
                label,
                "unknown",
                f"{serving.workload} needs {number(tokens, 6)} tokens of context; the limit "
                f"of {serving.model_name} here is not known.",
                "Confirm the context length.",
                needed=tokens,
                unit="tokens",
            )
        else:
            yield gate(
                "context",
                label,
                "pass" if tokens <= limit else "fail",
                f"{serving.workload} needs {number(tokens, 6)} tokens (95th percentile of "
                f"prompt and answer); {serving.model_name} takes {number(limit, 7)}.",
                f"Shorten prompts and answers by {number(tokens - limit, 6)} tokens, or "
                "choose a model with a longer context.",
                needed=tokens,
                limit=float(limit),
                unit="tokens",
            )


def _licence(option: Option, serving: Serving, catalog: DecisionCatalog) -> Gate:
    model = catalog.models.get(serving.model_id)
    licence, label, name = (model.licence if model else None), "Licence", serving.model_name
    if option.venue == "token_api":
        return gate(
            "licence",
            label,
            "pass",
            f"{name}: the provider holds the weights; its terms of service apply.",
        )
    if licence is None:
        return gate(
            "licence",
            label,
            "unknown",
            f"{name}: no licence is on record.",
            f"Read the licence of {name} and confirm commercial use.",
        )
    if licence.commercial_use == "no":
        return gate(
            "licence",
            label,
            "fail",
            f"{name}: {licence.name} does not allow commercial use.",
            "Negotiate a commercial licence, or choose a model that allows it.",
        )
    conditional = licence.commercial_use == "conditional"
    note = f" ({licence.note})" if licence.note else ""
    return gate(
        "licence",
        label,
        "unknown" if conditional else "pass",
        f"{name}: {licence.name} allows commercial use"
        f"{' under conditions' if conditional else ''}{note}.",
        f"Confirm that you meet the conditions of {licence.name}.",
    )


def _memory(serving: Serving) -> Gate:
    label, weights = "Model fits in memory", serving.weights_gib_per_accelerator
    usable, room = serving.usable_gib_per_accelerator, serving.max_concurrency
    # with a capacity of zero an empty KV cache may also come from a latency target
    short = (room is not None and room < 1) or (
        serving.binding_target == "memory" and not serving.capacity_req_s
    )
    if weights is not None and usable is not None:
        short = short or weights >= usable
        message = (
            f"{serving.model_name} on {serving.accelerator_name}: {number(weights)} GiB of "
            f"weights in {number(usable)} GiB per accelerator"
        )
        message += (
            f", room for {number(room, 4)} concurrent requests." if room and not short else "."
        )
        times = (
            max(2, 2 ** math.ceil(math.log2(max(weights / usable / 0.9, 1.01)))) if usable else 2
        )
        change = (
            f"Use {times} times as many accelerators per replica, fewer bits per weight, or "
            f"accelerators with at least {number(round_up(weights * 1.15))} GiB."
        )
        return gate(
            "memory",
            label,
            "fail" if short else "pass",
            message
            if not serving.evidence_note or not short
            else f"{message} {serving.evidence_note}",
            change,
            needed=weights,
            limit=usable,
            unit="GiB per accelerator",
        )
    if short:
        return gate(
            "memory",
            label,
            "fail",
            serving.evidence_note or f"{serving.model_name} does not fit in memory.",
            "Use more accelerators per replica or fewer bits per weight.",
        )
    return gate(
        "memory",
        label,
        "unknown",
        f"Memory of {serving.model_name} is not known.",
        "Confirm that the model fits.",
    )


# -- latency ---------------------------------------------------------------------------------


def _latency(option: Option, assessment: Assessment) -> Iterator[Gate]:
    percentiles = {w.name: w.targets.percentile for w in assessment.workloads}
    for serving in option.servings:
        where = PERCENTILE_NAMES.get(percentiles.get(serving.workload, ""), "its percentile")
        for check in serving.targets:
            yield _target(option, serving, check, where)


def _target(option: Option, serving: Serving, check: TargetCheck, where: str) -> Gate:
    label = check.label
    limit = milliseconds(check.limit_ms)
    if check.predicted_ms is None:
        return gate(
            check.key,
            label,
            "unknown",
            f"{serving.workload}: {option.provider or option.venue_label} publishes no "
            f"{label} at the {where}; the limit is {limit}.",
            f"Measure {label} at the {where} in a trial.",
            limit=check.limit_ms,
            unit="ms",
        )
    got = check.predicted_ms
    if not math.isfinite(got.base):
        return gate(
            check.key,
            label,
            "fail",
            f"{serving.workload}: the load exceeds what a replica can serve, so {label} "
            f"has no bound; the limit is {limit}.",
            "Add replicas, or use faster accelerators.",
            limit=check.limit_ms,
            unit="ms",
        )
    high = f" to {milliseconds(got.high)}" if math.isfinite(got.high) else " and more"
    message = (
        f"{serving.workload}: {milliseconds(got.base)} at the {where} in the busiest hour "
        f"(80 % interval {milliseconds(got.low)}{high}), limit {limit}."
    )
    change = (
        f"Allow {milliseconds(round_up(got.base))} instead of {limit}, or use more "
        "accelerators per replica."
    )
    return gate(
        check.key,
        label,
        check.status,
        message,
        change,
        needed=got.base,
        limit=check.limit_ms,
        unit="ms",
    )
