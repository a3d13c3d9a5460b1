"""The check of a measurement file as a page of text: by metric family, then the worst groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from core.notation import local
from core.performance.measurement_format import Problem
from core.performance.own_measurements import FAMILY_NAMES
from core.performance.published_lengths import OTHER_DATASET_LENGTHS
from core.performance.validate import Validation
from core.words import _

FEWEST = 5
"""Values from which a group can be among the worst."""
WORST = 5
REASONS_SHOWN = 10
PROBLEMS_SHOWN = 20
MOST_SHOWN = 9999
"""Largest percentage and ratio that is printed."""
_NAME, _CELLS = 46, (8, 9, 9, 9, 7, 13)
"""Characters of the first column and of the numbers."""


def text(checked: Validation) -> str:
    """Errors by metric family and metric, the worst groups, unanswered rows, skipped lines."""
    families = checked.summary()["families"]
    lines = [_head(_("Errors of predictions")), *_by_family(families)]
    worst = _worst(families)
    if worst:
        lines += ["", _head(_("Largest median errors, groups of {n} or more").format(n=FEWEST))]
        lines += worst
    if checked.lengths_assumed:
        note = _(
            "{n} rows of MLPerf data sets that are not known are answered with {prompt} tokens "
            "in and {output} out, an assumption: graded extrapolated"
        )
        prompt, output = (local(f"{length:,.0f}") for length in OTHER_DATASET_LENGTHS)
        number = local(f"{checked.lengths_assumed:,}")
        lines += ["", note.format(n=number, prompt=prompt, output=output)]
    unanswered = Counter(p.reason for p in checked.predictions if p.predicted is None)
    if unanswered:
        lines += ["", _("{n} rows without an answer").format(n=local(f"{unanswered.total():,}"))]
        lines += _most_common(unanswered)
    skipped = problems_text(checked.problems)
    return "\n".join(lines) + "\n" + (f"\n{skipped}" if skipped else "")


def _head(title: str) -> str:
    names = (_("rows"), _("median"), _("mean"), "P90", _("ratio"), _("inside 80 %"))
    return _columns(title, names)


def _line(name: str, entry: dict[str, Any]) -> str:
    errors = (f"{_shown(100 * entry[key], 1)} %" for key in ("median_ape", "mean_ape", "p90_ape"))
    ratio, inside = _shown(entry["median_ratio"], 2), f"{100 * entry['coverage']:.0f} %"
    return _columns(name, (local(f"{entry['answered']:,}"), *errors, ratio, inside))


def _shown(value: float, digits: int) -> str:
    """A number that keeps its column: an absurd measured value makes errors without measure."""
    return local(f"{value:.{digits}f}") if value < MOST_SHOWN else f"> {MOST_SHOWN}"


def _columns(name: str, cells: Sequence[str]) -> str:
    shown = name if len(name) <= _NAME else name[: _NAME - 1] + "…"
    numbers = "".join(f"{c:>{width}}" for c, width in zip(cells, _CELLS, strict=True))
    return f"{shown:<{_NAME}}{numbers}"


def _by_family(families: dict[str, Any]) -> list[str]:
    found = []
    for family, entry in families.items():
        if not entry["answered"]:
            continue
        found.append(_line(f"  {_(FAMILY_NAMES.get(family, family))}", entry))
        below = entry.get("below_saturation")
        if below and below["answered"]:
            found.append(_line(_("    below saturation"), below))
        others = entry.get("without_own_load")
        if others and others["answered"]:
            found.append(_line(_("    without output of a stated load"), others))
        metrics = {name: one for name, one in entry["by_metric"].items() if one["answered"]}
        if len(metrics) > 1:  # named as in the file
            found += [_line(f"    {name}", one) for name, one in metrics.items()]
    return found


def _worst(families: dict[str, Any]) -> list[str]:
    found = []
    for family, entry in families.items():
        groups = [
            (group["median_ape"], f"    {field} {name}", group)
            for field in ("accelerator", "model", "engine")
            for name, group in entry[f"by_{field}"].items()
            if group["answered"] >= FEWEST
        ]
        largest = sorted(groups, key=lambda item: (-item[0], item[1]))[:WORST]
        if largest:
            found.append(f"  {_(FAMILY_NAMES.get(family, family))}")
            found += [_line(name, group) for _error, name, group in largest]
    return found


def _most_common(reasons: Counter[str]) -> list[str]:
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    found = [f"  {count:,} x {reason}" for reason, count in ordered[:REASONS_SHOWN]]
    left = sum(count for _reason, count in ordered[REASONS_SHOWN:])
    return [*found, _("  {n} for other reasons").format(n=local(f"{left:,}"))] if left else found


def problems_text(problems: Sequence[Problem]) -> str:
    """The lines that were skipped, each with its reason; the first twenty."""
    lines = [p.message for p in sorted(problems, key=lambda p: p.line)[:PROBLEMS_SHOWN]]
    if len(problems) > PROBLEMS_SHOWN:
        lines.append(
            _("... and {n} more lines skipped").format(
                n=local(f"{len(problems) - PROBLEMS_SHOWN:,}")
            )
        )
    return "".join(f"{line}\n" for line in lines)
