"""One option in full, as a document: performance, evidence, cost, limits, scores, site."""

from __future__ import annotations

from core.decision.wording import measured
from core.fleet import AVERAGE_POWER, NAMEPLATE_POWER, PEAK_POWER, POWER_WITH_COOLING
from core.notation import local
from core.recommendation import Option, Recommendation, Score
from core.units import read_as
from core.words import _
from gui.results import texts
from gui.results.details_cost import cost_section
from gui.results.details_performance import evidence_sections, performance_section
from gui.results.document import Block, CellContent, Facts, Grid, Paragraph, Section
from gui.results.sources import SourceList


def option_sections(
    option: Option, recommendation: Recommendation, sources: SourceList
) -> tuple[Section, ...]:
    """Everything known about an option."""
    found = sources.where(option.sources)
    hardware = () if found is None else (found,)
    return (
        _head(option, recommendation),
        *(performance_section(serving, option, hardware) for serving in option.servings),
        *evidence_sections(option),
        cost_section(option, recommendation, sources),
        _fleet(option, hardware),
        _limits(option),
        _scores(option),
    )


def _head(option: Option, recommendation: Recommendation) -> Section:
    verdict = (
        _("Rank {rank} of {total}").format(rank=option.rank, total=len(recommendation.options))
        if option.rank is not None
        else _("Rejected")
    )
    rows: list[tuple[str, CellContent]] = [
        (_("Verdict"), verdict),
        (_("Venue"), option.venue_label),
        (_("Provider"), texts.provider_word(option.provider)),
        (_("Region"), option.place.label or texts.DASH),
        (_("Network"), option.place.network or texts.DASH),
        (_("Weeks until it serves"), texts.weeks_text(option.weeks_to_deploy)),
    ]
    blocks: list[Block] = [Facts(tuple(rows)), *(Paragraph(note) for note in option.notes)]
    if option.why:
        blocks.insert(0, Paragraph(option.why))
    return Section(option.title, "option", tuple(blocks))


def _fleet(option: Option, sources: tuple[Block, ...]) -> Section:
    fleet, carbon = option.fleet, option.carbon
    rows: list[tuple[str, CellContent]] = []
    if fleet.unit:
        units = texts.by_year([float(n) for n in fleet.units_by_year])
        rows += [
            (_("Machines"), f"{units} × {fleet.platform_name}" if fleet.platform_name else units),
            (_("Spares among them"), str(fleet.spares)),
            (_("Accelerators"), local(f"{fleet.accelerators:,}")),
            (_("Sites"), str(fleet.sites)),
            (_("Utilisation"), texts.share_text(fleet.utilisation)),
        ]
        if fleet.cold_spares:
            rows.append((_("Spare boxes in store"), str(fleet.cold_spares)))
        values = (
            (_(NAMEPLATE_POWER), fleet.nameplate_kw, "kW"),
            (_(PEAK_POWER), fleet.peak_kw, "kW"),
            (_(AVERAGE_POWER), fleet.average_kw, "kW"),
            (_(POWER_WITH_COOLING), fleet.facility_kw, "kW"),
            (_("Fullest rack"), fleet.kw_per_rack, "kW"),
            (_("Weight"), fleet.weight_kg, "kg"),
            (_("Height"), fleet.height_u, "U"),
            (_("Feed capacity"), fleet.feed_kva, "kVA"),
        )
        if fleet.rack_count:
            count = str(fleet.rack_count)
            reason = fleet.rack_reason
            rows.append((_("Racks"), f"{count}. {reason}" if reason else count))
        rows += [(name, texts.value_text(*read_as(v, u))) for name, v, u in values if v is not None]
    else:
        rows.append((_("Machines"), _("None of your own: the provider runs them.")))
    if fleet.availability is not None:
        rows.append((_("Peak served"), local(f"{fleet.availability * 100:.4g} %")))
    grams = carbon.operational_g_per_mtok
    rows += [
        (_("Energy per million tokens"), texts.value_text(carbon.kwh_per_mtok, "kWh")),
        (
            _("Emissions per million tokens"),
            texts.DASH
            if grams is None and carbon.embodied_g_per_mtok is None
            else _("{use} from use, {made} from manufacture").format(
                use=texts.value_text(grams, "gCO₂e"),
                made=texts.value_text(carbon.embodied_g_per_mtok, "gCO₂e"),
            ),
        ),
        (_("Emissions per year"), texts.value_text(carbon.total_t_per_year, "t CO₂e")),
    ]
    if carbon.water_l_per_mtok is not None:
        rows.append(
            (
                _("Water per million tokens"),
                f"{measured(carbon.water_l_per_mtok, 'L')} ({carbon.water_source})",
            )
        )
    if carbon.source:
        rows.append((_("Source of the emissions"), carbon.source))
    return Section(_("Machines, power and carbon"), "fleet", (Facts(tuple(rows)), *sources))


def _limits(option: Option) -> Section:
    order = {"fail": 0, "unknown": 1, "pass": 2}
    gates = sorted(option.gates, key=lambda gate: order[gate.status])
    rows = tuple(
        (gate.label, texts.status_word(gate.status), gate.message, gate.remedy) for gate in gates
    )
    heads = (_("Hard limit"), _("Verdict"), _("Why"), _("What would change it"))
    block: Block = Grid(heads, rows) if rows else Paragraph(_("No hard limit applies."))
    return Section(_("Hard limits"), "limits", (block,))


def _score_text(score: Score) -> str:
    if score.value is None:
        return _("n/a") if score.assumed is None else _("not known")
    return local(f"{score.value:.1f}")


def _scores(option: Option) -> Section:
    rows: list[tuple[CellContent, ...]] = [
        (
            score.label,
            _score_text(score),
            texts.share_text(score.weight) if score.counted is not None else texts.DASH,
            local(f"{score.contribution:.1f}") if score.counted is not None else texts.DASH,
            score.reason,
            score.formula,
        )
        for score in option.scores
    ]
    total = texts.DASH if option.total_score is None else local(f"{option.total_score:.1f}")
    rows.append((_("Total"), "", "", total, "", ""))
    heads = (
        _("Criterion"), _("Score"), _("Weight"), _("Points"), _("Why"), _("Formula"),
    )  # fmt: skip  # the columns stand in one line as they do on screen
    blocks: list[Block] = [Grid(heads, tuple(rows), frozenset((1, 2, 3)))]
    if option.topsis_score is not None:
        blocks.append(
            Paragraph(
                _("Cross-check by another method (TOPSIS): {score} of 100.").format(
                    score=local(f"{option.topsis_score:.1f}")
                )
            )
        )
    return Section(_("Scores"), "scores", tuple(blocks))
