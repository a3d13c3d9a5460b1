"""Site parameters as a file: whole round trip, and every wrong value refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.interchange.errors import DocumentError
from core.interchange.site_parameters import from_json, load, save, to_json
from core.performance import parameters as par
from tests.core.performance.own_site import whole_refit

OWN = whole_refit(0.8, seen=(("measured", ("m|a|vllm|fp8",)), ("precision", ("fp8",))))


def test_a_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "site.json"
    save(OWN, path)
    assert load(path) == OWN
    assert par.with_own(load(path)).own == OWN


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("format", "x", "site parameters"),
        ("version", 2, "version: must be 1; got 2"),
        ("date", "soon", "date: must be a date like 2026-11-24; got 'soon'"),
        ("data_sha256", "12", "64 hex digits"),
        ("values", 1.5, "values: must be a whole number"),
        ("terms", {}, "terms: must be a list"),
        ("terms", [3], "terms[0]: must be an object; got 3"),
        ("terms.0.term", "magic", "must be one of decode, prefill, overhead, request; got 'magic'"),
        ("terms.0.factor", 0.0, "terms[0].factor: must be a number of at least 0.02"),
        ("terms.0.factor", 1e9, "at most 50"),
        ("terms.0.factor", True, "got true"),
        ("terms.0.engine", None, "terms[0].engine: must be a text; got null"),
        ("errors.0.held_out", -1, "errors[0].held_out"),
        ("errors.0.before", 10**309, "errors[0].before"),
        ("errors.0.before", float("1e999"), "Infinity"),
        ("seen", [], "seen: must be an object"),
        ("seen.measured", [1], "seen.measured: must be a list of texts"),
    ],
)
def test_a_wrong_value_is_refused_by_field_and_what_is_allowed(
    path: str, value: object, words: str
) -> None:
    content: Any = json.loads(to_json(OWN))
    place = content
    *parents, last = path.split(".")
    for key in parents:
        place = place[int(key)] if key.isdigit() else place[key]
    place[last] = value
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(content), "site.json")
    assert words in str(caught.value)
    assert str(caught.value).startswith("site.json: ")


def test_parameters_for_another_calibration_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "site.json"
    save(OWN, path)
    other = par.Parameters(common=par.shipped().common | {"step_ms": 3.0})
    with pytest.raises(DocumentError, match=r"calibrate` on 'own\.csv' again"):
        load(path, other)
