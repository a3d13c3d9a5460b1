"""What the many re-runs say: who wins how often, what moves the lead, where the winner changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from core.charts.common import short
from core.charts.records import ROWS_LEAST, Absent, Cell, Chart
from core.charts.rows import bar, mark, row_heights, row_plot, upright
from core.charts.scales import Axis, padded
from core.charts.sheet import Box, KeyEntry, Sheet, Style
from core.charts.theme import Theme
from core.decision.wording import chance, number
from core.notation import after_label, english, local
from core.recommendation import Analysis, Option, Recommendation, SwitchPoint, TornadoBar
from core.words import N_, _, ngettext

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_BARS = 10
MOST_OPTIONS = 8


def _not_run() -> str:
    return _("The uncertainty analysis has not been run for this recommendation.")


# -- how often each option wins --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wins:
    name: str
    best_share: float
    stable: float | None
    best: bool


def win_probability(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """Share of the sampled futures, and of the weight draws, that each option wins."""
    key, title = "win_probability", _("How often each option wins")
    if analysis is None:
        return Absent(key, title, _not_run())
    if not analysis.uncertainty:
        return Absent(key, title, _("No option is feasible, so none can win."))
    stable = dict(analysis.stability)
    code, of = recommendation.currency.code, recommendation.money
    known = {o.id: o for o in (*recommendation.options, *recommendation.rejected)}
    names = {i: short(o) for i, o in known.items()}
    found = sorted(analysis.uncertainty, key=lambda u: -u.win_probability)
    winner = recommendation.winner
    rows: list[tuple[Cell, ...]] = [
        (
            names.get(u.option_id, u.option_id),
            100.0 * u.win_probability,
            None if u.option_id not in stable else 100.0 * stable[u.option_id],
            of(u.usd_per_mtok_p10),
            of(u.usd_per_mtok_p50),
            of(u.usd_per_mtok_p90),
            of(u.regret_usd),
            None if u.regret_p90_usd is None else of(u.regret_p90_usd),
        )
        for u in found
    ]
    shown = tuple(
        _Wins(
            names.get(u.option_id, u.option_id),
            u.win_probability,
            stable.get(u.option_id),
            winner is not None and u.option_id == winner.id,
        )
        for u in found[:MOST_OPTIONS]
        if u.win_probability > 0 or stable.get(u.option_id) or u is found[0]
    )
    alt = _("In {n} sampled futures: {shares}.").format(
        n=local(f"{analysis.samples:,}"),
        shares=", ".join(f"{w.name} {chance(w.best_share)}" for w in shown if w.best_share > 0)
        or _("no option wins"),
    )
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(
            _("Option"),
            _("Wins of sampled futures (%)"),
            _("Wins of weight draws (%)"),
            _("P10 ({code} per million tokens)").format(code=code),
            _("P50 ({code} per million tokens)").format(code=code),
            _("P90 ({code} per million tokens)").format(code=code),
            _("Expected regret ({code})").format(code=code),
            _("P90 of regret ({code})").format(code=code),
        ),
        rows=tuple(rows),
        draw=partial(_draw_wins, shown=shown, stable=bool(stable)),
        note=_wins_note(analysis, shown),
        heights_mm=row_heights(len(shown), 18.0),
        least=ROWS_LEAST,
    )


def _wins_note(analysis: Analysis, shown: tuple[_Wins, ...]) -> str:
    told = _("{n} sampled futures, seed {seed}.").format(
        n=local(f"{analysis.samples:,}"), seed=analysis.seed
    )
    winning = sum(u.win_probability > 0 for u in analysis.uncertainty)
    left = winning - sum(w.best_share > 0 for w in shown)
    if left > 0 and winning == len(analysis.uncertainty):
        rest = ngettext(
            "{n} more option wins at least one of them and is not drawn.",
            "{n} more options win at least one of them and are not drawn.",
            left,
        )
        return f"{told} {rest.format(n=left)}"
    if left > 0:
        rest = ngettext(
            "{n} more option wins at least one of them and is not drawn; the others never win.",
            "{n} more options win at least one of them and are not drawn; the others never win.",
            left,
        )
        return f"{told} {rest.format(n=left)}"
    return f"{told} {_('Options that never win are left out.')}"


def _draw_wins(figure: Figure, theme: Theme, shown: tuple[_Wins, ...], stable: bool) -> None:
    sheet = Sheet(figure, theme)
    box = sheet.box
    style, other = sheet.style(0), Style(theme.series[1], (), "D", "")
    entries = [KeyEntry(_("sampled futures"), style)]
    if stable:
        entries.append(KeyEntry(_("varied weights"), other, "mark"))
    used = sheet.key(entries, box)
    rows = row_plot(
        sheet,
        Box(box.left, box.bottom, box.right, box.top - used),
        [w.name for w in shown],
        [chance(w.best_share) for w in shown],
        Axis(0.0, 100.0, _("share of the sampled futures that it wins"), suffix=" %"),
        bold={i for i, w in enumerate(shown) if w.best},
    )
    for i, wins in enumerate(shown):
        bar(sheet, rows, i, 0.0, 100.0 * wins.best_share, style, row=i)
        if wins.stable is not None:
            mark(sheet, rows, i, 100.0 * wins.stable, other.colour, "D")


# -- tornado ---------------------------------------------------------------------------------

FITTED = N_(
    "The leads are worked out from curves fitted through re-runs of the whole computation; another "
    "re-run may give slightly different ones."
)


def tornado(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """What each uncertain input does to the winner's lead over the runner-up."""
    key, title = "tornado", _("What moves the winner's lead")
    if analysis is None:
        return Absent(key, title, _not_run())
    if not analysis.tornado or analysis.base_gap is None:
        return Absent(key, title, _("There is no runner-up, so there is no lead to vary."))
    bars = sorted(analysis.tornado, key=lambda b: -abs(b.gap_at_high - b.gap_at_low))
    code, of = recommendation.currency.code, recommendation.money
    top = bars[0]
    flips = [b.label for b in bars if min(b.gap_at_low, b.gap_at_high) < 0 <= analysis.base_gap]
    alt = _(
        "The lead is {gap} {code} per million tokens. {label} moves it most: {low} at {low_input}, "
        "{high} at {high_input}."
    ).format(
        gap=number(of(analysis.base_gap)),
        code=code,
        label=top.label,
        low=number(of(top.gap_at_low)),
        low_input=top.low_input,
        high=number(of(top.gap_at_high)),
        high_input=top.high_input,
    )
    if flips:
        alt += " " + _("It turns negative with: {labels}.").format(labels=", ".join(flips))
    unit = _("{code} per million tokens").format(code=code)
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(
            _("Input"),
            _("Low"),
            _("High"),
            _("Lead at low ({unit})").format(unit=unit),
            _("Lead at high ({unit})").format(unit=unit),
        ),
        rows=tuple(
            (b.label, b.low_input, b.high_input, of(b.gap_at_low), of(b.gap_at_high)) for b in bars
        ),
        draw=partial(
            _draw_tornado,
            bars=tuple(bars[:MOST_BARS]),
            base=of(analysis.base_gap),
            factor=of(1.0),
            unit=unit,
        ),
        note=_(
            "The lead is the runner-up's cost less the winner's; below 0 the runner-up costs less."
        ),
        heights_mm=row_heights(min(len(bars), MOST_BARS), 18.0),
        least=ROWS_LEAST,
    )


