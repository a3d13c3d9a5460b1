"""What the catalog holds: plain immutable records, every one with its provenance.

Quantities carry their unit in the name. ``None`` means *unknown*; the catalog never
invents a price or a specification.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.records import quickly_made
from core.words import _

Confidence = Literal["high", "medium", "low"]
Precision = Literal["bf16", "fp8", "int8", "int4", "fp4"]
"""What weights may be *stored* in. ``fp4`` is MXFP4 or NVFP4, ``int4`` AWQ/GPTQ/Q4."""

CoolingClass = Literal["air", "rear_door", "liquid"]
"""What a platform *needs*: room air, or direct-to-chip liquid (``rear_door`` is a site class)."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a fact comes from: citation, ISO date it held on ("" if undated), confidence."""

    source: str
    as_of: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Range:
    """A low/base/high estimate with unit and provenance: every editable assumption is one."""

    low: float
    base: float
    high: float
    unit: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Currency:
    """The user's currency: multiply US dollars by ``per_usd``."""

    code: str
    per_usd: float
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Licence:
    """Licence of a model's weights and whether it allows commercial use as it stands."""

    name: str
    commercial_use: Literal["yes", "conditional", "no"]
    note: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Model:
    """Shape of a transformer (or hybrid) language model, enough for memory and FLOP formulas.

    Zero means "has none" for counts (experts, windows, ranks). ``kv_elems_per_token_full`` is
    the number of cached elements a token adds in the full-attention layers (all layers
    together); ``kv_elems_per_token_window`` the same for sliding-window layers, which stop
    growing at ``sliding_window`` tokens.
    """

    id: str
    name: str
    family: str
    attention: str
    is_mla: bool
    total_params_b: float
    active_params_b: float
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    moe_ffn: int
    n_experts: int
    top_k: int
    n_shared_experts: int
    shared_ffn: int
    dense_layers: int
    vocab: int
    tied_embeddings: bool
    q_lora_rank: int
    kv_lora_rank: int
    qk_nope_head_dim: int
    qk_rope_head_dim: int
    v_head_dim: int
    sliding_window: int
    full_attn_layers: int
    swa_layers: int
    linear_layers: int
    kv_elems_per_token_full: float
    kv_elems_per_token_window: float
    sparse_top_k: int
    max_context: int
    native_precision: str
    licence: Licence | None
    size_tier: str
    provenance: Provenance
    sparse_layers: int = 0
    """Full-attention layers that attend only to the ``sparse_top_k`` entries an indexer chose."""
    index_heads: int = 0
    index_head_dim: int = 0
    """Of the indexer that scores every cached entry; its keys are among the cached elements."""
    kv_compression: int = 1
    """Tokens per cached entry of the sparse layers; above 1 one vector is both key and value."""
    mtp_layers: int | None = None
    """Layers for multi-token prediction that come with the model; ``None`` where not known."""
    offered: bool = True
    """False for models known only so that measurement files resolve; not offered for choice."""


@dataclass(frozen=True, slots=True)
class Accelerator:
    """One accelerator (GPU, TPU, NPU, APU or CPU socket). Peaks are dense, per accelerator.

    ``mem_gib_usable`` is what the driver reports, below the marketing figure.
    ``interconnect_gb_s`` is per direction inside a group of ``bridge_group_size``
    accelerators; larger groups fall back to ``fallback_gb_s`` (PCIe).
    ``generation`` groups hardware for calibration (for example ``hopper``, ``cdna3``).
    """

    id: str
    name: str
    vendor: str
    generation: str
    kind: Literal["gpu", "tpu", "npu", "apu", "cpu"]
    form_factor: str
    mem_gb: float
    mem_gib_usable: float
    bandwidth_gb_s: float
    tflops_bf16: float
    tflops_fp8: float | None
    tops_int8: float | None
    tflops_fp4: float | None
    tdp_w: float | None
    interconnect: str
    interconnect_gb_s: float
    interconnect_class: Literal[
        "nvlink",
        "nvlink_rack",
        "nvlink_bridge",
        "infinity_fabric",
        "roce",
        "ici",
        "neuronlink",
        "pcie",
        "ethernet",
        "none",
    ]
    bridge_group_size: int
    fallback_gb_s: float
    max_domain: int
    release_year: int
    price_usd: Range | None
    in_catalog: bool
    """False for parts known only so that measurement files resolve; never offered as candidates."""
    provenance: Provenance
    devices: int = 1
    """Most devices that it shows software (NeuronCores, dies of a module): what a published
    parallelism may count instead of accelerators."""


