"""Cost per million tokens: of all, by kind of token, and of the next ones."""

from __future__ import annotations

from core.recommendation import Cost
from core.report.brief import Brief
from core.report.content import Column, Table
from core.words import _


def table(brief: Brief, cost: Cost, *, hosted: bool) -> Table:
    """By the token and at the margin; a hosted API has neither accelerators nor servers here."""
    spread = cost.usd_per_mtok
    amount = brief.column(
        (
            spread.base,
            spread.low,
            spread.high,
            cost.usd_per_mtok_input,
            cost.usd_per_mtok_output,
            cost.usd_per_mtok_short_run,
            cost.usd_per_mtok_next_server,
        )
    )
    whole = (
        _("All tokens, full cost"),
        amount(spread.base),
        amount(spread.low),
        amount(spread.high),
    )
    told = (
        (
            (_("Input tokens, in proportion to their price"), cost.usd_per_mtok_input),
            (_("Output tokens, in proportion to their price"), cost.usd_per_mtok_output),
            (_("Short-run: the next tokens (metered charges)"), cost.usd_per_mtok_short_run),
        )
        if hosted
        else (
            (_("Input tokens, by accelerator time"), cost.usd_per_mtok_input),
            (_("Output tokens, by accelerator time"), cost.usd_per_mtok_output),
            (
                _("Short-run: the next tokens on this fleet (energy above idle, metered charges)"),
                cost.usd_per_mtok_short_run,
            ),
            (
                _("Long-run: a further server or instance, fully used"),
                cost.usd_per_mtok_next_server,
            ),
        )
    )
    rows = (whole, *((label, amount(usd), "", "") for label, usd in told))
    return Table(
        (
            Column(_("Cost per million tokens")),
            Column(_("Base"), brief.code, "decimal"),
            Column(_("Low"), brief.code, "decimal"),
            Column(_("High"), brief.code, "decimal"),
        ),
        rows,
        strong=frozenset((0,)),
    )
