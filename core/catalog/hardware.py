"""Reading accelerators, platforms and rented instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from core.catalog.table import Row, by_id, read_table
from core.catalog.types import CLOUD_VENUES, Accelerator, CloudOffer, CoolingClass, Platform, Range

KINDS: tuple[Literal["gpu", "tpu", "npu", "apu", "cpu"], ...] = ("gpu", "tpu", "npu", "apu", "cpu")
INTERCONNECTS: tuple[
    Literal[
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
    ],
    ...,
] = (
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
)
PLATFORM_KINDS: tuple[Literal["server", "rack", "edge"], ...] = ("server", "rack", "edge")
COOLING: tuple[CoolingClass, ...] = get_args(CoolingClass)
_PRICE = ("price_source", "price_as_of", "price_confidence")


def accelerators() -> Mapping[str, Accelerator]:
    """Accelerators by id. Raises ``CatalogError``, also for peaks that are not dense."""
    return by_id(read_table("accelerators"), accelerator)


def accelerator(row: Row) -> Accelerator:
    """One accelerator. Peaks must not fall from 16 to 8 to 4 bits (a sparse figure slipped in)."""
    bf16 = row.number("tflops_bf16", 0.1, 1e5)
    fp8, fp4 = row.optional("tflops_fp8", 0.1, 1e5), row.optional("tflops_fp4", 0.1, 1e5)
    if fp8 is not None and fp8 < bf16:
        raise row.fail("tflops_fp8", f"dense 8-bit peak below the 16-bit one ({bf16:g})")
    if fp4 is not None and fp4 < (fp8 or bf16):
        raise row.fail("tflops_fp4", f"dense 4-bit peak below the wider one ({fp8 or bf16:g})")
    mem_gb = row.number("mem_gb", 0.5, 1e5)
    return Accelerator(
        id=row.text("id"),
        name=row.text("name"),
        vendor=row.text("vendor"),
        generation=row.text("generation"),
        kind=row.choice("kind", KINDS),
        form_factor=row.raw("form_factor"),
        mem_gb=mem_gb,
        mem_gib_usable=row.number("mem_gib_usable", 0.3, mem_gb * 1.08),
        bandwidth_gb_s=row.number("bandwidth_gb_s", 1, 1e5),
        tflops_bf16=bf16,
        tflops_fp8=fp8,
        tops_int8=row.optional("tops_int8", 0.1, 1e5),
        tflops_fp4=fp4,
        tdp_w=row.optional("tdp_w", 1, 1e4),
        interconnect=row.raw("interconnect"),
        interconnect_gb_s=row.number("interconnect_gb_s", 0, 1e4),
        interconnect_class=row.choice("interconnect_class", INTERCONNECTS),
        bridge_group_size=row.integer("bridge_group_size", 1, 10_000),
        fallback_gb_s=row.number("fallback_gb_s", 0, 1e4),
        max_domain=row.integer("max_domain", 1, 10_000),
        release_year=row.integer("release_year", 2010, 2100),
        price_usd=row.optional_span(
            "USD", _PRICE, "price_low_usd", "price_base_usd", "price_high_usd"
        ),
        in_catalog=row.flag("in_catalog"),
        provenance=row.provenance(),
        devices=row.integer("devices", 1, 64) if row.raw("devices") else 1,
    )


def platforms(known: Mapping[str, Accelerator]) -> Mapping[str, Platform]:
    """Servers, racks and edge boxes by id; their accelerators must be ``known``."""
    return by_id(read_table("platforms"), lambda row: platform(row, known))


def platform(row: Row, known: Mapping[str, Accelerator]) -> Platform:
    """One platform. Its nameplate must carry at least its accelerators' power."""
    part = known.get(row.text("accelerator_id"))
    if part is None:
        raise row.fail("accelerator_id", "an id of accelerators.csv is expected")
    count = row.integer("accelerator_count", 1, 10_000)
    nameplate = row.optional("nameplate_kw", 0.001, 1000)
    if nameplate is not None and part.tdp_w is not None and nameplate * 1000 < count * part.tdp_w:
        raise row.fail("nameplate_kw", f"below {count} accelerators of {part.tdp_w:g} W each")
    return Platform(
        id=row.text("id"),
        name=row.text("name"),
        vendor=row.text("vendor"),
        accelerator_id=part.id,
        accelerator_count=count,
        kind=row.choice("kind", PLATFORM_KINDS),
        nameplate_kw=nameplate,
        height_u=row.optional("height_u", 0, 60),
        weight_kg=row.optional("weight_kg", 0.1, 5000),
        cooling=row.choice("cooling", COOLING),
        price_usd=row.optional_span(
            "USD",
            ("source", "as_of", "confidence"),
            "price_low_usd",
            "price_base_usd",
            "price_high_usd",
        ),
        training_class=row.flag("training_class"),
        includes_software_licence=row.flag("includes_software_licence"),
        phys_provenance=row.provenance("phys_source", "phys_as_of", "phys_confidence"),
        provenance=row.provenance(),
    )


def cloud_offers(known: Mapping[str, Accelerator]) -> Mapping[str, CloudOffer]:
    """Instances that can be rented, by id; their accelerators must be ``known``."""
    return by_id(read_table("cloud_offers"), lambda row: cloud_offer(row, known))


def cloud_offer(row: Row, known: Mapping[str, Accelerator]) -> CloudOffer:
    """One instance type in one region. On-demand >= committed for 1 >= 3 years >= spot."""
    if row.text("accelerator_id") not in known:
        raise row.fail("accelerator_id", "an id of accelerators.csv is expected")
    on_demand = row.number("on_demand_usd_h", 0.001, 1e5)
    spot = row.optional("spot_usd_h", 0.001, 1e5)
    one, three = (_committed(row, term) for term in ("1y", "3y"))
    ceiling, column = on_demand, "on_demand_usd_h"
    for name, price in (
        ("committed_1y_base_usd_h", None if one is None else one.base),
        ("committed_3y_base_usd_h", None if three is None else three.base),
        ("spot_usd_h", spot),
    ):
        if price is None:
            continue
        if price > ceiling:
            raise row.fail(name, f"above '{column}' ({ceiling:g})")
        ceiling, column = price, name
    return CloudOffer(
        id=row.text("id"),
        venue=row.choice("venue", CLOUD_VENUES),
        provider=row.text("provider"),
        instance=row.text("instance"),
        accelerator_id=row.text("accelerator_id"),
        accelerator_count=row.integer("accelerator_count", 1, 10_000),
        region_code=row.raw("region_code"),
        country_iso3=row.raw("country_iso3"),
        on_demand_usd_h=on_demand,
        spot_usd_h=spot,
        committed_1y_usd_h=one,
        committed_3y_usd_h=three,
        egress_usd_gb=row.optional("egress_usd_gb", 0, 1),
        provenance=row.provenance(),
        area=row.raw("area"),
    )


def _committed(row: Row, term: str) -> Range | None:
    stem = f"committed_{term}"
    return row.optional_span(
        "USD/h",
        (f"{stem}_source", f"{stem}_as_of", f"{stem}_confidence"),
        f"{stem}_low_usd_h",
        f"{stem}_base_usd_h",
        f"{stem}_high_usd_h",
    )
