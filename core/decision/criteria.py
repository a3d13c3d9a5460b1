"""Cost, carbon, time and control as utilities 0 to 100 with anchors from the inputs alone.

Cost and carbon spread over orders of magnitude, and the cheapest option must not be the anchor
(a new option would then reverse the order of two others). The anchor is a *yardstick*: what a
plain rented deployment of the user's models at the user's peak would cost. It depends on the
workloads and on constants of ``anchors``, never on an option.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from core.decision.anchors import (
    CONTROL_POINTS,
    UNKNOWN_ELSE,
    WEEKS_ZERO,
    YARDSTICK_TOKEN_PEOPLE_USD,
)
from core.decision.once import Once
from core.decision.rating import Rating
from core.decision.wording import (
    listed,
    number,
    price_per_mtok,
    weeks_in_words,
)
from core.decision.yardstick import Yardstick
from core.performance.types import Floats
from core.recommendation import Currency, Option
from core.words import _, ngettext


def ratio_utility(ratio: float) -> float:
    """Utility of a cost that is ``ratio`` times the yardstick: 100 / (1 + ratio).

    50 at the yardstick, 67 at half and 33 at twice of it; strictly falling from 100 towards 0.
    """
    return float(ratio_utilities(ratio))


def ratio_utilities(ratios: Floats | float) -> Floats:
    """The same for an array of ratios, any shape."""
    return np.asarray(100.0 / (1.0 + np.maximum(ratios, 0.0)))


def first_year_tokens(options: Sequence[Option]) -> float:
    """Tokens of the first year: the same in every option, since it is the user's demand."""
    return max(
        (o.cost.tokens_by_year[0] for o in options if o.cost is not None and o.cost.tokens_by_year),
        default=0.0,
    )


def ratings(
    option: Option, stick: Yardstick, currency: Currency, once: Once | None = None
) -> tuple[Rating, ...]:
    """Cost, carbon, time and control of an option.

    ``once`` is shared by options that are judged together.
    """
    once = once or Once()
    hands = partial(_control, option)
    return (
        _cost(option, stick, currency, once),
        _carbon(option, stick, once),
        once(("time score", option.weeks_to_deploy), partial(_time, option)),
        hands() if option.venue == "hybrid" else once(("control score", option.venue), hands),
    )


def _ratio_formula(what: str) -> str:
    return _(
        "100 / (1 + r); r is {what} over that of a plain rented deployment of the "
        "same models at the same peak, from inputs alone"
    ).format(what=what)


def _cost_formula(stick: Yardstick) -> str:
    if stick.hosted_usd is None:
        return _ratio_formula(_("the levelised cost"))
    return _(
        "100 / (1 + r); r is the levelised cost over that of hosted tokens at plain prices for "
        "models of this size, with the people who look after them, from inputs alone; at these "
        "volumes that is less than a plain rented deployment"
    )


def _cost(option: Option, stick: Yardstick, currency: Currency, once: Once) -> Rating:
    formula = once("cost formula", lambda: _cost_formula(stick))
    if option.cost is None:
        return Rating("cost", _("Cost"), None, _("No price is known."), formula)
    usd = option.cost.usd_per_mtok.base
    ratio = usd / stick.usd_per_mtok
    figures = once("yardstick figures", partial(_yardstick_figures, stick, currency))
    return Rating(
        "cost",
        _("Cost"),
        ratio_utility(ratio),
        _("{usd}, {ratio} times the yardstick of {usd_per_mtok} ({made_of}).").format(
            usd=price_per_mtok(usd, currency), ratio=number(ratio, 2), **figures
        ),
        formula,
    )


def _yardstick_figures(stick: Yardstick, currency: Currency) -> dict[str, str]:
    """What every option's cost is told beside."""
    return {
        "usd_per_mtok": number(stick.usd_per_mtok * currency.per_usd),
        "made_of": _cost_yardstick(stick, currency),
    }


def _cost_yardstick(stick: Yardstick, currency: Currency) -> str:
    """What the yardstick of the cost is made of."""
    if stick.hosted_usd is not None:
        return _("hosted tokens at {price}, and {usd} USD a year for people").format(
            price=price_per_mtok(stick.hosted_usd, currency),
            usd=number(YARDSTICK_TOKEN_PEOPLE_USD),
        )
    return _("{accelerators} at {usd_per_hour} USD per hour").format(
        accelerators=ngettext("{n} accelerator", "{n} accelerators", stick.accelerators).format(
            n=number(stick.accelerators)
        ),
        usd_per_hour=number(stick.usd_per_hour),
    )


def _carbon(option: Option, stick: Yardstick, once: Once) -> Rating:
    formula = once("carbon formula", lambda: _ratio_formula(_("gCO2e per million tokens")))
    carbon = option.carbon
    if carbon.operational_g_per_mtok is None:
        return Rating(
            "carbon",
            _("Carbon"),
            None,
            _("Not known: no energy use is published. It counts with {points} points.").format(
                points=number(UNKNOWN_ELSE)
            ),
            formula,
            UNKNOWN_ELSE,
        )
    grams = carbon.operational_g_per_mtok + (carbon.embodied_g_per_mtok or 0.0)
    ratio = grams / stick.g_per_mtok
    return Rating(
        "carbon",
        _("Carbon"),
        ratio_utility(ratio),
        _(
            "{grams} gCO2e per million tokens, {ratio} times the {g_per_mtok} of plain hardware "
            "for this work."
        ).format(grams=number(grams), ratio=number(ratio, 2), g_per_mtok=number(stick.g_per_mtok)),
        formula,
    )


def _time(option: Option) -> Rating:
    formula = _("100 × (1 − weeks / 52), at least 0")
    if option.weeks_to_deploy is None:
        return Rating("time", _("Time to deploy"), None, _("Not known."), formula, UNKNOWN_ELSE)
    weeks = option.weeks_to_deploy.base
    value = 100.0 * min(max(1.0 - weeks / WEEKS_ZERO, 0.0), 1.0)
    return Rating(
        "time",
        _("Time to deploy"),
        value,
        _("{weeks} ({low} to {high}).").format(
            weeks=weeks_in_words(weeks),
            low=number(option.weeks_to_deploy.low),
            high=number(option.weeks_to_deploy.high),
        ),
        formula,
    )


def owned_share(option: Option) -> float:
    """Share of the tokens that a hybrid serves on owned servers, 0.5 where unknown."""
    points = [p for p in option.hybrid_curve if p.total_usd > 0]
    if not points:
        return 0.5
    return min(points, key=lambda p: p.total_usd).owned_share


def _control(option: Option) -> Rating:
    formula = _("20 points for each thing that stays in your hands; a hybrid by its owned share")
    if option.venue == "hybrid":
        own, rented = 100.0, 40.0
        share = owned_share(option)
        return Rating(
            "control",
            _("Control"),
            rented + (own - rented) * share,
            _("{share} % of the tokens are served on own servers.").format(
                share=number(share * 100)
            ),
            formula,
        )
    points = CONTROL_POINTS[option.venue]
    return Rating(
        "control",
        _("Control"),
        20.0 * len(points),
        _("{points} of 5: {list}.").format(
            points=len(points), list=listed([_(point) for point in points])
        ),
        formula,
    )
