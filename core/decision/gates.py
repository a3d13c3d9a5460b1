"""Hard limits, checked before scoring. Every gate answers pass, fail or unknown.

Unknown is not a pass: an option may lead with it, but carries it as a condition to confirm.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from core.assessment import Assessment, Workload
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
from core.decision.once import Once
from core.decision.verdicts import gate
from core.decision.wording import milliseconds, number, rounded
from core.recommendation import Currency, Gate, Option, Serving, TargetCheck
from core.words import N_, _

VENUE_NAMES = dict(VENUES)
ELSE = N_("its percentile")
PERCENTILE_NAMES = {
    "p50": N_("median"),
    "p90": N_("90th percentile"),
    "p95": N_("95th percentile"),
    "p99": N_("99th percentile"),
}


def gates_for(
    option: Option,
    assessment: Assessment,
    catalog: DecisionCatalog,
    as_of: str,
    *,
    currency: Currency | None = None,
    once: Once | None = None,
) -> tuple[Gate, ...]:
    """Every hard limit that applies to an option, in the order of checking.

    ``as_of`` is the ISO date of the answer; money limits of the assessment are in its currency
    (``currency`` spares looking it up). ``once`` is shared by options that are judged together.
    """
    currency, once = currency or currency_of(assessment, catalog), once or Once()
    late = partial(people_gates.lead_time, option, assessment, as_of)
    up = partial(people_gates.availability, option, assessment)
    return (
        *_where(option, assessment, catalog, once),
        *_models(option, assessment, catalog, once),
        *_latency(option, assessment, once),
        *site_gates.checks(option, assessment, catalog),
        *people_gates.money_gates(option, assessment, currency),
        once(("lead time", option.weeks_to_deploy), late),
        once(("availability", option.fleet.availability), up),
        people_gates.skills(option, assessment, once),
    )


# -- where -----------------------------------------------------------------------------------


def _where(
    option: Option, assessment: Assessment, catalog: DecisionCatalog, once: Once
) -> tuple[Gate, ...]:
    """The gates of the place: all servers of one's own at one place pass or fail alike."""
    place = partial(_place, option, assessment, catalog)
    if option.venue in HOSTED or option.venue == "hybrid":
        return tuple(place())
    return once(("place", option.venue), lambda: tuple(place()))


def _place(option: Option, assessment: Assessment, catalog: DecisionCatalog) -> Iterator[Gate]:
    site, venue = assessment.site, option.venue
    name = _(VENUE_NAMES.get(venue, venue))
    allowed = venue in site.venues
    yield gate(
        "venue",
        _("Venue allowed"),
        "pass" if allowed else "fail",
        _("{name} is among the venues to consider.").format(name=name)
        if allowed
        else _("{name} is not among the venues to consider.").format(name=name),
        lambda: _("Add {name} to the venues to consider.").format(name=name),
    )
    yield _residency(option, assessment, catalog)
    if site.air_gapped:
        inside = venue in ("on_premises", "edge")
        yield gate(
            "air_gap",
            _("Air gap"),
            "pass" if inside else "fail",
            _("Runs inside the own network without any outside connection.")
            if inside
            else _(
                "{name} needs a connection to an outside network; the service must have none."
            ).format(name=name),
            _("Allow a private connection to the outside."),
        )


def _residency(option: Option, assessment: Assessment, catalog: DecisionCatalog) -> Gate:
    site, venue, label = assessment.site, option.venue, _("Data residency")
    name, rule = _(VENUE_NAMES.get(venue, venue)), site.data_residency
    if rule == "none":
        return gate("residency", label, "pass", _("No rule about where data may be processed."))
    if rule == "own_premises":
        inside = venue in ("on_premises", "edge")
        return gate(
            "residency",
            label,
            "pass" if inside else "fail",
            _("Data stays on own premises.")
            if inside
            else _("Data must stay on own premises; {name} processes it elsewhere.").format(
                name=name
            ),
            _("Allow processing in the country instead of on own premises only."),
        )
    home = site_region(assessment, catalog)
    wanted = _("the European Union") if rule == "eu" else (home.name if home else site.region)
    elsewhere = venue in HOSTED or venue == "hybrid"
    country = offer_country(option, catalog) if elsewhere else (home.iso3 if home else None)
    if country is None:
        return gate(
            "residency",
            label,
            "unknown",
            _("Data must stay in {wanted}; where {provider} processes it is not known.").format(
                wanted=wanted, provider=option.provider or name
            ),
            _("Ask {provider} for processing in {wanted} only.").format(
                provider=option.provider or _("the provider"), wanted=wanted
            ),
        )
    fits = in_eu(country, catalog) if rule == "eu" else home is not None and country == home.iso3
    place = next((_(r.name) for r in catalog.regions.values() if r.id == country), country)
    if not fits and runs_everywhere(option, catalog):
        return gate(
            "residency",
            label,
            "unknown",
            _(
                "Data must stay in {wanted}; the catalog prices this offer in {place} only, "
                "but its provider runs regions in many countries."
            ).format(wanted=wanted, place=place),
            _("Get a quotation for a region in {wanted}.").format(wanted=wanted),
        )
    return gate(
        "residency",
        label,
        "pass" if fits else "fail",
        _("Data must stay in {wanted}; it is processed in {place}.").format(
            wanted=wanted, place=place
        ),
        lambda: _(
            "A quotation for a region in {wanted}: the catalog prices this offer in {place}."
        ).format(wanted=wanted, place=place),
    )


