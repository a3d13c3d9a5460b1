"""``inference-assess`` as a process of its own: from the example to the PDF and back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

from core.assessment import with_value
from core.interchange.document import load, save

# As on a machine without display libraries: Qt must never be asked for.
NO_QT = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "shiboken6", "gui"):
            raise ImportError("the engine asked for " + name)
sys.meta_path.insert(0, Refuse())
from core.cli import main
sys.exit(main())
"""


def inference_assess(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", NO_QT, *arguments],
        cwd=checkout, capture_output=True, text=True, timeout=300, check=False, encoding="utf-8",
    )  # fmt: skip  # one line per kind of argument


def example(checkout: Path, name: str) -> Path:
    return checkout / "resources" / "examples" / f"{name}.json"


def assess_to_pdf(checkout: Path, file: Path, out: Path) -> subprocess.CompletedProcess[str]:
    return inference_assess(
        checkout, "run", str(file), "--as-of", "2026-11-24", "--quiet", "--pdf", str(out)
    )


def test_the_report_is_written_without_qt_and_carries_its_assessment(
    checkout: Path, tmp_path: Path
) -> None:
    out = tmp_path / "bank.pdf"
    done = assess_to_pdf(checkout, example(checkout, "bank_chat"), out)
    assert (done.returncode, done.stderr) == (0, "")
    assert "On-premises" in done.stdout
    assert len(pypdf.PdfReader(out).pages) >= 10
    assert load(out) == load(example(checkout, "bank_chat"))
    assert [path.name for path in tmp_path.iterdir()] == ["bank.pdf"]


@pytest.mark.full
def test_two_processes_write_the_same_bytes(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    for threads, seed in (("1", "1"), ("2", "2"), ("2", "3")):
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", threads)
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        out = tmp_path / f"{seed}.pdf"
        assert assess_to_pdf(checkout, example(checkout, "coding_saas"), out).returncode == 0
        written.append(out.read_bytes())
    assert written[0] == written[1] == written[2]


@pytest.mark.full
@pytest.mark.parametrize(
    "name", ["coding_saas", "retail_edge", "batch_extraction", "hospital_group"]
)
def test_every_example_makes_a_report(name: str, checkout: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    done = assess_to_pdf(checkout, example(checkout, name), out)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(pypdf.PdfReader(out).pages) >= 10
    again = assess_to_pdf(checkout, out, tmp_path / "again.pdf")
    assert again.returncode == 0
    assert (tmp_path / "again.pdf").read_bytes() == out.read_bytes()


@pytest.mark.full  # the matrix of tests/report makes such a report of every kind in one process
def test_the_report_is_written_where_nothing_is_feasible(checkout: Path, tmp_path: Path) -> None:
    impossible = with_value(
        load(example(checkout, "bank_chat")), "workloads[0].targets.ttft_ms", 1.0
    )
    file, out = tmp_path / "a.json", tmp_path / "a.pdf"
    save(impossible, file)
    done = assess_to_pdf(checkout, file, out)
    assert (done.returncode, done.stderr) == (3, "")
    assert "Rejected, nearest first" in done.stdout
    text = "".join(page.extract_text() for page in pypdf.PdfReader(out).pages)
    assert "Time to first token" in text


def test_bad_input_and_wrong_usage_end_with_2(checkout: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"schema_version": 1, "site": {"racks": "four"}}))
    done = inference_assess(checkout, "run", str(file), "--pdf", str(tmp_path / "a.pdf"))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"inference-assess: {file}: site.racks: must be")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "a.pdf").exists()
    assert inference_assess(checkout, "fly").returncode == 2


def test_the_reader_of_the_output_may_leave_early(checkout: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m core.cli schema | head -1"],
        cwd=checkout, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip  # one line per kind of argument
    assert (done.stdout, done.stderr) == ("{\n", "")
