"""The command line: what it prints, what it writes, and how it refuses."""

from __future__ import annotations

import csv
import dataclasses
import json
from pathlib import Path

import pytest

from core.assessment import Assessment, with_value
from core.cli import main
from core.cli.outcome import describe, printable
from core.cli.summary import _figures, summary
from core.interchange.document import from_json, save, to_json
from core.recommendation import Recommendation
from tests.core.charts import examples

AS_OF = ("--as-of", "2026-11-24")


@pytest.fixture
def bank(checkout: Path) -> str:
    return str(checkout / "resources" / "examples" / "bank_chat.json")


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one message of a command that must end with exit code 2."""
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err


# ------------------------------------------------------------------------------ run


def test_run_prints_the_recommendation_and_writes_what_is_asked_for(
    bank: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The analysis takes long and has its own tests; here it counts that it goes into the file.
    seeds = []

    def analyse(
        recommendation: Recommendation, catalog: object, *, seed: int, **_: object
    ) -> object:
        seeds.append(seed)
        return examples.analysis(recommendation)

    monkeypatch.setattr("core.analysis.analyse", analyse)
    results, options, sheets = (tmp_path / name for name in ("r.json", "o.csv", "s.xlsx"))
    files = ["--json", str(results), "--csv", str(options), "--xlsx", str(sheets)]
    assert main(["run", bank, *AS_OF, "--quiet", "--seed", "7", *files]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    content = json.loads(results.read_text(encoding="utf-8"))
    assert content["as_of"] == "2026-11-24"
    assert content["headline"].split()[0] in out
    assert seeds == [7]
    assert content["analysis"]["tornado"]
    assert content["options"][0]["venue"] == "on_premises"
    with options.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(content["options"]) + len(content["rejected"])
    assert sheets.read_bytes().startswith(b"PK")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["o.csv", "r.json", "s.xlsx"]


def test_the_same_input_and_date_give_the_same_words(
    bank: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", bank, *AS_OF, "--quiet"]) == 0
    first = capsys.readouterr().out
    assert main(["run", bank, *AS_OF, "--quiet"]) == 0
    assert capsys.readouterr().out == first


def test_no_feasible_option_ends_with_3_and_says_why(
    bank: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    impossible = with_value(
        from_json(Path(bank).read_text(encoding="utf-8")), "economics.capex_limit", 1000.0
    )
    path, options = tmp_path / "a.json", tmp_path / "o.csv"
    save(impossible, path)
    assert main(["run", str(path), *AS_OF, "--quiet", "--csv", str(options)]) == 3
    out = capsys.readouterr().out
    assert "Rejected, nearest first" in out
    assert "1,000" in out
    assert options.exists()


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("workloads[0].input_tokens_mean", -5.0, ["1 to 2,000,000 tokens", "−5"]),
        ("workloads[0].input_tokens_p95", 100.0, ["at least the mean (1,155)", "100"]),
        ("site.racks", 0, ["1 to 100,000 racks", "0"]),
        ("workloads[0].model", "meta-llama/Llama-3.3-70B-Instruc", ["meta-llama/Llama-3.3-70B"]),
        ("site.region", "Germany", ["site.region", "Germany"]),
        ("site.date_needed", "soon", ["2027-03-31", "soon"]),
    ],
)
def test_impossible_values_are_refused_by_file_field_value_and_what_is_allowed(
    path: str, value: object, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.json"
    save(with_value(Assessment(), path, value), file)
    message = refused(capsys, "run", str(file), "--csv", str(tmp_path / "o.csv"))
    for word in (str(file), path, *words):
        assert word in message
    assert not (tmp_path / "o.csv").exists()


def test_unreadable_input_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cut = tmp_path / "cut.json"
    cut.write_text(to_json(Assessment())[:700], encoding="utf-8")
    assert "truncated" in refused(capsys, "run", str(cut))
    assert "no such file" in refused(capsys, "run", str(tmp_path / "none.json"))
    assert "folder" in refused(capsys, "run", str(tmp_path))


@pytest.mark.parametrize("option", ["--pdf", "--json", "--csv"])
def test_an_unwritable_output_is_refused_before_the_work(
    option: str,
    bank: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def too_late(*_: object, **__: object) -> None:
        raise AssertionError("assessed first")

    monkeypatch.setattr("core.assess.assess", too_late)
    target = tmp_path / "absent" / "out"
    message = refused(capsys, "run", bank, option, str(target))
    assert str(target) in message
    assert "folder does not exist" in message
    assert "folder" in refused(capsys, "run", bank, option, str(tmp_path))


def test_no_output_replaces_the_input_or_another(
    bank: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path(bank).read_bytes()
    assert "the input too" in refused(capsys, "run", bank, "--json", bank)
    assert Path(bank).read_bytes() == before
    out = str(tmp_path / "o")
    assert "another output too" in refused(capsys, "run", bank, "--json", out, "--csv", out)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["run"],
        ["run", "a.json", "--as-of", "2026-13-01"],
        ["run", "a.json", "--seed", "-1"],
        ["run", "a.json", "--seed", "1.5"],
        ["run", "a.json", "--js", "x"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: inference-assess" in capsys.readouterr().err


# ------------------------------------------------------------------------------ documents


def test_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["schema_version"] == {"const": 1}


def test_presets_are_listed_and_each_makes_an_assessment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["presets"]) == 0
    listing = capsys.readouterr().out.splitlines()
    assert "Use cases" in listing
    assert "Sites" in listing
    keys = [line.split()[0] for line in listing if line.startswith("  ")]
    assert len(keys) > 10
    for key in keys:
        path = tmp_path / f"{key}.json"
        assert main(["new", "--preset", key, str(path)]) == 0
        assert from_json(path.read_text(encoding="utf-8")) is not None
    capsys.readouterr()


def test_new_never_overwrites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.json"
    assert main(["new", str(path)]) == 0
    assert "inference-assess run" in capsys.readouterr().out
    before = path.read_bytes()
    assert "exists already" in refused(capsys, "new", str(path))
    assert path.read_bytes() == before


def test_an_unknown_preset_is_told_with_the_nearest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a.json"
    message = refused(capsys, "new", "--preset", "interactive_chatt", str(out))
    assert "interactive_chat" in message
    assert not out.exists()
    assert "does not exist" in refused(capsys, "new", str(tmp_path / "no" / "a.json"))


# ------------------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "?"),
        (float("nan"), "?"),
        (float("inf"), "?"),
        (0.0, "0"),
        (2.1296, "2.13"),
        (0.28437, "0.284"),
        (169_105.9, "169,106"),
        (9.996, "10.00"),
        (-12.34, "−12.3"),
    ],
)
def test_figures_have_three_significant_digits(value: float | None, text: str) -> None:
    assert _figures(value) == text


def test_the_summary_shows_every_part_and_no_control_characters() -> None:
    base = examples.recommendation(
        headline="Choose \x1b[31mred\x07", reasons=("because",), risks=("r",), conditions=("c",)
    )
    text = summary(base)
    for word in ("Choose", "because", "To be confirmed", "EUR/Mtok", "Rejected", "As of"):
        assert word in text
    assert all(c.isprintable() or c == "\n" for c in text)
    assert base.winner is not None
    assert base.winner.title[:20] in text


def test_the_summary_of_nothing_feasible_lists_what_was_rejected() -> None:
    base = examples.recommendation()
    text = summary(dataclasses.replace(base, options=(), rejected=base.options))
    assert "EUR/Mtok" not in text
    assert base.options[0].title in text.replace("\n    ", " ")


def test_control_characters_are_spelled_out() -> None:
    assert printable("a\x1b[2Jb\u202e\u0085") == "a\\x1b[2Jb\\u202e\\x85"
    assert printable("häuser\t房子\n") == "häuser\t房子\n"


def test_many_problems_make_one_message() -> None:
    from core.assessment import problems

    wrong = Assessment()
    for path in ("site.racks", "site.rack_height_u", "economics.horizon_years"):
        wrong = with_value(wrong, path, -1)
    message = describe("a.json", problems(wrong))
    assert message.count("\n") == 0
    assert "site.racks (Free racks)" in message
    assert "2 more problems: site.rack_height_u, economics.horizon_years" in message
