"""Own measurements travel with the assessment: every way it takes gives the window's answer."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path

import pytest

from core.assess import InvalidAssessmentError, assess
from core.assessment import Assessment, with_value
from core.catalog.load import load_catalog
from core.cli import main
from core.interchange.document import DocumentError, from_json, load, save, to_json
from core.interchange.exports import plain
from core.interchange.strict_json import MAX_BYTES
from core.performance import parameters as par
from tests.core.performance.own_site import whole_refit

AS_OF = date(2026, 11, 24)
OWN = whole_refit(0.6, date="2026-11-20")


def measured() -> Assessment:
    asked = with_value(Assessment(), "site.venues", ("on_premises", "gpu_cloud"))
    return dataclasses.replace(asked, own_measurements=OWN)


def test_the_saved_file_gives_the_same_answer_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The window asks ``assess`` with the document; the command line reads it from the file."""
    asked = measured()
    file, results = tmp_path / "asked.json", tmp_path / "results.json"
    save(asked, file)
    assert load(file) == asked
    in_window = assess(asked, load_catalog(), as_of=AS_OF)
    assert (
        main(["run", str(file), "--json", str(results), "--as-of", AS_OF.isoformat(), "--quiet"])
        == 0
    )
    assert "own measurements: 24 values" in " ".join(capsys.readouterr().out.split())
    told = json.loads(results.read_text())
    told.pop("analysis")
    for key, value in json.loads(json.dumps(plain(in_window))).items():
        assert told[key] == value, key
    shipped = assess(with_value(asked, "own_measurements", None), load_catalog(), as_of=AS_OF)
    assert plain(shipped.options) != plain(in_window.options)


def test_a_refit_to_other_parameters_opens_but_is_not_computed_with() -> None:
    other = dataclasses.replace(OWN, base_sha256="b" * 64)
    asked = dataclasses.replace(measured(), own_measurements=other)
    assert from_json(to_json(asked)) == asked
    with pytest.raises(InvalidAssessmentError, match=r"import own\.csv again"):
        assess(asked, load_catalog(), as_of=AS_OF)


def test_a_file_without_measurements_says_nothing_of_them() -> None:
    assert "own_measurements" not in json.loads(to_json(Assessment()))
    assert from_json('{"schema_version": 1, "own_measurements": null}').own_measurements is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"terms": [{"term": "decode"}]}, r"own_measurements\.terms\[0\]\.engine"),
        ({"format": "other"}, "own_measurements: holds no site parameters"),
        ({"version": 9}, r"own_measurements\.version: must be 1; got 9"),
        ({"seen": {"measured": ["x" * 401]}}, r"own_measurements\.seen\.measured"),
        ({"seen": {str(n): [] for n in range(51)}}, r"own_measurements\.seen: must have at most"),
        ({"seen": {"measured": ["x"] * 5001}}, r"own_measurements\.seen\.measured"),
    ],
)
def test_what_others_wrote_is_refused_by_its_place(change: dict[str, object], words: str) -> None:
    document = json.loads(to_json(measured()))
    document["own_measurements"] |= change
    with pytest.raises(DocumentError, match=words):
        from_json(json.dumps(document))


def test_the_largest_refit_still_fits_a_file() -> None:
    """Both lists of a refit at their limit, with names as long as any of the published runs."""
    longest = max(len(name) for name in par.shipped().tables["seen"]["measured"])
    names = tuple(f"{n}".zfill(longest) for n in range(5000))
    large = dataclasses.replace(OWN, seen=(("measured", names),))
    text = to_json(dataclasses.replace(measured(), own_measurements=large))
    assert len(text.encode()) < MAX_BYTES / 4
    assert from_json(text).own_measurements == large
