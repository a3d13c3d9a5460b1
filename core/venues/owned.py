"""The bill of servers one owns, wherever they stand: bought or leased, powered, kept running."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.catalog.types import Platform, Provenance, Range
from core.economics.cash_flow import Ledger, lease_payments, purchases
from core.performance.types import Floats, Ints
from core.venues.study import INPUT, Study, is_guess, range_factors


@dataclass(frozen=True, slots=True)
class Terms:
    """What differs between the places where owned servers stand."""

    pue: float
    pue_provenance: Provenance
    network_share: Range
    installation_share: Range
    staff_fte: Floats
    """Shape (years,)."""
    staff_formula: str
    racks_to_buy: Ints | None = None
    """By column, shape (years,)."""


def _money(value: float) -> str:
    return f"{value:,.0f} USD"


def owned_ledger(
    study: Study, platform: Platform, price: Range, units: Ints, kwh: Floats, terms: Terms
) -> Ledger:
    """Lines that every owned fleet has.

    ``units`` (never falling) and ``kwh`` of IT energy are of each year, shape (years,), all
    sites together. The caller adds what only its venue pays.
    """
    money, economics = study.money, study.assessment.economics
    ledger = Ledger(money)
    buys = purchases(units, price.base, money)
    ledger.depreciation = buys.depreciation_usd
    factors = range_factors(price)
    guess = is_guess(price.provenance)
    first, total = int(buys.bought[0]), int(buys.bought.sum())
    later = f", {total - first} more later at the trend" if total > first else ""
    if economics.finance == "lease":
        ledger.add(
            "lease",
            "Servers, leased",
            "opex",
            lease_payments(buys, money),
            f"Annuity at {economics.lease_rate:.1%} on {first} x {_money(price.base)}{later}",
            price.provenance,
            factors,
            assumption=guess,
        )
    else:
        ledger.add(
            "servers",
            "Servers",
            "capex",
            buys.paid_usd,
            f"{first} x {_money(price.base)}{later}",
            price.provenance,
            factors,
            assumption=guess,
        )
    _works(ledger, study, terms, buys.paid_usd, factors)
    per_gpu = economics.software_licence_usd_gpu_year
    if per_gpu and not platform.includes_software_licence:
        ledger.add(
            "licences",
            "Software licences",
            "opex",
            np.asarray(units * float(platform.accelerator_count * per_gpu), dtype=np.float64),
            f"{int(units[0])} x {platform.accelerator_count} accelerators x "
            f"{_money(per_gpu)} a year",
            INPUT,
        )
    ledger.add(
        "support",
        "Hardware support",
        "opex",
        buys.in_service_usd * economics.support_share,
        f"{economics.support_share:.1%} of {_money(float(buys.in_service_usd[0]))} a year",
        Provenance("Assumption: 5 to 15 % of the price", "", "low"),
        (0.625, 1.875),
        assumption=True,
    )
    tariff = study.tariff
    ledger.add(
        "energy",
        "Electricity",
        "energy",
        kwh * terms.pue * tariff.base * money.electricity,
        f"{kwh[0]:,.0f} kWh x PUE {terms.pue:.2f} x {tariff.base:.4f} USD/kWh, "
        f"{economics.electricity_growth:+.1%} a year",
        tariff.provenance,
        range_factors(tariff),
        assumption=is_guess(tariff.provenance),
    )
    staff = study.staff_usd_year
    ledger.add(
        "staff",
        "Staff share",
        "opex",
        terms.staff_fte * staff.base * money.labour,
        f"{terms.staff_formula} x {_money(staff.base)}, {economics.labour_trend:+.1%} a year",
        staff.provenance,
        range_factors(staff),
        assumption=is_guess(staff.provenance),
    )
    ledger.add(
        "residual",
        "Resale value",
        "residual",
        buys.residual_usd,
        f"{economics.residual_share_36m:.0%} of the price after 36 months, same ratio every year",
        Provenance("Assumption; secondary sources 2026: 25 to 35 %", "2026", "low"),
        (1.5, 0.5),
        assumption=True,
    )
    return ledger


def _works(
    ledger: Ledger, study: Study, terms: Terms, paid: Floats, factors: tuple[float, float]
) -> None:
    """Network, installation and racks: lump sums that follow the purchases."""
    for key, label, share in (
        ("network", "Network", terms.network_share),
        ("installation", "Installation", terms.installation_share),
    ):
        low, high = range_factors(share)
        ledger.add(
            key,
            label,
            "capex",
            paid * share.base,
            f"{share.base:.1%} of servers ({_money(float(paid[0]))})",
            share.provenance,
            (low * factors[0], high * factors[1]),
            assumption=True,
        )
    if terms.racks_to_buy is not None and terms.racks_to_buy.any():
        rack = study.assume["rack_usd"]
        ledger.add(
            "racks",
            "Racks",
            "capex",
            np.append(terms.racks_to_buy * rack.base, 0.0),
            f"{int(terms.racks_to_buy.sum())} x {_money(rack.base)}",
            rack.provenance,
            range_factors(rack),
            assumption=is_guess(rack.provenance),
        )


def staff_fte(study: Study, units: Ints, per_engineer: float) -> tuple[Floats, str]:
    """People by year: the minimum, or units over units per engineer."""
    least = study.assessment.economics.minimum_staff_fte
    fte = np.maximum(least, units / per_engineer)
    return fte, f"{float(fte[0]):.2f} FTE (at least {least:g}; {per_engineer:g} servers each)"
