"""What the recommended option may cost against what turns out cheapest, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from core.decision.wording import money, years_in_words
from core.recommendation import OptionUncertainty, Recommendation
from core.words import _

MUCH_LESS = 0.8
"""Share of the winner's regret below which another option's is worth naming."""

WHOLE = 0.999
"""Share of the planned cost from which it is all that can be lost (``futures.summary``)."""


def told(recommendation: Recommendation, uncertainty: Sequence[OptionUncertainty]) -> str:
    """The winner's regret at P90 and on average, and who has much less; "" where none compare."""
    winner = recommendation.winner
    own = next((u for u in uncertainty if winner and u.option_id == winner.id), None)
    if winner is None or own is None or own.regret_p90_usd is None or len(uncertainty) < 2:
        return ""
    currency = recommendation.currency
    years = years_in_words(recommendation.assessment.economics.horizon_years)
    if own.regret_p90_usd <= 0.0:
        return _(
            "{title} turns out cheapest of {n} options in at least nine of ten sampled futures."
        ).format(title=winner.title, n=len(uncertainty))
    text = _(
        "If demand, prices or performance turn out otherwise, choosing {title} costs {mean} more "
        "over {years} on average (expected regret) than whichever of {n} options (the best and the "
        "cheapest) turns out cheapest, and at most {worst} more in nine of ten sampled futures "
        "(P90 of regret), in present value."
    ).format(
        title=winner.title,
        n=len(uncertainty),
        worst=money(own.regret_p90_usd, currency),
        years=years,
        mean=money(own.regret_usd, currency),
    )
    planned = 0.0 if winner.cost is None else winner.cost.npv_usd
    if own.regret_p90_usd >= WHOLE * planned:
        text += _(
            " That is its whole planned cost: where it would lose more, it counts as given up for "
            "the cheapest option."
        )
    if own.regret_usd > own.regret_p90_usd:
        text += _(" The average is above that because the remaining tenth costs far more.")
    sampled = [u for u in uncertainty if u.regret_p90_usd is not None]
    least = min(sampled, key=lambda u: (u.regret_p90_usd, u.option_id))
    if (least.regret_p90_usd or 0.0) < MUCH_LESS * own.regret_p90_usd:
        text += _(
            " {title} has least to lose: {mean} on average, at most {worst} in nine of ten (P90)."
        ).format(
            title=recommendation.option(least.option_id).title,
            mean=money(least.regret_usd, currency),
            worst=money(least.regret_p90_usd or 0.0, currency),
        )
    return text
