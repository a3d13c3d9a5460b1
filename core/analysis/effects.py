"""What becomes of an option beside its bill in drawn futures: points, limits, what the bill misses.

Fitted through re-runs of the whole computation (``engine_runs``) by a ``Response`` each; latency
and bandwidth as shares of their limits, from which points follow as everywhere. Where servers are
sized as ``fleets`` follows it, everything is fitted against how many there are and how full they
are, and latency by its law between a lone request's (an empty server) and the target (a full one).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from core.analysis.engine_runs import LOAD_SCALE
from core.analysis.fleets import Fleet, Held, Runs, fleet_of
from core.analysis.latency_law import LEAST_USED, exponents, latency_used_by_law
from core.analysis.response import Response
from core.catalog.types import OWNED_VENUES
from core.decision.anchors import BANDWIDTH_FULL_SHARE, LATENCY_FULL_SHARE
from core.decision.constraints import bandwidth_used, latency_used
from core.decision.ranking import CRITERIA
from core.decision.rating import headroom_scores
from core.performance.types import Bools, Floats
from core.recommendation import Gate, Option
from core.serving import LATENCY_KEYS

FULL_SHARE = {"latency": LATENCY_FULL_SHARE, "memory_bandwidth": BANDWIDTH_FULL_SHARE}
"""Criteria that are followed as the share of a limit that is used, and where they have 100."""
LEAST_OF_FULL = 0.8
"""No share is followed below this part of where it has 100 points: nothing changes there."""
MOST_LEFT_OVER = 1.5
"""Largest logarithm of a cost over what its bill says that is believed."""
MONEY = frozenset(("capex", "opex"))
"""Limits that prices move: held against the bill of every future."""
SPLIT = "split"
"""Whether a hybrid costs less than its parts: held against their bills in every future."""
BY_SIZE = frozenset(
    ("rack_power", "total_power", "feeds", "cooling", "racks", "height", "floor_load", "lead_time")
)
"""Limits that a larger fleet comes nearer to, both in one unit."""
OF_UNITS = frozenset(("power_density", "time"))
"""Criteria of own servers that nothing but their number moves: room, and works to enlarge it."""
LEAP = 2.0
"""How far apart two configurations lie for a ``Response``, in the units of its places."""
USED_SCALE = 1.5
"""Of the logarithm of how full servers are, beside standard normal values."""
SURE, MOST_SURE = 0.25, 0.75
"""Logarithm of a limit over what is needed: at least this far on the side where a run is, and no
further than this is followed."""


@dataclass(frozen=True)
class ByUnits:
    """A quantity of own servers that nothing but their number decides."""

    column: int
    """Of what ``Effects.at`` tells."""
    units: Floats
    """Numbers of servers that runs have, rising."""
    values: Floats
    falls: bool
    """As the logarithm of a limit over what is needed, which goes on beyond the most servers."""

    @classmethod
    def through(cls, column: int, units: Floats, values: Floats, *, falls: bool) -> ByUnits:
        """From runs, the stated case first; else the mean of those with as many servers."""
        found, which = np.unique(units, return_inverse=True)
        means = np.bincount(which, values) / np.bincount(which)
        means[which[0]] = values[0]  # of the stated case exactly
        return cls(column, found, means, falls)

    def at(self, units: Floats) -> Floats:
        """At other numbers of servers."""
        inside = np.interp(units, self.units, self.values)
        beyond = np.log(np.maximum(units / self.units[-1], 1.0))
        return np.asarray(inside - beyond if self.falls else inside)


@dataclass(frozen=True)
class Effects:
    """One option's points and limits."""

    keys: tuple[str, ...]
    """Criteria other than the cost that apply to it; those of ``as_shares`` as shares."""
    as_shares: frozenset[str]
    response: Response
    """Logarithm of the cost over the bill's, each of ``keys``, then how surely limits are kept,
    above zero where a run keeps all but those on money and on splits; last, for every workload of
    ``fleets`` where these tell the latency, the logarithm of the exponent of its law."""
    fleets: tuple[Fleet, ...] = ()
    by_law: bool = False
    """Whether latency follows ``latency_law``."""
    beside_law: float = 0.0
    """Share of a target by which the stated case lies above the law: next to nothing."""
    by_units: tuple[ByUnits, ...] = ()
    """What own servers use of their room, by how many there are."""
    slips: Floats = field(default_factory=lambda: np.zeros(1))
    """Points by which the whole score of each run lies above what the other runs say of it."""

    def at(self, places: Floats, held: Sequence[Held]) -> Floats:
        """What ``response`` says up to the limits, at the places of futures.

        ``held`` is of each of ``fleets`` there.
        """
        return self._told(self.response.at(_coordinates(places, held, self.fleets)), held)

    def _told(self, found: Floats, held: Sequence[Held]) -> Floats:
        """With latency by its law."""
        told = found[:, : len(self.keys) + 2].copy()
        for follows in self.by_units:
            told[:, follows.column] = follows.at(held[0].units[:, -1])
        if self.by_law:
            share = latency_used_by_law(held, found[:, len(self.keys) + 2 :]) + self.beside_law
            told[:, -1] = np.minimum(told[:, -1], np.where(share < 1.0, MOST_SURE, -MOST_SURE))
            if "latency" in self.as_shares:
                least = LEAST_OF_FULL * LATENCY_FULL_SHARE
                told[:, 1 + self.keys.index("latency")] = np.log(np.clip(share, least, 1.0))
        return told

    def points(self, values: Floats) -> Floats:
        """Points of every criterion but the cost, shape (futures, criteria)."""
        found = np.zeros((len(values), len(CRITERIA)))
        for column, key in enumerate(self.keys, start=1):
            of_key = values[:, column]
            if key in self.as_shares:
                of_key = headroom_scores(np.exp(of_key), FULL_SHARE[key])
            found[:, CRITERIA.index(key)] = np.clip(of_key, 0.0, 100.0)
        return found

    def cost_factor(self, values: Floats) -> Floats:
        """What the cost is over what the bill says, shape (futures,)."""
        return np.exp(np.clip(values[:, 0], -MOST_LEFT_OVER, MOST_LEFT_OVER))

    def kept(self, values: Floats) -> Bools:
        """Whether every limit but those on money and on splits is kept, shape (futures,)."""
        return np.asarray(values[:, -1] > 0.0)


