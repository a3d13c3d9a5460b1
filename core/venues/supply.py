"""Electrical supply of racks and boxes: voltage of the region, current and breaker of a feed.

Units: V, A, kW of nameplate power, kVA of apparent power.
"""

from __future__ import annotations

import math
from typing import Literal

from core.recommendation import Supply
from core.venues.racks import BREAKER_SHARE, POWER_FACTOR
from core.venues.study import Study

Standard = Literal["IEC", "NEC"]
NEC_COUNTRIES = frozenset(("USA", "CAN", "MEX"))
"""Where breakers follow the National Electrical Code (assumption of practice)."""
_THREE_PHASE_V = {"USA": 208.0, "CAN": 208.0, "MEX": 220.0, "JPN": 200.0}
_ONE_PHASE_V = {"USA": 120.0, "CAN": 120.0, "MEX": 127.0, "JPN": 100.0}
"""Assumption by region; 400 and 230 V (IEC 60038) elsewhere. The user's own voltage comes first."""
_BREAKERS_A = {
    "IEC": (10, 13, 16, 20, 25, 32, 40, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630),
    "NEC": (
        *(15, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 90, 100, 110, 125, 150, 175, 200, 225, 250),
        *(300, 350, 400, 450, 500, 600),
    ),
}
"""Rated currents: IEC 60898-1 and the preferred numbers above; NEC 240.6(A)."""


def supply_of(study: Study, *, boxes: bool) -> Supply:
    """Three-phase feeds for racks; one socket of one phase for ``boxes`` outside server rooms."""
    iso3, given = study.region.iso3, study.assessment.site.rack_voltage_v
    standard: Standard = "NEC" if iso3 in NEC_COUNTRIES else "IEC"
    if boxes:
        return Supply(_ONE_PHASE_V.get(iso3, 230.0), 1, standard)
    return Supply(_THREE_PHASE_V.get(iso3, 400.0) if given is None else given, 3, standard)


def current_a(kw: float, supply: Supply) -> float:
    """Current of a load at the power factor assumed: S / U, or S / (√3 U) on three phases."""
    kva = kw / POWER_FACTOR
    return 1000.0 * kva / (supply.volts * (math.sqrt(3.0) if supply.phases == 3 else 1.0))


def breaker_a(kw: float, supply: Supply) -> int | None:
    """Smallest rated current of which a load takes at most 80 %; ``None`` above the largest."""
    least = current_a(kw, supply) / BREAKER_SHARE
    return next((a for a in _BREAKERS_A[supply.standard] if a >= least - 1e-9), None)
