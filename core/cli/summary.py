"""The recommendation as a page of text: what a terminal shows after ``run``."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from core.cli.outcome import printable
from core.decision import verdicts
from core.notation import day, local
from core.recommendation import Analysis, Option, Recommendation
from core.words import _

WIDTH = 100
TITLE_WIDTH = 40
OPTIONS_SHOWN = 10
UNKNOWN = "?"


def _figures(value: float | None, digits: int = 3) -> str:
    """A number with so many significant digits and thousands separators; "?" if unknown."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if value == 0:
        return "0"
    decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    return local(f"{round(value, decimals):,.{decimals}f}")


def _percent(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.0%}"


def _latency(option: Option) -> str:
    """The worst of the option's latency targets as a share of its limit, at its percentile."""
    shares = []
    for serving in option.servings:
        for check in serving.targets:
            if check.predicted_ms is None or not math.isfinite(check.predicted_ms.base):
                return UNKNOWN
            shares.append(check.predicted_ms.base / check.limit_ms)
    return f"{max(shares):.0%}" if shares else "-"


def _row(option: Option, recommendation: Recommendation) -> tuple[str, ...]:
    cost = option.cost
    money = recommendation.money
    per_mtok = cost.usd_per_mtok if cost else None
    weeks = option.weeks_to_deploy
    return (
        UNKNOWN if option.rank is None else str(option.rank),
        printable(option.title),
        _figures(money(per_mtok.base)) if per_mtok else UNKNOWN,
        f"{_figures(money(per_mtok.low))}-{_figures(money(per_mtok.high))}"
        if per_mtok
        else UNKNOWN,
        _figures(money(cost.capex_usd)) if cost else UNKNOWN,
        _figures(option.fleet.nameplate_kw),
        _latency(option),
        _percent(option.fleet.utilisation),
        _figures(weeks.base, 2) if weeks else UNKNOWN,
        UNKNOWN if option.total_score is None else f"{option.total_score:.0f}",
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns under headings; the second (the title) left and wrapped, numbers right."""
    wrapped: list[Sequence[str]] = []
    for row in rows:
        first, *rest = textwrap.wrap(row[1], TITLE_WIDTH) or [""]
        wrapped.append((row[0], first, *row[2:]))
        wrapped.extend(("", f"  {more}", *([""] * (len(row) - 2))) for more in rest)
    widths = [max(len(line[n]) for line in (heads, *wrapped)) for n in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        parts = [
            f"{cell:<{widths[n]}}" if n == 1 else f"{cell:>{widths[n]}}"
            for n, cell in enumerate(cells)
        ]
        return "  ".join(parts).rstrip()

    return [line(heads), "  ".join("-" * width for width in widths), *map(line, wrapped)]


def paragraph(text: str, bullet: str = "") -> str:
    """Text wrapped to the width of the page, behind a bullet if there is one."""
    return textwrap.fill(
        printable(text),
        WIDTH,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_long_words=True,
        break_on_hyphens=False,
    )


def _bullets(heading: str, items: Sequence[str]) -> list[str]:
    return ["", heading, *(paragraph(item, "  - ") for item in items)] if items else []


def _rejected(option: Option) -> str:
    return f"{option.title}: {verdicts.rejection(option)}"


def summary(recommendation: Recommendation, analysis: Analysis | None = None) -> str:
    """A readable account: the decision, ranked options, reasons, conditions, rejections.

    With an analysis, how surely the sampled futures hold the choice, and what it may cost if
    things turn out otherwise too.
    """
    recommendation = recommendation.settled(analysis)
    code = recommendation.currency.code
    lines = [
        printable(recommendation.assessment.project.shown_title),
        "",
        paragraph(recommendation.headline),
        paragraph(
            _("Confidence {level}: {reason}").format(
                level=_(recommendation.confidence), reason=recommendation.confidence_reason
            )
        ),
        "",
    ]
    shown = recommendation.options[:OPTIONS_SHOWN]
    if shown:
        heads = (
            "#",
            _("Option"),
            _("{code}/Mtok").format(code=code),
            _("low-high"),
            _("up front"),
            "kW",
            _("latency"),
            _("used"),
            _("weeks"),
            _("score"),
        )
        lines += _table(heads, [_row(option, recommendation) for option in shown])
        left = len(recommendation.options) - len(shown)
        if left:
            lines.append(_("... and {n} more feasible options").format(n=left))
        lines.append(
            paragraph(
                _(
                    "latency: predicted over target at its percentile; used: of the capacity, in "
                    "the first year; {unknown}: not known"
                ).format(unknown=UNKNOWN)
            )
        )
    lines += _bullets(_("Why"), recommendation.reasons)
    lines += _bullets(
        _("What the choice costs"),
        [
            *(found.sentence for found in recommendation.trade_offs),
            *(found.sentence for found in recommendation.limit_prices),
            *(recommendation.winner.notes if recommendation.winner else ()),
        ],
    )
    lines += _bullets(_("Risks"), recommendation.risks)
    lines += _bullets(_("To be confirmed"), recommendation.conditions)
    nearest = recommendation.rejected[: 3 if shown else OPTIONS_SHOWN]
    lines += _bullets(
        _("Rejected, nearest first ({n} in all)").format(n=len(recommendation.rejected)),
        [_rejected(option) for option in nearest],
    )
    warnings = [notice.text for notice in recommendation.notices if notice.level == "warning"]
    lines += _bullets(_("Notices"), warnings)
    own = recommendation.own_measurements
    if own is not None:
        lines += ["", paragraph(own.summary)]
    lines += [
        "",
        _("As of {date}; {n} candidates; version {version}.").format(
            date=day(recommendation.as_of),
            n=local(f"{recommendation.candidates_evaluated:,}"),
            version=recommendation.version,
        ),
    ]
    return "\n".join(lines)
