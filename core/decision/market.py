"""Published market figures, always with who paid for them and when: context, never evidence."""

from __future__ import annotations

from core.recommendation import Notice
from core.words import _

SPONSORED = (
    "CIO, sponsored article of 2026-06-17 presenting a Futurum Research infographic "
    "sponsored by Lenovo"
)
PUBLISHED_RATIO = 2.0
"""Cost per million tokens that general-purpose setups "can" face over inference-optimised ones,
as published; method and definition are not known."""


def notices() -> tuple[Notice, ...]:
    """The market context, each figure marked as sponsored research with its date."""
    return (
        Notice(
            "info",
            _(
                "Market context (sponsored research, 2026-06-17): an AI inference market of "
                "USD 48.8 billion by 2030 at 46.3 % a year; base year and scope are not "
                "stated. No result here uses it. Source: {source}."
            ).format(source=SPONSORED),
        ),
        Notice(
            "info",
            _(
                "Market context (sponsored research, 2026-06-17): hybrid and edge are said "
                "to grow at 65 %, ahead of public cloud; period and base are not stated. It "
                "is no forecast and no result here uses it. Source: {source}."
            ).format(source=SPONSORED),
        ),
    )
