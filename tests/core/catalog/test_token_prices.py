"""Hosted token prices: at the request's size, of the very model, equal to the package's own."""

from __future__ import annotations

import pytest
from genai_prices import Usage

from core.catalog import token_prices
from core.catalog.load import load_catalog

CATALOG = load_catalog()


def offer(model_id: str, provider: str, tokens_in: float = 4000, tokens_out: float = 1000):
    found = CATALOG.token_offers_for(model_id, tokens_in, tokens_out)
    return next(o for o in found if o.provider == provider)


@pytest.mark.parametrize(("tokens_in", "tokens_out"), [(100, 10), (4000, 1000), (600_000, 4000)])
def test_prices_equal_the_packages_own_calculation(tokens_in, tokens_out):
    compared = 0
    for found in token_prices.all_offers(CATALOG.models, tokens_in, tokens_out).values():
        provider_id, _, name = found.id.partition("/")
        record = token_prices._index().get((provider_id, name))
        if record is None:
            continue
        provider, model = record
        usage = Usage(input_tokens=tokens_in, output_tokens=tokens_out)
        whole = model.calc_price(
            usage, provider, genai_request_timestamp=token_prices.PRICED_AT
        ).total_price
        ours = (tokens_in * found.input_usd_mtok + tokens_out * found.output_usd_mtok) / 1e6
        assert ours == pytest.approx(float(whole), rel=1e-9), found.id
        compared += 1
    assert compared >= 200


def test_long_prompts_cost_more_where_the_provider_says_so():
    short = offer("MiniMaxAI/MiniMax-M3", "MiniMax", 1000)
    long = offer("MiniMaxAI/MiniMax-M3", "MiniMax", 700_000)
    assert (short.input_usd_mtok, short.output_usd_mtok) == (0.3, 1.2)
    assert (long.input_usd_mtok, long.output_usd_mtok) == (0.6, 2.4)


def test_list_prices_known_from_elsewhere():
    # The providers' price pages, 2026-11: Groq and Together AI.
    groq = offer("meta-llama/Llama-3.3-70B-Instruct", "Groq")
    assert (groq.input_usd_mtok, groq.output_usd_mtok) == (0.59, 0.79)
    together = offer("meta-llama/Llama-3.3-70B-Instruct", "Together AI")
    assert (together.input_usd_mtok, together.output_usd_mtok) == (0.88, 0.88)
    assert offer("openai/gpt-oss-120b", "Groq").batch_discount == 0.5


def test_every_offer_is_of_that_model_by_name():
    """Family and size of the open model appear in the provider's name of it."""
    import re

    for found in CATALOG.token_offers.values():
        model = CATALOG.models[found.model_id]
        theirs = re.sub(r"[^a-z0-9]", "", found.provider_model.lower().replace("p", ""))
        family = re.sub(r"[^a-z]", "", model.name.lower().split()[0].replace("p", ""))
        assert family[:4] in theirs, found.id
        size = re.search(r"(?<![\d.])(\d+(?:\.\d+)?)b\b", model.name.lower())
        if size and "nemotron" not in family:
            assert re.sub(r"\D", "", size[1]) in theirs or "llama4" in theirs, found.id


def test_cached_input_is_never_dearer_and_shares_are_shares():
    for found in CATALOG.token_offers.values():
        assert found.input_usd_mtok > 0
        assert found.output_usd_mtok > 0
        if found.cached_input_usd_mtok is not None:
            assert 0 <= found.cached_input_usd_mtok <= found.input_usd_mtok
        assert found.batch_discount is None or 0 < found.batch_discount < 1


def test_provenance_names_package_version_and_date():
    where = offer("openai/gpt-oss-120b", "Groq").provenance
    assert f"genai-prices {token_prices.installed()}" in where.source
    assert "4,000 in and 1,000 out" in where.source
    assert where.as_of == token_prices.data_date()
    assert where.as_of in ("", *token_prices.RELEASED.values())


def test_unknown_versions_are_undated_and_of_low_confidence(monkeypatch):
    monkeypatch.setattr(token_prices, "RELEASED", {})
    where = offer("openai/gpt-oss-120b", "Groq").provenance
    assert (where.as_of, where.confidence) == ("", "low")


def test_brokers_are_no_hosts():
    providers = {o.provider for o in CATALOG.token_offers.values()}
    assert not {"OpenRouter", "GitHub Copilot", "Cursor"} & providers
    assert len(providers) >= 20
    assert len({o.model_id for o in CATALOG.token_offers.values()}) >= 60


def test_unknown_models_have_no_offers_and_unknown_rows_are_refused():
    assert CATALOG.token_offers_for("no/such-model", 100, 10) == []
    from core.catalog.errors import CatalogError

    with pytest.raises(CatalogError, match=r"token_models\.csv"):
        token_prices.all_offers(["openai/gpt-oss-120b"], 100, 10)


def test_facts_cover_the_offers_without_pricing_them():
    assert len(token_prices.facts()) >= len(CATALOG.token_offers)