def _draw_tornado(
    figure: Figure,
    theme: Theme,
    bars: tuple[TornadoBar, ...],
    base: float,
    factor: float,
    unit: str,
) -> None:
    sheet = Sheet(figure, theme)
    box = sheet.box
    low, high = sheet.style(0), sheet.style(1)
    used = sheet.key([KeyEntry(_("input low"), low), KeyEntry(_("input high"), high)], box)
    spans = [f"{b.low_input} – {b.high_input}" for b in bars]
    ends = [v * factor for b in bars for v in (b.gap_at_low, b.gap_at_high)]
    labels = [b.label for b in bars]
    beside = max(map(sheet.measure, labels)) + max(map(sheet.measure, spans))
    narrow = sheet.narrow or beside > 0.55 * box.width
    if narrow:
        labels = [after_label(b.label, span) for b, span in zip(bars, spans, strict=True)]
    rows = row_plot(
        sheet,
        Box(box.left, box.bottom, box.right, box.top - used),
        labels,
        () if narrow else spans,
        Axis(*padded([*ends, base]), _("lead of the winner ({unit})").format(unit=unit)),
        words_above=narrow,
        uprights=(0.0,),
    )
    for i, item in enumerate(bars):
        # the longer bar first, so that the shorter one stays visible where both point one way
        pair = [(item.gap_at_low * factor, low), (item.gap_at_high * factor, high)]
        for end, style in sorted(pair, key=lambda p: -abs(p[0] - base)):
            bar(sheet, rows, i, base, end, style, row=i)
    upright(sheet, rows, base, theme.text)
    upright(sheet, rows, 0.0, theme.limit, width=1.1, line=(0, (4, 2)))


# -- switch points ---------------------------------------------------------------------------


def signed(change: float) -> str:
    """A relative change in percent with its sign."""
    return local(f"{100.0 * change:+,.0f} %").replace("-", "−")


_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?")


def change_needed(current: str, switch: str | None) -> float | None:
    """Relative change from one value to another written with the same unit; ``None`` if no such.

    ``change_needed("2,000 users", "1,120 users")`` is -0.44. None from 0 or less: no share of it.
    """
    ends = _ends(current, switch)
    if ends is None or ends[0] <= 0:
        return None
    return ends[1] / ends[0] - 1.0


