"""The action plan: dates, steps with owners, the proof-of-concept test."""

from __future__ import annotations

from collections.abc import Iterator

from core.catalog.types import WITH_OWN_SERVERS
from core.decision.wording import lower_first
from core.recommendation import Gate, Option
from core.report.brief import Brief, weeks
from core.report.content import Blocks, Bullets, Callout, Heading, Words, labelled
from core.report.sections import order_dates, proof_of_concept
from core.report.sections.risks import owner_of
from core.words import _

SITES_IN_FULL = 3
"""Edge sites at which the whole test is run again: hours at each of hundreds nobody has."""


def blocks(brief: Brief) -> Blocks:
    """Steps, with their dates and owners, then the test."""
    option = brief.winner
    if option is None:
        yield Callout(
            _(
                "Nothing can be ordered yet. Decide which limit may move (the rejected options "
                "say what each would take), change it in the attached assessment, and run it "
                "again."
            ),
            "warning",
        )
        return
    yield from order_dates.blocks(brief, option)
    yield Heading(_("Steps"), 2)
    yield Bullets(tuple(_steps(brief, option)), numbered=True)
    yield from proof_of_concept.blocks(brief, option)


def _steps(brief: Brief, option: Option) -> list[Words]:
    unknown = [gate for gate in option.gates if gate.status == "unknown"]
    steps: list[Words] = [
        labelled(
            _("Open point."),
            _("{condition} Owner: {role}.").format(condition=text, role=role),
        )
        for text, role in _confirmations(brief, unknown)
    ]
    steps.append(
        labelled(
            _("Test."),
            _("Run the proof-of-concept test below. Owner: platform engineering."),
        )
    )
    if option.venue in WITH_OWN_SERVERS:
        steps.append(
            labelled(
                _("Quotations."),
                _(
                    "Ask for binding prices of the bill of materials; the report's prices are "
                    "budget figures with the dates shown. Owner: procurement."
                ),
            )
        )
        steps.append(
            labelled(
                _("Site."),
                _("Prepare power and a place at each site as in the site plan. Owner: facilities.")
                if option.venue == "edge"
                else _(
                    "Reserve racks, feeds, cooling and floor as in the site plan. Owner: "
                    "facilities."
                ),
            )
        )
        order = (
            _(
                "Order and install: {weeks} from order to service, work on power and cooling "
                "included. Owner: procurement."
            )
            if _has_works(option)
            else _("Order and install: {weeks} from order to service. Owner: procurement.")
        )
    else:
        order = _("Contract and set up: {weeks} to service. Owner: procurement.")
    steps.append(labelled(_("Order."), order.format(weeks=weeks(option.weeks_to_deploy))))
    steps.append(labelled(_("Accept."), _acceptance(option)))
    steps.append(
        labelled(
            _("Review."),
            _(
                "After the first three months compare measured load, latency and bills with this "
                "report and run the attached assessment again. Owner: product owner."
            )
            if option.venue == "token_api"
            else _(
                "After the first three months compare measured load, latency and power with this "
                "report and run the attached assessment again. Owner: product owner."
            ),
        )
    )
    return steps


def _has_works(option: Option) -> bool:
    """Whether the room is worked on, and paid for it, before the servers run."""
    lines = () if option.cost is None else option.cost.lines
    works = [line for line in lines if line.key in ("power_works", "cooling_works")]
    return any(line.present_value_usd > 0 for line in works)


def _confirmations(brief: Brief, unknown: list[Gate]) -> Iterator[tuple[str, str]]:
    """What is still to be confirmed and by whom, in the answer's order."""
    for text in brief.recommendation.conditions[:6]:
        gate = next((g for g in unknown if text.startswith(g.label)), None)
        # what no gate of ours stands behind is asked of a provider
        yield text, lower_first(owner_of(gate.key) if gate else _("Procurement"))


def _acceptance(option: Option) -> str:
    """What is tested on what was delivered: at many sites a sample of them in full."""
    if option.venue == "edge" and option.fleet.sites > SITES_IN_FULL:
        return _(
            "Repeat the test at the first {n} sites, and at every other one send some requests as "
            "it is set up; same pass criteria. Owner: operations."
        ).format(n=SITES_IN_FULL)
    if option.venue == "token_api":
        return _(
            "Repeat the test under the contract, with its rate limits; same pass criteria. "
            "Owner: operations."
        )
    return _(
        "Repeat the test on the delivered system with every replica; same pass criteria. "
        "Owner: operations."
    )
