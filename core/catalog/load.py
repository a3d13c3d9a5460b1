"""The catalog as one object: tables by id, read and checked when first asked for."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, cached_property
from types import MappingProxyType
from typing import TypeVar

from core.catalog import demand, hardware, places, spellings, token_prices
from core.catalog.names import aliases_of, named, names_of, resolved
from core.catalog.staleness import (
    PRICE_LIMIT_DAYS,
    SPECIFICATION_LIMIT_DAYS,
    StaleTable,
    stale_table,
)
from core.catalog.types import (
    Accelerator,
    CloudOffer,
    Currency,
    Model,
    NetworkLink,
    Platform,
    Provenance,
    Range,
    Region,
    TokenOffer,
    TrafficShape,
    TuningLever,
    UseCase,
)
from core.words import N_

T = TypeVar("T")
Source = Mapping[str, T] | Callable[[], Mapping[str, T]]
"""A table, or what reads it when it is first asked for."""
TokenPricing = Callable[[str, float, float], list[TokenOffer]]
REFERENCE_REQUEST = (4000.0, 1000.0)
"""Input and output tokens at which ``token_offers`` shows prices that depend on the request."""


def _table(source: Source[T]) -> Mapping[str, T]:
    found = source() if callable(source) else source
    return found if isinstance(found, MappingProxyType) else MappingProxyType(dict(found))


class Catalog:
    """What the world offers: read-only tables by id, each read when first used.

    Build one from mappings in tests (absent tables are empty); ``load_catalog`` gives the one
    that ships with the program. Reading a table raises ``CatalogError`` where it is wrong.
    ``token_pricing`` prices a model's offers for a request's mean tokens; without it the rows
    of ``token_offers`` stand as they are. ``token_facts`` gives their provenance cheaply.
    """

    def __init__(
        self,
        *,
        models: Source[Model] | None = None,
        accelerators: Source[Accelerator] | None = None,
        platforms: Source[Platform] | None = None,
        cloud_offers: Source[CloudOffer] | None = None,
        token_offers: Source[TokenOffer] | None = None,
        regions: Source[Region] | None = None,
        use_cases: Source[UseCase] | None = None,
        traffic_shapes: Source[TrafficShape] | None = None,
        links: Source[NetworkLink] | None = None,
        levers: Source[TuningLever] | None = None,
        assumptions: Source[Range] | None = None,
        currencies: Source[Currency] | None = None,
        model_aliases: Source[str] | None = None,
        accelerator_aliases: Source[str] | None = None,
        token_pricing: TokenPricing | None = None,
        token_facts: Callable[[], list[Provenance]] | None = None,
    ) -> None:
        self._models = models or {}
        self._accelerators = accelerators or {}
        self._platforms = platforms or {}
        self._cloud_offers = cloud_offers or {}
        self._token_offers = token_offers or {}
        self._regions = regions or {}
        self._use_cases = use_cases or {}
        self._traffic_shapes = traffic_shapes or {}
        self._links = links or {}
        self._levers = levers or {}
        self._assumptions = assumptions or {}
        self._currencies = currencies or {}
        self._model_aliases = model_aliases or {}
        self._accelerator_aliases = accelerator_aliases or {}
        self._token_pricing = token_pricing
        self._token_facts = token_facts

    @cached_property
    def models(self) -> Mapping[str, Model]:
        """Models by id, with those known only for measurements (``offered`` is false)."""
        return _table(self._models)

    @cached_property
    def accelerators(self) -> Mapping[str, Accelerator]:
        """Accelerators by id, with those known only for measurements."""
        return _table(self._accelerators)

    @cached_property
    def platforms(self) -> Mapping[str, Platform]:
        """Servers, racks and edge boxes by id."""
        return _table(self._platforms)

    @cached_property
    def cloud_offers(self) -> Mapping[str, CloudOffer]:
        """Instances that can be rented, by id."""
        return _table(self._cloud_offers)

    @cached_property
    def token_offers(self) -> Mapping[str, TokenOffer]:
        """Hosted models by id, priced at the reference request of 4,000 in and 1,000 out."""
        return _table(self._token_offers)

    @cached_property
    def regions(self) -> Mapping[str, Region]:
        """Countries and states by id."""
        return _table(self._regions)

    @cached_property
    def use_cases(self) -> Mapping[str, UseCase]:
        """Workload presets by id."""
        return _table(self._use_cases)

    @cached_property
    def traffic_shapes(self) -> Mapping[str, TrafficShape]:
        """Typical weeks by id."""
        return _table(self._traffic_shapes)

    @cached_property
    def links(self) -> Mapping[str, NetworkLink]:
        """Kinds of network link by id."""
        return _table(self._links)

    @cached_property
    def levers(self) -> Mapping[str, TuningLever]:
        """Tuning levers by id."""
        return _table(self._levers)

    @cached_property
    def assumptions(self) -> dict[str, Range]:
        """Planning values by key, those that have a source."""
        return dict(_table(self._assumptions))

    @cached_property
    def currencies(self) -> Mapping[str, Currency]:
        """Currencies by ISO 4217 code."""
        return _table(self._currencies)

    def currency(self, code: str) -> Currency:
        """A currency with its dated rate. Raises ``UnknownNameError``."""
        return named("currency", code, self.currencies)

    def per_usd(self, code: str) -> float:
        """How much of a currency one US dollar is worth. Raises ``UnknownNameError``."""
        return 1.0 if code == "USD" else self.currency(code).per_usd

    def token_offers_for(
        self, model_id: str, input_tokens_mean: float, output_tokens_mean: float
    ) -> list[TokenOffer]:
        """A model's hosted offers, priced for requests of this size; empty where none is known.

        Prices depend on the request where a provider charges long contexts more.
        """
        if self._token_pricing is not None:
            return self._token_pricing(model_id, input_tokens_mean, output_tokens_mean)
        return [offer for offer in self.token_offers.values() if offer.model_id == model_id]

    def resolve_model(self, name: str) -> Model:
        """A model by id, name or alias, in any case and usual spelling.

        Raises ``UnknownNameError``.
        """
        return resolved("model", name, self.models, self._model_names, spellings.find_model)

    def resolve_accelerator(self, name: str) -> Accelerator:
        """An accelerator by id, name or alias, in any case and usual spelling.

        Raises ``UnknownNameError``.
        """
        return resolved(
            "accelerator",
            name,
            self.accelerators,
            self._accelerator_names,
            lambda asked, known: spellings.find_hardware(
                asked, known, self._memory_gb, self._form_factors
            ),
        )

    @cached_property
    def _model_names(self) -> dict[str, str]:
        return names_of(_table(self._model_aliases), [(m.id, m.name) for m in self.models.values()])

    @cached_property
    def _memory_gb(self) -> dict[str, float]:
        return {a.id: a.mem_gb for a in self.accelerators.values()}

    @cached_property
    def _form_factors(self) -> dict[str, str]:
        return {a.id: f"{a.kind} {a.form_factor}" for a in self.accelerators.values()}

    @cached_property
    def _accelerator_names(self) -> dict[str, str]:
        return names_of(
            _table(self._accelerator_aliases),
            [(a.id, a.name) for a in self.accelerators.values()],
        )

    def model_names(self) -> dict[str, str]:
        """Id -> name of the models offered for choice, ordered by name."""
        offered = [m for m in self.models.values() if m.offered]
        return {m.id: m.name for m in sorted(offered, key=lambda m: m.name.lower())}

    def stale(self, as_of: date) -> tuple[StaleTable, ...]:
        """Tables with facts older than their limit on a day: prices 90 days, the rest 365."""
        kept = self._stale.get(as_of)
        if kept is None:
            found = [
                stale_table(table, facts, as_of, limit) for table, limit, facts in self._facts()
            ]
            kept = tuple(item for item in found if item is not None)
            self._stale.clear()  # every answer of a session is for one day
            self._stale[as_of] = kept
        return kept

    @cached_property
    def _stale(self) -> dict[date, tuple[StaleTable, ...]]:
        return {}

    def with_models(self, added: Iterable[Model]) -> Catalog:
        """This catalog with models beside its own; itself where nothing is new.

        Raises ValueError where an id is already that of another model: a model of the catalog
        is never replaced.
        """
        fresh = {m.id: m for m in added if self.models.get(m.id) != m}
        if not fresh:
            return self
        taken = sorted(fresh.keys() & self.models.keys())
        if taken:
            raise ValueError(f"the catalog has another model '{taken[0]}' already")
        extended = copy.copy(self)
        # What was read already is kept; only what depends on the models is found anew.
        extended.__dict__.pop("_model_names", None)
        extended.__dict__.pop("_stale", None)
        extended.__dict__["models"] = MappingProxyType({**self.models, **fresh})
        return extended

    def _facts(self) -> Iterable[tuple[str, int, list[Provenance]]]:
        prices, specifications = PRICE_LIMIT_DAYS, SPECIFICATION_LIMIT_DAYS
        parts = [a for a in self.accelerators.values() if a.in_catalog]
        boxes, offers = self.platforms.values(), self.cloud_offers.values()
        yield N_("accelerators"), specifications, [a.provenance for a in parts]
        yield (
            N_("accelerator prices"),
            prices,
            [a.price_usd.provenance for a in parts if a.price_usd is not None],
        )
        yield (
            N_("models"),
            specifications,
            [m.provenance for m in self.models.values() if m.offered],
        )
        yield N_("platforms"), specifications, [p.phys_provenance for p in boxes]
        yield (
            N_("platform prices"),
            prices,
            [p.provenance for p in boxes if p.price_usd is not None],
        )
        yield N_("cloud prices"), prices, [o.provenance for o in offers]
        yield N_("token prices"), prices, self._token_provenances()
        yield (
            N_("electricity prices"),
            specifications,
            [
                r.electricity_usd_kwh.provenance
                for r in self.regions.values()
                if r.electricity_usd_kwh is not None
            ],
        )
        yield (
            N_("planning values"),
            specifications,
            [a.provenance for a in self.assumptions.values()],
        )
        yield N_("currencies"), prices, [c.provenance for c in self.currencies.values()]

    def _token_provenances(self) -> list[Provenance]:
        if self._token_facts is not None:
            return self._token_facts()
        return [offer.provenance for offer in self.token_offers.values()]

    def subset(
        self,
        *,
        models: Iterable[str] | None = None,
        accelerators: Iterable[str] | None = None,
        platforms: Iterable[str] | None = None,
        cloud_offers: Iterable[str] | None = None,
        token_providers: Iterable[str] | None = None,
    ) -> Catalog:
        """A smaller catalog with only the named rows (``None`` keeps what still fits).

        Platforms and offers of dropped accelerators and hosted offers of dropped models go too.
        Raises KeyError for an id that is not there.
        """
        parts = _kept(self.accelerators, accelerators)
        kept_models = _kept(self.models, models)
        providers = None if token_providers is None else frozenset(token_providers)

        def wanted(offer: TokenOffer) -> bool:
            return offer.model_id in kept_models and (
                providers is None or offer.provider in providers
            )

        def pricing(model_id: str, tokens_in: float, tokens_out: float) -> list[TokenOffer]:
            return [o for o in self.token_offers_for(model_id, tokens_in, tokens_out) if wanted(o)]

        return Catalog(
            models=kept_models,
            accelerators=parts,
            platforms={
                k: p
                for k, p in _kept(self.platforms, platforms).items()
                if p.accelerator_id in parts
            },
            cloud_offers={
                k: o
                for k, o in _kept(self.cloud_offers, cloud_offers).items()
                if o.accelerator_id in parts
            },
            token_offers=lambda: {k: o for k, o in self.token_offers.items() if wanted(o)},
            regions=lambda: self.regions,
            use_cases=lambda: self.use_cases,
            traffic_shapes=lambda: self.traffic_shapes,
            links=lambda: self.links,
            levers=lambda: self.levers,
            assumptions=lambda: self.assumptions,
            currencies=lambda: self.currencies,
            model_aliases=self._model_aliases,
            accelerator_aliases=self._accelerator_aliases,
            token_pricing=pricing,
        )


def _kept(table: Mapping[str, T], ids: Iterable[str] | None) -> Mapping[str, T]:
    """The named rows in the table's order: that of a set differs from process to process."""
    if ids is None:
        return table
    wanted = dict.fromkeys(ids)
    if missing := [key for key in wanted if key not in table]:
        raise KeyError(missing[0])
    return {key: row for key, row in table.items() if key in wanted}


@cache
def load_catalog() -> Catalog:
    """The catalog that ships with the program; the same object in every call."""
    catalog: Catalog = Catalog(
        models=demand.models,
        accelerators=hardware.accelerators,
        platforms=lambda: hardware.platforms(catalog.accelerators),
        cloud_offers=lambda: hardware.cloud_offers(catalog.accelerators),
        token_offers=lambda: token_prices.all_offers(catalog.models, *REFERENCE_REQUEST),
        regions=places.regions,
        use_cases=demand.use_cases,
        traffic_shapes=demand.traffic_shapes,
        links=places.links,
        levers=demand.levers,
        assumptions=places.assumptions,
        currencies=places.currencies,
        model_aliases=lambda: aliases_of("model", catalog.models),
        accelerator_aliases=lambda: aliases_of("accelerator", catalog.accelerators),
        token_pricing=token_prices.offers_for,
        token_facts=token_prices.facts,
    )
    return catalog
