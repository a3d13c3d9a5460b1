"""Pictures of the validation page: predicted against measured, errors by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.performance.targets import family_of
from core.performance.validate import Prediction, Validation
from core.performance.validation_groups import FAMILIES, LEAST, Group, groups_of, left_out

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLES = {
    "tpot": "Time per output token, ms",
    "ttft": "Time to first token, ms",
    "throughput": "Throughput, tokens or requests/s",
    "power": "Power, W, and energy, J/token",
}
INK, MUTED, GRID = "#1d2329", "#5a636d", "#d9dde2"
FITTED, HELD = "#0b4f94", "#d96b0a"
VENDORS = (("NVIDIA", FITTED, "o"), ("AMD", HELD, "s"), ("others", "#6f8b1d", "^"))
"""Vendor, colour and mark: not told apart by colour alone."""
AXIS_END = 1.2
"""Errors beyond 120 % are drawn at the edge."""
DPI = 90


def write(
    tables: Mapping[str, Any], checked: Validation, vendors: Mapping[str, str], folder: Path
) -> None:
    """Write ``predicted.png`` and one picture by accelerator, model and engine.

    ``vendors`` are those of accelerators by name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    save(predicted(checked.predictions, vendors), folder / "predicted.png")
    for field in ("accelerator", "model", "engine"):
        groups = [g for g in groups_of(checked.predictions, field) if g.values >= LEAST]
        save(by_group(groups, field, tables), folder / f"{field}.png")


def save(figure: Figure, path: Path) -> None:
    """A small PNG of few colours, the same bytes for the same figure and libraries."""
    from io import BytesIO

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    FigureCanvasAgg(figure)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    with Image.open(buffer) as image:
        image.convert("RGB").quantize(128, method=Image.Quantize.MAXCOVERAGE).save(path)


def predicted(predictions: Sequence[Prediction], vendors: Mapping[str, str]) -> Figure:
    """Predicted against measured on logarithmic axes, a panel per family, marks by vendor."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    figure = Figure(figsize=(9.0, 8.4), layout="constrained")
    panels = figure.subplots(2, 2)
    for axes, family in zip(panels.flat, FAMILIES, strict=True):
        mine = [
            p
            for p in predictions
            if p.predicted is not None and family_of(p.metric) == family and not p.saturated
        ]
        _dress(axes, f"{TITLES[family]} ({len(mine):,} values)")
        if not mine:
            continue
        low = min(min(p.value, p.predicted or p.value) for p in mine) / 1.5
        high = max(max(p.value, p.predicted or p.value) for p in mine) * 1.5
        ends = np.array([low, high])
        axes.plot(ends, ends, color=INK, linewidth=1.0, zorder=3)
        for factor in (0.5, 2.0):
            axes.plot(ends, ends * factor, color=MUTED, linewidth=0.8, linestyle="--", zorder=3)
        for vendor, colour, mark in VENDORS:
            some = [p for p in mine if _class_of(vendors.get(p.accelerator, "")) == vendor]
            axes.scatter(
                [p.value for p in some],
                [p.predicted for p in some],
                s=7, marker=mark, color=colour, alpha=0.35, linewidths=0,
            )  # fmt: skip  # data, then how it looks
        axes.set(xscale="log", yscale="log", xlim=(low, high), ylim=(low, high))
        axes.set_xlabel("measured", color=INK, fontsize=9)
        axes.set_ylabel("predicted", color=INK, fontsize=9)
    marks = [
        Line2D([], [], color=colour, marker=mark, linestyle="", label=vendor)
        for vendor, colour, mark in VENDORS
    ]
    panels[0, 0].legend(handles=marks, frameon=False, fontsize=9, loc="lower right")
    figure.supxlabel("dashed: twice and half the measured value", color=MUTED, fontsize=9)
    return figure


def _class_of(vendor: str) -> str:
    return vendor if vendor in ("NVIDIA", "AMD") else "others"


def by_group(groups: Sequence[Group], field: str, tables: Mapping[str, Any]) -> Figure:
    """Median errors of every group: filled marks fitted, open marks left out of the fit."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11.0, 1.7 + 0.23 * len(groups)), layout="constrained")
    panels = figure.subplots(1, len(FAMILIES), sharey=True)
    places = np.arange(len(groups))[::-1]
    for axes, family in zip(panels, FAMILIES, strict=True):
        _dress(axes, TITLES[family].split(",")[0])
        for place, group in zip(places.tolist(), groups, strict=True):
            part = group.families.get(family)
            if part is None:
                continue
            fitted, held = float(part["median_ape"]), left_out(tables, field, family, group.name)
            ends = [min(x, AXIS_END) for x in (fitted, held) if x is not None]
            axes.plot(ends, [place] * len(ends), color=GRID, linewidth=2.0, zorder=1)
            axes.plot(min(fitted, AXIS_END), place, "o", color=FITTED, markersize=5)
            if held is not None:
                axes.plot(
                    min(held, AXIS_END), place, "D",
                    markerfacecolor="white", markeredgecolor=HELD, markersize=5,
                )  # fmt: skip  # where, then how it looks
        axes.set_xlim(0.0, AXIS_END * 1.03)
        axes.set_xticks([0.0, 0.25, 0.5, 0.75, 1.0], ["0", "25 %", "50 %", "75 %", "100 %"])
    panels[0].set_yticks(places, [group.title for group in groups])
    panels[0].set_ylim(-0.7, len(groups) - 0.3)
    words = "model" if field == "engine" else field
    figure.supxlabel(
        f"median absolute error: ● fitted, ◇ each {words} left out of the fit",
        color=MUTED, fontsize=9,
    )  # fmt: skip  # text, then how it looks
    return figure


def _dress(axes: Axes, title: str) -> None:
    axes.set_title(title, fontsize=10, color=INK, loc="left")
    axes.grid(visible=True, color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8, colors=MUTED, labelcolor=INK)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(MUTED)
