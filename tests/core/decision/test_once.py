"""Options judged together against each of them judged alone."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core.assess.costing import cost_options
from core.assess.names import catalog_of
from core.catalog.load import load_catalog
from core.decision import constraints, criteria
from core.decision.facts import currency_of
from core.decision.gates import gates_for
from core.decision.once import Once
from core.decision.ranking import score_and_rank, weigh, weights_of
from core.decision.yardstick import yardstick
from core.interchange.document import load

EXAMPLES = Path(__file__).resolve().parents[3] / "resources" / "examples"
AS_OF = date(2026, 11, 24)


def test_an_answer_is_worked_out_for_each_question_once() -> None:
    asked: list[str] = []

    def answer(text: str) -> Iterator[str]:
        asked.append(text)
        yield text

    once = Once()
    first = once(("a", 1), lambda: tuple(answer("x")))
    assert once(("a", 1), lambda: tuple(answer("never asked"))) is first
    assert once(("a", 2), lambda: tuple(answer("y"))) == ("y",)
    assert Once()(("a", 1), lambda: tuple(answer("z"))) == ("z",)
    assert asked == ["x", "y", "z"]


@pytest.mark.parametrize("name", ["bank_chat", "hospital_group"])
def test_options_judged_together_are_judged_as_alone(name: str) -> None:
    assessment, catalog = load(EXAMPLES / f"{name}.json"), load_catalog()
    catalog = catalog_of(assessment, catalog)
    options = cost_options(assessment, catalog, AS_OF, lambda share, text: None).options
    currency, weights = currency_of(assessment, catalog), weights_of(assessment)
    stick = yardstick(assessment, catalog, criteria.first_year_tokens(options))
    feasible, rejected = score_and_rank(options, assessment, catalog, AS_OF.isoformat())
    judged = {o.id: o for o in (*feasible, *rejected)}
    assert len(judged) == len(options) > 100
    for option in options:
        together = judged[option.id]
        alone = gates_for(option, assessment, catalog, AS_OF.isoformat())
        assert together.gates == (*alone, *option.gates)
        ratings = (
            *constraints.ratings(option, assessment, catalog),
            *criteria.ratings(option, stick, currency),
        )
        assert together.scores == weigh(ratings, weights)
