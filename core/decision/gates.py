"""Hard limits, checked before scoring. Every gate answers pass, fail or unknown.

Unknown is not a pass: an option may lead with it, but carries it as a condition to confirm.
"""

from __future__ import annotations

from functools import partial

from core.assessment import Assessment
from core.decision import (
    latency_gates,
    model_gates,
    money_gates,
    people_gates,
    place_gates,
    site_gates,
)
from core.decision.facts import DecisionCatalog, currency_of
from core.decision.once import Once
from core.recommendation import Currency, Gate, Option


def gates_for(
    option: Option,
    assessment: Assessment,
    catalog: DecisionCatalog,
    as_of: str,
    *,
    currency: Currency | None = None,
    once: Once | None = None,
) -> tuple[Gate, ...]:
    """Every hard limit that applies to an option, in the order of checking.

    ``as_of`` is the ISO date of the answer; money limits of the assessment are in its currency
    (``currency`` spares looking it up). ``once`` is shared by options that are judged together.
    """
    currency, once = currency or currency_of(assessment, catalog), once or Once()
    late = partial(people_gates.lead_time, option, assessment, as_of)
    up = partial(people_gates.availability, option, assessment)
    return (
        *place_gates.checks(option, assessment, catalog, once),
        *model_gates.checks(option, assessment, catalog, once),
        *latency_gates.checks(option, assessment, once),
        *site_gates.checks(option, assessment, catalog),
        *money_gates.money_gates(option, assessment, currency),
        once(("lead time", option.weeks_to_deploy), late),
        once(
            (
                "availability",
                option.fleet.availability,
                bool(option.contract and option.contract.is_all_spot),
            ),
            up,
        ),
        people_gates.skills(option, assessment, once),
    )
