"""Hosted token API: no sizing, paid per million tokens; the provider's latency is unknown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.catalog.types import TokenOffer
from core.economics.cash_flow import total_cost
from core.economics.ledger import Ledger
from core.hours import HOURS_PER_WEEK
from core.notation import local, rounded
from core.performance.types import Floats
from core.products import dot
from core.recommendation import NO_PLACE, Fleet, Option, Serving
from core.venues.demand import Demand
from core.venues.drafts import plain_option
from core.venues.emissions import unknown_carbon
from core.venues.line_words import with_trend
from core.venues.study import Study, range_factors
from core.venues.target_checks import target_checks
from core.venues.timing import token_api_lead
from core.words import _


@dataclass(frozen=True, slots=True)
class TokenBill:
    """What a workload's tokens cost in each year, before the price trend; shape (years,)."""

    input_usd: Floats
    cached_usd: Floats
    output_usd: Floats
    words: str


def offers_by_provider(study: Study) -> dict[str, tuple[TokenOffer, ...]]:
    """Providers that host every workload's model, with their cheapest offer of each."""
    found: dict[str, list[TokenOffer | None]] = {}
    for i, demand in enumerate(study.demands):
        offers = study.catalog.token_offers_for(
            demand.model.id, demand.profile.input_tokens_mean, demand.profile.output_tokens_mean
        )
        for offer in offers:
            slots = found.setdefault(offer.provider, [None] * len(study.demands))
            best = slots[i]
            if best is None or _usd_per_request(offer, demand) < _usd_per_request(best, demand):
                slots[i] = offer
    complete = {}
    for provider, slots in found.items():
        if all(slot is not None for slot in slots):
            complete[provider] = tuple(slot for slot in slots if slot is not None)
    return complete


def _usd_per_request(offer: TokenOffer, demand: Demand) -> float:
    """Of a request of mean lengths, cached and batch prices included where there are any."""
    profile = demand.profile
    cached = profile.prefix_cache_share if offer.cached_input_usd_mtok is not None else 0.0
    usd = (
        profile.input_tokens_mean
        * ((1 - cached) * offer.input_usd_mtok + cached * (offer.cached_input_usd_mtok or 0.0))
        + profile.output_tokens_mean * offer.output_usd_mtok
    ) / 1e6
    return usd * _batch_factor(offer, demand)


def _batch_factor(offer: TokenOffer, demand: Demand) -> float:
    """What work that can wait leaves of the price, 0..1."""
    return 1.0 - demand.workload.batchable_share * (offer.batch_discount or 0.0)


def token_bill(offer: TokenOffer, demand: Demand, share: Floats | float = 1.0) -> TokenBill:
    """Tokens times prices; ``share`` of each year's work (the burst of a hybrid).

    Prompt tokens found in the provider's cache pay its cached price, where it has one; work
    that can wait pays the batch price, where it has one.
    """
    cached_share = demand.profile.prefix_cache_share
    if offer.cached_input_usd_mtok is None:
        cached_share = 0.0
    factor = _batch_factor(offer, demand)
    million_in = demand.input_tokens / 1e6 * share
    million_out = demand.output_tokens / 1e6 * share
    year = int(np.argmax(million_out > 0))  # the first in which this model serves
    words = _("year {year}: ").format(year=year + 1) if year else ""
    words += _(
        "{million_in} M input x {input_usd_mtok} USD + {million_out} M output x "
        "{output_usd_mtok} USD"
    ).format(
        million_in=local(f"{million_in[year] * (1 - cached_share):,.1f}"),
        input_usd_mtok=local(f"{offer.input_usd_mtok:g}"),
        million_out=local(f"{million_out[year]:,.1f}"),
        output_usd_mtok=local(f"{offer.output_usd_mtok:g}"),
    )
    if cached_share:
        words += _(" + {million_in} M cached input x {cached_input_usd_mtok} USD").format(
            million_in=local(f"{million_in[year] * cached_share:,.1f}"),
            cached_input_usd_mtok=local(f"{offer.cached_input_usd_mtok:g}"),
        )
    if factor < 1:
        words += _(", {value} off for batch work").format(value=local(f"{1 - factor:.0%}"))
    return TokenBill(
        million_in * (1 - cached_share) * offer.input_usd_mtok * factor,
        million_in * cached_share * (offer.cached_input_usd_mtok or 0.0) * factor,
        million_out * offer.output_usd_mtok * factor,
        words,
    )


def options(study: Study) -> list[Option]:
    """One option per provider that hosts every model."""
    return [
        option(study, provider, offers)
        for provider, offers in sorted(offers_by_provider(study).items())
    ]


def option(study: Study, provider: str, offers: Sequence[TokenOffer]) -> Option:
    """One provider, costed."""
    ledger = Ledger(study.money)
    paid_in, paid_out = add_tokens(ledger, study, offers)
    add_staff(ledger, study, len(study.assessment.workloads))
    cost = total_cost(
        ledger, study.input_tokens, study.output_tokens, None, per_token_usd=(paid_in, paid_out)
    )
    models = ", ".join(dict.fromkeys(offer.provider_model for offer in offers))
    return plain_option(
        option_id=f"token_api/{provider}",
        venue="token_api",
        title=_("Hosted token API: {provider}, {models}").format(provider=provider, models=models),
        provider=provider,
        region="",
        servings=tuple(hosted_serving(study, d) for d in study.demands),
        fleet=Fleet(
            "",
            None,
            provider,
            (),
            0,
            0,
            0,
            None,
            None,
            None,
            None,
            None,
            (),
            0,
            None,
            None,
            None,
            None,
            None,
            (),
            0,
            None,
        ),
        cost=cost,
        carbon=unknown_carbon(),
        lead=token_api_lead(study),
        sources=[offer.provenance for offer in offers],
        conditions=(rate_condition(study, provider),),
        place=NO_PLACE,
    )


