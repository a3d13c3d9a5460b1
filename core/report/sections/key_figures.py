"""The key figures of the recommended option, or of the search where nothing is feasible."""

from __future__ import annotations

from core.decision.wording import chance, price_per_mtok, years_in_words
from core.facility import per_site
from core.fleet import NAMEPLATE_POWER
from core.notation import local
from core.recommendation import Option
from core.report.brief import Brief, num, week_count
from core.report.content import Facts
from core.report.text import one_line
from core.words import _


def key_figures(brief: Brief) -> Facts:
    """Cost, probability, spending, power, time and running cost."""
    winner = brief.winner
    if winner is None:
        return _facts_of_none(brief)
    return Facts(
        (
            _cost(brief, winner),
            _probability(brief, winner),
            _capex(brief, winner),
            _power(winner),
            _time(winner),
            _running(brief, winner),
        )
    )


def _cost(brief: Brief, option: Option) -> tuple[str, str, str]:
    label = _("Cost per million tokens")
    if option.cost is None:
        return label, _("not known"), ""
    spread, sampled = option.cost.usd_per_mtok, brief.uncertainty(option)
    if sampled is not None:
        # two ranges that are not to be mixed up: sampled together, or every line at one end
        p10, p90, low, high = brief.alike(
            sampled.usd_per_mtok_p10, sampled.usd_per_mtok_p90, spread.low, spread.high
        )
        note = _(
            "{p10} to {p90} in 80 % of sampled futures (demand, prices and speed vary); {low} to "
            "{high} at the stated demand, every cost line at its low or high case"
        ).format(p10=p10, p90=p90, low=low, high=high)
    else:
        low, high = brief.alike(spread.low, spread.high)
        note = _("{low} to {high}, all lines at their low or high case").format(low=low, high=high)
    return label, brief.money(spread.base), note


def _probability(brief: Brief, option: Option) -> tuple[str, str, str]:
    label, sampled = _("Best in sampled futures"), brief.uncertainty(option)
    if sampled is None or brief.analysis is None:
        return label, _("not computed"), _("The uncertainty analysis was not run.")
    note = _(
        "of {n} futures with other demand, lengths, prices and speed: the share in which it would "
        "be recommended"
    ).format(n=local(f"{brief.analysis.samples:,}"))
    return label, chance(sampled.win_probability), note


def _capex(brief: Brief, option: Option) -> tuple[str, str, str]:
    label = _("Up-front spending")
    if option.cost is None:
        return label, _("not known"), ""
    note = _("of {npv} present value over {years}").format(
        npv=brief.money(option.cost.npv_usd), years=years_in_words(brief.horizon)
    )
    if option.cost.capex_usd == 0:
        return label, _("nothing"), note
    if option.cost.capex_usd > option.cost.npv_usd:  # resale returns more than running costs take
        note = _("{npv} present value over {years} with all costs and the resale").format(
            npv=brief.money(option.cost.npv_usd), years=years_in_words(brief.horizon)
        )
    return label, brief.money(option.cost.capex_usd), note


def _power(option: Option) -> tuple[str, str, str]:
    label, fleet = _(NAMEPLATE_POWER), option.fleet
    if not fleet.unit:
        return label, _("none on site"), _("the provider runs the hardware")
    if fleet.nameplate_kw is None:
        if fleet.average_kw is None:
            return label, _("none on site"), _("the provider runs the hardware")
        where = option.place.label
        text = (
            _("the provider's hardware in {place} draws {kw} kW, predicted mean of the first year")
            if where
            else _("the provider's hardware draws {kw} kW, predicted mean of the first year")
        )
        note = text.format(place=where, kw=num(fleet.average_kw))
        return label, _("none on site"), note
    note = _("largest year; predicted average {average} kW in the first, peak {peak} kW").format(
        average=num(fleet.average_kw), peak=num(fleet.peak_kw)
    )
    at_each = [per_site(fleet, kw) for kw in (fleet.nameplate_kw, fleet.average_kw, fleet.peak_kw)]
    if at_each[0] is not None:
        text = _(
            "{note}; each site: {nameplate} W nameplate, {average} W on average, {peak} W at the "
            "peak"
        )
        watts = [num(None if kw is None else 1000.0 * kw) for kw in at_each]
        note = text.format(note=note, nameplate=watts[0], average=watts[1], peak=watts[2])
    return label, f"{num(fleet.nameplate_kw)} kW", note


def _time(option: Option) -> tuple[str, str, str]:
    spread = option.weeks_to_deploy
    if spread is None:
        return _("Time to deploy"), _("not known"), ""
    low, high = num(spread.low, 2), num(spread.high, 2)
    note = (
        _("at most {high} weeks").format(high=high)
        if spread.low < 1.0 < spread.high  # 0.2 weeks tell nobody anything
        else _("between {low} and {high} weeks").format(low=low, high=high)
    )
    return _("Time to deploy"), week_count(spread.base), note


def _running(brief: Brief, option: Option) -> tuple[str, str, str]:
    label = _("Running cost, first year")
    if option.cost is None:
        return label, _("not known"), ""
    return label, brief.money(option.cost.opex_first_year_usd), _("without what is paid up front")


def _facts_of_none(brief: Brief) -> Facts:
    answer = brief.recommendation
    return Facts(
        (
            (_("Options that meet every limit"), "0", ""),
            (
                _("Options examined"),
                local(f"{len(answer.rejected):,}"),
                _("from {n} candidates").format(n=local(f"{answer.candidates_evaluated:,}")),
            ),
            _nearest(brief),
        )
    )


def _nearest(brief: Brief) -> tuple[str, str, str]:
    """What the option that the headline names costs, or another where that is not known."""
    label, unknown = _("The nearest option"), _("not known")
    nearest = next(iter(brief.recommendation.rejected), None)
    if nearest is None:
        return label, unknown, ""
    title = one_line(nearest.title, 70)
    change = next((c for c in brief.smallest_changes if c.option_id == nearest.id), None)
    if change is not None and change.usd_per_mtok is not None:
        told = brief.money(change.usd_per_mtok)
        stands = brief.money(nearest.cost.usd_per_mtok.base) if nearest.cost else told
        note = _("per million tokens once admitted as told below: {title}")
        if stands != told:  # the cost section tells this one
            note = _(
                "per million tokens once admitted as told below ({amount} as the limits stand, "
                "work on the site included): {title}"
            )
        admitted = one_line(change.option_title, 70)
        return label, told, note.format(title=admitted, amount=stands)
    if nearest.cost is not None:
        note = _("per million tokens as the limits stand, work on the site included: {title}")
        return label, brief.money(nearest.cost.usd_per_mtok.base), note.format(title=title)
    priced = next((o for o in brief.recommendation.rejected if o.cost is not None), None)
    if priced is None or priced.cost is None:
        return label, unknown, _("No price is known: {title}").format(title=title)
    note = _("No price is known: {title}. The nearest with one: {other}, {price}.")
    other, usd = one_line(priced.title, 70), priced.cost.usd_per_mtok.base
    price = price_per_mtok(usd, brief.recommendation.currency)
    return label, unknown, note.format(title=title, other=other, price=price)
