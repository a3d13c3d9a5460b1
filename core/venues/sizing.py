"""From peak load to replicas, whole servers and spares."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from core.notation import local
from core.performance.splitting import SplitCapacity
from core.performance.types import Floats, Ints
from core.words import _


def replicas_for(
    load_req_s: Floats, capacity: SplitCapacity, headroom: float, least: int | Ints = 1
) -> Ints:
    """Fewest replicas that together carry ``load`` with planning headroom, at least ``least``.

    Shape of the load, (h,) or any; of rows of capacities (n,) for loads (h,): (n, h).
    """
    wanted = np.ceil(capacity.replicas(load_req_s * (1.0 + headroom)) - 1e-9)
    return np.maximum(wanted, least).astype(np.int64)


def servers_for(pools: Sequence[tuple[Ints, int]], per_server: int) -> Ints:
    """Servers that hold every pool of (replicas, accelerators per replica), shape of replicas.

    Larger replicas are placed first; what is left over in a server takes smaller ones. Exact
    where sizes divide each other (1, 2, 4, 8 on 8), first-fit decreasing otherwise.
    """
    if all(per_server % size == 0 for _, size in pools) and _chain([s for _, s in pools]):
        needed = sum(replicas * size for replicas, size in pools)
        return np.asarray(-(-np.asarray(needed) // per_server), dtype=np.int64)
    shape = np.shape(pools[0][0])
    flat = [(np.ravel(replicas), size) for replicas, size in pools]
    sizes = [size for _, size in pools]
    counts = [
        _first_fit(tuple(zip(needed, sizes, strict=True)), per_server)
        for needed in zip(*(r.tolist() for r, _ in flat), strict=True)
    ]
    return np.asarray(counts, dtype=np.int64).reshape(shape)


def filled(
    replicas: Sequence[Ints], sizes: Sequence[int], units: Ints, per_unit: int
) -> tuple[Ints, ...]:
    """Replicas of each pool when all accelerators of the units serve, never fewer than given.

    Accelerators that are paid for and would idle take further replicas, in proportion; what whole
    replicas leave of that goes to the largest remainders. Where sizes do not divide each other
    nothing is added: it might not fit.
    """
    if not _packs(sizes, per_unit):
        return tuple(replicas)
    there, taken = units * per_unit, _taken(replicas, sizes)
    held = [np.maximum(r * there // taken, r) for r in replicas]
    left = there - sum(r * size for r, size in zip(held, sizes, strict=True))
    if len(sizes) > 1 and (left >= min(sizes)).any():
        _hand_out(held, left, sizes, [r * there % taken for r in replicas])
    return tuple(held)


def parted(
    replicas: Sequence[Ints], sizes: Sequence[int], units: Ints, per_unit: int
) -> tuple[Ints, ...]:
    """Replicas of each pool on units that are too few for all of them, never more than given.

    In proportion; what whole replicas leave of that goes to the largest remainders, so that no
    accelerator idles that a replica fits on. Where sizes do not divide each other nothing is
    handed out beyond whole shares: it might not fit.
    """
    there, taken = units * per_unit, _taken(replicas, sizes)
    held = [np.minimum(r * there // taken, r) for r in replicas]
    if len(sizes) == 1 or not _packs(sizes, per_unit):
        return tuple(held)
    left = there - sum(r * size for r, size in zip(held, sizes, strict=True))
    order = np.argsort([-(r * there % taken) for r in replicas], axis=0, kind="stable")
    whole, asked, size = np.stack(held), np.stack(replicas), np.array(sizes)
    for most in (1, there):  # one for each, then what is still asked for
        for turn in order[:, None]:  # which pool's turn it is, wherever one is
            had, each = np.take_along_axis(whole, turn, 0), size[turn[0]]
            short = np.take_along_axis(asked, turn, 0) - had
            given = np.minimum(np.minimum(left // each, short[0]), most)
            np.put_along_axis(whole, turn, had + given, 0)
            left = left - each * given
    return tuple(whole)


def _packs(sizes: Sequence[int], per_unit: int) -> bool:
    """Whether replicas of these sizes fill units without gaps, in whatever numbers."""
    return all(per_unit % size == 0 for size in sizes) and _chain(list(sizes))


def _taken(replicas: Sequence[Ints], sizes: Sequence[int]) -> Ints:
    """Accelerators that all replicas take, at least 1."""
    taken = sum(r * size for r, size in zip(replicas, sizes, strict=True))
    return np.asarray(np.maximum(taken, 1), dtype=np.int64)


def _hand_out(held: list[Ints], left: Ints, sizes: Sequence[int], remainders: list[Ints]) -> None:
    """Add a replica to each pool in the order of remainders where it fits, then what still fits."""
    share, size = np.stack(remainders), np.array(sizes)
    waiting, more_of = share.copy(), np.zeros_like(share)
    for _turn in sizes:
        fits = (waiting > 0) & (size.reshape(-1, *(1 for _axis in left.shape)) <= left)
        first = np.where(fits, waiting, 0).argmax(axis=0)[None]
        given = np.take_along_axis(fits, first, 0)
        if not given.any():
            break
        np.put_along_axis(more_of, first, np.take_along_axis(more_of, first, 0) + given, 0)
        left = left - size[first[0]] * given[0]
        rest = np.take_along_axis(waiting, first, 0)
        np.put_along_axis(waiting, first, np.where(given, 0, rest), 0)
    for replicas, added in zip(held, more_of, strict=True):
        replicas += added
    for i, replicas in enumerate(held):
        more = np.where(share[i] > 0, left // size[i], 0)
        replicas += more
        left = left - size[i] * more


def _chain(sizes: list[int]) -> bool:
    ordered = sorted(set(sizes))
    return all(b % a == 0 for a, b in itertools.pairwise(ordered))


@lru_cache(maxsize=16_384)
def _first_fit(pools: tuple[tuple[int, int], ...], per_server: int) -> int:
    free: dict[int, int] = {}  # free accelerators -> servers with exactly that many free
    servers = 0
    for replicas, size in sorted(pools, key=lambda pool: -pool[1]):
        left = replicas
        for room in sorted((r for r in free if r >= size), reverse=True):
            fit, available = room // size, free.pop(room)
            used = min(available, -(-left // fit))
            if used < available:
                free[room] = available - used
            if used:
                last = left - (used - 1) * fit
                placed = min(left, used * fit)
                full = used - (1 if last < fit else 0)
                free[room - fit * size] = free.get(room - fit * size, 0) + full
                if full < used:
                    free[room - last * size] = free.get(room - last * size, 0) + 1
                left -= placed
            if not left:
                break
        if left:
            fit = per_server // size
            new = -(-left // fit)
            servers += new
            last = left - (new - 1) * fit
            free[per_server - fit * size] = free.get(per_server - fit * size, 0) + new - 1
            free[per_server - last * size] = free.get(per_server - last * size, 0) + 1
    return servers


def span(units: Ints) -> str:
    """Units from the first to the largest year: ``7``, or ``7 to 15``."""
    first, most = int(units[0]), int(units.max())
    if first == most:
        return local(f"{first:,}")
    return _("{low} to {high}").format(low=local(f"{first:,}"), high=local(f"{most:,}"))
