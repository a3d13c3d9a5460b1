"""Where the numbers come from: every source once, numbered, with date and confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.catalog.source_words import source_words
from core.catalog.types import Provenance
from core.notation import day, local
from core.recommendation import Analysis, Option, Recommendation
from core.words import _
from gui.results import texts
from gui.results.document import CellContent, Grid, Link, Paragraph, Section


@dataclass(slots=True)
class SourceList:
    """Sources in the order they are met; ``uses`` says what rests on each."""

    uses: dict[Provenance, list[str]] = field(default_factory=dict)

    def add(self, source: Provenance, use: str) -> None:
        """One more thing that rests on a source."""
        names = self.uses.setdefault(source, [])
        if use not in names:
            names.append(use)

    def link(self, source: Provenance) -> CellContent:
        """A reference such as ``[3]``; the citation itself where it is not in the list."""
        if not source.source:
            return texts.DASH
        for number, known in enumerate(self.uses, start=1):
            if known == source:
                return Link(f"[{number}]", f"source:{number}")
        return source_words(source.source)

    def where(self, sources: Sequence[Provenance]) -> Paragraph | None:
        """The way to the first of some sources; ``None`` where the list has none of them."""
        for number, known in enumerate(self.uses, start=1):
            if known in sources:
                return Paragraph(Link(_("Sources of these numbers"), f"source:{number}"))
        return None


def sources_of(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None = None
) -> SourceList:
    """The sources of ``option``, the exchange rate, the analysis, and of the winner."""
    found = SourceList()
    if option is not None:
        if option.cost is not None:
            for line in option.cost.lines:
                if line.provenance.source:
                    found.add(line.provenance, line.label)
        for source in option.sources:
            found.add(source, option.title)
    currency = recommendation.currency
    if currency.provenance.source and currency.code != "USD":
        found.add(currency.provenance, _("Exchange rate of {code}").format(code=currency.code))
    if analysis is not None:
        for lever in analysis.levers:
            if lever.provenance.source:
                found.add(lever.provenance, lever.label)
    winner = recommendation.winner
    if winner is not None and winner is not option:
        for source in winner.sources:
            if source.source:
                found.add(source, winner.title)
    return found


def source_sections(found: SourceList, recommendation: Recommendation) -> tuple[Section, ...]:
    """The list as a document."""
    rows, anchors = [], []
    for number, (source, uses) in enumerate(found.uses.items(), start=1):
        shown = ", ".join(uses[:4])
        if len(uses) > 4:
            shown += " " + _("and {n} more").format(n=len(uses) - 4)
        rows.append(
            (
                str(number),
                shown,
                source_words(source.source),
                day(source.as_of) or _("undated"),
                texts.confidence_word(source.confidence),
            )
        )
        anchors.append(f"source:{number}")
    intro = _("Answer of {date} by version {version}; {n} candidates were evaluated.").format(
        date=day(recommendation.as_of),
        version=recommendation.version,
        n=local(f"{recommendation.candidates_evaluated:,}"),
    )
    code = recommendation.currency.code
    if code == "USD":
        money = _("Amounts are in US dollars.")
    else:
        rate = local(f"{recommendation.currency.per_usd:.6g}")
        money = _("Amounts are in {code}: 1 USD = {rate} {code}.").format(code=code, rate=rate)
    intro = f"{intro} {money}"
    grid = Grid(
        (_("No."), _("Used for"), _("Source"), _("As of"), _("Confidence")),
        tuple(rows),
        frozenset((0,)),
        tuple(anchors),
    )
    return (Section(_("Sources"), "sources", (Paragraph(intro), grid)),)
