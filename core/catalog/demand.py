"""Reading models and the presets of demand: use cases, weeks and tuning levers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from core.catalog.table import Row, by_id, read_table
from core.catalog.types import Licence, Model, Provenance, TrafficShape, TuningLever, UseCase
from core.hours import HOURS_PER_WEEK

COMMERCIAL: tuple[Literal["yes", "conditional", "no"], ...] = ("yes", "conditional", "no")
PERCENTILES: tuple[Literal["p50", "p90", "p95", "p99"], ...] = ("p50", "p90", "p95", "p99")
SIZE_TIERS = ("tiny", "small", "medium", "large", "frontier")


def models() -> Mapping[str, Model]:
    """Models by id. Raises ``CatalogError``."""
    return by_id(read_table("models"), model)


def model(row: Row) -> Model:
    """One model; active parameters may not exceed all, nor a kind of layer all layers."""
    total = row.number("total_params_b", 0.01, 1e5)
    layers = row.integer("layers", 1, 1000)
    columns = ("full_attn_layers", "swa_layers", "linear_layers")
    kinds = [row.integer(column, 0, layers) for column in columns]
    return Model(
        id=row.text("id"),
        name=row.text("name"),
        family=row.text("family"),
        attention=row.text("attention"),
        is_mla=row.flag("is_mla"),
        total_params_b=total,
        active_params_b=row.number("active_params_b", 0.01, total),
        layers=layers,
        hidden=row.integer("hidden", 1),
        heads=row.integer("heads", 1),
        kv_heads=row.integer("kv_heads", 1),
        head_dim=row.integer("head_dim", 1),
        ffn=row.integer("ffn"),
        moe_ffn=row.integer("moe_ffn"),
        n_experts=row.integer("n_experts"),
        top_k=row.integer("top_k"),
        n_shared_experts=row.integer("n_shared_experts"),
        shared_ffn=row.integer("shared_ffn"),
        dense_layers=row.integer("dense_layers", 0, layers),
        vocab=row.integer("vocab", 1),
        tied_embeddings=row.flag("tied_embeddings"),
        q_lora_rank=row.integer("q_lora_rank"),
        kv_lora_rank=row.integer("kv_lora_rank"),
        qk_nope_head_dim=row.integer("qk_nope_head_dim"),
        qk_rope_head_dim=row.integer("qk_rope_head_dim"),
        v_head_dim=row.integer("v_head_dim"),
        sliding_window=row.integer("sliding_window"),
        full_attn_layers=kinds[0],
        swa_layers=kinds[1],
        linear_layers=kinds[2],
        kv_elems_per_token_full=row.number("kv_elems_per_token_full"),
        kv_elems_per_token_window=row.number("kv_elems_per_token_window"),
        sparse_top_k=row.integer("sparse_top_k"),
        sparse_layers=row.integer("sparse_layers", 0, kinds[0]),
        index_heads=row.integer("index_heads"),
        index_head_dim=row.integer("index_head_dim"),
        kv_compression=row.integer("kv_compression", 1),
        mtp_layers=row.integer("mtp_layers") if row.raw("mtp_layers") else None,
        max_context=row.integer("max_context", 128),
        native_precision=row.text("native_precision"),
        licence=_licence(row),
        size_tier=row.choice("size_tier", SIZE_TIERS),
        provenance=row.provenance(),
        offered=row.flag("offered"),
    )


def _licence(row: Row) -> Licence | None:
    if not row.raw("licence"):
        return None
    where = row.provenance("licence_source", "as_of", "licence_confidence")
    return Licence(
        row.text("licence"),
        row.choice("licence_commercial_use", COMMERCIAL),
        row.raw("licence_note"),
        Provenance(where.source, where.as_of, where.confidence),
    )


def use_cases() -> Mapping[str, UseCase]:
    """Workload presets by id. Raises ``CatalogError``."""
    return by_id(read_table("use_cases"), use_case)


def use_case(row: Row) -> UseCase:
    """One preset.

    The 95th percentile of tokens must not lie below the mean, and an answer of that length at
    its time per token must fit the target for the whole answer.
    """
    tokens = {}
    for stem in ("input_tokens", "output_tokens"):
        mean = row.number(f"{stem}_mean", 1, 1e7)
        tokens[stem] = (mean, row.number(f"{stem}_p95", mean, 1e7))
    ttft, tpot = row.optional("ttft_ms", 1, 1e9), row.optional("tpot_ms", 1, 1e6)
    e2e = row.optional("e2e_ms", 1, 1e9)
    least = (ttft or 0.0) + (tpot or 0.0) * tokens["output_tokens"][1]
    if e2e is not None and e2e < least:
        raise row.fail("e2e_ms", f"the other targets allow {least:g} ms for a long answer")
    return UseCase(
        id=row.text("id"),
        title=row.text("title"),
        description=row.text("description"),
        input_tokens_mean=tokens["input_tokens"][0],
        input_tokens_p95=tokens["input_tokens"][1],
        output_tokens_mean=tokens["output_tokens"][0],
        output_tokens_p95=tokens["output_tokens"][1],
        prefix_cache_share=row.number("prefix_cache_share", 0, 0.99),
        ttft_ms=ttft,
        tpot_ms=tpot,
        e2e_ms=e2e,
        percentile=row.choice("percentile", PERCENTILES),
        requests_per_user_hour=row.optional("requests_per_user_hour", 0.001, 1e6),
        active_user_fraction=row.optional("active_user_fraction", 0.001, 1),
        batchable_share=row.number("batchable_share", 0, 1),
        provenance=row.provenance(),
        reasoning_token_share=row.number("reasoning_token_share", 0, 0.99),
        traffic_shape=row.raw("traffic_shape"),
        model=row.raw("model"),
        basis=row.raw("basis"),
        notes=row.raw("notes"),
    )


def traffic_shapes() -> Mapping[str, TrafficShape]:
    """Typical weeks by id. Raises ``CatalogError``."""
    return by_id(read_table("traffic_shapes"), traffic_shape)


def traffic_shape(row: Row) -> TrafficShape:
    """One week of 168 weights, scaled to a mean of exactly 1 (the table is rounded)."""
    hours = [row.number(f"h{h:03d}", 0, HOURS_PER_WEEK) for h in range(HOURS_PER_WEEK)]
    mean = sum(hours) / HOURS_PER_WEEK
    if not 0.98 <= mean <= 1.02:
        raise row.fail("h000", f"the 168 weights must have a mean of 1, found {mean:.3f}")
    low = row.number("arrival_cv_low", 0, 100)
    cv = row.number("arrival_cv", low, 100)
    return TrafficShape(
        id=row.text("id"),
        title=row.text("title"),
        hours=tuple(h / mean for h in hours),
        arrival_cv_low=low,
        arrival_cv=cv,
        arrival_cv_high=row.number("arrival_cv_high", cv, 100),
        notes=row.raw("notes"),
        provenance=row.provenance(),
    )


def levers() -> Mapping[str, TuningLever]:
    """Tuning levers by id. Raises ``CatalogError``."""
    return by_id(read_table("tuning_levers"), lever)


def lever(row: Row) -> TuningLever:
    """One serving option with its published multipliers."""
    return TuningLever(
        id=row.text("id"),
        title=row.text("title"),
        throughput_x=_multipliers(row, "throughput_x"),
        ttft_x=_multipliers(row, "ttft_x"),
        tpot_x=_multipliers(row, "tpot_x"),
        quality_effect=row.text("quality_effect"),
        skill_level=row.integer("skill_level", 1, 5),
        needs=row.text("needs"),
        measured_facts=row.text("measured_facts"),
        provenance=row.provenance(),
    )


def _multipliers(row: Row, stem: str) -> tuple[float, float, float] | None:
    columns = [f"{stem}_{end}" for end in ("low", "typical", "high")]
    cells = [row.optional(c, 0.001, 1000) for c in columns]
    low, typical, high = cells
    if low is None or typical is None or high is None:
        if any(c is not None for c in cells):
            raise row.fail(columns[1], "low, typical and high are given together or not at all")
        return None
    if not low <= typical <= high:
        raise row.fail(columns[1], "low <= typical <= high is required")
    return low, typical, high