# -- the model -------------------------------------------------------------------------------


def _models(
    option: Option, assessment: Assessment, catalog: DecisionCatalog, once: Once
) -> Iterator[Gate]:
    workloads = {w.name: w for w in assessment.workloads}
    seen: set[str] = set()
    # an API has terms and limits of its own; elsewhere they are the model's
    whose = option.provider if option.venue == "token_api" else None
    for serving in option.servings:
        workload = workloads.get(serving.workload)
        if workload is None:
            continue
        model = serving.model_id
        if model not in seen and workload.commercial_use:
            seen.add(model)
            yield once(("licence", model, whose), partial(_licence, option, serving, catalog))
        if serving.accelerator_id is not None:
            yield once(("memory", id(serving)), partial(_memory, serving))
        context = partial(_context, option, serving, workload, catalog)
        yield once(("context", workload.name, model, whose), context)


def _context(
    option: Option, serving: Serving, workload: Workload, catalog: DecisionCatalog
) -> Gate:
    tokens = workload.input_tokens_p95 + workload.output_tokens_p95
    limit = context_limit(option, serving.model_id, catalog)
    label = _("Context length")
    if limit is None:
        return gate(
            "context",
            label,
            "unknown",
            _(
                "{workload} needs {tokens} tokens of context; the limit of {model_name} here "
                "is not known."
            ).format(
                workload=serving.workload,
                tokens=number(tokens, 6),
                model_name=serving.model_name,
            ),
            _("Confirm the context length."),
            needed=tokens,
            unit="tokens",
        )
    return gate(
        "context",
        label,
        "pass" if tokens <= limit else "fail",
        _(
            "{workload} needs {tokens} tokens (95th percentile of prompt and answer); "
            "{model_name} takes {limit}."
        ).format(
            workload=serving.workload,
            tokens=number(tokens, 6),
            model_name=serving.model_name,
            limit=number(limit, 7),
        ),
        partial(_shorter, tokens - limit),
        needed=tokens,
        limit=float(limit),
        unit="tokens",
    )


def _shorter(tokens: float) -> str:
    """What admits a model whose context is too short by so many tokens."""
    return _(
        "Shorten prompts and answers by {tokens} tokens, or choose a model with a longer context."
    ).format(tokens=number(tokens, 6))


def _roomier(weights: float, usable: float) -> str:
    """What admits so many GiB of weights on accelerators with ``usable`` GiB."""
    times = max(2, 2 ** math.ceil(math.log2(max(weights / usable / 0.9, 1.01)))) if usable else 2
    return _(
        "Use {times} times as many accelerators per replica, fewer bits per weight, "
        "or accelerators with at least {weights} GiB."
    ).format(times=times, weights=number(rounded(weights * 1.15, up=True, digits=2)))


def _licence(option: Option, serving: Serving, catalog: DecisionCatalog) -> Gate:
    model = catalog.models.get(serving.model_id)
    licence, label, name = (model.licence if model else None), _("Licence"), serving.model_name
    if option.venue == "token_api":
        return gate(
            "licence",
            label,
            "pass",
            _("{name}: the provider holds the weights; its terms of service apply.").format(
                name=name
            ),
        )
    if licence is None:
        return gate(
            "licence",
            label,
            "unknown",
            _("{name}: no licence is on record.").format(name=name),
            _("Read the licence of {name} and confirm commercial use.").format(name=name),
        )
    if licence.commercial_use == "no":
        return gate(
            "licence",
            label,
            "fail",
            _("{name}: {licence} does not allow commercial use.").format(
                name=name, licence=licence.name
            ),
            _("Negotiate a commercial licence, or choose a model that allows it."),
        )
    conditional = licence.commercial_use == "conditional"
    note = f" ({licence.note})" if licence.note else ""
    return gate(
        "licence",
        label,
        "unknown" if conditional else "pass",
        (
            _("{name}: {licence} allows commercial use under conditions{note}.")
            if conditional
            else _("{name}: {licence} allows commercial use{note}.")
        ).format(name=name, licence=licence.name, note=note),
        lambda: _("Confirm that you meet the conditions of {name}.").format(name=licence.name),
    )


