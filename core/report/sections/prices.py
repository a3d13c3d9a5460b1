"""What the choice and the user's own limits cost: cheaper options, feasible and rejected."""

from __future__ import annotations

from collections.abc import Sequence

from core.decision import verdicts
from core.decision.leading import cost_of
from core.decision.trade_offs import CLEARLY_CHEAPER, cheaper_than_first, liftable
from core.decision.tuning_words import largest_saving
from core.decision.verdicts import binding_text
from core.decision.wording import percent, price_per_mtok
from core.recommendation import Option
from core.report.brief import Brief
from core.words import _


def prices_of_choice(brief: Brief) -> list[str]:
    """Cheaper options that keep every limit, the cheapest that only the user's bar, and tuning."""
    return [text for _key, text in with_sections(brief)]


def with_sections(brief: Brief) -> list[tuple[str, str]]:
    """The same, each with the key of the section that tells more of it."""
    answer = brief.recommendation
    found = [("options", t.sentence) for t in answer.trade_offs]
    if not found and answer.winner is not None and answer.winner.cost is not None:
        found.append(("options", _none_cheaper(answer.options)))
    found += [("rejected", p.sentence) for p in answer.limit_prices[:1]]
    if not answer.limit_prices:
        found.append(("rejected", _none_kept_away(brief)))
    tuned = largest_saving(brief.analysis.levers) if brief.analysis else ""
    return [*found, ("tuning", tuned)] if tuned else found


def _none_cheaper(options: Sequence[Option]) -> str:
    """That no option keeping every limit is worth a sentence for its cost."""
    if not cheaper_than_first(options):
        return _("No other option that keeps every limit costs noticeably less.")
    return _(
        "What keeps every limit and costs less would save less than {share} and leave more to be "
        "confirmed."
    ).format(share=percent(1.0 - CLEARLY_CHEAPER))


def _none_kept_away(brief: Brief) -> str:
    """That the user's own limits keep nothing clearly cheaper away, with the cheapest they do.

    What the hardware, the model or the latency targets reject nobody can choose to allow.
    """
    option = _cheapest_rejected(brief)
    if option is None:
        return _("No rejected option has a known price.")
    if liftable(option):
        return cheapest_rejected(brief)
    return _("None of your own limits keeps a clearly cheaper option away.")


def _cheapest_rejected(brief: Brief) -> Option | None:
    """The rejected option with the lowest cost.

    A hybrid of which one part alone costs less is no option that a limit keeps away.
    """
    priced = (
        o
        for o in brief.recommendation.rejected
        if o.cost is not None and {g.key for g in verdicts.failures(o.gates)} != {"split"}
    )
    return min(priced, key=lambda o: (cost_of(o), o.id), default=None)


def cheapest_rejected(brief: Brief) -> str:
    """The rejected option with the lowest cost, what it fails on and how it compares; ""."""
    answer, winner = brief.recommendation, brief.winner
    option = _cheapest_rejected(brief)
    if option is None:
        return ""
    assert option.cost is not None  # only priced ones were kept
    usd = option.cost.usd_per_mtok.base
    own = None if winner is None or winner.cost is None else winner.cost.usd_per_mtok.base
    less = 1.0 - usd / own if own else 0.0
    text = (
        _("The cheapest rejected option is {title} at {price}; it fails on {limits}.")
        if less >= 0
        else _(
            "No rejected option costs less either: the cheapest of them, {title} at {price}, is "
            "{share} dearer than the recommended one; it fails on {limits}."
        )
    )
    if own and less >= 0:
        text += " " + _("That is {share} less than the recommended one.")
    return text.format(
        title=option.title,
        price=price_per_mtok(usd, answer.currency),
        limits=binding_text(option.gates),
        share=percent(abs(less)),
    )
