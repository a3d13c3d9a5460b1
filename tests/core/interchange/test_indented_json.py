"""Indented JSON, held against Python's own writer."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.interchange.exports import plain
from core.interchange.indented_json import indented

NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(PLAIN)
def test_it_is_what_python_writes(value: Any) -> None:
    assert indented(value) == json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)


def test_tuples_are_lists_as_python_has_it() -> None:
    """A document holds some: the hours of a week, the venues to consider."""
    for value in ((), ("a", (1, 2.5)), {"hours": (0.5,) * 3, "none": ()}):
        assert indented(value) == json.dumps(value, indent=1)


@pytest.mark.parametrize("value", [math.nan, math.inf, [{"a": -math.inf}]])
def test_no_number_that_json_does_not_know(value: Any) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        indented(value)


@pytest.mark.parametrize("value", [object(), {"a"}, np.float64(1.0)])
def test_nothing_but_plain_values(value: Any) -> None:
    with pytest.raises(TypeError, match="no plain value"):
        indented(value)


def test_values_are_made_plain_whatever_their_kind() -> None:
    given = {1: np.float64(2.5), "b": (np.int64(3), np.nan), "c": np.bool_(True), "d": np.str_("x")}
    found = plain(given)
    assert found == {"1": 2.5, "b": [3, None], "c": True, "d": "x"}
    assert [type(x) for x in (found["1"], found["b"][0], found["c"], found["d"])] == [
        float,
        int,
        bool,
        str,
    ]
    assert plain(True) is True and plain(math.inf) is None
    with pytest.raises(TypeError, match="no JSON form"):
        plain(object())
