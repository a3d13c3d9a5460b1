"""One option in full, as a document: performance, evidence, cost, limits, scores, site."""

from __future__ import annotations

from collections.abc import Iterator

from core.charts.bill import BASIS
from core.decision.wording import measured, milliseconds, number
from core.fleet import AVERAGE_POWER, NAMEPLATE_POWER, PEAK_POWER, POWER_WITH_COOLING
from core.notation import local
from core.performance.engine_names import engine_name
from core.performance.run_words import MEASURED, hardware
from core.recommendation import (
    Cost,
    LatencyPoint,
    Option,
    Recommendation,
    Score,
    Serving,
    StepShares,
)
from core.units import read_as
from core.words import _
from gui.results import texts
from gui.results.against_base import base_case_text
from gui.results.document import Block, CellContent, Facts, Grid, Link, Paragraph, Section
from gui.results.sources import SourceList

PERCENTILES = ("mean", "p50", "p90", "p95", "p99")


def option_sections(
    option: Option, recommendation: Recommendation, sources: SourceList
) -> tuple[Section, ...]:
    """Everything known about an option."""
    found = sources.where(option.sources)
    hardware = () if found is None else (found,)
    return (
        _head(option, recommendation),
        *(_performance(serving, option, hardware) for serving in option.servings),
        *_evidence(option),
        _cost(option, recommendation, sources),
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


# -- performance -----------------------------------------------------------------------------


def _performance(serving: Serving, option: Option, sources: tuple[Block, ...]) -> Section:
    blocks: list[Block] = [Facts(tuple(_serving_facts(serving, option)))]
    if serving.targets:
        rows = tuple(
            (
                check.label,
                milliseconds(check.limit_ms),
                texts.predicted_text(check),
                texts.status_word(check.status),
            )
            for check in serving.targets
        )
        heads = (_("Latency target"), _("Limit"), _("Predicted (80 % interval)"), _("Verdict"))
        blocks.append(Grid(heads, rows, frozenset((1, 2))))
    if serving.at_peak is not None:
        blocks.append(_latencies(serving.at_peak))
    shares = [
        (name, share)
        for name, share in (
            (_("Prefill"), serving.prefill_shares),
            (_("Decode"), serving.decode_shares),
        )
        if share is not None
    ]
    if shares:
        blocks.append(_step_shares(shares))
    if serving.curve:
        blocks.append(Paragraph(Link(_("Chart: latency against load"), "chart:latency_load")))
    title = _("Performance: {workload}").format(workload=serving.workload)
    return Section(title, "performance", (*blocks, *sources))


def _serving_facts(serving: Serving, option: Option) -> Iterator[tuple[str, CellContent]]:
    yield _("Model"), serving.model_name
    if serving.accelerator_name is None:
        provider = option.hosted_by or option.venue_label
        yield _("Hardware"), _("The provider's: {name}").format(name=provider)
    else:
        yield _("Accelerator"), serving.accelerator_name
    yield _("Configuration"), serving.configuration or texts.DASH
    yield _("Peak load"), texts.by_year(serving.peak_req_s_by_year, _("requests/s"))
    if serving.accelerator_name is None:
        return
    yield _("Replicas at the peak"), texts.by_year(serving.replicas_by_year)
    yield _("Accelerators per replica"), str(serving.accelerators_per_replica)
    binding = serving.binding_target
    capacity = texts.value_text(serving.capacity_req_s, _("requests/s"))
    if binding:
        capacity += " · " + _("bound by {what}").format(what=texts.target_name(binding))
    yield _("Capacity of a replica"), capacity
    yield _("Saturation of a replica"), texts.value_text(serving.saturation_req_s, _("requests/s"))
    yield (
        _("Memory per accelerator"),
        _("{weights} weights, {kv} KV cache, of {usable} usable").format(
            weights=texts.value_text(serving.weights_gib_per_accelerator, "GiB"),
            kv=texts.value_text(serving.kv_gib_per_accelerator, "GiB"),
            usable=texts.value_text(serving.usable_gib_per_accelerator, "GiB"),
        ),
    )
    yield _("Concurrent requests per replica"), texts.value_text(serving.max_concurrency, "", 4)
    yield (
        _("Memory bandwidth"),
        _("{needed} needed of {sustained} sustained").format(
            needed=texts.value_text(serving.bandwidth_needed_gb_s, "GB/s"),
            sustained=texts.value_text(serving.bandwidth_sustained_gb_s, "GB/s", 4),
        ),
    )
    yield _("Busy time spent on prefill"), texts.share_text(serving.prefill_share)


def _latencies(point: LatencyPoint) -> Grid:
    rows = tuple(
        (
            label,
            *(
                milliseconds(values[key], max(values.values())) if key in values else texts.DASH
                for key in PERCENTILES
            ),
        )
        for label, values in (
            (_("Time to first token"), point.ttft_ms),
            (_("Time per output token"), point.tpot_ms),
            (_("Whole answer"), point.e2e_ms),
            (_("First answer token"), point.answer_ttft_ms),
        )
    )
    heads = (
        _("In the busiest hour, {load} requests/s per replica").format(load=number(point.req_s)),
        _("Mean"), "P50", "P90", "P95", "P99",
    )  # fmt: skip  # the percentiles stand in one line as they do on screen
    return Grid(heads, rows, frozenset(range(1, 6)))


def _step_shares(shares: list[tuple[str, StepShares]]) -> Grid:
    heads = (
        _("Where time goes"), _("Weights from memory"), _("KV cache from memory"),
        _("Arithmetic"), _("Communication"), _("Overhead"),
    )  # fmt: skip  # the columns stand in one line as they do on screen
    rows = tuple(
        (
            name,
            texts.share_text(share.weights_bandwidth),
            texts.share_text(share.kv_bandwidth),
            texts.share_text(share.compute),
            texts.share_text(share.communication),
            texts.share_text(share.overhead),
        )
        for name, share in shares
    )
    return Grid(heads, rows, frozenset(range(1, 6)))


def _evidence(option: Option) -> Iterator[Section]:
    for serving in option.servings:
        blocks: list[Block] = []
        if serving.evidence is None:
            blocks.append(
                Paragraph(_("The provider serves it; its performance is not computed here."))
            )
        else:
            word = texts.evidence_word(serving.evidence)
            blocks.append(Paragraph(word, strong=True))
            if serving.evidence_note:
                blocks.append(Paragraph(serving.evidence_note))
            blocks.extend(_nearest(serving))
        title = _("Evidence: {workload}").format(workload=serving.workload)
        yield Section(title, "evidence", tuple(blocks))


def _nearest(serving: Serving) -> tuple[Block, ...]:
    if not serving.nearest:
        return (Paragraph(_("No published measurement is near this configuration.")),)
    heads = (
        _("Nearest published run"), _("Engine"), _("Tokens in / out"), _("Load"), _("Metric"),
        _("Measured"), _("Predicted"),
    )  # fmt: skip  # the columns stand in one line as they do on screen
    rows = tuple(
        (
            f"{run.model}, {run.accelerators} × {hardware(run.accelerator)}",
            f"{engine_name(run.engine)}, {run.precision.upper()}",
            f"{number(run.input_tokens)} / {number(run.output_tokens)}",
            run.concurrency,
            _(MEASURED.get(run.metric, run.metric)),
            number(run.measured),
            number(run.predicted),
        )
        for run in serving.nearest
    )
    sources = "; ".join(dict.fromkeys(run.source for run in serving.nearest))
    return (
        Grid(heads, rows, frozenset((5, 6))),
        Paragraph(_("Measured by: {sources}.").format(sources=sources)),
    )


# -- cost ------------------------------------------------------------------------------------


def _cost(option: Option, recommendation: Recommendation, sources: SourceList) -> Section:
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


# -- site, limits, scores --------------------------------------------------------------------


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
