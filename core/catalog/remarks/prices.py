"""Remarks on prices: of machines, servers, tokens and people."""

from __future__ import annotations

from core.words import N_

PATTERNS = (
    N_("{what}, {low} in and {high} out"),
    N_("{money} ({what})"),
    N_("about {money} ({what})"),
    N_("cards about {money} ({what})"),
    N_("{money} million ({what})"),
    N_("{money} per module"),
    N_("{money} with DGX ({what})"),
    N_("{money} with {count} InfiniBand cards of {link} Gbit/s ({what})"),
    N_("About {money} million for the rack before ({what})"),
    N_("PCIe card {money} ({what})"),
    N_("memory at {money} per GB ({what})"),
    N_("DRAM shortage of 2026 assumed above it"),
    N_("other makers from {money} ({what})"),
    N_("Launch price {money} in October {year} ({what})"),
    N_(
        "developer kit of {money} (not verified; from general knowledge of the field, low "
        "confidence) plus {share} % for housing, supply and wide temperature, {range} % as "
        "low and high"
    ),
    N_("Baseboard of {count} modules ({what}) and a derived host"),
    N_("Derived: Cost of {money} with {memory} in {year} ({what})"),
    N_("Derived as the air-cooled server: modules {money} × {count} + {host} for the host"),
    N_("Derived: card {money} × {count} + {host} for the host with {year} DRAM prices"),
    N_("Derived: card {money} list ({what}) × {count} + {host} for the host"),
    N_("Derived: card list {listed}, retail {money} × {count} + {host} for the host"),
    N_(
        "Derived: module list price {money} × {count} + {host} for the host with {link} "
        "network cards"
    ),
    N_("Derived: modules {money} × {count} + {host} for the host and fabric"),
    N_(
        "Derived as the air-cooled server: modules {money} × {count} + {host} for the host and "
        "fabric"
    ),
    N_("Derived: workstation card list {money} + {host} for the edge host"),
    N_("{what} catalog of list prices"),
    N_("{what}: on-demand prices"),
    N_("{what}: self-hosted single-GPU service"),
    N_("{what}: DGX/HGX B200 server"),
    N_("LiteLLM {version}: list price of {what}"),
    N_("{what}: list price, no price page given"),
    N_("Assumption: planning rate of the regions table, not published by the ECB"),
    N_("Unit of the catalog"),
    N_(
        "Assumption: base pay {money}, no citable figure found, × {factor} for the employer's"
        " costs (assumption: {low} to {high})"
    ),
    N_(
        "{what}: median of computer occupations {money} (assumed band {range}), × {factor} "
        "for the employer's costs (assumption: {low} to {high})"
    ),
)
