"""Assessments as files: what goes in comes out, and nothing else gets in."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assessment import Assessment, Workload, entries, with_value
from core.assessment.fields import Field
from core.interchange.document import DocumentError, from_json, load, save, to_json
from core.interchange.errors import UnwritableFileError
from core.interchange.strict_json import MAX_BYTES

FILE = "bank.json"


def values_of(spec: Field) -> st.SearchStrategy[Any]:
    """Values of a field's own type: a document may hold any, sensible or not."""
    texts = st.text(max_size=30)
    number = st.floats(allow_nan=False, allow_infinity=False)
    by_kind: dict[str, st.SearchStrategy[Any]] = {
        "int": st.integers(-(10**15), 10**15),
        "number": number,
        "share": number,
        "bool": st.booleans(),
        "flags": st.lists(texts, max_size=4).map(tuple),
        "hours": st.lists(number, min_size=168, max_size=168).map(tuple),
    }
    values = by_kind.get(spec.kind, texts)
    return st.none() | values if spec.optional else values


@given(st.data())
def test_every_input_survives_the_file(data: st.DataObject) -> None:
    assessment = Assessment(workloads=(Workload(), Workload(name="second")))
    chosen = data.draw(st.lists(st.sampled_from(list(entries(assessment))), max_size=6))
    for item in chosen:
        assessment = with_value(assessment, item.path, data.draw(values_of(item.field)))
    assert from_json(to_json(assessment)) == assessment


def document(**changes: Any) -> str:
    return json.dumps({"schema_version": 1, **changes})


def test_what_is_left_out_keeps_its_default() -> None:
    assert from_json(document()) == Assessment()
    assert from_json(document(site={"racks": 7})).site.racks == 7


def test_whole_numbers_serve_where_numbers_are_asked_and_the_reverse() -> None:
    read = from_json('{"schema_version": 1, "site": {"rack_power_kw": 14, "racks": 3.0}}')
    assert isinstance(read.site.rack_power_kw, float)
    assert read.site.racks == 3
    assert isinstance(read.site.racks, int)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["is empty"]),
        ("   \n", ["is empty"]),
        ("hello", ["not JSON", "line 1, column 1"]),
        ("[]", ["must be an object", "a list of 0 entries"]),
        ("[" * 100_000, ["nested too deeply"]),
        ('{"a":' * 50_000, ["nested too deeply"]),
        ('{"schema_version": 1, "site": {"racks": 2}', ["truncated"]),
        ('{"schema_version": 1, "site": {"rac', ["truncated"]),
        ('{"schema_version": 1} {}', ["not JSON", "more follows its end"]),
        ('{"schema_version": 1, "schema_version": 1}', ["'schema_version' twice"]),
        ('{"schema_version": 1, "site": {"racks": NaN}}', ["holds NaN"]),
        ('{"schema_version": 1, "site": {"rack_power_kw": -Infinity}}', ["holds -Infinity"]),
        (
            '{"schema_version": 1, "site": {"rack_power_kw": 1e999}}',
            ["site.rack_power_kw", "finite"],
        ),
        (f'{{"schema_version": 1, "site": {{"racks": 1{"0" * 399}}}}}', ["site.racks", "finite"]),
        (f'{{"schema_version": 1, "site": {{"racks": 1{"0" * 5000}}}}}', ["5,001 digits"]),
        ("{}", ["schema_version", "must be given"]),
        ('{"schema_version": "1"}', ["schema_version", "'1'"]),
        ('{"schema_version": true}', ["schema_version", "true"]),
        ('{"schema_version": 0}', ["schema_version", "got 0"]),
        ('{"schema_version": 2}', ["schema_version", "newer version", "update"]),
        (document(format="other"), ["format", "'other'"]),
        (document(sites={}), ["'sites'", "did you mean site"]),
        (document(site={"rack_powr_kw": 1}), ["site", "did you mean rack_power_kw"]),
        (document(site=[1, 2]), ["site", "must be an object", "a list of 2 entries"]),
        (document(site={"racks": "four"}), ["site.racks", "1 to 100,000 racks", "'four'"]),
        (document(site={"racks": True}), ["site.racks", "got true"]),
        (document(site={"racks": 2.5}), ["site.racks", "whole number", "2.5"]),
        (document(site={"racks": [[[]]]}), ["site.racks", "a list of 1 entries"]),
        (document(site={"cooling": 3}), ["site.cooling", "rear_door", "got 3"]),
        (document(site={"cooling": None}), ["site.cooling", "got null"]),
        (document(site={"region": 49}), ["site.region", "must be a name", "got 49"]),
        (document(site={"air_gapped": "no"}), ["site.air_gapped", "true/false", "'no'"]),
        (document(site={"venues": "edge"}), ["site.venues", "list", "'edge'"]),
        (document(site={"venues": ["edge", 1]}), ["site.venues[1]", "got 1"]),
        (document(site={"date_needed": 2027}), ["site.date_needed", "2027-03-31", "got 2027"]),
        (document(workloads={}), ["workloads", "1 to 100"]),
        (document(workloads=[]), ["workloads", "1 to 100"]),
        (document(workloads=[{}] * 101), ["workloads", "a list of 101"]),
        (document(workloads=[{}, {"users": {}}]), ["workloads[1].users", "an object with 0"]),
        (document(workloads=[{"targets": {"ttft": 1}}]), ["workloads[0].targets", "ttft_ms"]),
        (document(workloads=[{"custom_hours": [1, "2"]}]), ["workloads[0].custom_hours[1]", "'2'"]),
        (
            '{"schema_version": 1, "project": {"title": "\\ud800"}}',
            ["project.title", "half a char"],
        ),
        (document(project={"notes": "x" * 200_000}), ["project.notes", "200,000 characters"]),
        (" " * (MAX_BYTES + 1), ["too large"]),
    ],
    ids=range(44),
)
def test_a_bad_document_is_refused_with_file_field_value_and_what_is_allowed(
    text: str, words: list[str]
) -> None:
    with pytest.raises(DocumentError) as caught:
        from_json(text, file=FILE)
    message = str(caught.value)
    assert message.startswith(f"{FILE}: ")
    assert [word for word in words if word not in message] == []
    assert len(message) < 400


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda b: b.decode("latin-1")))
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    try:
        from_json(text, file=FILE)
    except DocumentError:
        return


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.data())
def test_no_value_whatever_in_any_field_breaks_the_reader(data: st.DataObject) -> None:
    content = json.loads(to_json(Assessment()))
    section = data.draw(st.sampled_from([content, content["site"], content["workloads"][0]]))
    section[data.draw(st.sampled_from(sorted(section)))] = data.draw(JSON_VALUES)
    try:
        read = from_json(json.dumps(content), file=FILE)
    except DocumentError:
        return
    assert from_json(to_json(read)) == read


