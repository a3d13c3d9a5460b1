"""Gates of the form: what is needed, and a limit that it keeps or passes."""

from __future__ import annotations

from core.decision.verdicts import gate
from core.decision.wording import measured, number
from core.recommendation import Gate, GateStatus
from core.words import N_, Told, _, ngettext


def compare(
    key: str,
    label: str,
    needed: float | None,
    limit: float | None,
    unit: str,
    *,
    told: str,
    change: Told,
    ask: Told,
) -> Gate:
    """A gate of the form needed <= limit; unknown where either number is missing.

    ``told`` is the sentence with both, as ``{needed}`` and ``{limit}``.
    """
    if needed is None:
        message = _("Not known: the hardware's figure is not published.")
        return gate(key, label, "unknown", message, ask, limit=limit, unit=unit)
    if limit is None:
        message = _("Needs {needed}; the site's limit is not given.")
        message = message.format(needed=_amount(needed, unit))
        return gate(key, label, "unknown", message, ask, needed=needed, unit=unit)
    status: GateStatus = "pass" if needed <= limit * (1 + 1e-9) else "fail"
    shown = (_amount(needed, unit), _amount(limit, unit))
    if status == "fail" and shown[0] == shown[1]:  # the excess lies beyond the figures printed
        shown = (_amount(needed, unit, EXACT_FIGURES), shown[1])
    message = told.format(needed=shown[0], limit=shown[1])
    return gate(key, label, status, message, change, needed=needed, limit=limit, unit=unit)


def _amount(value: float, unit: str, digits: int = 3) -> str:
    """A number with its unit, singular where it is one rack."""
    if unit == "racks":
        return ngettext("{n} rack", "{n} racks", round(value)).format(n=number(value, digits))
    return measured(value, unit, digits)


EXACT_FIGURES = 6
"""Figures of what is needed where three would print the limit itself."""


ASK_VENDOR = N_("Get the nameplate power from the vendor.")
