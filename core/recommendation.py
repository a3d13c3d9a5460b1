"""What the engine answers: plain immutable results that screen, report and exports read.

Every number anybody shows comes from here. Money is in US dollars inside; ``money`` turns it
into the user's currency at a dated rate. ``None`` means unknown or not applicable.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from core.assessment import Assessment, Project
from core.assessment.doubts import Doubt, doubts_of_words
from core.catalog.types import Currency as Currency  # for those who read results
from core.catalog.types import Provenance
from core.costs import Carbon as Carbon
from core.costs import Cost as Cost
from core.costs import CostLine as CostLine
from core.costs import Depreciation as Depreciation
from core.financing import CommitmentPlan as CommitmentPlan
from core.financing import CommitmentYear as CommitmentYear
from core.financing import ContractMix as ContractMix
from core.financing import LeaseOrBuy as LeaseOrBuy
from core.findings import Analysis as Analysis
from core.findings import Answer as Answer
from core.findings import InputChange as InputChange
from core.findings import Lead as Lead
from core.findings import LeverEffect as LeverEffect
from core.findings import OptionUncertainty as OptionUncertainty
from core.findings import SmallestChange as SmallestChange
from core.findings import SwitchPoint as SwitchPoint
from core.findings import TornadoBar as TornadoBar
from core.fleet import Fleet as Fleet
from core.fleet import Rack as Rack
from core.fleet import Supply as Supply
from core.language import ENGLISH
from core.performance.own_measurements import OwnMeasurements
from core.plans import LeadKey as LeadKey
from core.plans import LeadStep as LeadStep
from core.plans import TrialRent as TrialRent
from core.records import quickly_made
from core.serving import GateStatus as GateStatus
from core.serving import LatencyPoint as LatencyPoint
from core.serving import RooflinePoint as RooflinePoint
from core.serving import Serving as Serving
from core.serving import Spread as Spread
from core.serving import StepShares as StepShares
from core.serving import TargetCheck as TargetCheck
from core.serving import Waiting as Waiting
from core.trade_offs import Gain as Gain
from core.trade_offs import LimitPrice as LimitPrice
from core.trade_offs import TradeOff as TradeOff

Venue = Literal[
    "token_api", "public_cloud", "gpu_cloud", "colocation", "on_premises", "edge", "hybrid"
]


@quickly_made
@dataclass(frozen=True, slots=True)
class Gate:
    """A hard limit, checked before scoring."""

    key: str
    label: str
    status: GateStatus
    needed: float | None
    limit: float | None
    unit: str
    message: str
    """One sentence with the numbers."""
    remedy: str
    """What this limit takes to be kept, by its own arithmetic, or what is to be confirmed where it
    is unknown; "" where it passes. What admits an option that breaks several is searched:
    ``SmallestChange``."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Score:
    """One criterion, 0..100; ``None`` means not applicable to this venue, or not known."""

    key: str
    label: str
    value: float | None
    reason: str
    formula: str
    weight: float
    """Renormalised over the criteria that apply, known or not, sums to 1."""
    contribution: float
    assumed: float | None = None
    """Where the criterion applies but nothing is known: the cautious points it counts with."""

    @property
    def counted(self) -> float | None:
        """Points that enter the total; ``None`` where the criterion does not apply."""
        return self.assumed if self.value is None else self.value


