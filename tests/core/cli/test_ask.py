"""``ask``: questions answered on the terminal, and how it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.assessment import Assessment, with_value
from core.cli import main
from core.interchange.document import save

AS_OF = ("--as-of", "2026-11-24", "--quiet")


@pytest.fixture
def own_room(tmp_path: Path) -> str:
    """Only own servers, so that little has to be computed."""
    path = tmp_path / "room.json"
    save(with_value(Assessment(), "site.venues", ("on_premises",)), path)
    return str(path)


def test_a_question_and_its_answer(own_room: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", own_room, *AS_OF, "--fits", "site.racks=1"]) == 0
    question, answer = capsys.readouterr().out.split("\n", 1)
    assert question == "How many users fit 1 rack (free racks)?"
    assert "users (" in answer and "With more, the nearest is" in answer


def test_where_nothing_is_feasible_it_says_what_would_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tight.json"
    tight = with_value(Assessment(), "site.venues", ("on_premises",))
    save(with_value(tight, "economics.capex_limit", 1000.0), path)
    assert main(["ask", str(path), *AS_OF, "--price", "5"]) == 3
    assert main(["ask", str(path), *AS_OF, "--fits", "economics.capex_limit=1000000"]) == 0
    assert "users (" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--fits", "site.racks"], "--fits site.racks=: must be a number; got ''"),
        (["--fits", "site.racks=0"], "site.racks: must be from 1 to 100,000 racks; got 0"),
        (["--fits", "moon=1"], "the limit must be one of site.total_power_kw"),
        (["--wins", "moon", "--by", "site.racks"], "venues must be among token_api"),
        (["--wins", "edge"], "belong together"),
        (["--wins", "edge", "--by", "site.cooling"], "site.cooling: is not a number"),
        (["--price", "cheap"], "--price: must be a number; got 'cheap'"),
        (["--price", "-1"], "must be above 0; got -1"),
    ],
)
def test_questions_that_make_no_sense_are_refused(
    own_room: str, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert main(["ask", own_room, *AS_OF, *options]) == 2
    captured = capsys.readouterr()
    assert said in captured.err and captured.err.count("\n") == 1
    assert captured.out == ""
