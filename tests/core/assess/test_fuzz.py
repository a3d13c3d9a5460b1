"""Documents with anything anywhere: a clear refusal or finite numbers, never a traceback."""

from __future__ import annotations

import copy
import csv
import io
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.assess import InvalidAssessmentError, assess
from core.assessment import get_value
from core.charts.records import Absent
from core.charts.registry import KEYS, chart
from core.cli import main
from core.interchange.document import load
from core.interchange.errors import DocumentError
from core.interchange.exports import options_csv, results_json
from tests.core.assess.cases import AS_OF, not_finite, small_catalog

EXAMPLES = sorted((Path(__file__).parents[3] / "resources" / "examples").glob("*.json"))
WHOLE = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in EXAMPLES}
JUNK = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.sampled_from(
        [0, 1, -1, 1e-300, 1e300, 0.5, "", " ", "abc", "2020-01-01", "2027-13-45", [], {}]
    )
    | st.text(max_size=8)
    | st.lists(st.integers(-2, 2), max_size=4)
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        if isinstance(item, dict | list):
            yield from _places(item, (*path, key))
        else:
            yield (*path, key)


PLACES = {name: list(_places(whole)) for name, whole in WHOLE.items()}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """An example with one to three of its values replaced, dropped, or joined by a stranger."""
    name = draw(st.sampled_from(sorted(WHOLE)))
    document = copy.deepcopy(WHOLE[name])
    for path in draw(st.lists(st.sampled_from(PLACES[name]), min_size=1, max_size=3)):
        owner: Any = document
        try:
            for step in path[:-1]:
                owner = owner[step]
            owner[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took it away
        kind = draw(st.sampled_from(["replace", "replace", "replace", "drop", "stranger"]))
        if kind == "replace":
            owner[path[-1]] = draw(JUNK)
        elif kind == "drop" and isinstance(owner, dict):
            del owner[path[-1]]
        elif isinstance(owner, dict):
            owner[draw(st.text(max_size=6))] = draw(JUNK)
    return document


def _checked(document: dict[str, Any], folder: Path) -> None:
    file = folder / "fuzzed.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    try:
        assessment = load(file)
    except DocumentError as error:
        assert str(file) in str(error)
        return
    try:
        result = assess(assessment, small_catalog(), as_of=AS_OF)
    except InvalidAssessmentError as error:
        for problem in error.problems:
            assert problem.message and problem.label
            if "[" not in problem.path and problem.path != "workloads":
                get_value(assessment, problem.path)  # names a field that exists
        return
    assert list(not_finite(result)) == []
    assert result.headline
    cells = {c.lower() for row in csv.reader(io.StringIO(options_csv(result))) for c in row}
    assert not cells & {"nan", "inf", "-inf", "infinity"}


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(document=documents())
def test_a_document_with_anything_anywhere(
    document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    _checked(document, tmp_path_factory.mktemp("fuzz"))


@pytest.mark.full
@settings(max_examples=400, suppress_health_check=list(HealthCheck))
@given(document=documents())
def test_many_documents_with_anything_anywhere(
    document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    _checked(document, tmp_path_factory.mktemp("fuzz"))


@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(document=documents())
def test_the_command_line_ends_with_a_code_of_its_own(
    document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    file = folder / "fuzzed.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    day = ["--as-of", AS_OF.isoformat()]
    assert main(["run", str(file), "--quiet", "--csv", str(folder / "out.csv"), *day]) in (0, 2, 3)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_nothing_in_files_and_charts_is_nan_or_infinite(path: Path) -> None:
    result = assess(load(path), small_catalog(), as_of=AS_OF)

    def refuse(word: str) -> float:
        raise AssertionError(f"{word} in the JSON")

    json.loads(results_json(result, None), parse_constant=refuse)
    for key in KEYS:
        found = chart(key, result)
        if isinstance(found, Absent):
            continue
        for row in found.rows:
            for cell in row:
                assert not isinstance(cell, float) or math.isfinite(cell), (key, row)
