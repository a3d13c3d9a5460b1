"""Which options keep a limit at some demand: the likeliest is asked before all of them are."""

from __future__ import annotations

from collections.abc import Callable

from core.analysis.inverse.volume import Volume
from core.analysis.narrow import Narrow
from core.assessment import Assessment
from core.recommendation import Option


class Keeping:
    """Options that meet every limit and are known to keep one of them, at amounts of demand.

    A limit that does not concern an option is kept.
    """

    def __init__(self, narrow: Narrow, volume: Volume, gate: str) -> None:
        self._narrow, self._volume, self._gate = narrow, volume, gate
        self._likeliest = ""
        self._alone: Callable[[Assessment], Option | None] = lambda assessment: None

    def best(self, amount: float) -> Option | None:
        """The first by rank of all; ``None`` where there is none.

        Where the whole run finds none, the likeliest alone, if it keeps the limit when asked so.
        """
        found = self.of_all(amount)
        if not found:
            return self._likely(amount)
        likeliest = min(found, key=self._needs)
        if likeliest.id != self._likeliest:
            self._likeliest, self._alone = likeliest.id, self._narrow.rerunner(likeliest)
        return found[0]

    def of_all(self, amount: float) -> list[Option]:
        """Those that the whole run finds, first by rank: what verifies an answer."""
        options = self._narrow.run_full(self._volume.at(amount)).options
        return [option for option in options if self._kept_by(option)]

    def any(self, amount: float) -> bool:
        """Whether there is one.

        What takes least of the limit where it was last asked of all mostly is one, and is asked
        alone: a tenth of the work.
        """
        return self._likely(amount) is not None or self.best(amount) is not None

    def _likely(self, amount: float) -> Option | None:
        found = self._alone(self._volume.at(amount))
        return found if found is not None and found.feasible and self._kept_by(found) else None

    def _kept_by(self, option: Option) -> bool:
        return all(g.status == "pass" for g in option.gates if g.key == self._gate)

    def _needs(self, option: Option) -> float:
        """What an option takes of the limit."""
        return max((g.needed or 0.0 for g in option.gates if g.key == self._gate), default=0.0)
