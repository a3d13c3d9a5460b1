"""Fitting the engine's quantities: hierarchical, robust, in log space.

Minimises  sum_i w_i rho((log predicted_i - log measured_i) / s_i) + sum_j (theta_j / width_j)^2
with rho the soft-L1 loss, by Levenberg-Marquardt with reweighting. A row's log quantity is the
sum of a common value and its groups' offsets, so derivatives need one model evaluation per
*quantity*, however many groups there are; the chain rule spreads them over the groups.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.performance import parameters as par
from core.performance.types import Bools, Floats, Ints

Predict = Callable[[Mapping[str, Floats]], Floats]
"""Log predictions of all targets from the quantities of all cases, each (n, 1)."""


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
    keys: tuple[tuple[str, str], ...]
    """(quantity, group key; "" for the common value) of each entry."""
    widths: Floats
    member: dict[str, Ints]
    """Quantity -> (cases, 1 + features) indices into the parameter vector."""

    def log_quantities(self, theta: Floats) -> dict[str, Floats]:
        """Log quantity of every case, (n, 1)."""
        return {
            name: math.log(par.QUANTITIES[name].default)
            + theta[self.member[name]].sum(axis=1, keepdims=True)
            for name in self.quantities
        }

    def values(self, theta: Floats) -> dict[str, Floats]:
        """Quantity of every case within its bounds, (n, 1)."""
        return {
            name: np.clip(np.exp(x), par.QUANTITIES[name].low, par.QUANTITIES[name].high)
            for name, x in self.log_quantities(theta).items()
        }

    def parameters(self, theta: Floats) -> par.Parameters:
        """The vector as parameters by name and group; groups of no weight are left out."""
        common: dict[str, float] = {}
        offsets: dict[str, dict[str, float]] = {}
        for (name, key), value in zip(self.keys, theta.tolist(), strict=True):
            if not key:
                common[name] = par.QUANTITIES[name].default * math.exp(value)
            elif abs(value) > 5e-4:
                offsets.setdefault(name, {})[key] = value
        return par.Parameters(common, offsets)


def layout(
    labels: Sequence[Mapping[str, str]], tightness: float = 1.0, start: par.Parameters | None = None
) -> Layout:
    """Parameter vector for these cases. ``tightness`` scales all shrinkage widths."""
    del start
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

    for name, q in par.QUANTITIES.items():
        common = place(name, "", q.prior_sd * 2.0)
        columns = [[common] * len(labels)]
        for feature, width in q.groups:
            columns.append(
                [place(name, par.join_label(feature, x), width * tightness) for x in labels]
            )
        member[name] = np.array(columns, dtype=np.int64).T
    return Layout(tuple(par.QUANTITIES), tuple(keys), np.array(widths), member)


def sensitivities(
    predict: Predict, values: Mapping[str, Floats], base: Floats
) -> dict[str, Floats]:
    """d log prediction / d log quantity of every target, by quantity."""
    step = 1e-4
    found = {}
    for name, value in values.items():
        moved = dict(values)
        moved[name] = value * math.exp(step)
        found[name] = (predict(moved) - base) / step
    return found


def jacobian(lay: Layout, targets: Targets, slopes: Mapping[str, Floats]) -> Any:
    """Sparse matrix (targets, parameters)."""
    from scipy import sparse

    rows, columns, data = [], [], []
    number = np.arange(len(targets.case))
    for name in lay.quantities:
        slope = slopes[name]
        moving = np.abs(slope) > 1e-9
        entries = lay.member[name][targets.case[moving]]
        rows.append(np.repeat(number[moving], entries.shape[1]))
        columns.append(entries.ravel())
        data.append(np.repeat(slope[moving], entries.shape[1]))
    return sparse.csr_matrix(
        (np.concatenate(data), (np.concatenate(rows), np.concatenate(columns))),
        shape=(len(number), len(lay.keys)),
    )


@dataclass(frozen=True, slots=True)
class Solution:
    """A fitted parameter vector and what is needed to refit from it."""

    theta: Floats
    loss: float
    log_predicted: Floats
    slopes: dict[str, Floats]


def loss_of(targets: Targets, log_predicted: Floats, use: Bools) -> float:
    """Robust data term over the chosen targets."""
    residual = log_predicted - targets.log_value
    z = residual / targets.scale
    rho = 2.0 * (np.sqrt(1.0 + z * z) - 1.0)
    return float(np.sum((targets.weights(residual) * rho)[use]))


def fit(
    lay: Layout,
    targets: Targets,
    predict: Predict,
    *,
    use: Bools | None = None,
    start: Solution | None = None,
    iterations: int = 12,
    report: Callable[[str], None] | None = None,
) -> Solution:
    """Fit to the targets in ``use`` (all by default), from ``start`` or from the defaults."""
    chosen = np.ones(len(targets.case), dtype=bool) if use is None else use
    theta = np.zeros(len(lay.keys)) if start is None else start.theta.copy()
    if start is None:
        log_predicted = predict(lay.values(theta))
        slopes = sensitivities(predict, lay.values(theta), log_predicted)
    else:
        log_predicted, slopes = start.log_predicted, start.slopes
    damping = 1e-2
    prior = 1.0 / lay.widths**2

    def total(logs: Floats, vector: Floats) -> float:
        return loss_of(targets, logs, chosen) + float(np.sum(prior * vector**2))

    current = total(log_predicted, theta)
    for step in range(iterations):
        matrix = jacobian(lay, targets, slopes)
        residual = log_predicted - targets.log_value
        z = residual / targets.scale
        robust = targets.weights(residual) / targets.scale**2 / np.sqrt(1.0 + z * z)
        weight = np.where(chosen, robust, 0.0)
        dense = matrix.toarray()
        normal = dense.T @ (dense * weight[:, None])
        gradient = matrix.T @ (weight * residual) + prior * theta
        improved = False
        for _try in range(6):
            system = normal + np.diag(prior + damping * (prior + np.diag(normal)))
            move = np.linalg.solve(system, -gradient)
            move = move * min(1.0, 1.0 / max(float(np.abs(move).max()), 1e-9))
            trial = theta + move
            logs = predict(lay.values(trial))
            reached = total(logs, trial)
            if reached < current:
                improved = True
                break
            damping *= 6.0
        if not improved:
            break
        gain = (current - reached) / max(current, 1e-9)
        theta, log_predicted, current = trial, logs, reached
        damping = max(damping / 4.0, 1e-5)
        if report:
            report(f"iteration {step + 1}: loss {current:.2f}")
        if gain < 1e-4:
            break
        if step < iterations - 1:
            slopes = sensitivities(predict, lay.values(theta), log_predicted)
    return Solution(theta, current, log_predicted, slopes)


@dataclass(frozen=True)
class Leaving:
    """Refits without a group, from the linearised full solution.

    The normal matrix loses the group's rows; residuals of the others follow their derivatives.
    A few Newton steps with fresh robust weights take milliseconds where a refit takes minutes.
    """

    theta: Floats
    prior: Floats
    dense: Floats
    residual: Floats
    weight: Floats
    normal: Floats
    targets: Targets

    def without(self, out: Bools, steps: int = 5) -> Floats:
        """Parameter vector fitted without the targets in ``out``."""
        gone = self.dense[out]
        system = self.normal - gone.T @ (gone * self.weight[out][:, None])
        system[np.diag_indices_from(system)] += self.prior
        inverse = np.linalg.inv(system)
        move = np.zeros_like(self.theta)
        for _step in range(steps):
            residual = self.residual + self.dense @ move
            z = residual / self.targets.scale
            weight = self.targets.weights(residual) / self.targets.scale**2 / np.sqrt(1.0 + z * z)
            pull = np.where(out, 0.0, weight * residual)
            gradient = self.dense.T @ pull + self.prior * (self.theta + move)
            change = -(inverse @ gradient)
            move = move + change * min(1.0, 1.0 / max(float(np.abs(change).max()), 1e-9))
        return self.theta + move


def leaving(lay: Layout, targets: Targets, full: Solution) -> Leaving:
    """What is needed to leave groups out of a full solution."""
    dense = jacobian(lay, targets, full.slopes).toarray()
    residual = full.log_predicted - targets.log_value
    z = residual / targets.scale
    weight = targets.weights(residual) / targets.scale**2 / np.sqrt(1.0 + z * z)
    normal = dense.T @ (dense * weight[:, None])
    return Leaving(full.theta, 1.0 / lay.widths**2, dense, residual, weight, normal, targets)
