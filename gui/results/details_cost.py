"""What an option costs, in full: figures, lines, years."""

from __future__ import annotations

from collections.abc import Iterator

from core.charts.bill import BASIS
from core.decision.wording import number
from core.recommendation import Cost, Option, Recommendation
from core.words import _
from gui.results import texts
from gui.results.against_base import base_case_text
from gui.results.document import CellContent, Facts, Grid, Link, Paragraph, Section
from gui.results.sources import SourceList


def cost_section(option: Option, recommendation: Recommendation, sources: SourceList) -> Section:
    """Figures, lines with their formulas, and years."""
    cost = option.cost
    if cost is None:
        text = _("No price is known for this option, so it cannot win. Get a quotation.")
        return Section(_("Cost"), "cost", (Paragraph(text),))
    blocks = (
        Facts(tuple(_cost_facts(option, cost, recommendation))),
        _cost_lines(cost, recommendation, sources),
        _years(cost, recommendation),
        Paragraph(Link(_("Chart: where the cost comes from"), "chart:cost_breakdown")),
    )
    return Section(_("Cost"), "cost", blocks)


def _cost_facts(
    option: Option, cost: Cost, recommendation: Recommendation
) -> Iterator[tuple[str, CellContent]]:
    def per_mtok(usd: float | None) -> str:
        return texts.amount(usd, recommendation)

    spread = cost.usd_per_mtok
    yield (
        _("Cost per million tokens"),
        f"{per_mtok(spread.base)} ({texts.money_range(spread, recommendation)})",
    )
    for label, usd in (
        (_("of input tokens"), cost.usd_per_mtok_input),
        (_("of output tokens"), cost.usd_per_mtok_output),
        (
            _("of the next tokens (energy above idle, metered charges)"),
            cost.usd_per_mtok_short_run,
        ),
        (_("of a further server, fully used"), cost.usd_per_mtok_next_server),
    ):
        if usd is not None:
            yield label, per_mtok(usd)
    yield _("Up front"), per_mtok(cost.capex_usd)
    yield _("Running cost of the first year"), per_mtok(cost.opex_first_year_usd)
    yield _("Present value over the horizon"), per_mtok(cost.npv_usd)
    if recommendation.base_case:
        yield (
            _("Against {base}").format(base=recommendation.base_case),
            base_case_text(option, recommendation),
        )


def _cost_lines(cost: Cost, recommendation: Recommendation, sources: SourceList) -> Grid:
    code = recommendation.currency.code
    heads = (
        _("Cost line"), _("Kind"), _("Present value, {code}").format(code=code),
        _("Low and high"), _("How it is computed (USD)"), _("Source"),
    )  # fmt: skip  # the columns stand in one line as they do on screen
    rows: list[tuple[CellContent, ...]] = []
    for line in cost.lines:
        weak = f" ({_(BASIS[line.basis])})" if line.basis != "sourced" else ""
        factors = f"{number(line.low_factor)} – {number(line.high_factor)} ×"
        rows.append(
            (
                f"{line.label}{weak}",
                texts.kind_word(line.kind),
                texts.plain_amount(line.present_value_usd, recommendation),
                factors,
                line.formula or texts.DASH,
                sources.link(line.provenance),
            )
        )
    rows.append((_("Total"), "", texts.plain_amount(cost.npv_usd, recommendation), "", "", ""))
    return Grid(heads, tuple(rows), frozenset((2, 3)))


def _years(cost: Cost, recommendation: Recommendation) -> Grid:
    code = recommendation.currency.code
    count = len(cost.yearly_usd)
    heads = (
        _("Nominal, {code}").format(code=code),
        _("At the start"),
        *(_("Year {n}").format(n=n) for n in range(1, count)),
    )
    rows = [
        (line.label, *(texts.plain_amount(usd, recommendation) for usd in line.yearly_usd))
        for line in cost.lines
    ]
    rows.append((_("Total"), *(texts.plain_amount(usd, recommendation) for usd in cost.yearly_usd)))
    return Grid(heads, tuple(rows), frozenset(range(1, count + 1)))