@dataclass(frozen=True, slots=True)
class Platform:
    """A complete server, rack or edge box that can be bought, with its accelerators."""

    id: str
    name: str
    vendor: str
    accelerator_id: str
    accelerator_count: int
    kind: Literal["server", "rack", "edge"]
    nameplate_kw: float | None
    height_u: float | None
    weight_kg: float | None
    cooling: CoolingClass
    price_usd: Range | None
    training_class: bool
    """True for HGX/DGX-class servers: the reference for the general-purpose comparison."""
    includes_software_licence: bool
    phys_provenance: Provenance
    provenance: Provenance

    @property
    def title(self) -> str:
        """The name as it is shown: generic words ("PCIe server") in the language in use."""
        return _(self.name)


CLOUD_VENUES: tuple[Literal["public_cloud", "gpu_cloud"], ...] = ("public_cloud", "gpu_cloud")
"""Where instances are rented by the hour."""
OWNED_VENUES = frozenset(("on_premises", "colocation", "edge"))
"""Where servers are bought, or leased."""
WITH_OWN_SERVERS = OWNED_VENUES | {"hybrid"}
"""Where some are, be it only a part: they are ordered, delivered and installed."""


@dataclass(frozen=True, slots=True)
class CloudOffer:
    """An instance type that can be rented. Prices are for the whole instance, USD per hour."""

    id: str
    venue: Literal["public_cloud", "gpu_cloud"]
    provider: str
    instance: str
    accelerator_id: str
    accelerator_count: int
    region_code: str
    country_iso3: str
    on_demand_usd_h: float
    spot_usd_h: float | None
    committed_1y_usd_h: Range | None
    committed_3y_usd_h: Range | None
    egress_usd_gb: float | None
    provenance: Provenance
    area: str = ""
    """Part of the world where the country has several (``Region.area``)."""


@dataclass(frozen=True, slots=True)
class TokenOffer:
    """A hosted model's price in USD per million tokens."""

    id: str
    provider: str
    provider_model: str
    model_id: str
    context_tokens: int | None
    input_usd_mtok: float
    cached_input_usd_mtok: float | None
    output_usd_mtok: float
    batch_discount: float | None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Region:
    """Electricity price, grid carbon intensity and PUE of a country or state."""

    id: str
    name: str
    iso3: str
    currency: str
    is_eu: bool
    electricity_usd_kwh: Range | None
    carbon_kg_kwh: float | None
    carbon_year: str
    carbon_source: str
    pue_enterprise: float | None
    pue_best: float | None
    provenance: Provenance
    area: str = ""
    """Part of the world that one cloud region serves well; "" is not known."""


@dataclass(frozen=True, slots=True)
class UseCase:
    """A workload preset: token lengths, cache share, latency targets, requests per user."""

    id: str
    title: str
    description: str
    input_tokens_mean: float
    input_tokens_p95: float
    output_tokens_mean: float
    output_tokens_p95: float
    prefix_cache_share: float
    ttft_ms: float | None
    tpot_ms: float | None
    e2e_ms: float | None
    percentile: Literal["p50", "p90", "p95", "p99"]
    requests_per_user_hour: float | None
    active_user_fraction: float | None
    batchable_share: float
    provenance: Provenance
    reasoning_token_share: float = 0.0
    """Share of the output that is thinking."""
    traffic_shape: str = ""
    """Id of the typical week that fits, "" for none in particular."""
    model: str = ""
    """Id of a model that fits the use where the general default does not, else ""."""
    basis: str = ""
    """How tokens, cache share, targets and rates were found."""
    notes: str = ""
    """What was corrected, and what is weak."""


@dataclass(frozen=True, slots=True)
class TrafficShape:
    """A typical week: 168 hourly weights with mean 1, Monday 00:00 first, and burstiness."""

    id: str
    title: str
    hours: tuple[float, ...]
    arrival_cv_low: float
    arrival_cv: float
    arrival_cv_high: float
    notes: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class NetworkLink:
    """Round-trip time of a kind of network link between users and servers."""

    id: str
    title: str
    rtt_ms: Range
    joins: tuple[tuple[str, str], ...] = ()
    """Pairs of areas between which it leads; the same twice: between countries of one."""


@dataclass(frozen=True, slots=True)
class TuningLever:
    """Published effect of a serving option: multipliers (low, typical, high) or None."""

    id: str
    title: str
    throughput_x: tuple[float, float, float] | None
    ttft_x: tuple[float, float, float] | None
    tpot_x: tuple[float, float, float] | None
    quality_effect: str
    skill_level: int
    needs: str
    measured_facts: str
    provenance: Provenance
