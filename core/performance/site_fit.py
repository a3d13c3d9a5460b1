"""Refitting a few site-specific terms to a user's own measurements.

The shipped parameters stay; factors of ``own_measurements.TERMS`` per serving engine and
accelerator generation go on top, found as the shipped ones are (``fit``): robust loss in log
space plus a ridge that pulls every factor to 1, so that little data moves little. Each
configuration is also predicted by a refit that did not see it: only that error says what the
refit is worth on the site's next configuration.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.performance import fit, held_out, published_runs
from core.performance import parameters as par
from core.performance.measurement_format import Problem, Row
from core.performance.measurements import Names, Run
from core.performance.own_measurements import SIZES, TERMS, FamilyErrors, OwnMeasurements, SiteTerm
from core.performance.quantities import QUANTITIES
from core.performance.site_rows import plausible, usable, waited
from core.performance.targets import FitSet, family_of, fit_set
from core.performance.types import Bools, Floats, Ints
from core.performance.validate import Prediction, Validation, validate
from core.words import _

FEWEST_VALUES = 8
FEWEST_CONFIGURATIONS = 2
MOST_REFITS = 10
"""Refits that leave configurations out: of more, several are left out at a time."""
WORTHWHILE = 0.98
"""Held-out error over the shipped one's from which a refit counts as better."""
Progress = Callable[[float, str], None]


class TooFewMeasurementsError(ValueError):
    """The measurements cannot carry a refit; the message says what is missing."""


@dataclass(frozen=True)
class SiteFit:
    """A refit with everything needed to judge it; the three checks hold the same rows."""

    own: OwnMeasurements
    parameters: par.Parameters
    before: Validation
    """With the base parameters."""
    after: Validation
    """With the refitted ones, on the rows they were fitted to."""
    held_out: Validation
    """Each configuration predicted by a refit without it."""
    left_out: str
    """What a configuration is here, in words."""
    unused: tuple[Problem, ...]
    """Rows that could not be used, with their line."""

    @property
    def helps(self) -> bool:
        """Whether configurations left out of the refit are predicted better than before."""
        return typical_error(self.held_out) < WORTHWHILE * typical_error(self.before)


def refit(
    rows: Sequence[Row],
    catalog: Names,
    *,
    file: str,
    date: str,
    data_sha256: str,
    base: par.Parameters | None = None,
    progress: Progress | None = None,
) -> SiteFit:
    """Refit the site's terms to measured rows on top of ``base`` (the shipped parameters).

    ``file``, ``date`` and ``data_sha256`` are recorded. Raises ``TooFewMeasurementsError``.
    """
    tell = progress or (lambda share, text: None)
    base = base or par.shipped()
    runs, unused = usable(rows, catalog)
    with par.use(base):
        kept, before, odd = plausible([row for row in rows if row.point_id in runs], catalog)
    unused = (*unused, *odd, *waited(kept, runs))
    with_rows = {row.point_id for row in kept}
    runs = {point: run for point, run in runs.items() if point in with_rows}
    # What memory holds and what is saturated does not depend on fitted quantities.
    data = fit_set(kept, runs, published_runs.stack(list(runs.values()))) if runs else None
    if data is None or len(data.targets.case) < FEWEST_VALUES:
        text = _(
            "{count} values can be used for a refit; at least {fewest} are needed (time per "
            "token, time to first token or throughput)"
        ).format(count=0 if data is None else len(data.targets.case), fewest=FEWEST_VALUES)
        # The first reason is mostly that of all: a name that is not known.
        raise TooFewMeasurementsError(". ".join([text, *(p.message for p in unused[:1])]))
    keys, words = configurations([data.cases.runs[i] for i in range(len(data.cases.runs))])
    groups = sorted(set(keys[data.targets.case].tolist()))
    if len(groups) < FEWEST_CONFIGURATIONS:
        raise TooFewMeasurementsError(
            _(
                "all values are of one configuration; at least {fewest} are needed, or nothing "
                "shows whether the refit holds for another: add results of another request "
                "length or model"
            ).format(fewest=FEWEST_CONFIGURATIONS)
        )

    tell(0.0, _("Refit"))
    problem = _Problem.of(data, base)
    whole = problem.solve()
    blank = OwnMeasurements(
        file, date, data_sha256, base.digest, len(data.targets.case), len(groups), (), (), ()
    )
    own = problem.own(whole, blank)
    parameters = par.extended(base, own)
    with par.use(parameters):
        after = validate(kept, catalog, own=True)

    predictions: dict[int, Prediction] = {}
    of_run = dict(zip((run.point_id for run in data.cases.runs), keys.tolist(), strict=True))
    folds = min(len(groups), MOST_REFITS)
    for n in range(folds):
        tell(n / folds, _("Each configuration left out"))
        fold = groups[n::folds]
        out: Bools = np.isin(keys[data.targets.case], fold)
        part = [row for row in kept if of_run[row.point_id] in fold]
        with par.use(par.extended(base, problem.own(problem.solve(~out, whole), blank, ~out))):
            predictions.update({p.line: p for p in validate(part, catalog, own=True).predictions})
    # Rows of configurations without a fitted value (power alone) are not left out.
    held = Validation(tuple(predictions.get(p.line, p) for p in before.predictions), ())
    tell(1.0, _("Done"))
    own = replace(own, errors=_errors(before, after, held))
    return SiteFit(own, replace(parameters, own=own), before, after, held, words, unused)


