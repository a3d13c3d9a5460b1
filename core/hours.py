"""How long a week and a year of a plan are: a typical week, repeated."""

from __future__ import annotations

HOURS_PER_WEEK = 168
HOURS_PER_YEAR = 8760.0
SECONDS_PER_YEAR = HOURS_PER_YEAR * 3600.0
