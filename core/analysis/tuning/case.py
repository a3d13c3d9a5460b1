"""The winner's own case: its platform, worked out again for any inputs, policy or capacity."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from core.assessment import Assessment
from core.candidates import Candidates, NearCapacity, Policy
from core.catalog.load import Catalog
from core.catalog.types import CLOUD_VENUES
from core.decision.wording import number
from core.performance.splitting import SplitCapacity
from core.performance.types import Bools, Floats
from core.recommendation import Option, Recommendation
from core.venues.demand import Demand, demands_of
from core.venues.every_venue import pure_options, size_all
from core.venues.service import open_book
from core.venues.study import Study, open_study
from core.words import N_, _, ngettext

WORTH_TELLING = 0.02
"""Relative change of what an accelerator carries from which it is told."""
PACE_WORTH_TELLING = 0.1
"""Relative change of the time per output token from which its reason is told."""


@dataclass(frozen=True)
class Found:
    """What a lever does: relative changes (with it over without it), or why it does not apply."""

    sentences: tuple[str, ...]
    in_use: bool = False
    applies: bool = True
    cost_change: float | None = None
    ttft_change: float | None = None
    tpot_change: float | None = None
    power_change: float | None = None
    against_inputs: bool = False
    """Whether the inputs rule it out as they stand."""


def not_applicable(because: str) -> Found:
    """A lever that cannot do anything here."""
    return Found((because,), applies=False)


@dataclass(frozen=True)
class Case:
    """The winner's platform, and the option it gives for any inputs and policy."""

    recommendation: Recommendation
    catalog: Catalog
    winner: Option
    option_id: str
    per_unit: int
    """Accelerators in one server or instance."""

    @property
    def assessment(self) -> Assessment:
        """As stated."""
        return self.recommendation.assessment

    @cached_property
    def plain(self) -> Study:
        """As recommended."""
        return self.study(self.assessment, Policy())

    @cached_property
    def base(self) -> Option | None:
        """The winner as it stands (its owned part for a hybrid)."""
        return self.costed(self.plain)

    @property
    def rented(self) -> bool:
        """Whether its capacity is rented by the hour."""
        return self.winner.venue in CLOUD_VENUES

    def study(
        self,
        assessment: Assessment,
        policy: Policy,
        demands: tuple[Demand, ...] | None = None,
    ) -> Study:
        """A study on the winner's platform alone; ``demands`` replaces what the inputs ask for."""
        found = demands or demands_of(assessment, self.catalog.models, self.catalog.traffic_shapes)
        as_of = date.fromisoformat(self.recommendation.as_of)
        return open_study(assessment, self.catalog, as_of, found, policy)

    def option(self, assessment: Assessment, policy: Policy) -> Option | None:
        """The winner's platform for some inputs and policy; ``None`` where it cannot serve."""
        same = assessment == self.assessment and policy == Policy()
        return self.base if same else self.costed(self.study(assessment, policy))

    def costed(self, study: Study) -> Option | None:
        """The option of a study; ``None`` where it cannot serve."""
        drafts = size_all(study, (self.venue,))
        book = open_book(study, drafts.pools())
        found = {o.id: o for o in pure_options(study, book, drafts)}
        return found.get(self.option_id)

    @property
    def venue(self) -> str:
        """Where the option stands; for a hybrid, where its owned part does."""
        return self.option_id.split("/", 1)[0]


def case_of(recommendation: Recommendation, catalog: Catalog, winner: Option) -> Case:
    """The case of a recommendation's winner (not a hosted API)."""
    key = winner.fleet.platform_id or ""
    rented = winner.venue in CLOUD_VENUES
    small = catalog.subset(
        platforms=[] if rented else [key], cloud_offers=[key] if rented else [], token_providers=()
    )
    option_id = winner.id
    if winner.venue == "hybrid":
        option_id = winner.id.split(":", 1)[0].removeprefix("hybrid/")
    units = small.cloud_offers[key] if rented else small.platforms[key]
    return Case(recommendation, small, winner, option_id, units.accelerator_count)


# -- another capacity ------------------------------------------------------------------------


def with_capacity(
    study: Study,
    capacity: Callable[[Candidates, NearCapacity], tuple[Floats, Bools]],
    workloads: Sequence[int] | None = None,
) -> Study:
    """A study whose replicas carry something else: (requests/s, meets targets), each (n,).

    For some workloads or all; everything is sized and costed from it like from the engine's own.
    """
    changed: dict[int, Candidates] = {}

    def other(index: int, candidates: Candidates) -> Candidates:
        if workloads is not None and index not in workloads:
            return candidates
        if id(candidates) not in changed:  # workloads served alike stay alike
            changed[id(candidates)] = _with_capacity(candidates, capacity)
        return changed[id(candidates)]

    found = tuple(other(i, c) for i, c in enumerate(study.candidates))
    return dataclasses.replace(study, candidates=found, pools={}, solved={})


def _with_capacity(
    candidates: Candidates,
    capacity: Callable[[Candidates, NearCapacity], tuple[Floats, Bools]],
) -> Candidates:
    capacities: Mapping[float, NearCapacity] = candidates.capacities
    found = {}
    for rtt, near in capacities.items():
        rate, meets = capacity(candidates, near)
        within = np.where(meets, rate, 0.0)
        found[rtt] = dataclasses.replace(
            near,
            req_s=within,
            saturation_req_s=rate,
            shared=SplitCapacity.of((1.0,), within[:, None]),
        )
    return dataclasses.replace(candidates, capacities=found)


# -- before and after ------------------------------------------------------------------------


