"""Fitting the engine's quantities: hierarchical, robust, in log space.

Minimises  sum_i w_i rho((log predicted_i - log measured_i) / s_i) + sum_j (theta_j / width_j)^2
with rho a loss whose outliers pull less the farther they are, by Levenberg-Marquardt with
reweighting, its steps lengthened and mixed while the loss falls; from the soft-L1 loss's solution,
so that it starts where every row has its say. A row's log quantity is the sum of a common value and
its groups' offsets, so derivatives need one model evaluation per *quantity*, however many groups
there are; the chain rule spreads them over the groups.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.performance import parameters as par
from core.performance.mixing import Mixing
from core.performance.quantities import QUANTITIES
from core.performance.types import Bools, Floats, Ints

Predict = Callable[[Mapping[str, Floats]], Floats]
"""Log predictions of all targets from the quantities of all cases, each (n, 1)."""


SOFT = 0.5
"""``FADING`` of the soft-L1 loss."""
FADING = 0.6
"""Power p of the loss ((1 + z^2)^(1 - p) - 1) / (1 - p) of a residual z: beyond its scale a target
pulls with z^(1 - 2p). 1/2 is the soft-L1 loss, whose outliers pull for ever; 1 the Cauchy loss,
which gives up whole accelerators. From 0.6 to 0.75 left-out errors are alike; means are lower at
0.6, medians by a tenth of a point at 0.75."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What is fitted: the case and metric of each measured value."""

    case: Ints
    log_value: Floats
    weight: Floats
    scale: Floats
    """Residual at which a target counts as an outlier, log units."""
    fast: Floats
    """Weight factor where the measurement is faster than predicted: below 1 for runs that may
    have used speculative decoding without saying so."""

    def weights(self, residual: Floats) -> Floats:
        """Weight of each target given its residual's sign."""
        return self.weight * np.where(residual > 0, self.fast, 1.0)


@dataclass(frozen=True)
class Layout:
    """Which entry of the parameter vector belongs to which quantity and group."""

    quantities: tuple[str, ...]
    """What has a position of its own: the fitted quantities, or what moves several at once."""
    keys: tuple[tuple[str, str], ...]
    """(quantity, group key; "" for the common value) of each entry."""
    widths: Floats
    member: dict[str, Ints]
    """Quantity -> (cases, 1 + features) indices into the parameter vector."""

    def values(self, theta: Floats) -> dict[str, Floats]:
        """Quantity of every case, (n, 1)."""
        return {
            name: q.value(
                q.position(q.default) + theta[self.member[name]].sum(axis=1, keepdims=True)
            )
            for name, q in ((n, QUANTITIES[n]) for n in self.quantities)
        }

    def moved(self, name: str) -> tuple[str, ...]:
        """The quantities that one of ``quantities`` moves, all by the same factor."""
        return (name,)

    def slope(self, name: str, values: Mapping[str, Floats]) -> Floats:
        """d log value / d position of a quantity, (n, 1)."""
        return QUANTITIES[name].slope(values[name])

    def parameters(self, theta: Floats) -> par.Parameters:
        """The vector as parameters by name and group; groups of no weight are left out."""
        common: dict[str, float] = {}
        offsets: dict[str, dict[str, float]] = {}
        for (name, key), value in zip(self.keys, theta.tolist(), strict=True):
            if not key:
                q = QUANTITIES[name]
                common[name] = float(q.value(np.array(q.position(q.default) + value)))
            elif abs(value) > 5e-4:
                offsets.setdefault(name, {})[key] = value
        return par.Parameters(common, offsets)


