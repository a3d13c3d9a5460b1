"""Hosted token prices: the offline data of the package genai-prices, priced at a request's size.

Which hosted model is which open model is our own table (``token_models.csv``): only offers of
the very model, by those who host it, not by brokers. Providers the package lacks stand in
``token_offers.csv`` with one list price.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from core.catalog.errors import CatalogError
from core.catalog.table import Row, by_id, read_table
from core.catalog.types import Confidence, Provenance, TokenOffer

if TYPE_CHECKING:
    from decimal import Decimal

    from genai_prices.types import ModelInfo, ModelPrice, Provider, TieredPrices

PACKAGE = "genai-prices"
RELEASED = {"0.2.3": "2026-11"}
"""Month in which the versions that we have seen were published."""
PRICED_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""Moment at which dated prices are read: fixed, so that results repeat; noon UTC, at which
providers with prices by the hour of day charge their standard rate."""
BATCH = {"processing": "batch"}


@dataclass(frozen=True, slots=True)
class HostedModel:
    """One line of ``token_models.csv``: a provider's model that is an open model of ours."""

    provider_id: str
    provider: str
    provider_model: str
    model_id: str
    remark: str
    confidence: Confidence


def hosted_model(row: Row) -> HostedModel:
    """One line of the table."""
    return HostedModel(
        provider_id=row.text("provider_id"),
        provider=row.text("provider"),
        provider_model=row.text("provider_model"),
        model_id=row.text("model_id"),
        remark=row.raw("remark"),
        confidence=row.provenance().confidence,
    )


def static_offer(row: Row) -> TokenOffer:
    """One line of ``token_offers.csv``. Cached input must not cost more than input."""
    usd_in = row.number("input_usd_mtok", 0.0001, 1000)
    context = row.optional("context_tokens", 1, 1e9)
    return TokenOffer(
        id=row.text("id"),
        provider=row.text("provider"),
        provider_model=row.text("provider_model"),
        model_id=row.text("model_id"),
        context_tokens=None if context is None else int(context),
        input_usd_mtok=usd_in,
        cached_input_usd_mtok=row.optional("cached_input_usd_mtok", 0, usd_in),
        output_usd_mtok=row.number("output_usd_mtok", 0.0001, 1000),
        batch_discount=row.optional("batch_discount", 0, 0.99),
        provenance=row.provenance(),
    )


@cache
def _static() -> Mapping[str, TokenOffer]:
    return by_id(read_table("token_offers"), static_offer)


@cache
def _hosted() -> Mapping[str, tuple[HostedModel, ...]]:
    """Model id -> its hosted models. Raises ``CatalogError`` for a repeated line."""
    found: dict[str, list[HostedModel]] = {}
    seen = set()
    for row in read_table("token_models"):
        item = hosted_model(row)
        key = (item.provider_id, item.provider_model)
        if key in seen:
            raise row.fail("provider_model", "each model of a provider may appear only once")
        seen.add(key)
        found.setdefault(item.model_id, []).append(item)
    return {model_id: tuple(items) for model_id, items in found.items()}


@cache
def _index() -> Mapping[tuple[str, str], tuple[Provider, ModelInfo]]:
    """(provider id, its model id) -> records of the package; imports it (about 0.3 s)."""
    from genai_prices.data import providers

    return {(p.id, m.id): (p, m) for p in providers for m in p.models}


@cache
def installed() -> str:
    """Version of the installed price data."""
    from importlib.metadata import version

    return version(PACKAGE)


def data_date() -> str:
    """Month of the installed price data, "" where this version is not known to us."""
    return RELEASED.get(installed(), "")


def facts() -> list[Provenance]:
    """Source and date of every offer, without loading the package's data."""
    date = data_date()
    named = f"{PACKAGE} {installed()}"
    hosted = [
        Provenance(named, date, item.confidence) for items in _hosted().values() for item in items
    ]
    return [*hosted, *(offer.provenance for offer in _static().values())]


