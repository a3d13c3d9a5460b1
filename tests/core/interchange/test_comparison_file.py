"""Several assessments in one file: they come back as they were, and nothing else is let in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.assessment import Assessment, with_value
from core.interchange import document
from core.interchange.comparison_file import (
    MOST_SCENARIOS,
    Kept,
    from_json,
    is_comparison,
    load,
    save,
    to_json,
)
from core.interchange.errors import DocumentError

TWO = (
    Kept("Today", with_value(Assessment(), "project.title", "Today")),
    Kept("Grün & neu – <b>", with_value(Assessment(), "site.racks", 3), compared=False),
)


def test_it_comes_back_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "both.json"
    save(TWO, file)
    assert load(file) == TWO
    assert is_comparison(file)


def test_one_kind_of_file_is_not_taken_for_the_other(tmp_path: Path) -> None:
    both, one = tmp_path / "both.json", tmp_path / "one.json"
    save(TWO, both)
    document.save(Assessment(), one)
    assert not is_comparison(one)
    assert not is_comparison(tmp_path / "missing.json")
    assert not is_comparison(tmp_path)
    with pytest.raises(DocumentError, match="several assessments, to be compared"):
        document.load(both)
    with pytest.raises(DocumentError, match="this is not a comparison"):
        load(one)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("format", "x", "format: must be 'inference-advisor-comparison'; got 'x'"),
        ("version", 2, "version: must be 1; got 2: written by a newer version"),
        ("version", True, "version: must be 1; got true"),
        ("extra", 1, "unknown key 'extra'"),
        ("scenarios", [], "scenarios: must be a list of 1 to 50 scenarios; got a list of 0"),
        ("scenarios", [{}] * (MOST_SCENARIOS + 1), "got a list of 51 entries"),
        ("scenarios.1", 3, r"scenarios[1]: must be an object; got 3"),
        ("scenarios.1.name", None, r"scenarios[1].name: must be a text"),
        ("scenarios.1.name", "x" * 501, r"scenarios[1].name: must be a text of at most 500"),
        ("scenarios.1.compared", 1, r"scenarios[1].compared: must be true or false; got 1"),
        ("scenarios.1.more", 1, r"scenarios[1]: unknown key 'more'"),
        ("scenarios.1.assessment", None, r"scenarios[1].assessment: must be an object; got null"),
        (
            "scenarios.1.assessment.site.racks",
            "many",
            r"scenarios[1].assessment.site.racks: must be",
        ),
    ],
)
def test_a_wrong_value_is_refused_by_its_place(path: str, value: object, words: str) -> None:
    content = json.loads(to_json(TWO))
    *way, last = path.split(".")
    place = content
    for part in way:
        place = place[int(part) if part.isdigit() else part]
    place[int(last) if last.isdigit() else last] = value
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(content), file="f.json")
    assert str(caught.value).startswith("f.json: ") and words in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": NaN}', "[" * 100_000])
def test_what_is_no_comparison_at_all_is_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        from_json(text)


def test_no_more_are_written_than_are_read() -> None:
    with pytest.raises(DocumentError, match="at most 50 can be kept; got 51"):
        to_json(TWO[:1] * 51)
