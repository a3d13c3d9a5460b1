"""What the sampled futures say of the answer, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.analysis.bills import Bills
from core.analysis.draws import Z80
from core.analysis.engine_error import factors, grade_of
from core.analysis.engine_runs import ASKED, RUNS
from core.analysis.future_cost import alone
from core.analysis.uncertain_inputs import (
    INDEX,
    INPUTS,
    LOAD_HIGH,
    LOAD_LOW,
    OUTPUT_HIGH,
    OUTPUT_LOW,
)
from core.decision.constraints import latency_used
from core.decision.wording import alike, chance, milliseconds, number
from core.notation import with_currency
from core.recommendation import Lead, Option, OptionUncertainty, Recommendation, TargetCheck
from core.words import _


def told(
    recommendation: Recommendation,
    bills: Bills,
    uncertainty: Sequence[OptionUncertainty],
    lead: Lead | None,
) -> tuple[str, ...]:
    """All that is said of them, a paragraph each."""
    winner = recommendation.winner
    own = next((u for u in uncertainty if winner and u.option_id == winner.id), None)
    wide = "" if own is None else widest(recommendation, bills, own)
    return tuple(filter(None, (method(), wide, more_often(recommendation, lead))))


def method() -> str:
    """What moves in a future, what "best" counts, and what stays as it is."""
    return _(
        "An option is best in a future where the rules of this answer would recommend it "
        "there: by score, by cost where scores are level, with every limit kept. Costs, scores and "
        "limits move with what is drawn. Everything was computed anew in {n} futures and at other "
        "loads, and what a server carries in {more} futures; between these it is interpolated, but "
        "servers are counted one by one in every future. What that leaves open is drawn too, by as "
        "much as each run differs from what the others say of it. Power draw per server, the "
        "network, the grid's carbon and failure rates are not drawn."
    ).format(n=number(RUNS), more=number(ASKED))


WIDE = 1.5
"""P90 of a cost over its median from which it is told what makes it so wide."""


def widest(recommendation: Recommendation, bills: Bills, uncertainty: OptionUncertainty) -> str:
    """Which input alone moves the cost of the winner most, where that may rise far; else ""."""
    low, middle, high = (
        uncertainty.usd_per_mtok_p10,
        uncertainty.usd_per_mtok_p50,
        uncertainty.usd_per_mtok_p90,
    )
    option, currency = recommendation.option(uncertainty.option_id), recommendation.currency
    if not middle or high < WIDE * middle:
        return ""
    ends = alone(bills, uncertainty.option_id)
    bill = next(b for b in bills.bills if b.option.id == uncertainty.option_id)
    planned = bill.planned_usd / float((bills.input_mtok + bills.output_mtok).sum())
    key = max(ends, key=lambda k: max(ends[k]) / max(min(ends[k]), 1e-12))
    least, most = sorted(ends[key])
    per_usd = currency.per_usd
    told = [
        with_currency(currency.code, text)
        for text in alike(*(usd * per_usd for usd in (low, middle, high, least, most)))
    ]
    text = _(
        "{title} costs between {low} and {high} per million tokens in eight of ten sampled "
        "futures, {middle} in the middle one. What moves that most is {input}: alone, all else as "
        "stated, between {least} and {most}."
    ).format(
        title=option.title,
        low=told[0],
        middle=told[1],
        high=told[2],
        least=told[3],
        most=told[4],
        input=_("how fast the servers turn out to be")
        if key == "engine"
        else _("“{label}”").format(label=_(INPUTS[INDEX[key]].label)),
    )
    tight = _tightest(option)
    if key == "engine" and tight is not None and most > _slower(option) * planned:
        text += " " + _(
            "Servers that are slower than predicted also have to stay emptier to keep the target "
            "of {limit} for {label}, so their number rises faster than their speed falls: a trial "
            "on this hardware narrows the range."
        ).format(limit=milliseconds(tight.limit_ms), label=tight.label)
    return text


def _slower(option: Option) -> float:
    """How many times as long servers take at the pessimistic end of the engine's interval."""
    faster, _later = factors(grade_of(option), np.array([-Z80]))
    return 1.0 / float(faster[0])


def _tightest(option: Option) -> TargetCheck | None:
    """The target that own or rented servers use most of; ``None`` where none is predicted."""
    used = [item for item in latency_used(option) if item[1].accelerator_id]
    return max(used, key=lambda item: item[0])[2] if used else None


def more_often(recommendation: Recommendation, lead: Lead | None) -> str:
    """That another option is best in more of the futures, and why; "" where none is."""
    if lead is None or lead.rival_share <= lead.best_share:
        return ""
    return _(
        "{rival} is best in more of the futures than {title}: {rival_share} against {best_share}. "
        "The recommendation holds for the inputs as stated; the futures go further one way than "
        "the other (demand from {load_low} to {load_high} times what was stated, answers from "
        "{answer_low} to {answer_high} times). Measure these before you decide."
    ).format(
        rival=lead.rival_title,
        title=recommendation.option(lead.option_id).title,
        rival_share=chance(lead.rival_share),
        best_share=chance(lead.best_share),
        load_low=number(LOAD_LOW, 2),
        load_high=number(LOAD_HIGH, 2),
        answer_low=number(OUTPUT_LOW, 2),
        answer_high=number(OUTPUT_HIGH, 2),
    )
