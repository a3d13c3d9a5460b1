"""Planning values that no user enters: taken from the catalog, else the ones listed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.catalog.types import Provenance, Range
from core.words import N_


def _range(
    low: float,
    base: float,
    high: float,
    unit: str,
    source: str,
    as_of: str = "",
    confidence: str = "low",
) -> Range:
    return Range(low, base, high, unit, Provenance(source, as_of, confidence))  # type: ignore[arg-type]  # literals below


_GUESS = N_("Assumption: planning practice, no citable source")
DEFAULTS: dict[str, Range] = {
    "network_share_of_hardware": _range(
        0.10,
        0.125,
        0.15,
        "share of server price",
        N_("Unnamed GPU cost guide, 2026: 10 to 15 % of hardware"),
        "2026",
    ),
    "rack_usd": _range(5000, 8000, 14000, "USD per rack with 2 PDUs", N_("Assumption"), "2026"),
    "power_cooling_usd_kw": _range(
        4000,
        7000,
        12000,
        "USD per kW",
        N_(
            "Assumption: UPS, switchgear and cooling of a small server room; paid only beyond the "
            "spare power stated"
        ),
        "2026",
    ),
    "liquid_retrofit_usd_kw": _range(
        1200,
        2000,
        3500,
        "USD per kW",
        N_("STL Partners, 2026: about USD 2 million per MW"),
        "2026-05",
        "medium",
    ),
    "rack_switch_kw": _range(
        0.15,
        0.3,
        1.7,
        "kW per rack",
        N_(
            "Assumption: two top-of-rack switches of 0.15 kW each; one of 64 ports of 400 Gbit/s "
            "draws 1.7"
        ),
    ),
    "rack_fittings_kg": _range(
        130,
        180,
        230,
        "kg per rack",
        N_(
            "Assumption: empty 42 U rack 120 to 160 kg, two power strips and two switches 10 kg "
            "each"
        ),
    ),
    "rack_life_years": _range(
        8, 10, 15, "years", N_("Assumption: racks and power distribution units outlive two fleets")
    ),
    "works_life_years": _range(
        10,
        15,
        20,
        "years",
        N_("Assumption: UPS, switchgear, cooling and fit-out as building parts"),
    ),
    "lease_rate_year": _range(
        0.06,
        0.09,
        0.13,
        "nominal interest per year",
        N_("Noreast Capital: typically 7 to 13 %, large contracts 6 to 8 %"),
        "2026-11",
    ),
    "installation_share": _range(0.01, 0.02, 0.04, "share of server price", _GUESS),
    "edge_installation_usd_site": _range(300, 600, 1500, "USD per site", _GUESS),
    "field_visit_usd": _range(200, 400, 800, "USD per visit", _GUESS),
    "field_visits_per_site_year": _range(0.2, 0.5, 1.0, "visits per site and year", _GUESS),
    "edge_servers_per_engineer": _range(100, 300, 1000, "edge servers per engineer", _GUESS),
    "rented_instances_per_engineer": _range(
        130,
        360,
        1000,
        "instances per engineer",
        N_(
            "Data Center Knowledge, 2009: about 130 servers per engineer at Facebook, 1,000 to "
            "2,000 per administrator at Microsoft; base between them"
        ),
        "2009-12",
    ),
    "colocation_usd_kw_month": _range(
        190,
        217.3,
        224,
        "USD per kW and month",
        N_("CBRE, 2025: average of 16 markets, wholesale 250 to 500 kW, without energy"),
        "2025",
        "high",
    ),
    "colocation_retail_factor": _range(
        1.0,
        1.3,
        1.6,
        "times the wholesale rate",
        N_("Assumption: contracts below 250 kW pay a retail rate"),
    ),
    "colocation_high_density_premium": _range(
        0.15,
        0.25,
        0.30,
        "on the rate above 50 kW per rack",
        N_("Unnamed GPU cost guide, 2026: 20 to 30 %"),
        "2026-01",
    ),
    "colocation_pue": _range(
        1.25,
        1.4,
        1.6,
        "ratio",
        N_("Assumption: between public cloud 1.25 and enterprise 1.63 (IDC US51911924)"),
        "2025-01",
    ),
    "cross_connect_usd_month": _range(150, 300, 400, "USD per month each", N_("Assumption")),
    "remote_hands_usd_h": _range(
        115,
        180,
        200,
        "USD per hour",
        N_("365 Data Centers and QTS: service catalogues"),
        "2026",
        "high",
    ),
    "remote_hands_h_per_server_year": _range(1, 3, 6, "hours per server and year", _GUESS),
    "staff_usd_year": _range(
        104_000,
        138_000,
        253_000,
        "USD per year, loaded",
        N_(
            "US BLS, May 2024: median of computer occupations USD 105,990, × 1.3 for the "
            "employer's costs"
        ),
        "2024-05",
        "medium",
    ),
    "self_hosted_service_fte": _range(
        0.1,
        0.15,
        0.2,
        "FTE",
        N_("Agora Digest, June 2026: self-hosted single-GPU service"),
        "2026-06",
        "medium",
    ),
    "token_api_fte": _range(
        0.02, 0.05, 0.1, "FTE", N_("Assumption: contract, keys and monitoring")
    ),
    "gpu_failure_rate_year": _range(
        0.025,
        0.04,
        0.06,
        "replacements per accelerator and year",
        "Llama 3 and Delta studies",
        "2025",
        "high",
    ),
    "repair_days": _range(
        3,
        4,
        5,
        "days",
        N_("Llama 3 and Delta studies: physical replacement time"),
        "2025",
        "medium",
    ),
    "cloud_interruption_rate_year": _range(
        0.09,
        0.17,
        0.17,
        "interruptions per accelerator and year",
        N_("Llama 3 and Delta studies: software and network included"),
        "2025",
        "medium",
    ),
    "cloud_replace_hours": _range(0.1, 0.5, 4.0, "hours to replace an instance", _GUESS),
    "spot_overhead": _range(0.05, 0.15, 0.3, "share of work repeated after interruptions", _GUESS),
    "public_cloud_pue": _range(1.14, 1.25, 1.25, "ratio", "IDC US51911924", "2025-01", "high"),
    "public_cloud_wue_l_kwh": _range(
        0.12,
        0.2,
        0.27,
        "L of water per kWh of IT energy",
        N_("Amazon and Microsoft, 2025: 0.12 and 0.27, their own fleets; base between them"),
        "2026-06",
        "medium",
    ),
    "edge_pue": _range(
        1.0,
        1.1,
        1.35,
        "ratio",
        N_(
            "Assumption: a box has no cooling of its own; air conditioning of the place (3 units "
            "of heat per unit of power) removes its heat for a third of the year; low never, high "
            "always"
        ),
    ),
    "on_premises_pue": _range(1.46, 1.63, 1.79, "ratio", "IDC US51911924", "2025-01", "high"),
    "electricity_usd_kwh": _range(
        0.08, 0.15, 0.30, "USD per kWh", N_("Assumption where the region's price is unknown")
    ),
    "bytes_per_output_token": _range(
        4, 200, 400, "bytes sent per output token", N_("Assumption: streamed JSON events")
    ),
    "embodied_kg_accelerator": _range(
        150,
        273,
        318,
        "kgCO2e per accelerator of 80 GB",
        "EcoLogits 0.11.3; Chien et al., 2023",
        "2025",
        "medium",
    ),
    "embodied_kg_server": _range(
        3000,
        5700,
        7000,
        "kgCO2e per 8-accelerator server without accelerators",
        "EcoLogits 0.11.3",
        "2025",
        "medium",
    ),
    "embodied_kg_per_kg_small_box": _range(
        46,
        100,
        173,
        "kgCO2e per kg of a small computer",
        N_(
            "Apple product reports: Mac mini 2024, 32 to 121 kg at 0.7 kg; MacBook Pro 14 of 2021, "
            "209 kg at 1.6 kg; base between them"
        ),
        "2024-11",
        "low",
    ),
    "small_box_kg": _range(1, 3, 8, "kg of a small box of unknown weight", N_("Assumption")),
    "server_lead_weeks": _range(
        8, 12, 16, "weeks", N_("iFactory, 2026: DGX/HGX B200 server"), "2026-05", "medium"
    ),
    "spare_box_days": _range(
        14,
        30,
        60,
        "days until a failed box is back in store",
        N_("Assumption: return to the vendor, repair or replacement, and the way back"),
    ),
    "air_rise_k": _range(
        11.1,
        11.1,
        16.7,
        "K from inlet to outlet of air-cooled servers",
        N_(
            "Data Center Frontier, 2022: cooling units are designed for about 20 °F; high: "
            "InsideHPC, 2011: 20 to 30 °F seen at servers"
        ),
        "2022-07",
        "medium",
    ),
    "liquid_rise_k": _range(5, 10, 15, "K from supply to return of the liquid loop", _GUESS),
    "edge_lead_weeks": _range(3, 6, 12, "weeks", _GUESS),
    "edge_rollout_sites_per_week": _range(10, 40, 100, "sites per week", _GUESS),
    "extra_power_weeks": _range(
        8, 20, 40, "weeks", N_("Assumption: a small extra feed inside an existing site")
    ),
    "liquid_retrofit_weeks": _range(12, 26, 52, "weeks", N_("Assumption: one row")),
    "grid_power_weeks": _range(
        52,
        104,
        208,
        "weeks",
        N_(
            "GIXtools, 2025: four years on average for a grid connection in North America (JLL); "
            "base and low assumed"
        ),
        "2025-08",
    ),
    "colocation_contract_weeks": _range(4, 8, 16, "weeks", _GUESS),
    "colocation_large_contract_weeks": _range(
        26,
        78,
        104,
        "weeks",
        N_("CIO Dive, 2025: enterprises secure capacity 18 to 24 months ahead (JLL); low assumed"),
        "2025-08",
    ),
    "installation_weeks": _range(1, 2, 4, "weeks", _GUESS),
    "servers_installed_per_week": _range(
        5,
        20,
        60,
        "servers per week",
        N_(
            "Leviathan Systems, 2026: several racks of air-cooled servers a day at best; two "
            "racks of two a day assumed"
        ),
        "2026-02",
    ),
    "rented_accelerators_per_week": _range(
        64,
        256,
        1024,
        "accelerators per week",
        N_(
            "AWS blog, 2026: at most 64 instances of eight accelerators in a block, 256 in "
            "several, up to eight weeks ahead; high assumed"
        ),
        "2026-05",
        "medium",
    ),
    "cloud_start_weeks": _range(1, 2, 6, "weeks", N_("Assumption: quota, network and roll-out")),
    "token_api_start_weeks": _range(0.2, 1, 3, "weeks", N_("Assumption: contract and key")),
    "network_ports_per_server": _range(
        2, 3, 10, "ports", N_("Assumption: two data ports and one for management")
    ),
}


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Looks up planning values: the catalog's first."""

    catalog: Mapping[str, Range]

    def __getitem__(self, key: str) -> Range:
        found = self.catalog.get(key)
        return DEFAULTS[key] if found is None else found

    def base(self, key: str) -> float:
        """The middle value."""
        return self[key].base

    def factors(self, key: str) -> tuple[float, float]:
        """Low and high as factors on the base value (1, 1 where the base is zero)."""
        value = self[key]
        if value.base == 0:
            return 1.0, 1.0
        low, high = value.low / value.base, value.high / value.base
        return min(low, high), max(low, high)
