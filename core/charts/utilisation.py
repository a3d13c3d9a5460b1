"""What a token costs by how busy the recommended hardware is."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from core.charts.common import short
from core.charts.load import fullest_use
from core.charts.records import Absent, Chart
from core.charts.scales import Axis, aligned, crossing, padded, padded_log
from core.charts.sheet import Box, KeyEntry, Sheet, Style
from core.charts.theme import Theme
from core.decision.wording import percent, price_per_mtok
from core.recommendation import Analysis, Option, Recommendation
from core.words import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEAST = 0.85
"""Of its height: a flatter curve would hide where it falls."""
LOG_FROM = 12.0
"""Ratio of largest to smallest value from which a log axis reads better."""


def cost_utilisation(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """What a token costs on the winner's hardware by how busy it is, beside a hosted API."""
    key, title = "cost_utilisation", _("Cost against utilisation")
    winner, curve = recommendation.winner, recommendation.cost_against_utilisation
    if winner is None:
        return Absent(key, title, _("No option is feasible, so there is no hardware to vary."))
    points = [(u, v) for u, v in curve if math.isfinite(v)]
    if len(points) < 2:
        reason = _("{title} is paid by the token: its cost does not depend on utilisation.")
        if winner.venue != "token_api":
            reason = _(
                "{title}: no capacity of one kind stands whatever the load, so that its cost does "
                "not depend on utilisation."
            )
        return Absent(key, title, reason.format(title=winner.title))
    code = recommendation.currency.code
    api = _cheapest_api(recommendation)
    fullest = fullest_use(recommendation, winner)
    alt = _("Cost on the hardware of {title}: {first} at {low}, {last} at {high}.").format(
        title=winner.title,
        first=price_per_mtok(points[0][1], recommendation.currency),
        low=percent(points[0][0]),
        last=price_per_mtok(points[-1][1], recommendation.currency),
        high=percent(points[-1][0]),
    )
    if winner.fleet.utilisation is not None:
        alt += " " + _("Planned: {share}.").format(share=percent(winner.fleet.utilisation))
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(
            _("Utilisation (%)"),
            _("{code} per million tokens").format(code=code),
        ),
        rows=tuple((100.0 * u, recommendation.money(v)) for u, v in points),
        draw=partial(
            _draw_utilisation,
            points=tuple(points),
            recommendation=recommendation,
            api=api,
            fullest=fullest,
        ),
        note=_("The fleet stays, the demand varies. Averages over the first year.")
        + _peak_note(fullest),
        heights_mm=(64.0, 68.0),
        least=LEAST,
    )


def _peak_note(fullest: float | None) -> str:
    """From where on the curve no longer holds for the load as it is spread over the week."""
    if fullest is None or fullest >= 1.0:
        return ""
    text = _(
        "Spread over the week as stated, the load fills in its busiest hour what is usable once "
        "{share} is used on average; more takes a more even load."
    )
    return " " + text.format(share=percent(fullest))


def _cheapest_api(recommendation: Recommendation) -> Option | None:
    hosted = [o for o in recommendation.options if o.venue == "token_api" and o.cost is not None]
    return min(hosted, key=lambda o: o.cost.usd_per_mtok.base if o.cost else 0.0, default=None)


def _draw_utilisation(
    figure: Figure,
    theme: Theme,
    points: tuple[tuple[float, float], ...],
    recommendation: Recommendation,
    api: Option | None,
    fullest: float | None,
) -> None:
    sheet = Sheet(figure, theme)
    box, money_of = sheet.box, recommendation.money
    xs, ys = [100.0 * u for u, _v in points], [money_of(v) for _u, v in points]
    level = None if api is None or api.cost is None else money_of(api.cost.usd_per_mtok.base)
    everything = [*ys, *([level] if level else [])]
    log = min(everything) > 0 and max(everything) / min(everything) > LOG_FROM
    low, high = padded_log(everything) if log else padded(everything)
    own, hosted, now = (
        sheet.style(0),
        Style(theme.limit, (4, 2), "", ""),
        Style(theme.text, (), "D", ""),
    )
    winner = recommendation.winner
    assert winner is not None
    entries = [KeyEntry(short(winner), own, "line")]
    if level is not None and api is not None:
        entries.append(KeyEntry(short(api), hosted, "line"))
    even = Style(own.colour, (1.5, 1.5), "", "")
    if fullest is not None and fullest < 1.0:
        entries.append(KeyEntry(_("only with a more even load"), even, "line"))
    planned = winner.fleet.utilisation
    cost = None if winner.cost is None else money_of(winner.cost.usd_per_mtok.base)
    if planned is not None:
        entries.append(KeyEntry(_("planned: {u}").format(u=percent(planned)), now, "mark"))
    used = sheet.key(entries, box)
    label = _("{code} per million tokens").format(code=recommendation.currency.code)
    x = Axis(0.0, 100.0, _("share of capacity used"), suffix=" %")
    y = Axis(low, high, label + (_(" (log scale)") if log else ""), log=log)
    axes, frame = sheet.plot(Box(box.left, box.bottom, box.right, box.top - used), x, y)
    for part, style in zip(_split(xs, ys, fullest), (own, even), strict=False):
        axes.plot(
            *part,
            label=short(winner),
            color=style.colour,
            linestyle=style.line,
            linewidth=theme.line_pt * 1.2,
        )
    if level is not None:
        axes.plot(
            [0, 100],
            [level, level],
            color=theme.limit,
            linestyle=hosted.line,
            linewidth=theme.line_pt,
        )
    if planned is not None:
        across = frame.left + min(planned, 1.0) * frame.width
        sheet.stroke([(across, frame.bottom), (across, frame.top)], theme.muted, width=0.6)
        on_line = crossing(list(zip(xs, ys, strict=True)), 100.0 * planned)
        value = on_line if on_line is not None else cost
        if value is not None and low <= value <= high:
            up = frame.bottom + y.place(value) * frame.height
            sheet.stroke([(across, up)], theme.text, line="", marker="D")
            # beside the mark, and below it where the unit of the axis stands above the plot
            fits = up + 0.8 + sheet.line <= frame.top
            y_mm, side = (up + 0.8, "bottom") if fits else (up - 0.8, "top")
            words = aligned([value])[0]
            foot = y_mm if fits else y_mm - sheet.line
            wide = sheet.measure(words, bold=True)
            plate = Box(across + 1.2, foot, across + 2.0 + wide, foot + sheet.line)
            if level is not None:  # whose line may run through the words
                sheet.rectangle(plate, theme.background, z=2.5)
            sheet.text(across + 1.6, y_mm, words, va=side, bold=True)


def _split(
    xs: list[float], ys: list[float], share: float | None
) -> list[tuple[list[float], list[float]]]:
    """A line up to a share of 0..1 and from it on; the whole line where it is not inside."""
    at = None if share is None else 100.0 * share
    middle = None if at is None else crossing(list(zip(xs, ys, strict=True)), at)
    if at is None or middle is None:
        return [(xs, ys)]
    before = sum(x < at for x in xs)
    return [
        ([*xs[:before], at], [*ys[:before], middle]),
        ([at, *xs[before:]], [middle, *ys[before:]]),
    ]
