"""The numbers of each scenario's recommended option, one a row."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from core.comparison.records import DASH, Better, Row, Scenario
from core.decision.against_base import paid_back_in
from core.decision.wording import counted, money, number, percent
from core.fleet import AVERAGE_POWER, NAMEPLATE_POWER, PEAK_POWER
from core.recommendation import Cost, Currency, Option, Recommendation
from core.words import _


@dataclass(frozen=True, slots=True)
class _Figure:
    """How a number is read from an answer with its winner, and how it is written."""

    key: str
    label: str
    unit: str
    read: Callable[[Recommendation, Option], float | None]
    show: Callable[[float], str] = number
    better: Better = ""
    factor: float = 1.0
    """From what is read to ``unit``."""


def figures(scenarios: Sequence[Scenario], currency: Currency) -> Iterator[Row]:
    """Cost, size, power and carbon of the winners; money in ``currency``."""
    for section, items in (
        (_("Cost"), _costs(currency)),
        (_("Size"), _sizes()),
        (_("Power and carbon"), _powers()),
    ):
        for item in items:
            raw = [_read(s.recommendation, item) for s in scenarios]
            yield Row(
                item.key,
                section,
                item.label,
                item.unit,
                tuple(DASH if value is None else item.show(value) for value in raw),
                tuple(None if value is None else value * item.factor for value in raw),
                item.better,
            )


def _read(answer: Recommendation, item: _Figure) -> float | None:
    if answer.winner is None:
        return None
    value = item.read(answer, answer.winner)
    return value if value is not None and math.isfinite(value) else None


def _costs(currency: Currency) -> tuple[_Figure, ...]:
    per_mtok = _("{code} per million tokens").format(code=currency.code)

    def amount(
        key: str,
        label: str,
        read: Callable[[Cost], float | None],
        better: Better = "lower",
        unit: str = currency.code,
    ) -> _Figure:
        return _Figure(
            key,
            label,
            unit,
            lambda answer, option: None if option.cost is None else read(option.cost),
            lambda usd: money(usd, currency),
            better,
            currency.per_usd,
        )

    return (
        amount(
            "usd_per_mtok",
            _("Cost per million tokens"),
            lambda c: c.usd_per_mtok.base,
            unit=per_mtok,
        ),
        amount("usd_per_mtok_low", _("Low case"), lambda c: c.usd_per_mtok.low, unit=per_mtok),
        amount("usd_per_mtok_high", _("High case"), lambda c: c.usd_per_mtok.high, unit=per_mtok),
        amount("capex_usd", _("Up-front spending"), lambda c: c.capex_usd),
        amount(
            "opex_first_year_usd", _("Running costs, first year"), lambda c: c.opex_first_year_usd
        ),
        amount("npv_usd", _("Whole cost, present value"), lambda c: c.npv_usd),
        amount(
            "savings_npv_usd",
            _("Saved against the base case (below 0: costs more)"),
            lambda c: c.savings_npv_usd,
            "higher",
        ),
        _Figure(
            "payback_months",
            _("Payback"),
            _("months"),
            lambda answer, option: None if option.cost is None else option.cost.payback_months,
            paid_back_in,
            "lower",
        ),
    )


def _sizes() -> tuple[_Figure, ...]:
    return (
        _Figure(
            "peak_req_s",
            _("Peak demand, last year"),
            _("requests/s"),
            lambda answer, option: sum(
                d.peak_req_s_by_year[-1] for d in answer.demand if d.peak_req_s_by_year
            ),
            lambda rate: _("{n} requests/s").format(n=number(rate)),
        ),
        _Figure(
            "units",
            _("Servers or instances"),
            "",
            lambda answer, option: _counted(option, max(option.fleet.units_by_year, default=0)),
        ),
        _Figure(
            "accelerators",
            _("Accelerators"),
            "",
            lambda answer, option: _counted(option, option.fleet.accelerators),
        ),
        _Figure(
            "utilisation",
            _("Utilisation, first year"),
            "%",
            lambda answer, option: option.fleet.utilisation,
            percent,
            "higher",
            100.0,
        ),
        _Figure(
            "weeks",
            _("Time to deploy"),
            _("weeks"),
            lambda answer, option: _weeks(option),
            lambda weeks: counted(weeks, _("week"), _("weeks")),
            "lower",
        ),
    )


def _counted(option: Option, count: int) -> float | None:
    """A number of machines; unknown where a venue shows none."""
    return float(count) if option.fleet.unit else None


def _weeks(option: Option) -> float | None:
    return None if option.weeks_to_deploy is None else option.weeks_to_deploy.base


def _powers() -> tuple[_Figure, ...]:
    def kilowatts(value: float) -> str:
        return f"{number(value)} kW"

    return (
        _Figure(
            "nameplate_kw",
            _(NAMEPLATE_POWER),
            "kW",
            lambda answer, option: option.fleet.nameplate_kw,
            kilowatts,
            "lower",
        ),
        _Figure(
            "peak_kw",
            _(PEAK_POWER),
            "kW",
            lambda answer, option: option.fleet.peak_kw,
            kilowatts,
            "lower",
        ),
        _Figure(
            "average_kw",
            _(AVERAGE_POWER),
            "kW",
            lambda answer, option: option.fleet.average_kw,
            kilowatts,
            "lower",
        ),
        _Figure(
            "carbon_t_per_year",
            _("Carbon per year"),
            "tCO2e",
            lambda answer, option: option.carbon.total_t_per_year,
            lambda tonnes: f"{number(tonnes)} tCO2e",
            "lower",
        ),
    )
