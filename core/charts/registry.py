"""All charts by key, in the order of reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.charts import (
    bill,
    economy,
    futures,
    latency,
    load,
    market,
    options,
    radar,
    roofline,
    shares,
    site,
    utilisation,
)
from core.charts.records import Absent, Chart
from core.charts.text import MM_PER_INCH
from core.charts.theme import Theme
from core.recommendation import Analysis, Option, Recommendation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Builder = Callable[[Recommendation, Option | None, Analysis | None], Chart | Absent]
BUILDERS: dict[str, Builder] = {
    "cost_per_mtok": options.cost_per_mtok,
    "scores": options.scores,
    "constraints_radar": radar.constraints_radar,
    "weekly_load": load.weekly_load,
    "latency_load": latency.latency_load,
    "roofline": roofline.roofline,
    "step_shares": shares.step_shares,
    "cost_breakdown": bill.cost_breakdown,
    "cash_flow": bill.cash_flow,
    "break_even": economy.break_even,
    "cost_utilisation": utilisation.cost_utilisation,
    "hybrid_split": economy.hybrid_split,
    "general_purpose": market.general_purpose,
    "win_probability": futures.win_probability,
    "tornado": futures.tornado,
    "switch_points": futures.switch_points,
    "rack_layout": site.rack_layout,
    "power_budget": site.power_budget,
    "carbon": options.carbon,
}
KEYS = tuple(BUILDERS)
DPI = 100


def chart(
    key: str,
    recommendation: Recommendation,
    option: Option | None = None,
    analysis: Analysis | None = None,
) -> Chart | Absent:
    """One chart, or why there is none. Charts of one option take ``option``, else the winner.

    Raises KeyError where no chart has this key.
    """
    return BUILDERS[key](recommendation, option, analysis)


def charts_for(
    recommendation: Recommendation,
    option: Option | None = None,
    analysis: Analysis | None = None,
) -> tuple[Chart | Absent, ...]:
    """Every chart in the order of ``KEYS``; nothing is drawn yet."""
    return tuple(chart(key, recommendation, option, analysis) for key in KEYS)


def figure(chart: Chart, theme: Theme, width_mm: float, height_mm: float) -> Figure:
    """Draw a chart on a new figure of a size in mm."""
    from matplotlib.figure import Figure

    made = Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH), dpi=DPI)
    chart.draw(made, theme)
    return made
