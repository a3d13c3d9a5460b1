"""``report``: what it refuses before the work, where it writes, and what it passes on."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest

from core.assessment import Assessment, with_value
from core.cli import main
from core.interchange.comparison_file import Kept
from core.interchange.comparison_file import save as save_comparison
from core.interchange.document import load, save
from tests.core.charts import examples

AS_OF = ("--as-of", "2026-11-24", "--quiet")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's answer stands ready: here it counts what becomes of it."""
    answer = examples.recommendation()
    monkeypatch.setattr("core.assess.assess", lambda *_, **__: answer)
    monkeypatch.setattr("core.analysis.analyse", lambda *_, **__: examples.analysis(answer))


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bad input must be refused before any work."""

    def too_late(*_: object, **__: object) -> None:
        raise AssertionError("assessed first")

    monkeypatch.setattr("core.assess.assess", too_late)


def saved(folder: Path, name: str, **values: object) -> str:
    what = Assessment()
    for path, value in values.items():
        what = with_value(what, path.replace("__", "."), value)
    file = folder / name
    save(what, file)
    return str(file)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["report", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_each_assessment_gets_its_report_beside_it(
    quick: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [saved(tmp_path, "a.json"), saved(tmp_path, "b.json")]
    assert main(["report", *files, *AS_OF, "--sections", "risks,glossary"]) == 0
    assert sorted(p.name for p in tmp_path.glob("*.pdf")) == ["a.pdf", "b.pdf"]
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        str(tmp_path / "a.pdf"),
        str(tmp_path / "b.pdf"),
    ]
    document = pypdf.PdfReader(tmp_path / "a.pdf")
    titles = [str(item.title) for item in document.outline if not isinstance(item, list)]
    assert titles == ["Decision", "1 Risks", "2 Glossary"]


def test_paper_branding_and_place_are_those_asked_for(quick: None, tmp_path: Path) -> None:
    file, out = saved(tmp_path, "a.json"), tmp_path / "out.pdf"
    look = ["--paper", "Letter", "--company", "Example & Co", "--sections", "risks"]
    assert main(["report", file, *AS_OF, "--pdf", str(out), *look]) == 0
    page = pypdf.PdfReader(out).pages[0]
    assert (float(page.mediabox.width), float(page.mediabox.height)) == (612.0, 792.0)
    assert "Example & Co" in page.extract_text()
    folder = tmp_path / "reports"
    folder.mkdir()
    files = [file, saved(tmp_path, "b.json")]
    assert main(["report", *files, *AS_OF, "--pdf", str(folder), "--sections", "risks"]) == 0
    assert sorted(p.name for p in folder.iterdir()) == ["a.pdf", "b.pdf"]


def test_a_report_is_never_written_over_an_assessment(
    never: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = saved(tmp_path, "a.json")
    before = Path(file).read_bytes()
    assert "is the input too" in refused(capsys, file, "--pdf", file)
    assert Path(file).read_bytes() == before


def test_reports_of_one_name_are_refused(
    never: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    files = [saved(tmp_path, "a.json"), saved(other, "a.json")]
    assert "would make this report" in refused(capsys, *files, "--pdf", str(tmp_path))


def test_one_bad_assessment_stops_all(
    never: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = saved(tmp_path, "a.json"), saved(tmp_path, "b.json", site__racks=0)
    message = refused(capsys, good, bad)
    assert "b.json" in message and "site.racks" in message
    assert not list(tmp_path.glob("*.pdf"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--sections", "prices"), ["--sections", "prices", "glossary"]),
        (("--sections", " , "), ["--sections", "names no section"]),
        (("--accent", "red"), ["--accent", "#rrggbb", "red"]),
        (("--accent", "yellow"), ["--accent", "#rrggbb", "yellow"]),  # six letters, no digits
        (("--accent", "#ffee88"), ["--accent", "too light"]),
        (("--logo", "absent.png"), ["--logo", "no such file"]),
    ],
)
def test_a_wrong_option_is_named(
    options: tuple[str, ...],
    words: list[str],
    never: None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    message = refused(capsys, saved(tmp_path, "a.json"), *options)
    for word in words:
        assert word in message


def test_a_file_that_is_no_picture_is_no_logo(
    never: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = saved(tmp_path, "a.json")
    assert "neither a PNG nor an SVG" in refused(capsys, file, "--logo", file)


def test_several_reports_need_a_folder(
    never: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [saved(tmp_path, "a.json"), saved(tmp_path, "b.json")]
    assert "need a folder" in refused(capsys, *files, "--pdf", str(tmp_path / "one.pdf"))


def test_the_report_carries_the_assessment(tmp_path: Path) -> None:
    """The real engine, once."""
    file = saved(tmp_path, "a.json", site__venues=("token_api",))
    assert main(["report", file, *AS_OF, "--sections", "risks"]) == 0
    assert load(tmp_path / "a.pdf") == load(Path(file))


def test_several_are_compared_in_one_report(
    quick: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [
        saved(tmp_path, "today.json"),
        saved(tmp_path, "titled.json", project__title="Next year"),
    ]
    out = tmp_path / "both.pdf"
    assert main(["report", *files, "--compare", *AS_OF, "--pdf", str(out)]) == 0
    assert capsys.readouterr().out.endswith(f"{out}: 2 assessments compared\n")
    titles = [str(i.title) for i in pypdf.PdfReader(out).outline if not isinstance(i, list)]
    assert titles[3:] == ["3 today", "4 Next year"]
    assert [p.name for p in tmp_path.glob("*.pdf")] == ["both.pdf"]


def test_a_kept_comparison_is_compared_again_and_so_is_its_report(
    quick: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out, again = tmp_path / "kept.json", tmp_path / "both.pdf", tmp_path / "again.pdf"
    asked = Assessment()
    save_comparison(
        [Kept("Now", asked), Kept("Left out", asked, compared=False), Kept("Later", asked)], file
    )
    assert main(["report", str(file), "--compare", *AS_OF, "--pdf", str(out)]) == 0
    told = capsys.readouterr().out
    assert told.endswith(f"{out}: 2 assessments compared\n")
    assert f"{file}, Now: " in told and f"{file}, Later: " in told
    titles = [str(i.title) for i in pypdf.PdfReader(out).outline if not isinstance(i, list)]
    assert titles[3:] == ["3 Now", "4 Later"]
    assert main(["report", str(out), "--compare", *AS_OF, "--pdf", str(again)]) == 0
    assert capsys.readouterr().out.endswith(f"{again}: 2 assessments compared\n")
    assert "holds 3 assessments to compare; add --compare" in refused(capsys, str(file))


@pytest.mark.parametrize(
    ("count", "options", "words"),
    [
        (1, ("--pdf", "out.pdf"), "at least two"),
        (2, (), "--pdf"),
        (2, ("--pdf", "out.pdf", "--sections", "risks"), "own sections"),
    ],
)
def test_a_comparison_that_cannot_be_made_is_refused(
    count: int,
    options: tuple[str, ...],
    words: str,
    never: None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = [saved(tmp_path, f"{n}.json") for n in range(count)]
    assert words in refused(capsys, *files, "--compare", *options)