def layout(labels: Sequence[Mapping[str, str]], tightness: float = 1.0) -> Layout:
    """Parameter vector for these cases. ``tightness`` scales all shrinkage widths."""
    keys: list[tuple[str, str]] = []
    widths: list[float] = []
    index: dict[tuple[str, str], int] = {}
    member: dict[str, Ints] = {}

    def place(name: str, key: str, width: float) -> int:
        if (name, key) not in index:
            index[name, key] = len(keys)
            keys.append((name, key))
            widths.append(width)
        return index[name, key]

    for name, q in QUANTITIES.items():
        common = place(name, "", q.prior_sd * 2.0)
        columns = [[common] * len(labels)]
        for feature, width in q.groups:
            columns.append(
                [place(name, par.join_label(feature, x), width * tightness) for x in labels]
            )
        member[name] = np.array(columns, dtype=np.int64).T
    return Layout(tuple(QUANTITIES), tuple(keys), np.array(widths), member)


def sensitivities(lay: Layout, predict: Predict, theta: Floats, base: Floats, case: Ints) -> Floats:
    """d log prediction / d position of each quantity, (targets, quantities)."""
    step = 1e-4
    values = lay.values(theta)
    columns = []
    for name in lay.quantities:
        moved = values | {n: values[n] * math.exp(step) for n in lay.moved(name)}
        columns.append((predict(moved) - base) / step * lay.slope(name, values)[case, 0])
    return np.stack(columns, axis=1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Targets whose rows are in the same groups, and the parameters those groups have."""

    targets: Ints
    entry: Ints
    """Distinct indices into the parameter vector."""
    spread: Floats
    """(entries, quantities): how often each entry is part of each quantity's position."""


def patterns(lay: Layout, targets: Targets) -> tuple[Pattern, ...]:
    """Targets by the groups they are in.

    A few hundred patterns carry ten thousand targets, so that the normal matrix is a sum of a few
    hundred small blocks instead of a product of large matrices.
    """
    members = [lay.member[name] for name in lay.quantities]
    quantity = np.repeat(np.arange(len(members)), [m.shape[1] for m in members])
    distinct, of_case = np.unique(np.concatenate(members, axis=1), axis=0, return_inverse=True)
    of_target = of_case.reshape(-1)[targets.case]
    order = np.argsort(of_target, kind="stable")
    ends = np.searchsorted(of_target[order], np.arange(len(distinct) + 1))
    found = []
    for k, row in enumerate(distinct):
        if ends[k + 1] > ends[k]:
            entry, place = np.unique(row, return_inverse=True)
            spread = np.zeros((len(entry), len(members)))
            np.add.at(spread, (place.reshape(-1), quantity), 1.0)
            found.append(Pattern(order[ends[k] : ends[k + 1]], entry, spread))
    return tuple(found)


def normal_equations(
    found: Sequence[Pattern], slopes: Floats, weight: Floats, residual: Floats, size: int
) -> tuple[Floats, Floats]:
    """(J'WJ, J'Wr) of the weighted targets, J being the derivatives by the parameters."""
    normal = np.zeros((size, size))
    gradient = np.zeros(size)
    for p in found:
        w = weight[p.targets]
        if not w.any():
            continue
        local = slopes[p.targets]
        block = local.T @ (local * w[:, None])
        normal[np.ix_(p.entry, p.entry)] += p.spread @ block @ p.spread.T
        gradient[p.entry] += p.spread @ (local.T @ (w * residual[p.targets]))
    return normal, gradient


@dataclass(frozen=True, slots=True)
class Solution:
    """A fitted parameter vector and what is needed to refit from it."""

    theta: Floats
    loss: float
    log_predicted: Floats
    slopes: Floats | None
    """``sensitivities`` here; ``None`` after a refit, where nobody asked for them."""


def loss_of(targets: Targets, log_predicted: Floats, use: Bools, fading: float = FADING) -> float:
    """Robust data term over the chosen targets; ``fading`` as in ``FADING``."""
    residual = log_predicted - targets.log_value
    far = np.log1p((residual / targets.scale) ** 2)
    rho = np.expm1((1.0 - fading) * far) / (1.0 - fading)
    return float(np.sum((targets.weights(residual) * rho)[use]))


@dataclass(frozen=True, slots=True)
class _Point:
    """A parameter vector, its log predictions and its loss, the priors' term in it."""

    theta: Floats
    log_predicted: Floats
    loss: float


def fit(
    lay: Layout,
    targets: Targets,
    predict: Predict,
    *,
    use: Bools | None = None,
    start: Solution | None = None,
    iterations: int = 12,
    tolerance: float = 1e-5,
    report: Callable[[str], None] | None = None,
    fading: float = FADING,
) -> Solution:
    """Fit to the targets in ``use`` (all by default), from ``start`` or from the defaults.

    Ends after ``iterations``, or where two in a row each gain less than ``tolerance`` of the loss.
    A prediction of all rows costs a thirtieth of a step's derivatives: after each step, longer
    ones and the mixture with earlier steps are tried, and the best is taken.
    """
    chosen = np.ones(len(targets.case), dtype=bool) if use is None else use
    groups = patterns(lay, targets)
    prior = 1.0 / lay.widths**2

    def at(theta: Floats) -> _Point:
        logs = predict(lay.values(theta))
        data = loss_of(targets, logs, chosen, fading)
        return _Point(theta, logs, data + float(np.sum(prior * theta**2)))

    here = at(np.zeros(len(lay.keys)) if start is None else start.theta)
    slopes = None if start is None else start.slopes
    damping = 1e-2 if start is None else 1e-4
    mixing = Mixing()
    still = 0
    for step in range(iterations):
        if slopes is None:
            slopes = sensitivities(lay, predict, here.theta, here.log_predicted, targets.case)
        residual = here.log_predicted - targets.log_value
        z = residual / targets.scale
        robust = targets.weights(residual) / targets.scale**2 / (1.0 + z * z) ** fading
        weight = np.where(chosen, robust, 0.0)
        normal, gradient = normal_equations(groups, slopes, weight, residual, len(here.theta))
        gradient = gradient + prior * here.theta
        next_point, damping = _step(here, at, normal, gradient, prior, damping)
        if next_point is None:
            break
        best = next_point
        move = next_point.theta - here.theta
        longer = 2.0
        while longer <= LONGEST and (far := at(here.theta + longer * move)).loss < best.loss:
            best, longer = far, 2.0 * longer
        mixed = mixing.proposal(here.theta, move, np.sqrt(prior + np.diag(normal)))
        if mixed is not None and float(np.abs(mixed - here.theta).max()) < FARTHEST:
            best = min(best, at(mixed), key=lambda p: p.loss)
        gain = (here.loss - best.loss) / max(here.loss, 1e-9)
        here, slopes = best, None
        if report:
            report(f"iteration {step + 1}: loss {here.loss:.2f}")
        still = still + 1 if gain < tolerance else 0
        if still == 2:
            break
    if slopes is None and start is None:
        slopes = sensitivities(lay, predict, here.theta, here.log_predicted, targets.case)
    return Solution(here.theta, here.loss, here.log_predicted, slopes)


LONGEST = 16.0
"""Largest multiple of a step that is tried."""
FARTHEST = 3.0
"""Farthest that mixing may move a parameter at once, log units."""


def _step(
    here: _Point,
    at: Callable[[Floats], _Point],
    normal: Floats,
    gradient: Floats,
    prior: Floats,
    damping: float,
) -> tuple[_Point | None, float]:
    """The next point of Levenberg and Marquardt's method and the damping after it.

    No point where no step makes the loss smaller.
    """
    from scipy.linalg import solve

    for _try in range(10):
        system = normal + np.diag(prior + damping * (prior + np.diag(normal)))
        move = solve(system, -gradient, assume_a="pos", overwrite_a=True, check_finite=False)
        move = move * min(1.0, 1.0 / max(float(np.abs(move).max()), 1e-9))
        trial = at(here.theta + move)
        if trial.loss < here.loss:
            return trial, max(damping / 4.0, 1e-5)
        damping *= 5.0
    return None, damping
