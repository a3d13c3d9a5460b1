"""What the results say against the base case: the report's numbers, and the base is not itself."""

from __future__ import annotations

import dataclasses

from gui.results.against_base import base_case_sections, base_case_text
from gui.results.document import Grid, Link, Paragraph
from tests.core.charts import examples

ANSWER = examples.recommendation()


def test_savings_payback_return_and_crossover_are_told() -> None:
    [section] = base_case_sections(ANSWER)
    grids = [block for block in section.blocks if isinstance(block, Grid)]
    [grid] = grids
    winner = ANSWER.winner
    assert winner is not None and winner.cost is not None
    first = grid.rows[0]
    assert isinstance(first[0], Link) and first[0].target == f"option:{winner.id}"
    assert len(first) == len(grid.columns)
    told = [b.text for b in section.blocks if isinstance(b, Paragraph) and isinstance(b.text, str)]
    assert told[0].startswith("Base case: ")
    assert any("costs less than the base case" in text for text in told) == (
        ANSWER.crossover is not None
    )


def test_the_base_case_is_not_paid_back_against_itself() -> None:
    winner = ANSWER.winner
    assert winner is not None
    base = dataclasses.replace(ANSWER, base_case=winner.title)
    [section] = base_case_sections(base)
    grid = next(block for block in section.blocks if isinstance(block, Grid))
    assert grid.rows[0][2:] == ("–", "the base case", "–")
    assert base_case_text(winner, base) == "is the base case"


def test_without_a_base_case_nothing_is_said() -> None:
    assert not list(base_case_sections(dataclasses.replace(ANSWER, base_case="")))
