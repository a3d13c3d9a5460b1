"""Hand-made options and a four-row catalog, so that every expected number can be worked out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from core.assessment import Assessment
from core.catalog.types import (
    CloudOffer,
    Licence,
    Model,
    Platform,
    Provenance,
    Region,
    TokenOffer,
    TuningLever,
)
from core.recommendation import (
    Carbon,
    Cost,
    CostLine,
    Currency,
    Fleet,
    LatencyPoint,
    Option,
    Rack,
    Serving,
    Spread,
    TargetCheck,
)

SOURCE = Provenance("hand-made for a test", "2026-11-01", "low")
MODEL_ID = "meta-llama/Llama-3.3-70B-Instruct"
AS_OF = "2026-11-23"


def model(**changes: Any) -> Model:
    """Llama-3.3-70B as its configuration file gives it."""
    values: dict[str, Any] = {
        "id": MODEL_ID,
        "name": "Llama 3.3 70B",
        "family": "llama",
        "attention": "gqa",
        "is_mla": False,
        "total_params_b": 70.55,
        "active_params_b": 70.55,
        "layers": 80,
        "hidden": 8192,
        "heads": 64,
        "kv_heads": 8,
        "head_dim": 128,
        "ffn": 28672,
        "moe_ffn": 0,
        "n_experts": 0,
        "top_k": 0,
        "n_shared_experts": 0,
        "shared_ffn": 0,
        "dense_layers": 80,
        "vocab": 128256,
        "tied_embeddings": False,
        "q_lora_rank": 0,
        "kv_lora_rank": 0,
        "qk_nope_head_dim": 0,
        "qk_rope_head_dim": 0,
        "v_head_dim": 0,
        "sliding_window": 0,
        "full_attn_layers": 80,
        "swa_layers": 0,
        "linear_layers": 0,
        "kv_elems_per_token_full": 163840.0,
        "kv_elems_per_token_window": 0.0,
        "sparse_top_k": 0,
        "max_context": 131072,
        "native_precision": "bf16",
        "licence": Licence("Llama 3.3 Community", "yes", "", SOURCE),
        "size_tier": "large",
        "provenance": SOURCE,
    }
    return Model(**{**values, **changes})


def platform(**changes: Any) -> Platform:
    """An air-cooled server with eight accelerators."""
    values: dict[str, Any] = {
        "id": "server-8",
        "name": "8-way server",
        "vendor": "Any",
        "accelerator_id": "h100",
        "accelerator_count": 8,
        "kind": "server",
        "nameplate_kw": 10.2,
        "height_u": 8.0,
        "weight_kg": 130.0,
        "cooling": "air",
        "price_usd": None,
        "training_class": True,
        "includes_software_licence": False,
        "phys_provenance": SOURCE,
        "provenance": SOURCE,
    }
    return Platform(**{**values, **changes})


def region(key: str, name: str, iso3: str, is_eu: bool) -> Region:
    """A region of which only the place matters."""
    return Region(key, name, iso3, "USD", is_eu, None, 0.4, "2024", "test", 1.5, 1.2, SOURCE)


@dataclasses.dataclass
class SmallCatalog:
    """What gates and scores read, in dictionaries."""

    models: Mapping[str, Model] = dataclasses.field(default_factory=lambda: {MODEL_ID: model()})
    platforms: Mapping[str, Platform] = dataclasses.field(
        default_factory=lambda: {"server-8": platform()}
    )
    cloud_offers: Mapping[str, CloudOffer] = dataclasses.field(default_factory=dict)
    token_offers: Mapping[str, TokenOffer] = dataclasses.field(default_factory=dict)
    regions: Mapping[str, Region] = dataclasses.field(
        default_factory=lambda: {
            "DEU": region("DEU", "Germany", "DEU", True),
            "USA": region("USA", "USA", "USA", False),
            "FRA": region("FRA", "France", "FRA", True),
        }
    )
    levers: Mapping[str, TuningLever] = dataclasses.field(default_factory=dict)

    def currency(self, code: str) -> Currency:
        """One euro is 1.25 dollars."""
        return Currency(code, {"EUR": 0.8}.get(code, 1.0), SOURCE)


def cloud_offer(country: str) -> CloudOffer:
    """An instance that stands in a country."""
    return CloudOffer(
        "p5",
        "public_cloud",
        "AWS",
        "p5",
        "h100",
        8,
        "r",
        country,
        55.0,
        None,
        None,
        None,
        None,
        SOURCE,
    )


def point(req_s: float, ttft: float, tpot: float, e2e: float) -> LatencyPoint:
    """Every percentile the same."""

    def flat(value: float) -> dict[str, float]:
        return dict.fromkeys(("mean", "p50", "p90", "p95", "p99"), value)

    return LatencyPoint(req_s, flat(ttft), flat(tpot), flat(e2e), flat(ttft))


def serving(**changes: Any) -> Serving:
    """A replica on four accelerators with slack everywhere."""
    values: dict[str, Any] = {
        "workload": "Chat assistant",
        "model_id": MODEL_ID,
        "model_name": "Llama 3.3 70B",
        "accelerator_id": "h100",
        "accelerator_name": "H100",
        "configuration": "tensor parallel 4",
        "weight_precision": "bf16",
        "kv_precision": "bf16",
        "tp": 4,
        "accelerators_per_replica": 4,
        "engine": "vllm",
        "replicas_by_year": (2, 2),
        "capacity_req_s": 2.0,
        "saturation_req_s": 4.0,
        "binding_target": "ttft",
        "peak_req_s_by_year": (2.7, 3.2),
        "targets": (TargetCheck("ttft", "TTFT", 500.0, Spread(200.0, 250.0, 300.0), "pass"),),
        "at_peak": point(1.5, 250.0, 20.0, 4000.0),
        "curve": (),
        "evidence": "measured",
        "evidence_note": "",
        "nearest": (),
        "decode_shares": None,
        "prefill_shares": None,
        "roofline": (),
        "roof_peak_tflops": None,
        "roof_bandwidth_gb_s": None,
        "weights_gib_per_accelerator": 33.0,
        "kv_gib_per_accelerator": 30.0,
        "usable_gib_per_accelerator": 79.0,
        "max_concurrency": 24,
        "bandwidth_needed_gb_s": 837.5,
        "bandwidth_sustained_gb_s": 3350.0,
        "prefill_share": 0.3,
        "throughput_interval": Spread(0.8, 1.0, 1.2),
    }
    return Serving(**{**values, **changes})


def fleet(**changes: Any) -> Fleet:
    """Two servers in two racks."""
    racks = tuple(
        Rack(n, (("8-way server", 8.0, 10.2),), 10.2, 12.0, 10.0, 42.0, 130.0) for n in (1, 2)
    )
    values: dict[str, Any] = {
        "unit": "servers",
        "platform_id": "server-8",
        "platform_name": "8-way server",
        "units_by_year": (2, 2),
        "spares": 1,
        "accelerators": 16,
        "sites": 1,
        "nameplate_kw": 20.4,
        "average_kw": 10.0,
        "peak_kw": 16.0,
        "facility_kw": 30.6,
        "heat_kw": 20.4,
        "racks": racks,
        "rack_count": 2,
        "kw_per_rack": 10.2,
        "weight_kg": 260.0,
        "height_u": 16.0,
        "feed_kva": 26.8,
        "utilisation": 0.5,
        "utilisation_by_year": (0.5, 0.6),
        "network_ports": 6,
        "availability": 0.999,
    }
    return Fleet(**{**values, **changes})


def line(
    key: str = "servers",
    kind: str = "capex",
    yearly: tuple[float, ...] = (100.0, 0.0, 0.0),
    low: float = 0.9,
    high: float = 1.1,
) -> CostLine:
    """One cost line at discount rate zero."""
    return CostLine(key, key.title(), kind, yearly, sum(yearly), low, high, "", SOURCE, True)  # type: ignore[arg-type]  # a literal


def cost(usd_per_mtok: float = 2.0, **changes: Any) -> Cost:
    """Two years of a million million tokens: 1e6 Mtok a year."""
    lines = (
        line("servers", "capex", (usd_per_mtok * 1e6, 0.0, 0.0)),
        line("energy", "energy", (0.0, usd_per_mtok * 5e5, usd_per_mtok * 5e5)),
    )
    values: dict[str, Any] = {
        "lines": lines,
        "capex_usd": usd_per_mtok * 1e6,
        "yearly_usd": tuple(sum(x.yearly_usd[y] for x in lines) for y in range(3)),
        "opex_first_year_usd": usd_per_mtok * 5e5,
        "npv_usd": usd_per_mtok * 2e6,
        "usd_per_mtok": Spread(usd_per_mtok * 0.9, usd_per_mtok, usd_per_mtok * 1.1),
        "usd_per_mtok_input": None,
        "usd_per_mtok_output": None,
        "usd_per_mtok_short_run": None,
        "usd_per_mtok_next_server": None,
        "depreciation_by_year_usd": (0.0, 0.0),
        "cumulative_usd": tuple(0.0 for _ in range(25)),
        "payback_months": None,
        "savings_npv_usd": None,
        "tokens_by_year": (1e12, 1e12),
    }
    return Cost(**{**values, **changes})


def option(
    key: str = "a", venue: str = "on_premises", usd_per_mtok: float | None = 2.0, **changes: Any
) -> Option:
    """An option that passes every gate of a default assessment but for its conditions."""
    values: dict[str, Any] = {
        "id": key,
        "venue": venue,
        "venue_label": venue.replace("_", "-").title(),
        "title": f"Option {key}",
        "provider": "Provider",
        "region": "DEU",
        "servings": (serving(),),
        "fleet": fleet(),
        "cost": None if usd_per_mtok is None else cost(usd_per_mtok),
        "carbon": Carbon(1e5, 0.5, 200.0, 20.0, 100.0, "test"),
        "gates": (),
        "feasible": False,
        "conditions": (),
        "scores": (),
        "total_score": None,
        "topsis_score": None,
        "rank": None,
        "bottleneck": None,
        "weeks_to_deploy": Spread(6.0, 10.0, 20.0),
        "hybrid_curve": (),
        "why": "",
        "sources": (),
    }
    return Option(**{**values, **changes})


def api(key: str = "api", usd_per_mtok: float | None = 0.7, **changes: Any) -> Option:
    """A hosted API: no hardware, no published latency."""
    values: dict[str, Any] = {
        "servings": (
            serving(
                accelerator_id=None,
                accelerator_name=None,
                weight_precision=None,
                kv_precision=None,
                tp=0,
                accelerators_per_replica=0,
                engine=None,
                capacity_req_s=None,
                at_peak=None,
                targets=(TargetCheck("ttft", "TTFT", 500.0, None, "unknown"),),
                evidence=None,
                weights_gib_per_accelerator=None,
                usable_gib_per_accelerator=None,
                max_concurrency=None,
                bandwidth_needed_gb_s=None,
                bandwidth_sustained_gb_s=None,
            ),
        ),
        "fleet": fleet(
            unit="",
            platform_id=None,
            platform_name="",
            units_by_year=(),
            spares=0,
            accelerators=0,
            nameplate_kw=None,
            racks=(),
            rack_count=0,
            kw_per_rack=None,
            feed_kva=None,
            utilisation=None,
            utilisation_by_year=(),
            availability=None,
        ),
        "carbon": Carbon(None, None, None, None, None, ""),
        "weeks_to_deploy": Spread(0.0, 1.0, 2.0),
    }
    return option(key, "token_api", usd_per_mtok, **{**values, **changes})


def assessment(**site: Any) -> Assessment:
    """The default assessment in a room of two wide racks, with changes to the site."""
    base = Assessment()
    values: dict[str, Any] = {"floor_load_kg_m2": 1000.0, "feed_kva": 60.0, "cooling": "in_row"}
    return dataclasses.replace(base, site=dataclasses.replace(base.site, **{**values, **site}))
