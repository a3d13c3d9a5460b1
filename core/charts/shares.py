"""Where step time goes in prefill and in decode."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from core.charts.common import nothing_feasible, subject
from core.charts.records import Absent, Chart
from core.charts.rows import bar, row_heights, row_plot
from core.charts.scales import Axis
from core.charts.sheet import Box, KeyEntry, Sheet
from core.charts.theme import Theme
from core.decision.wording import lower_first
from core.notation import after_label
from core.recommendation import Analysis, Option, Recommendation, StepShares
from core.words import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PARTS = ("weights_bandwidth", "kv_bandwidth", "compute", "communication", "overhead")
SERVINGS = 3


def _names() -> dict[str, str]:
    return {
        "weights_bandwidth": _("Reading weights"),
        "kv_bandwidth": _("Reading KV cache"),
        "compute": _("Computing"),
        "communication": _("Communication"),
        "overhead": _("Overhead"),
    }


def _share(shares: StepShares, part: str) -> float:
    value: float = getattr(shares, part)
    return value


def step_shares(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """Shares of the time of a prefill and of a decode step, summing to 100 %."""
    key, title = "step_shares", _("Where the time of a step goes")
    about = subject(recommendation, option)
    if about is None:
        return Absent(key, title, nothing_feasible())
    several = len(about.servings) > 1
    found: list[tuple[str, StepShares]] = []
    for serving in about.servings[:SERVINGS]:
        for phase, shares in (
            (_("Prefill"), serving.prefill_shares),
            (_("Decode"), serving.decode_shares),
        ):
            if shares is not None:
                name = after_label(serving.workload, lower_first(phase)) if several else phase
                found.append((name, shares))
    if not found:
        return Absent(key, title, _("{title}: its steps are not known.").format(title=about.title))
    sentences = []
    for name, shares in found:
        part = max(PARTS, key=lambda p: _share(shares, p))
        sentences.append(
            _("{name}: mostly {part} ({share} %).").format(
                name=name,
                part=lower_first(_names()[part]),
                share=f"{100.0 * _share(shares, part):.0f}",
            )
        )
    notes = ""
    if len(about.servings) > SERVINGS:
        notes = _("First {n} of {all} workloads.").format(n=SERVINGS, all=len(about.servings))
    return Chart(
        key=key,
        title=title,
        alt_text=" ".join(sentences),
        columns=(_("Step"), *(f"{name} (%)" for name in _names().values())),
        rows=tuple((name, *(100.0 * _share(s, p) for p in PARTS)) for name, s in found),
        draw=partial(_draw, found=tuple(found)),
        note=notes,
        heights_mm=(row_heights(len(found), 25.0)[0], row_heights(len(found), 22.0)[1]),
    )


def _draw(figure: Figure, theme: Theme, found: tuple[tuple[str, StepShares], ...]) -> None:
    sheet = Sheet(figure, theme)
    box = sheet.box
    entries = [KeyEntry(name, sheet.style(i)) for i, name in enumerate(_names().values())]
    used = sheet.key(entries, box)
    rows = row_plot(
        sheet,
        Box(box.left, box.bottom, box.right, box.top - used),
        [name for name, _shares in found],
        (),
        Axis(0.0, 100.0, _("share of the step's time"), suffix=" %"),
    )
    for i, (_name, shares) in enumerate(found):
        start = 0.0
        for n, part in enumerate(PARTS):
            share = 100.0 * _share(shares, part)
            if share > 0:
                text = f"{share:.0f} %"
                bar(sheet, rows, i, start, start + share, sheet.style(n), row=i, text=text)
                start += share