@dataclass(frozen=True, slots=True)
class HybridPoint:
    """One point of the hybrid split curve."""

    owned_units: int
    owned_share: float
    """Share of the tokens that the owned base serves."""
    owned_usd: float
    burst_usd: float
    total_usd: float
    """Present values over the horizon."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Place:
    """Where an option serves from, and the network that its latencies count with."""

    label: str
    """For example ``us-east-1, USA`` or ``Germany``."""
    network: str
    """The links from the users, each with its round trip."""
    rtt_ms: float | None
    """Round trip in ms; ``None`` where it is not known, as of a hosted API."""
    uncounted_ms: float = 0.0
    """What a region that data rules forbid is farther away (round trip): the option is rejected,
    and its latencies do not count it."""


NO_PLACE = Place("", "", None)


@quickly_made
@dataclass(frozen=True, slots=True)
class Option:
    """The best candidate of a venue and platform, with everything known about it."""

    id: str
    venue: Venue
    venue_label: str
    title: str
    """For example ``On-premises: 3 x 8x H100 SXM server``."""
    provider: str
    region: str
    servings: tuple[Serving, ...]
    fleet: Fleet
    cost: Cost | None
    """``None``: no price is known; such an option never wins."""
    carbon: Carbon
    gates: tuple[Gate, ...]
    feasible: bool
    """No gate fails and a price is known."""
    conditions: tuple[str, ...]
    """Gates that are unknown: to be confirmed."""
    scores: tuple[Score, ...]
    total_score: float | None
    topsis_score: float | None
    rank: int | None
    bottleneck: str | None
    """Key of the lowest of the five constraint scores."""
    weeks_to_deploy: Spread | None
    hybrid_curve: tuple[HybridPoint, ...]
    why: str
    """Why it wins, or why it loses against the winner, in one sentence with numbers."""
    sources: tuple[Provenance, ...]
    place: Place = NO_PLACE
    contract: ContractMix | None = None
    """Of rented instances; of a hybrid those of its rented part."""
    notes: tuple[str, ...] = ()
    """What a reader of its cost should know, in sentences with numbers."""
    host: str = ""
    """Provider of the rented part of a hybrid; empty for all others."""
    lead_steps: tuple[LeadStep, ...] = ()
    """What ``weeks_to_deploy`` is made of."""

    @property
    def hosted_by(self) -> str:
        """Who runs what is rented, and is asked about it: no maker of the own servers."""
        return self.host or self.provider


@dataclass(frozen=True, slots=True)
class WaitingDemand:
    """From the requests as they come in to the load that is planned, where work can wait."""

    share: float
    """Of the requests, 0..1, that may wait."""
    deadline_h: float
    """Within which they must be done."""
    window_h: float
    """For which they are planned to wait at most; the rest of the deadline is kept."""
    asked_hourly_req_s: tuple[float, ...]
    """Requests per second as they come in, 168 values, first year."""


@dataclass(frozen=True, slots=True)
class WorkloadDemand:
    """What a workload asks for, derived from the inputs."""

    workload: str
    model_name: str
    peak_req_s_by_year: tuple[float, ...]
    mean_req_s: float
    tokens_per_year: tuple[float, ...]
    input_tokens_per_year: tuple[float, ...]
    output_tokens_per_year: tuple[float, ...]
    hourly_req_s: tuple[float, ...]
    """168 values, first year: as planned to be served, whatever serves it."""
    arrival_cv: float
    peak_to_mean: float
    waiting: WaitingDemand | None = None
    """``None`` where no work can wait: ``hourly_req_s`` is then as requests come in."""


@dataclass(frozen=True, slots=True)
class CostFactor:
    """One reason why two options differ in cost; the factors of a pair multiply to its ratio."""

    key: str
    """One of the five constraints, ``price`` or ``staff``."""
    label: str
    factor: float
    """Above 1: makes the other option dearer than the best."""
    reason: str
    """With the two numbers that it is the quotient of."""


@dataclass(frozen=True, slots=True)
class GeneralPurpose:
    """The user's workload on general-purpose hardware beside the best option found."""

    reference: str
    definition: str
    usd_per_mtok: float | None
    ratio: float | None
    """Its cost over the best option's; ``None`` with ``note`` saying why."""
    note: str
    factors: tuple[CostFactor, ...] = ()
    """What the ratio is made of, largest first; empty where a part is not known."""
    ratio_without_staff: float | None = None
    """The same ratio were people left out of both; given where staff, a planning value, moves it
    by a quarter or more."""


@dataclass(frozen=True, slots=True)
class Crossover:
    """The volume from which on owning costs less than the base case, all else as stated.

    Servers come whole, so that owning may be cheaper at one load and dearer at a higher one.
    """

    option_id: str
    option_title: str
    base_case: str
    owning_is_cheaper: bool
    """At the stated demand."""
    load_factor: float | None
    """Multiple of the stated demand from which on owning stays cheaper, up to 64 times of it;
    ``None`` where it is cheaper at any load from 1/64 on, or dearer at 64."""
    mtok_first_year: float | None
    """The same in million tokens in the first year."""
    first_factor: float | None = None
    """Lowest multiple at which owning is cheaper; between it and ``load_factor`` it is at some
    loads and not at others. ``None`` where it never is, at any load, or only from there on."""
    last_factor: float | None = None
    """Highest multiple at which it is, where that is below 64."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader must know: stale data, an exclusion, an assumption in force."""

    level: Literal["info", "warning"]
    text: str


def notices_of(found: Iterable[Doubt]) -> tuple[Notice, ...]:
    """What is doubted, as warnings that name the input."""
    return tuple(Notice("warning", f"{item.label}: {item.question}") for item in found)


