"""How long a week and a year of a plan are: a typical week, repeated."""

from __future__ import annotations

HOURS_PER_WEEK = 168
HOURS_PER_YEAR = 8760.0
WEEKS_PER_YEAR = HOURS_PER_YEAR / HOURS_PER_WEEK
"""How often an hour of the week occurs in a year."""
SECONDS_PER_YEAR = HOURS_PER_YEAR * 3600.0
MS_PER_HOUR = 3_600_000.0