def add_staff(ledger: Ledger, study: Study, services: int) -> None:
    """People who look after the contract, keys and monitoring of some workloads."""
    fte, staff = study.assume["token_api_fte"], study.staff_usd_year
    ledger.add(
        "staff",
        _("Staff share"),
        "opex",
        fte.base * services * staff.base * study.money.labour,
        lambda: with_trend(
            _("{base} FTE per workload x {services} x {base2} USD").format(
                base=local(f"{fte.base:g}"), services=services, base2=local(f"{staff.base:,.0f}")
            ),
            study.assessment.economics.labour_trend,
        ),
        fte.provenance,
        range_factors(fte),
        assumption=True,
    )


def rate_condition(
    study: Study,
    provider: str,
    numbers: Sequence[int] | None = None,
    above: Sequence[Floats] | None = None,
) -> str:
    """The quota to confirm: no provider's limits are in the catalog.

    Tokens and requests per minute in the busiest hour of the busiest year, of the workloads
    ``numbers`` (by default all); ``above`` replaces their load (requests per second, shape
    (years, 168) each).
    """
    chosen = range(len(study.demands)) if numbers is None else numbers
    requests = tokens = np.zeros((study.years, HOURS_PER_WEEK))
    for i in chosen:
        demand = study.demands[i]
        load = 60.0 * (demand.hours_by_year if above is None else above[i])
        per_request = demand.profile.input_tokens_mean + demand.profile.output_tokens_mean
        requests, tokens = requests + load, tokens + load * per_request
    year = int(tokens.max(axis=1).argmax())
    return _(
        "Confirm that {provider} allows {tokens} tokens and {requests} requests per minute "
        "(busiest hour, year {year}): its rate limits are not in the catalog."
    ).format(
        provider=provider,
        # a limit to ask for: three figures, never less than what is needed
        tokens=_at_least(float(tokens.max())),
        requests=_at_least(float(requests.max())),
        year=year + 1,
    )


def _at_least(rate: float) -> str:
    return local(f"{math.ceil(rounded(rate, up=True)):,}")


def add_tokens(
    ledger: Ledger,
    study: Study,
    offers: Sequence[TokenOffer],
    shares: Sequence[Floats | float] | None = None,
    *,
    stand_in: bool = False,
) -> tuple[float, float]:
    """Token lines per workload; returns the present values paid for input and for output.

    ``shares`` of each workload's tokens, by year; ``stand_in``: those while own servers are
    repaired.
    """
    money = study.money
    several = len(study.demands) > 1
    paid_in = paid_out = 0.0
    for i, (demand, offer) in enumerate(zip(study.demands, offers, strict=True)):
        bill = token_bill(offer, demand, 1.0 if shares is None else shares[i])
        for_input = (bill.input_usd + bill.cached_usd) * money.token
        for_output = bill.output_usd * money.token
        paid_in += dot(for_input, money.running)
        paid_out += dot(for_output, money.running)
        name = _("API tokens while own servers are repaired") if stand_in else _("API tokens")
        if several:
            name = (
                _("API tokens while own servers are repaired, {name}")
                if stand_in
                else _("API tokens, {name}")
            ).format(name=demand.workload.name)
        ledger.add(
            "tokens",
            name,
            "metered",
            np.asarray(for_input + for_output),
            partial(_at_trend, bill.words, study.assessment.economics.token_price_trend),
            offer.provenance,
            (0.7, 1.3),
        )
    return paid_in, paid_out


def _at_trend(words: str, rate: float) -> str:
    return _("{words}; {token_price_trend} a year").format(
        words=words, token_price_trend=local(f"{rate:+.0%}")
    )


def hosted_serving(study: Study, demand: Demand, name: str | None = None) -> Serving:
    """A workload on an API: no hardware, targets unknown but for the users' own way out."""
    network_ms = study.catalog.links[study.assessment.site.wan_link].rtt_ms.low
    return Serving(
        workload=name or demand.workload.name,
        model_id=demand.model.id,
        model_name=demand.model.name,
        accelerator_id=None,
        accelerator_name=None,
        configuration=_("Chosen by the provider"),
        weight_precision=None,
        kv_precision=None,
        tp=0,
        accelerators_per_replica=0,
        engine=None,
        replicas_by_year=(),
        capacity_req_s=None,
        saturation_req_s=None,
        binding_target=None,
        peak_req_s_by_year=tuple(demand.peak_req_s.tolist()),
        targets=target_checks(demand.targets, None, None, network_ms=network_ms),
        at_peak=None,
        curve=(),
        evidence=None,
        evidence_note="The provider publishes no latency at the percentile asked for",
        nearest=(),
        decode_shares=None,
        prefill_shares=None,
        roofline=(),
        roof_peak_tflops=None,
        roof_bandwidth_gb_s=None,
        weights_gib_per_accelerator=None,
        kv_gib_per_accelerator=None,
        usable_gib_per_accelerator=None,
        max_concurrency=None,
        bandwidth_needed_gb_s=None,
        bandwidth_sustained_gb_s=None,
        prefill_share=None,
        throughput_interval=None,
    )
