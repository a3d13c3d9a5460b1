"""What speaks for an option beside those that limits reject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.decision import verdicts
from core.decision.standings import usd_of
from core.decision.wording import price_per_mtok
from core.notation import local
from core.recommendation import Currency, Option
from core.words import _

SEEN = 1.05
"""Cost of the cheapest rejected option, as a multiple, from which it is called dearer."""


def at_venues(rejected: Sequence[Option]) -> list[Option]:
    """The rejected options at the venues to consider: what the other limits reject."""
    return [o for o in rejected if all(g.key != "venue" for g in verdicts.failures(o.gates))]


def against_rejected(
    options: Sequence[Option], rejected: Sequence[Option], currency: Currency
) -> Iterator[str]:
    """How few options at the venues to consider keep the limits, and that none ruled out is cheap.

    ``options`` are the feasible ones, best first.
    """
    considered = at_venues(rejected)
    rejecting = verdicts.rejecting(considered)
    if rejecting:
        gate, count = rejecting[0]
        yield _(
            "The limits leave {n} of {all} options at the venues to consider; {limit} rejects most "
            "({count})."
        ).format(
            all=local(f"{len(options) + len(considered):,}"),
            n=local(f"{len(options):,}"),
            limit=verdicts.named(gate),
            count=local(f"{count:,}"),
        )
    own = usd_of(options[0])
    priced = [o for o in rejected if usd_of(o) is not None]
    cheapest = min(priced, key=lambda o: (usd_of(o) or 0.0, o.id), default=None)
    if own and cheapest is not None and (usd_of(cheapest) or 0.0) >= SEEN * own:
        yield _(
            "Nothing that your limits reject would cost less: the cheapest of it, {title}, costs "
            "{price}."
        ).format(title=cheapest.title, price=price_per_mtok(usd_of(cheapest) or 0.0, currency))