def _memory(serving: Serving) -> Gate:
    label, weights = _("Model fits in memory"), serving.weights_gib_per_accelerator
    usable, room = serving.usable_gib_per_accelerator, serving.max_concurrency
    # with a capacity of zero an empty KV cache may also come from a latency target
    short = (room is not None and room < 1) or (
        serving.binding_target == "memory" and not serving.capacity_req_s
    )
    if weights is not None and usable is not None:
        short = short or weights >= usable
        message = _(
            "{model_name} on {accelerator_name}: {weights} GiB of weights in {usable} "
            "GiB per accelerator"
        ).format(
            model_name=serving.model_name,
            accelerator_name=serving.accelerator_name,
            weights=number(weights),
            usable=number(usable),
        )
        message += (
            _(", room for {room} concurrent requests.").format(room=number(room, 4))
            if room and not short
            else "."
        )
        return gate(
            "memory",
            label,
            "fail" if short else "pass",
            message
            if not serving.evidence_note or not short
            else f"{message} {serving.evidence_note}",
            partial(_roomier, weights, usable),
            needed=weights,
            limit=usable,
            unit="GiB per accelerator",
        )
    if short:
        return gate(
            "memory",
            label,
            "fail",
            serving.evidence_note
            or _("{model_name} does not fit in memory.").format(model_name=serving.model_name),
            _("Use more accelerators per replica or fewer bits per weight."),
        )
    return gate(
        "memory",
        label,
        "unknown",
        _("Memory of {model_name} is not known.").format(model_name=serving.model_name),
        _("Confirm that the model fits."),
    )


# -- latency ---------------------------------------------------------------------------------


def _latency(option: Option, assessment: Assessment, once: Once) -> Iterator[Gate]:
    percentiles = {w.name: w.targets.percentile for w in assessment.workloads}
    for serving in option.servings:
        where = _(PERCENTILE_NAMES.get(percentiles.get(serving.workload, ""), ELSE))
        for check in serving.targets:
            target = partial(_target, option, serving, check, where)
            # what is not published is asked of the provider by name
            known = check.predicted_ms is not None
            yield once(("target", id(check)), target) if known else target()


def _target(option: Option, serving: Serving, check: TargetCheck, where: str) -> Gate:
    label = check.label
    limit = milliseconds(check.limit_ms)
    if check.predicted_ms is None:
        return gate(
            check.key,
            label,
            "unknown",
            _(
                "{workload}: {provider} publishes no {label} at the {where}; the limit is {limit}."
            ).format(
                workload=serving.workload,
                provider=option.provider or option.venue_label,
                label=label,
                where=where,
                limit=limit,
            ),
            _("Measure it at the {where} in a trial.").format(where=where),
            limit=check.limit_ms,
            unit="ms",
        )
    got = check.predicted_ms
    if not math.isfinite(got.base):
        return gate(
            check.key,
            label,
            "fail",
            _(
                "{workload}: the load exceeds what a replica can serve, so {label} has no "
                "bound; the limit is {limit}."
            ).format(workload=serving.workload, label=label, limit=limit),
            _("Add replicas, or use faster accelerators."),
            limit=check.limit_ms,
            unit="ms",
        )
    high = (
        _(" to {high}").format(high=milliseconds(got.high))
        if math.isfinite(got.high)
        else _(" and more")
    )
    message = _(
        "{workload}: {base} at the {where} in the busiest hour (80 % interval "
        "{low}{high}), limit {limit}."
    ).format(
        workload=serving.workload,
        base=milliseconds(got.base),
        where=where,
        low=milliseconds(got.low),
        high=high,
        limit=limit,
    )

    def change() -> str:
        return _("Allow {base} instead of {limit}, or use more accelerators per replica.").format(
            base=milliseconds(rounded(got.base, up=True, digits=2)), limit=limit
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
