"""Which rows of a site's own measurements a refit may use, and the reason of each other one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.notation import local
from core.performance.admission import admission
from core.performance.measurement_format import Problem, Row, skipped
from core.performance.measurements import Names, Run, runs_of
from core.performance.targets import family_of
from core.performance.validate import Validation, validate
from core.words import _

OUTLANDISH = 50.0
"""A value so many times what the shipped parameters give, or so small a part of it, is a mistake:
no refit leaves this range (``site_parameters.FACTORS``), and units are mixed up by a thousand."""
_NO_SPECULATION = frozenset(["", "off", "no", "none", "false", "0", "allowed"])


def usable(rows: Sequence[Row], catalog: Names) -> tuple[dict[str, Run], tuple[Problem, ...]]:
    """Runs that a refit may use, and each row of the others with the reason."""
    runs, reasons = runs_of(rows, catalog, own=True)
    unused = []
    for row in rows:
        speculation = row.cells["spec_decode"]
        why = reasons.get(row.point_id, "")
        if not why and speculation.lower() not in _NO_SPECULATION:
            why = _("speculative decoding '{value}' is not refitted").format(value=speculation)
            runs.pop(row.point_id, None)
            reasons[row.point_id] = why
        if why:
            unused.append(skipped(row.line, why))
    return runs, tuple(unused)


def plausible(
    rows: Sequence[Row], catalog: Names
) -> tuple[list[Row], Validation, tuple[Problem, ...]]:
    """Rows near what is predicted with the parameters in force, that prediction, and the others.

    The others, ``OUTLANDISH`` times off, each with its reason: they would decide every mean error.
    """
    checked = validate(rows, catalog, own=True)
    kept, found, odd = [], [], []
    for row, p in zip(rows, checked.predictions, strict=True):
        ratio = p.value / p.predicted if p.predicted else 1.0
        if 1.0 / OUTLANDISH <= ratio <= OUTLANDISH:
            kept.append(row)
            found.append(p)
            continue
        why = _(
            "{metric} {value} is {ratio} times what is predicted; is its unit that of its name?"
        )
        said = {"value": local(f"{p.value:,.4g}"), "ratio": local(f"{ratio:,.2g}")}
        odd.append(skipped(row.line, why.format(metric=row.metric, **said)))
    return kept, Validation(tuple(found), ()), tuple(odd)


def waited(rows: Sequence[Row], runs: Mapping[str, Run]) -> list[Problem]:
    """Rows whose latencies are not those of the load that they state."""
    found = admission(rows, runs)
    reasons = ((row.line, found.why(row.point_id, family_of(row.metric))) for row in rows)
    return [skipped(line, why) for line, why in reasons if why]