def notices_of_words(project: Project) -> tuple[Notice, ...]:
    """What the report cannot print of its own title, customer, author and the like."""
    return notices_of(doubts_of_words(project))


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The whole answer of one run of ``assess``."""

    assessment: Assessment
    as_of: str
    """ISO date the answer holds for."""
    version: str
    currency: Currency
    demand: tuple[WorkloadDemand, ...]
    options: tuple[Option, ...]
    """Feasible options, best first."""
    rejected: tuple[Option, ...]
    """Nearest to feasible first."""
    candidates_evaluated: int
    headline: str
    """The recommendation in one sentence."""
    confidence: Literal["high", "medium", "low"]
    confidence_reason: str
    reasons: tuple[str, ...]
    risks: tuple[str, ...]
    conditions: tuple[str, ...]
    general_purpose: tuple[GeneralPurpose, ...]
    base_case: str
    cost_against_utilisation: tuple[tuple[float, float], ...]
    """(utilisation 0..1, US dollars per million tokens) of the winner's hardware."""
    notices: tuple[Notice, ...]
    """Those of the report's own words first, which ``printed_for`` exchanges."""
    crossover: Crossover | None = None
    """Of the best option with own servers; ``None`` where there is none or no base case."""
    names: tuple[tuple[str, str], ...] = ()
    """(id, name) of every catalog row that the inputs refer to."""
    language: str = ENGLISH
    """Code of the language its sentences are in; ids, keys and numbers never depend on it."""
    commitment_plans: tuple[CommitmentPlan, ...] = ()
    """How the best rented options are contracted, best first."""
    lease_or_buy: tuple[LeaseOrBuy, ...] = ()
    """Of the best options that own servers, best first."""
    trade_offs: tuple[TradeOff, ...] = ()
    """Cheaper feasible options, how much less they cost and what the winner does better."""
    limit_prices: tuple[LimitPrice, ...] = ()
    """What the user's own limits cost: the cheapest options that only they reject."""
    trial_rents: tuple[TrialRent, ...] = ()
    """Renting the machine for the test of each workload of the winner, where a price is known."""
    paid_today_usd: tuple[float, ...] = ()
    """Running total by month of what is paid today, growing with the demand, undiscounted,
    ``12 x years + 1`` values; empty where it is not entered."""

    @property
    def own_measurements(self) -> OwnMeasurements | None:
        """The site's own refit of the performance engine, where one was used."""
        return self.assessment.own_measurements

    def name_of(self, key: str) -> str:
        """The name behind a catalog id, the id itself where it has none."""
        return dict(self.names).get(key, key)

    @property
    def winner(self) -> Option | None:
        """The recommended option, or ``None`` where nothing is feasible."""
        return self.options[0] if self.options else None

    @property
    def runner_up(self) -> Option | None:
        """The second-best option."""
        return self.options[1] if len(self.options) > 1 else None

    def split_shown(self, wanted: Option | None = None) -> Option | None:
        """The hybrid whose split is shown: the one wanted, the first option, else the cheapest.

        The cheapest of the feasible ones; where none is, of all. ``None`` without any.
        """
        for option in (wanted, self.winner):
            if option is not None and option.hybrid_curve:
                return option
        for options in (self.options, self.rejected):
            found = [o for o in options if o.hybrid_curve and o.cost is not None]
            if found:
                return min(found, key=lambda o: (o.cost.npv_usd if o.cost else 0.0, o.id))
        return None

    def option(self, option_id: str) -> Option:
        """The option with this id. Raises KeyError."""
        for item in (*self.options, *self.rejected):
            if item.id == option_id:
                return item
        raise KeyError(option_id)

    def printed_for(self, project: Project) -> Recommendation:
        """The same answer with other words on its report, which change nothing that is computed."""
        assessment = dataclasses.replace(self.assessment, project=project)
        rest = self.notices[len(notices_of_words(self.assessment.project)) :]
        return dataclasses.replace(
            self, assessment=assessment, notices=(*notices_of_words(project), *rest)
        )

    def settled(self, analysis: Analysis | None) -> Recommendation:
        """The same answer, held as surely as the sampled futures allow where there are any.

        What they say the choice may cost, where there is anything to lose, is its third risk: late
        enough for what is wrong with the option itself, and early enough for a first page.
        """
        if analysis is None or analysis.confidence is None:
            return self
        own = analysis.uncertainty_of(self.winner.id) if self.winner is not None else None
        loses = own is not None and (own.regret_p90_usd or 0.0) > 0.0
        regret = (analysis.regret,) if analysis.regret and loses else ()
        return dataclasses.replace(
            self,
            confidence=analysis.confidence,
            confidence_reason=analysis.confidence_reason,
            risks=(*self.risks[:2], *regret, *self.risks[2:]),
        )

    def money(self, usd: float) -> float:
        """US dollars in the user's currency."""
        return usd * self.currency.per_usd