def compared(
    before: Option | None,
    after: Option | None,
    *,
    in_use: bool,
    more: Sequence[str] = (),
    carried_told: bool = False,
) -> Found:
    """The effect of a lever from the option without it and the option with it.

    ``carried_told``: ``more`` tells what an accelerator carries with it, and at what pace.
    """
    if in_use and after is not None and (before is None or before.cost is None):
        return Found(
            (*more, _("Without it the model would not run on this hardware.")), in_use=True
        )
    if before is None or after is None or before.cost is None or after.cost is None:
        return not_applicable(_("not possible on this hardware or with this model."))
    return Found(
        sentences=(
            *more,
            *(
                ()
                if carried_told
                else (carried_sentence(before, after), pace_sentence(before, after))
            ),
            units_sentence(before, after, in_use=in_use),
        ),
        in_use=in_use,
        cost_change=change(before, after, lambda o: o.cost.usd_per_mtok.base if o.cost else None),
        ttft_change=change(before, after, lambda o: light(o, "ttft_ms")),
        tpot_change=change(before, after, lambda o: light(o, "tpot_ms")),
        power_change=change(before, after, lambda o: o.fleet.average_kw),
    )


def units_sentence(before: Option, after: Option, *, in_use: bool) -> str:
    """Why the cost jumps or stands still: whole servers, counted in the largest year."""
    one, two = max(before.fleet.units_by_year, default=0), max(after.fleet.units_by_year, default=0)
    rented = before.venue in CLOUD_VENUES
    if one == two:
        if rented:
            return ""
        text = ngettext(
            "It takes {n} server either way, so the cost hardly moves.",
            "It takes {n} servers either way, so the cost hardly moves.",
            two,
        )
        return text.format(n=number(two))
    if rented:
        text = ngettext(
            "The busiest hour takes {after} instance instead of {before} with it.",
            "The busiest hour takes {after} instances instead of {before} with it.",
            two,
        )
    elif in_use:
        text = ngettext(
            "It takes {after} server instead of {before}: whole servers make the cost jump.",
            "It takes {after} servers instead of {before}: whole servers make the cost jump.",
            two,
        )
    else:
        text = ngettext(
            "It would take {after} server instead of {before}: whole servers make the cost jump.",
            "It would take {after} servers instead of {before}: whole servers make the cost jump.",
            two,
        )
    return text.format(after=number(two), before=number(one))


def carried_sentence(before: Option, after: Option) -> str:
    """Why units change: what an accelerator carries within the targets, first workload."""
    one, two = per_accelerator(before), per_accelerator(after)
    return ratio_sentence(two / one) if one and two else ""


def ratio_sentence(ratio: float) -> str:
    """What an accelerator carries with a lever over what it carries without; "" where alike."""
    if abs(ratio - 1.0) < WORTH_TELLING:
        return ""
    return _("With it an accelerator carries {ratio} times the load within the targets.").format(
        ratio=number(ratio)
    )


def pace_sentence(before: Option, after: Option) -> str:
    """Why a token takes longer or shorter where the first workload's replicas change size.

    The load that a server carries best may be carried by other replicas; "" where they stay.
    """
    slower = change(before, after, lambda o: light(o, "tpot_ms"))
    was, now = (o.servings[0].accelerators_per_replica for o in (before, after))
    later = change(before, after, lambda o: light(o, "ttft_ms"))
    return split_sentence(was, now, slower) or prompt_sentence(was, now, later)


def split_sentence(was: int, now: int, slower: float | None) -> str:
    """That weights are read through fewer or more memories at once, where the pace follows."""
    text = _following(
        was,
        now,
        slower,
        N_(
            "It works with replicas of {now} instead of {was} accelerators: the weights for "
            "each token are read through fewer memories at once, so it takes longer."
        ),
        N_(
            "It works with replicas of {now} instead of {was} accelerators: the weights for "
            "each token are read through more memories at once, so it is quicker."
        ),
    )
    return _(text).format(now=now, was=was) if text else ""


def prompt_sentence(was: int, now: int, later: float | None) -> str:
    """That fewer or more accelerators read a prompt at once, where the first token follows."""
    text = _following(
        was,
        now,
        later,
        N_(
            "It works with replicas of {now} instead of {was} accelerators: fewer read a prompt "
            "together, so the first token comes later."
        ),
        N_(
            "It works with replicas of {now} instead of {was} accelerators: more read a prompt "
            "together, so the first token comes sooner."
        ),
    )
    return _(text).format(now=now, was=was) if text else ""


def _following(was: int, now: int, change: float | None, fewer: str, more: str) -> str:
    """Which of two texts a time that changed with the replica's size asks for; "" for neither."""
    if change is None or abs(change) < PACE_WORTH_TELLING:
        return ""
    if now < was and change > 0:
        return fewer
    return more if now > was and change < 0 else ""


def per_accelerator(option: Option) -> float | None:
    """Requests/s that an accelerator carries within the targets, first workload."""
    serving = option.servings[0]
    if not serving.capacity_req_s:
        return None
    return serving.capacity_req_s / max(serving.accelerators_per_replica, 1)


def light(option: Option, name: str) -> float | None:
    """Median latency at the lightest load of the first workload's curve."""
    curve = option.servings[0].curve
    value = getattr(curve[0], name)["p50"] if curve else None
    return None if value is None else float(value)


def change(before: Option, after: Option, value: Callable[[Option], float | None]) -> float | None:
    """Relative change of a figure; ``None`` where it is not known or nothing to start from."""
    one, two = value(before), value(after)
    if one is None or two is None or one <= 0:
        return None
    return two / one - 1.0
