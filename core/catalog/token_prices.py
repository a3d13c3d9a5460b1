"""Hosted token prices from the offline data of the package genai-prices."""

from __future__ import annotations

from collections.abc import Mapping

from core.catalog.types import Model, TokenOffer


def offers_for(model_id: str, input_tokens: float, output_tokens: float) -> list[TokenOffer]:
    """Offers of one model priced for one request of this size."""
    return []


def all_offers(
    models: Mapping[str, Model], input_tokens: float, output_tokens: float
) -> Mapping[str, TokenOffer]:
    """Offers of all models, by id, priced for one request of this size."""
    found = (o for m in models for o in offers_for(m, input_tokens, output_tokens))
    return {offer.id: offer for offer in found}
