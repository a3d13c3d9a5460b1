"""What the catalog offers instead of a rejected option."""

from __future__ import annotations

from collections.abc import Sequence

from core.recommendation import Option


def accelerators(option: Option) -> frozenset[str]:
    """Ids of the accelerators that an option computes on; empty where a provider does not say."""
    return frozenset(s.accelerator_id for s in option.servings if s.accelerator_id is not None)


def nearest(option: Option, feasible: Sequence[Option]) -> Option | None:
    """Of options that meet every limit, best first, the one most like ``option``.

    Of the same venue; there on the same accelerators, else of the same provider, else the best.
    """
    there = [o for o in feasible if o.venue == option.venue]
    same = accelerators(option)

    def unlike(other: Option) -> tuple[bool, bool]:
        return not (same and same == accelerators(other)), other.provider != option.provider

    return min(there, key=unlike, default=None)
