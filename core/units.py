"""Metric or US customary units, one setting for window, command line and report.

Everything is stored, computed and exchanged in metric units; only what a person reads or types is
converted, here and nowhere else. Like the language, the setting belongs to the running context
(``contextvars``). Power, energy, data and rack units (U) are the same in both systems.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

from core.words import N_, _

METRIC, US = "metric", "us"
SYSTEMS = {
    METRIC: N_("Metric (kg, m², litres)"),
    US: N_("US customary (pounds, square feet, gallons)"),
}
"""Ids of the systems of units and what they are called."""

_POUND_KG, _FOOT_M, _GALLON_L = 0.45359237, 0.3048, 3.785411784
"""Exact by definition: NIST Handbook 44, appendix C."""
_IN_US: dict[str, tuple[str, float]] = {
    "kg": (N_("lb"), 1.0 / _POUND_KG),
    "m²": (N_("ft²"), _FOOT_M**-2),
    "kg/m²": (N_("lb/ft²"), _FOOT_M**2 / _POUND_KG),
    "L": (N_("gal"), 1.0 / _GALLON_L),
    "L/kWh": (N_("gal/kWh"), 1.0 / _GALLON_L),
    "L/min": (N_("gal/min"), 1.0 / _GALLON_L),
    "m³/h": (N_("ft³/min"), _FOOT_M**-3 / 60.0),
    "m³": (N_("gal"), 1000.0 / _GALLON_L),
}
"""Metric unit: the customary unit, and how many of it are one of the metric."""

_in_use: ContextVar[str] = ContextVar("units", default=METRIC)


def units() -> str:
    """The id of the system of units in use here."""
    return _in_use.get()


def use_units(system: str) -> None:
    """Write in these units from now on, in this context. Raises ValueError if unknown."""
    _in_use.set(_known(system))


@contextlib.contextmanager
def measuring(system: str) -> Iterator[None]:
    """Write in these units inside a ``with`` block. Raises ValueError if unknown."""
    token = _in_use.set(_known(system))
    try:
        yield
    finally:
        _in_use.reset(token)


def in_use(unit: str) -> tuple[str, float]:
    """The unit that a person reads instead of a metric one, and how many of it are one of that."""
    if _in_use.get() == METRIC:
        return unit, 1.0
    return _IN_US.get(unit, (unit, 1.0))


def converted(value: float | None, unit: str) -> float | None:
    """A value in a metric unit as the figure that a person reads; ``None`` where unknown."""
    return None if value is None else value * in_use(unit)[1]


def name_of(unit: str) -> str:
    """What a person reads for a metric unit, translated."""
    return _(in_use(unit)[0])


def read_as(value: float, unit: str) -> tuple[float, str]:
    """A value in a metric unit as a person reads it: the figure and the (translated) unit."""
    return value * in_use(unit)[1], name_of(unit)


def celsius(value: float) -> tuple[float, str]:
    """A temperature in °C as a person reads it: the figure and the unit."""
    return (value, "°C") if _in_use.get() == METRIC else (value * 1.8 + 32.0, "°F")


def kelvin(difference: float) -> tuple[float, str]:
    """A difference of temperatures in K as a person reads it."""
    return (difference, "K") if _in_use.get() == METRIC else (difference * 1.8, "°F")


def _known(system: str) -> str:
    if system not in SYSTEMS:
        raise ValueError(f"units must be one of {', '.join(SYSTEMS)}; got {system!r}")
    return system