@pytest.mark.parametrize("cut", range(0, 2800, 97))
def test_a_file_cut_off_anywhere_is_refused(cut: int) -> None:
    with pytest.raises(DocumentError):
        from_json(to_json(Assessment())[:cut], file=FILE)


@pytest.mark.parametrize("value", [math.nan, math.inf, "many", True, (1,)])
def test_what_no_reader_could_take_back_is_not_written(value: Any, tmp_path: Path) -> None:
    wrong = with_value(Assessment(), "workloads[0].input_tokens_mean", value)
    with pytest.raises(DocumentError, match=r"workloads\[0\]\.input_tokens_mean"):
        save(wrong, tmp_path / "a.json")
    assert list(tmp_path.iterdir()) == []


def test_save_and_load(tmp_path: Path) -> None:
    path = tmp_path / "häuser 房子.json"
    assessment = with_value(Assessment(), "project.title", "Zürich – 東京 \u202e <b>&")
    save(assessment, path)
    assert load(path) == assessment
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf" + to_json(Assessment()).encode())
    assert load(path) == Assessment()


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"\xff\xfe{\x00}\x00", "not UTF-8"), (b"\x00" * 50, "not JSON"), (b"%PDF-1.7 junk", "PDF")],
)
def test_other_kinds_of_files_are_refused(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(data)
    with pytest.raises(DocumentError, match=words) as caught:
        load(path)
    assert str(path) in str(caught.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such file"):
        load(tmp_path / "absent.json")
    with pytest.raises(DocumentError, match="folder"):
        load(tmp_path)
    with pytest.raises(DocumentError):
        load(f"{tmp_path}/a\0b")


def test_a_failed_save_leaves_the_old_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    save(Assessment(), path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    other = with_value(Assessment(), "site.racks", 9)
    with pytest.raises(UnwritableFileError, match="disk is full"):
        save(other, path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_an_edit_keeps_the_rest_of_the_document() -> None:
    base = Assessment(workloads=tuple(Workload(name=f"w{n}") for n in range(100)))
    again = from_json(to_json(base))
    assert again == base
    assert dataclasses.replace(again, site=base.site) == base