def _ends(current: str, switch: str | None) -> tuple[float, float] | None:
    """Both values, where they are numbers with the same unit."""
    if switch is None:
        return None
    current, switch = english(current), english(switch)
    first, second = _NUMBER.search(current), _NUMBER.search(switch)
    if first is None or second is None:
        return None
    units = (_NUMBER.sub("", text, count=1).strip() for text in (current, switch))
    if not _same_unit(*units):
        return None
    before, after = (float(m[0].replace(",", "").replace("−", "-")) for m in (first, second))
    return before, after


def _same_unit(one: str, other: str) -> bool:
    """Whether two units are the same word, or its singular and plural ("year", "years")."""
    short, long = sorted((one, other), key=len)
    words = short.isalpha() and (short.islower() or short.istitle())
    return short == long or (
        words and len(short) > 1 and long.startswith(short) and len(long) <= len(short) + 2
    )


def _told(point: SwitchPoint) -> str:
    """The change beside its bar; of a rate that is 0 or less now, the difference in points."""
    change = change_needed(point.current, point.switches_at)
    if change is not None:
        return signed(change)
    ends = _ends(point.current, point.switches_at)
    if ends is None or not point.current.endswith("%"):
        return ""
    points = local(f"{ends[1] - ends[0]:+,.3g}").replace("-", "−")
    return _("{n} percentage points").format(n=points)


@dataclass(frozen=True, slots=True)
class _Switch:
    point: SwitchPoint
    change: float | None


def switch_points(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """How far each single input may move before another option becomes the best."""
    key, title = "switch_points", _("Where the answer would change")
    if analysis is None:
        return Absent(key, title, _not_run())
    if not analysis.switch_points:
        return Absent(key, title, _("No input was searched for a change of the winner."))
    found = [_Switch(p, change_needed(p.current, p.switches_at)) for p in analysis.switch_points]

    def nearness(item: _Switch) -> tuple[int, float]:
        if item.point.switches_at is None:
            return 2, 0.0
        return (1, 0.0) if item.change is None else (0, abs(item.change))

    found.sort(key=nearness)
    moving = [s for s in found if s.point.switches_at is not None]
    if moving:
        alt = " ".join(
            (
                _("{label}: {winner} becomes the best at {switch} instead of {current}.")
                if s.point.new_winner
                else _("{label}: no option is feasible at {switch} instead of {current}.")
            ).format(
                label=s.point.label,
                current=s.point.current,
                switch=s.point.switches_at,
                winner=s.point.new_winner,
            )
            for s in moving[:3]
        )
    else:
        tried = ", ".join(s.point.label for s in found)
        text = _("No single input changes the winner within the ranges tried: {tried}.")
        return Absent(key, title, text.format(tried=tried))
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(
            _("Input"),
            _("Now"),
            _("Switches at"),
            _("Change (%)"),
            _("New winner"),
            _("Confirmed by re-running"),
        ),
        rows=tuple(
            (
                s.point.label,
                s.point.current,
                s.point.switches_at or _("no switch in the range tried"),
                None if s.change is None else 100.0 * s.change,
                s.point.outcome or None,
                _("yes") if s.point.verified else _("no"),
            )
            for s in found
        ),
        draw=partial(_draw_switches, found=tuple(moving[:MOST_BARS])),
        note=_(
            "Each input alone; hollow marks were not confirmed by re-running both sides. A rate "
            "that is 0 % or less now has no bar: its change is told in percentage points."
        ),
        heights_mm=(row_heights(min(len(moving), MOST_BARS), 16.0)[0],) * 2,
    )


def _draw_switches(figure: Figure, theme: Theme, found: tuple[_Switch, ...]) -> None:
    sheet = Sheet(figure, theme)
    labels = []
    for item in found:
        point = item.point
        labels.append(
            _("{label}: {current} → {value}, {winner}").format(
                label=point.label,
                current=point.current,
                value=point.switches_at,
                winner=point.outcome,
            )
        )
    changes = [100.0 * s.change for s in found if s.change is not None]
    low, high = padded([*changes, 5.0, -5.0], pad=0.1)
    rows = row_plot(
        sheet,
        sheet.box,
        labels,
        [_told(s.point) for s in found],
        Axis(low, high, _("change of the input at which another option wins"), suffix=" %"),
        words_above=True,
        uprights=(0.0,),
    )
    for i, item in enumerate(found):
        if item.change is None:
            continue
        end, y = 100.0 * item.change, rows.centres[i]
        ends = [(rows.at(0.0), y), (rows.at(end), y)]
        sheet.stroke(ends, theme.series[0], width=theme.line_pt * 1.5)
        mark(sheet, rows, i, end, theme.series[0], "o", size=6.5, hollow=not item.point.verified)
    upright(sheet, rows, 0.0, theme.text)
