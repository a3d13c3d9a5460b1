"""The bill of servers one owns, wherever they stand: bought or leased, powered, kept running."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from core.catalog.types import Platform, Provenance, Range
from core.economics.ledger import Ledger
from core.economics.purchases import Purchases, lease_payments, purchases, served
from core.economics.rates import Money
from core.notation import as_priced, local
from core.performance.types import Floats, Ints
from core.venues.energy import Energy
from core.venues.line_words import told_by_year, with_trend
from core.venues.study import INPUT, Study, is_guess, range_factors
from core.words import Told, _, told


@dataclass(frozen=True, slots=True)
class Terms:
    """What differs between the places where owned servers stand."""

    pue: float
    pue_provenance: Provenance
    network_share: Range
    installation_share: Range
    staff_fte: Floats
    """Shape (years,)."""
    staff_formula: Told
    racks_to_buy: Floats | None = None
    """By column, shape (years + 1,)."""
    cold_spares: Ints | None = None
    """Boxes bought to lie in store, beside those in service, shape (years,)."""


def _money(value: float) -> str:
    return local(f"{value:,.0f}") + " USD"


def owned_ledger(
    study: Study, platform: Platform, price: Range, units: Ints, energy: Energy, terms: Terms
) -> Ledger:
    """Lines that every owned fleet has.

    ``units`` (never falling, shape (years,)) and IT ``energy`` are of all sites together. The
    caller adds what only its venue pays.
    """
    money, economics = study.money, study.assessment.economics
    ledger = Ledger(money)
    spares = np.zeros_like(units) if terms.cold_spares is None else terms.cold_spares
    buys = purchases(units + spares, price.base, money)
    life = float(economics.hardware_life_years)
    factors = range_factors(price)
    guess = is_guess(price.provenance)
    if economics.finance == "lease":
        # the servers belong to the lessee in the end, who writes them off like bought ones
        ledger.depreciate(_("Servers"), buys.paid_usd.tolist(), life)
        ledger.add(
            "lease",
            _("Servers, leased"),
            "opex",
            lease_payments(buys, money),
            lambda: _("Annuity at {lease_rate} on {first} x {base}{later}").format(
                lease_rate=local(f"{economics.lease_rate:.1%}"),
                first=int(buys.bought[0]),
                base=_money(price.base),
                later=_later(buys, spares) + _shorter_leases(buys, money),
            ),
            price.provenance,
            factors,
            assumption=guess,
        )
    else:
        ledger.add(
            "servers",
            _("Servers"),
            "capex",
            buys.paid_usd,
            lambda: f"{int(buys.bought[0])} x {_money(price.base)}{_later(buys, spares)}",
            price.provenance,
            factors,
            assumption=guess,
            life_years=life,
        )
    _works(ledger, study, terms, buys.paid_usd, factors)
    per_gpu = economics.software_licence_usd_gpu_year
    if per_gpu and not platform.includes_software_licence:
        ledger.add(
            "licences",
            _("Software licences"),
            "opex",
            np.asarray(units * float(platform.accelerator_count * per_gpu), dtype=np.float64),
            lambda: _("{units} x {accelerator_count} accelerators x {per_gpu} a year").format(
                units=told_by_year(units),
                accelerator_count=platform.accelerator_count,
                per_gpu=_money(per_gpu),
            ),
            INPUT,
        )
    ledger.add(
        "support",
        _("Hardware support"),
        "opex",
        buys.in_service_usd * economics.support_share,
        lambda: _("{support_share} of {in_service_usd} a year").format(
            support_share=local(f"{economics.support_share:.1%}"),
            in_service_usd=told_by_year(buys.in_service_usd) + " USD",
        ),
        Provenance(_("Assumption: 5 to 15 % of the price"), "", "low"),
        (0.625, 1.875),
        assumption=True,
    )
    tariff = study.tariff
    usd_kwh = terms.pue * tariff.base * money.electricity
    ledger.add(
        "energy",
        _("Electricity"),
        "energy",
        energy.kwh * usd_kwh,
        lambda: with_trend(
            _("{kwh} kWh x PUE {pue} x {base} USD/kWh").format(
                kwh=told_by_year(energy.kwh),
                pue=local(f"{terms.pue:.2f}"),
                base=as_priced(tariff.base),
            ),
            economics.electricity_growth,
        ),
        tariff.provenance,
        range_factors(tariff),
        assumption=is_guess(tariff.provenance),
        short_run_usd=energy.next_kwh * usd_kwh,
        even_free=bool(energy.kwh.any()),  # no price is no reason to hide what is drawn
    )
    staff = study.staff_usd_year
    ledger.add(
        "staff",
        _("Staff share"),
        "opex",
        terms.staff_fte * staff.base * money.labour,
        lambda: with_trend(
            f"{told(terms.staff_formula)} x {_money(staff.base)}", economics.labour_trend
        ),
        staff.provenance,
        range_factors(staff),
        assumption=is_guess(staff.provenance),
    )
    ledger.add(
        "residual",
        _("Resale value"),
        "residual",
        buys.residual_usd,
        lambda: _(
            "{residual_share_36m} of the price after 36 months, same ratio every year"
        ).format(residual_share_36m=local(f"{economics.residual_share_36m:.0%}")),
        Provenance(_("Assumption; secondary sources 2026: 25 to 35 %"), "2026", "low"),
        (1.5, 0.5),
        assumption=True,
    )
    return ledger


def _later(buys: Purchases, spares: Ints) -> str:
    """What is bought beside the servers in service at the start."""
    more = int(buys.bought.sum() - buys.bought[0])
    text = _(", {total} more later at the trend")
    return _stored(spares) + (text.format(total=more) if more else "")


def _shorter_leases(buys: Purchases, money: Money) -> str:
    """That what is added late is paid off sooner than the rest."""
    terms_left = [end - start for start, end in served(buys, money)]
    if min(terms_left, default=0) == max(terms_left, default=0):
        return ""
    return _(
        "; what is added late is paid off until the horizon, in {months} months at least, "
        "where a usual lease would run on"
    ).format(months=12 * min(terms_left))


def _stored(spares: Ints) -> str:
    """How many of the boxes lie in store: at the start, and in the largest year."""
    now, most = int(spares[0]), int(spares.max())
    if now == most:
        return _(" ({n} of them in store)").format(n=now) if now else ""
    return _(" ({n} of them in store, {most} in the largest year)").format(n=now, most=most)


def _works(
    ledger: Ledger, study: Study, terms: Terms, paid: Floats, factors: tuple[float, float]
) -> None:
    """Network, installation and racks: lump sums that follow the purchases.

    Network and installation are written off with the servers that they are bought for.
    """
    for key, label, share in (
        ("network", _("Network"), terms.network_share),
        ("installation", _("Installation"), terms.installation_share),
    ):
        low, high = range_factors(share)
        ledger.add(
            key,
            label,
            "capex",
            paid * share.base,
            partial(_of_servers, share.base, paid),
            share.provenance,
            (low * factors[0], high * factors[1]),
            assumption=True,
            life_years=float(study.assessment.economics.hardware_life_years),
        )
    racks = terms.racks_to_buy
    if racks is not None and racks.any():
        rack = study.assume["rack_usd"]
        ledger.add(
            "racks",
            _("Racks"),
            "capex",
            racks * rack.base,
            lambda: f"{int(racks.sum())} x {_money(rack.base)}",
            rack.provenance,
            range_factors(rack),
            assumption=is_guess(rack.provenance),
            life_years=study.assume.base("rack_life_years"),
        )


def _of_servers(share: float, paid: Floats) -> str:
    return _("{base} of servers ({paid})").format(
        base=local(f"{share:.1%}"), paid=_money(float(paid[0]))
    )


def staff_fte(study: Study, units: Ints, per_engineer: float) -> tuple[Floats, Told]:
    """People by year: the minimum, or units over units per engineer."""
    least = study.assessment.economics.minimum_staff_fte
    fte = np.maximum(least, units / per_engineer)
    return fte, lambda: _("{fte} FTE (at least {least}; {per_engineer} servers each)").format(
        fte=local(f"{float(fte[0]):.2f}"),
        least=local(f"{least:g}"),
        per_engineer=local(f"{per_engineer:g}"),
    )