def offers_for(model_id: str, input_tokens: float, output_tokens: float) -> list[TokenOffer]:
    """Offers of one open model, priced for one request of this size (mean tokens).

    Where a provider charges long prompts more, the price is that of this prompt; tokens that are
    cheaper or dearer in rarer, longer requests are not weighted in.
    """
    tokens = (max(1, round(input_tokens)), max(1, round(output_tokens)))
    return list(_offers(model_id, tokens, data_date()))


@lru_cache(maxsize=256)
def _offers(model_id: str, tokens: tuple[int, int], date: str) -> tuple[TokenOffer, ...]:
    found = [
        offer for item in _hosted().get(model_id, ()) if (offer := _priced(item, tokens, date))
    ]
    return (*found, *(offer for offer in _static().values() if offer.model_id == model_id))


def all_offers(
    models: Iterable[str], input_tokens: float, output_tokens: float
) -> Mapping[str, TokenOffer]:
    """Offers of all models, by id. Raises ``CatalogError`` for a line about an unknown model."""
    known = frozenset(models)
    for table, named in (
        ("token_models.csv", _hosted().keys()),
        ("token_offers.csv", {offer.model_id for offer in _static().values()}),
    ):
        unknown = sorted(set(named) - known)
        if unknown:
            raise CatalogError(
                table, None, "model_id", unknown[0], "an id of models.csv is expected"
            )
    offers = (o for m in known for o in offers_for(m, input_tokens, output_tokens))
    return {offer.id: offer for offer in sorted(offers, key=lambda o: o.id)}


def _priced(item: HostedModel, tokens: tuple[int, int], date: str) -> TokenOffer | None:
    """The offer at this request size; ``None`` where the installed data no longer has it."""
    record = _index().get((item.provider_id, item.provider_model))
    if record is None:
        return None
    provider, model = record
    prices = model.get_prices(PRICED_AT)
    plain = _usd_mtok(prices, tokens[0])
    if plain is None:
        return None
    usd_in, usd_out = plain
    cached = _at(prices.cache_read_mtok, tokens[0])
    discount = None
    if any(variant.when == BATCH for variant in model.price_variants or ()):
        batch = _usd_mtok(model.get_prices(PRICED_AT, BATCH), tokens[0])
        if batch is not None:
            whole, less = (a * tokens[0] + b * tokens[1] for a, b in (plain, batch))
            discount = round(1 - less / whole, 4)
    remark = f"; {item.remark}" if item.remark else ""
    source = (
        f"{PACKAGE} {installed()}: {provider.name}, {model.id}, "
        f"{tokens[0]:,} in and {tokens[1]:,} out{remark}"
    )
    return TokenOffer(
        id=f"{item.provider_id}/{item.provider_model}",
        provider=item.provider,
        provider_model=item.provider_model,
        model_id=item.model_id,
        context_tokens=model.context_window,
        input_usd_mtok=usd_in,
        cached_input_usd_mtok=None if cached is None else min(cached, usd_in),
        output_usd_mtok=usd_out,
        batch_discount=discount,
        provenance=Provenance(source, date, item.confidence if date else "low"),
    )


def _usd_mtok(prices: ModelPrice, tokens_in: int) -> tuple[float, float] | None:
    """(input, output) USD per million tokens at a prompt's size; ``None`` where free or absent."""
    usd_in, usd_out = (_at(p, tokens_in) for p in (prices.input_mtok, prices.output_mtok))
    return (usd_in, usd_out) if usd_in and usd_out else None


def _at(price: Decimal | TieredPrices | None, tokens_in: int) -> float | None:
    """A price at a prompt's size: beyond a tier's start, its price holds for all tokens."""
    if price is None:
        return None
    tiers = getattr(price, "tiers", None)
    if tiers is None:
        return float(price)  # type: ignore[arg-type]  # without tiers it is a plain Decimal
    usd = price.base  # type: ignore[union-attr]  # with tiers it is TieredPrices
    for tier in tiers:
        if tokens_in > tier.start:
            usd = tier.price
    return float(usd)