def effects_of(
    found: Sequence[Option],
    left_over: Floats,
    places: Floats,
    fleets: Sequence[tuple[Fleet, Held]],
    *,
    beside: bool,
) -> Effects:
    """From an option as it is (first) and in some futures; ``left_over``: log of cost over bill.

    ``fleets`` as of ``fleets_of``; ``beside``: a hybrid's parts are followed too.
    """
    stated = found[0]
    keys = tuple(s.key for s in stated.scores if s.key != "cost" and s.counted is not None)
    valued = {s.key for s in stated.scores if s.value is not None}
    as_shares = frozenset(
        key for key in FULL_SHARE if key in keys and key in valued and _used(stated, key)
    )
    held = [known for _fleet, known in fleets]
    laws = exponents(found, held)
    left_out = MONEY | ({SPLIT} if beside else set()) | (LATENCY_KEYS if laws.shape[1] else set())
    rows = []
    for option, rest in zip(found, left_over.tolist(), strict=True):
        points = {s.key: s.counted for s in option.scores}
        usual = {s.key: s.counted or 0.0 for s in stated.scores}
        values = [
            _log_share(option, stated, key)
            if key in as_shares
            else usual[key]
            if (own := points.get(key)) is None
            else own
            for key in keys
        ]
        rows.append([rest, *values, _sureness(option.gates, left_out)])
    table = np.concatenate([np.array(rows), laws], axis=1)
    made_of = tuple(fleet for fleet, _known in fleets)
    response = Response.through(_coordinates(places, held, made_of), table)
    by_units = []
    if held and stated.venue in OWNED_VENUES:
        by_units = [
            ByUnits.through(column, held[0].units[:, -1], table[:, column], falls=falls)
            for column, falls in (
                *((1 + i, False) for i, key in enumerate(keys) if key in OF_UNITS),
                *(((len(keys) + 1, True),) if laws.shape[1] else ()),
            )
        ]
    by_law = bool(laws.shape[1])
    beside_law = 0.0
    if by_law and (used := _used(stated, "latency")) < 1.0:
        beside_law = used - float(latency_used_by_law(held, laws)[0])
    effects = Effects(
        keys, as_shares, response, made_of, by_law, beside_law, by_units=tuple(by_units)
    )
    return replace(effects, slips=_slips(effects, table, stated, held))


