"""Values, options and reasons in the sentences of answers."""

from __future__ import annotations

from collections.abc import Sequence

from core.analysis.narrow import Narrow, Ranked
from core.assessment import Assessment, get_value
from core.assessment.fields import Field, fields_of, shown
from core.assessment.site import VENUES
from core.catalog.types import OWNED_VENUES
from core.decision import verdicts
from core.decision.wording import listed, lower_first, price_per_mtok
from core.notation import after_label, with_currency
from core.recommendation import Option
from core.words import _

NAMES = dict(VENUES)
OWN = tuple(venue for venue in NAMES if venue in OWNED_VENUES)
"""Venues where all servers are bought, in the order in which they are told."""
RULES = frozenset(("venue", "residency", "air_gap", "licence"))
"""Gates that a rule sets: no number of another input makes an option pass them."""


class QuestionError(ValueError):
    """The question cannot be asked; the message says what can."""


def field_at(assessment: Assessment, path: str) -> Field:
    """The specification of an input like ``site.racks``. Raises QuestionError."""
    owner, _dot, key = path.rpartition(".")
    try:
        return dict(fields_of(get_value(assessment, owner)))[key]
    except KeyError:
        raise QuestionError(
            _("'{path}' is not an input of this assessment; site.total_power_kw is one").format(
                path=path
            )
        ) from None


def in_a_sentence(spec: Field) -> str:
    """A label inside a sentence."""
    return lower_first(spec.label)


def value_with_unit(spec: Field, value: float, narrow: Narrow) -> str:
    """A value as a person reads it, amounts of money with their currency."""
    told, code = shown(spec, float(f"{value:.4g}")), narrow.recommendation.currency.code
    if spec.money == "user":
        return f"{with_currency(code, told)} {spec.unit}".rstrip()
    return f"{told} {spec.unit.removesuffix('s') if told == '1' else spec.unit}"


def priced(option: Option, narrow: Narrow) -> str:
    """An option with its levelised cost."""
    if option.cost is None:
        return option.title
    price = price_per_mtok(option.cost.usd_per_mtok.base, narrow.recommendation.currency)
    return _("{option} at {price}").format(option=option.title, price=price)


def cheapest(options: Sequence[Option]) -> Option | None:
    """The option of least present cost."""
    costed = [o for o in options if o.cost is not None]
    return min(costed, key=lambda o: (o.cost.npv_usd if o.cost else 0.0, o.id), default=None)


def why_not(ranked: Ranked) -> str:
    """Why nothing is feasible: what the nearest option fails."""
    if not ranked.rejected:
        return _("no option could be built.")
    nearest = ranked.rejected[0]
    gate = verdicts.binding(nearest.gates)
    if gate is None:
        return _("no price is known for {option}.").format(option=nearest.title)
    return after_label(nearest.title, gate.message)


def excluded(narrow: Narrow, venues: Sequence[str], *, by_cost: bool) -> str:
    """Which rules leave no option at some venues, and what it would cost without them.

    "" where an option there is feasible, or only misses limits that other inputs may answer.
    """
    recommendation = narrow.recommendation
    if any(o.venue in venues for o in recommendation.options):
        return ""
    names = _(" or ").join(_(NAMES[v]) for v in venues)
    there = [o for o in recommendation.rejected if o.venue in venues]
    if not there:
        return _("None: no option in {venues} serves these models.").format(venues=names)
    rules = {g.key for o in there for g in verdicts.failures(o.gates)} & RULES
    free = [o for o in there if not rules.intersection(g.key for g in verdicts.failures(o.gates))]
    if free:
        return ""
    only = [o for o in there if RULES.issuperset(g.key for g in verdicts.failures(o.gates))]
    best = cheapest(only)
    shown = best or cheapest(there) or there[0]
    failed = verdicts.failures(shown.gates)
    labels = dict.fromkeys(verdicts.named(g) for g in failed if g.key in RULES)
    text = _("None: your rules exclude {venues} ({rules}), whatever the value.").format(
        venues=names, rules=listed(list(labels))
    )
    leader = cheapest(recommendation.options)
    if by_cost and best is not None and leader is not None and best.cost and leader.cost:
        dearer = best.cost.npv_usd >= leader.cost.npv_usd
        told = (
            _(" Without them {option} would still cost more than {leader}.")
            if dearer
            else _(" Without them {option} would be cheaper today already than {leader}.")
        )
        text += told.format(option=priced(best, narrow), leader=priced(leader, narrow))
    return text