def configurations(runs: Sequence[Run]) -> tuple[np.ndarray[tuple[int], np.dtype[np.object_]], str]:
    """The configuration of each run as a text, and what that is in words.

    A model as it is served; where only one was measured, its request lengths.
    """
    served = [
        f"{r.model.id}|{r.accelerator.id}|{r.accelerators}|{r.tp}|{r.pp}|{r.dp}|{r.precision}|"
        f"{r.kv_bytes:g}|{r.engine}"
        for r in runs
    ]
    words = _("model, precision, accelerators, parallel split and engine")
    if len(set(served)) < FEWEST_CONFIGURATIONS:
        served = [f"{r.scenario}|{r.input_tokens:.0f}|{r.output_tokens:.0f}" for r in runs]
        words = _("scenario and request lengths of the one model as served")
    return np.array(served, dtype=object), words


def families_fitted() -> tuple[str, ...]:
    """Metric families that a refit is fitted to; the others follow from them."""
    return ("tpot", "ttft", "throughput")


def typical_error(checked: Validation) -> float:
    """Mean absolute log ratio of predicted to measured over what is fitted."""
    ratios = [
        abs(math.log(p.predicted / p.value))
        for p in checked.predictions
        if p.predicted and family_of(p.metric) in families_fitted() and not p.saturated
    ]
    return float(np.mean(ratios)) if ratios else math.inf


def _errors(before: Validation, after: Validation, held: Validation) -> tuple[FamilyErrors, ...]:
    medians = [checked.summary()["families"] for checked in (before, after, held)]
    return tuple(
        FamilyErrors(family, entry["answered"], *(float(m[family]["median_ape"]) for m in medians))
        for family, entry in medians[0].items()
        if entry["answered"]
    )


@dataclass(frozen=True)
class _SiteLayout(fit.Layout):
    """Factors on the base parameters' values, in place of common values and group offsets."""

    base: dict[str, Floats]

    def values(self, theta: Floats) -> dict[str, Floats]:
        bounds = QUANTITIES
        return {
            name: np.clip(
                self.base[name] * np.exp(theta[self.member[term]]),
                bounds[name].low,
                bounds[name].high,
            )
            for term in self.quantities
            for name in self.moved(term)
        }

    def moved(self, name: str) -> tuple[str, ...]:
        return TERMS[name].quantities

    def slope(self, name: str, values: Mapping[str, Floats]) -> Floats:
        return np.ones_like(self.member[name], dtype=np.float64)


@dataclass(frozen=True)
class _Problem:
    """The least-squares problem of one site."""

    data: FitSet
    layout: _SiteLayout
    groups: tuple[tuple[str, str], ...]
    """(engine, generation) of each block of terms."""
    of_case: Ints
    """Block of each case."""

    @classmethod
    def of(cls, data: FitSet, base: par.Parameters) -> _Problem:
        labels = data.cases.labels
        pairs = [(x["engine"], x["generation"]) for x in labels]
        groups = tuple(sorted(set(pairs)))
        of_case = np.array([groups.index(p) for p in pairs], dtype=np.int64)
        member = {term: (of_case * len(TERMS) + t)[:, None] for t, term in enumerate(TERMS)}
        layout = _SiteLayout(
            tuple(member),
            tuple((key, "|".join(group)) for group in groups for key in TERMS),
            np.array([term.width for _group in groups for term in TERMS.values()]),
            member,
            data.cases.quantities(base),
        )
        return cls(data, layout, groups, of_case)

    def solve(self, use: Bools | None = None, start: fit.Solution | None = None) -> fit.Solution:
        """Factors fitted to the targets in ``use`` (all by default)."""

        def predict(values: Mapping[str, Floats]) -> Floats:
            return self.data.predict({**self.layout.base, **values})

        return fit.fit(self.layout, self.data.targets, predict, use=use, start=start)

    def own(
        self, solution: fit.Solution, blank: OwnMeasurements, use: Bools | None = None
    ) -> OwnMeasurements:
        """The solution as terms, with what was seen in the targets in ``use``."""
        chosen = np.arange(len(self.data.targets.case)) if use is None else np.flatnonzero(use)
        part, _cases = self.data.take(chosen)
        count = np.bincount(
            self.of_case[self.data.targets.case[chosen]], minlength=len(self.groups)
        )
        terms = tuple(
            SiteTerm(key, *self.groups[g], round(math.exp(theta), 5), int(count[g]))
            for (key, _group), theta, g in zip(
                self.layout.keys,
                solution.theta.tolist(),
                np.repeat(np.arange(len(self.groups)), len(TERMS)).tolist(),
                strict=True,
            )
        )
        seen = held_out.seen_groups(part)
        seen[SIZES] = [
            "|".join([pair, *(f"{x:.10g}" for x in limits)])
            for pair, limits in held_out.seen_sizes(part).items()
        ]
        return replace(
            blank, terms=terms, seen=tuple((k, tuple(v)) for k, v in sorted(seen.items()))
        )