def _slips(effects: Effects, table: Floats, stated: Option, held: Sequence[Held]) -> Floats:
    """``Effects.slips`` from what the runs say, shape (runs, quantities)."""
    values, said = (effects._told(x, held) for x in (table, table - effects.response.slips))
    weights = {s.key: s.weight for s in stated.scores}
    cost = next((s.counted or 0.0 for s in stated.scores if s.key == "cost"), 0.0)
    # 100 / (1 + r) falls by p (1 - p / 100) for a unit of log r
    slips = -weights.get("cost", 0.0) * cost * (1.0 - cost / 100.0) * effects.response.slips[:, 0]
    points = effects.points(values) - effects.points(said)
    return np.asarray(slips + (points * [weights.get(key, 0.0) for key in CRITERIA]).sum(axis=1))


def fleets_of(
    found: Sequence[Option],
    runs: Runs,
    per_unit: Mapping[str, int],
) -> list[tuple[Fleet, Held]]:
    """Of an option and, behind it, of the instances it bursts to; none where one is not followed.

    ``per_unit`` are the accelerators of servers and instances by the keys of their platforms. A
    hybrid is sized as its parts are, however much of each it then takes.
    """
    stated, workloads = found[0], len(runs.studies[0].candidates)
    if any(len(option.servings) != len(stated.servings) for option in found):
        return []
    parts = [(range(workloads), per_unit.get(stated.fleet.platform_id or ""))]
    burst = range(workloads, len(stated.servings))
    if any(stated.servings[i].accelerator_id for i in burst):
        parts.append((burst, per_unit.get(stated.id.rsplit(":", 1)[-1])))
    fleets = []
    for servings, accelerators in parts:
        if not accelerators or not 0 < len(servings) <= workloads <= len(stated.servings):
            return []
        fleet = fleet_of(found, runs, servings, accelerators)
        if fleet is None:
            return []
        fleets.append(fleet)
    return fleets


def _coordinates(places: Floats, held: Sequence[Held], fleets: Sequence[Fleet]) -> Floats:
    """Where runs or futures lie for the ``Response``, shape (rows, dimensions).

    The load as it is, or, where the fleets are known, how many servers it takes and how full they
    are, and which configurations.
    """
    if not fleets:
        return places
    parts = [places[:, 1:]]
    for one, fleet in zip(held, fleets, strict=True):
        parts.append(LOAD_SCALE * np.log(np.maximum(one.units[:, -1:], 1.0)))
        parts.append(USED_SCALE * np.log(np.clip(one.used, LEAST_USED, 1.0)))
        for workload, curves in enumerate(fleet.workloads):
            if len(curves.sizes) > 1:
                parts.append(LEAP * np.eye(len(curves.sizes))[one.taken[:, workload]])
    return np.concatenate(parts, axis=1)


def _sureness(gates: Sequence[Gate], left_out: Collection[str]) -> float:
    """How surely limits are kept, but for some; below zero where one is not.

    By the logarithm of the limit over what is needed, of the limit that is nearest to it.
    """
    sure = MOST_SURE
    for gate in gates:
        if gate.key in left_out or gate.status == "unknown":
            continue
        left = MOST_SURE
        if gate.key in BY_SIZE and gate.needed and gate.limit:
            left = min(max(abs(math.log(gate.limit / gate.needed)), SURE), MOST_SURE)
        sure = min(sure, -left if gate.status == "fail" else left)
    return sure


def _used(option: Option, key: str) -> float:
    """Largest share of a limit in use; 0 where none is known."""
    found = latency_used(option) if key == "latency" else bandwidth_used(option)
    return max((item[0] for item in found), default=0.0)


def _log_share(option: Option, stated: Option, key: str) -> float:
    used = _used(option, key) or _used(stated, key)
    return math.log(min(max(used, LEAST_OF_FULL * FULL_SHARE[key]), 1.0))
