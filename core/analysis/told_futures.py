"""What the sampled futures say of the answer, in sentences."""

from __future__ import annotations

from core.analysis.engine_runs import ASKED, RUNS
from core.analysis.uncertain_inputs import LOAD_HIGH, LOAD_LOW, OUTPUT_HIGH, OUTPUT_LOW
from core.decision.wording import chance, number
from core.recommendation import Lead, Recommendation
from core.words import _


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
