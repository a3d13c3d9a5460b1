"""Hard limits, checked before scoring. Every gate answers pass, fail or unknown.

Unknown is not a pass: an option may lead with it, but carries it as a condition to confirm.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from core.assessment import Assessment
from core.assessment.site import VENUES
from core.decision import site_gates
from core.decision.anchors import (
    SKILL_EXPERT_PARALLEL,
    SKILL_GAP_REFUSED,
    SKILL_NEEDED,
    SKILL_PIPELINE,
)
from core.decision.facts import (
    HOSTED,
    DecisionCatalog,
    context_limit,
    currency_of,
    in_eu,
    offer_country,
    site_region,
    weeks_between,
)
from core.decision.wording import fine_percent, listed, milliseconds, money, number, round_up
from core.recommendation import Currency, Gate, GateStatus, Option, Serving, TargetCheck

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
        *_money(option, assessment, currency),
        _lead_time(option, assessment, as_of),
        _availability(option, assessment),
        _skills(option, assessment),
    )


def gate(
    key: str,
    label: str,
    status: GateStatus,
    message: str,
    change: str = "",
    *,
    needed: float | None = None,
    limit: float | None = None,
    unit: str = "",
) -> Gate:
    """A gate; a pass never carries a change."""
    return Gate(
        key, label, status, needed, limit, unit, message, "" if status == "pass" else change
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
    place = next((r.name for r in catalog.regions.values() if r.id == country), country)
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


# -- money -----------------------------------------------------------------------------------


def largest_running_cost(option: Option) -> float | None:
    """Largest running cost of any year (USD): operation, energy and metered charges."""
    if option.cost is None:
        return None
    lines = [line for line in option.cost.lines if line.kind in ("opex", "energy", "metered")]
    years = range(1, len(option.cost.yearly_usd))
    return max((math.fsum(line.yearly_usd[y] for line in lines) for y in years), default=0.0)


def _money(option: Option, assessment: Assessment, currency: Currency) -> Iterator[Gate]:
    economics = assessment.economics
    capex = None if option.cost is None else option.cost.capex_usd
    for key, label, usd, limit, what in (
        ("capex", "Limit on up-front spending", capex, economics.capex_limit, "up front"),
        (
            "opex",
            "Limit on yearly running costs",
            largest_running_cost(option),
            economics.opex_limit_per_year,
            "in its dearest year",
        ),
    ):
        if limit is None:
            continue
        shown = f"{currency.code} {number(limit)}"
        if usd is None:
            yield gate(
                key,
                label,
                "unknown",
                f"No price is known; the limit is {shown}.",
                "Get a quotation.",
                limit=limit,
                unit=currency.code,
            )
            continue
        own = usd * currency.per_usd
        other = (
            "lease the servers or rent capacity"
            if key == "capex"
            else "buy instead of rent, or commit for longer"
        )
        yield gate(
            key,
            label,
            "pass" if own <= limit * (1 + 1e-9) else "fail",
            f"Costs {money(usd, currency)} {what}; the limit is {shown}.",
            f"{currency.code} {number(round_up(max(own - limit, 0.0)))} more, or {other}.",
            needed=own,
            limit=limit,
            unit=currency.code,
        )


# -- dates and people ------------------------------------------------------------------------


def _lead_time(option: Option, assessment: Assessment, as_of: str) -> Gate:
    label, when, weeks = "Ready in time", assessment.site.date_needed, option.weeks_to_deploy
    if when is None:
        return gate("lead_time", label, "pass", "No date is set.")
    left = weeks_between(as_of, when)
    if weeks is None:
        return gate(
            "lead_time",
            label,
            "unknown",
            f"Needed by {when}, in {number(left)} weeks; the lead time is not known.",
            "Ask for a delivery date.",
            limit=left,
            unit="weeks",
        )
    status: GateStatus = (
        "pass" if weeks.high <= left else "unknown" if weeks.base <= left else "fail"
    )
    message = (
        f"Takes {number(weeks.base)} weeks ({number(weeks.low)} to {number(weeks.high)}); "
        f"needed by {when}, in {number(max(left, 0.0))} weeks."
    )
    change = (
        f"A date {math.ceil(max(weeks.base - left, 0.0))} weeks later, or start on rented capacity."
        if status == "fail"
        else f"Get a delivery date in writing: late deliveries take {number(weeks.high)} weeks."
    )
    return gate(
        "lead_time", label, status, message, change, needed=weeks.base, limit=left, unit="weeks"
    )


def _availability(option: Option, assessment: Assessment) -> Gate:
    label, wanted, got = "Availability", assessment.site.availability, option.fleet.availability
    if got is None:
        return gate(
            "availability",
            label,
            "unknown",
            f"{fine_percent(wanted)} is asked for; none is published or computed.",
            f"Get {fine_percent(wanted)} in the contract.",
            limit=wanted,
            unit="share",
        )
    return gate(
        "availability",
        label,
        "pass" if got >= wanted - 1e-9 else "fail",
        f"The peak is served {fine_percent(got)} of the time; {fine_percent(wanted)} is asked for.",
        "Add a spare server, a second zone or a second provider.",
        needed=got,
        limit=wanted,
        unit="share",
    )


def skill_needed(option: Option) -> tuple[int, str]:
    """Level 1 to 5 that operating an option takes, and why."""
    level, name = SKILL_NEEDED[option.venue], option.venue_label
    reason = f"operating {name[:1].lower()}{name[1:]} capacity"
    for serving in option.servings:
        text = serving.configuration.lower()
        if "pipeline" in text and level < SKILL_PIPELINE:
            level, reason = SKILL_PIPELINE, "replicas that span servers"
        if "expert parallel" in text and level < SKILL_EXPERT_PARALLEL:
            level, reason = SKILL_EXPERT_PARALLEL, "expert parallelism"
    return level, reason


def _skills(option: Option, assessment: Assessment) -> Gate:
    label, team = "Skills", assessment.site.team_skill
    need, reason = skill_needed(option)
    gap = need - team
    status: GateStatus = "pass" if gap <= 0 else "fail" if gap >= SKILL_GAP_REFUSED else "unknown"
    return gate(
        "skills",
        label,
        status,
        f"Level {need} of 5 is needed for {reason}; the team has level {team}.",
        "Hire or contract people of that level."
        if status == "fail"
        else "Train the team or contract support before the start.",
        needed=float(need),
        limit=float(team),
        unit="of 5",
    )


def conditions_of(gates: tuple[Gate, ...]) -> tuple[str, ...]:
    """What has to be confirmed: one line for each unknown gate, repeated ones once."""
    texts = [f"{g.label}: {g.smallest_change or g.message}" for g in gates if g.status == "unknown"]
    return tuple(dict.fromkeys(texts))


def failures(gates: tuple[Gate, ...]) -> list[Gate]:
    """The gates that fail."""
    return [g for g in gates if g.status == "fail"]


def distance(gates: tuple[Gate, ...]) -> float:
    """How far from feasible: the sum over failing gates of |ln(needed / limit)|.

    A gate without two positive numbers counts 2 (a factor of about seven), a venue the user
    excluded 4; each failing gate adds 0.1, so that one large miss beats many.
    """
    total = 0.0
    for item in failures(gates):
        if item.needed and item.limit and item.needed > 0 and item.limit > 0:
            total += 0.1 + min(abs(math.log(item.needed / item.limit)), 4.0)
        else:
            total += 4.1 if item.key == "venue" else 2.1
    return total


def binding_text(gates: tuple[Gate, ...]) -> str:
    """Which limits bind, in words, "" where none fails."""
    names = list(dict.fromkeys(g.label.lower() for g in failures(gates)))
    return listed(names) if names else ""
