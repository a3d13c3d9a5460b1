"""Rules of the house that linters cannot say."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("core", "gui", "resources")
MAX_LINES = 450
TOP_LEVEL = {
    "pyproject.toml", "README.md", "gui", "core", "resources", "tests",
    "Makefile", "LICENSE", "CHANGELOG.md", "constraints.txt",
}  # fmt: skip  # one thought per line reads better than one name


def modules(*packages: str) -> Iterator[Path]:
    for package in packages or PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def tracked() -> list[str]:
    """Paths of every committed file."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout, or no git")
    listing = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip  # one line per kind of argument
    return [name for name in listing.stdout.split("\0") if name]


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_top_level_has_nothing_unexpected() -> None:
    top = {name.split("/")[0] for name in tracked()}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_nothing_at_top_level_is_ignored_by_accident() -> None:
    # A ready-made ignore list with "core" in it would silently drop the whole engine.
    for package in PACKAGES:
        assert any(name.startswith(f"{package}/") for name in tracked())


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_module_is_too_long_to_hold_in_the_head() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules()
        if (lines := sum(map(bool, map(str.strip, path.read_text(encoding="utf-8").splitlines()))))
        > MAX_LINES
    }
    assert long == {}


def test_engine_has_no_window_system_and_no_pyplot() -> None:
    for path in modules("core", "resources"):
        for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
            assert name.split(".")[0] not in {"PySide6", "shiboken6", "gui"}, path
            assert not name.startswith(("matplotlib.pyplot", "pylab")), path


def test_engine_never_sets_logging_up_and_asks_no_clock() -> None:
    # The date is an argument: only the command line may ask for today's.
    forbidden = re.compile(r"logging\.basicConfig|\bdate\.today\(|\bdatetime\.(now|utcnow)\(")
    for path in modules("core"):
        if "cli" in path.relative_to(ROOT / "core").as_posix():
            continue
        assert not forbidden.search(path.read_text(encoding="utf-8")), path


def test_answers_take_no_product_of_arrays_from_blas() -> None:
    # Its sums depend on threads and on memory: two runs would print two last digits.
    # fits to measurements: their result is a file of rounded parameters
    free = {f"core/performance/{name}.py" for name in ("fit", "mixing", "power_fit", "site_fit")}
    blas = {"dot", "vdot", "inner", "matmul", "tensordot", "solve", "lstsq"}
    for path in modules("core"):
        name = path.relative_to(ROOT).as_posix()
        if name in free or name.startswith("core/report/svg/"):  # there: transforms of our own
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            taken = isinstance(called, ast.Attribute) and called.attr in blas
            matrices = isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)
            assert not (taken or matrices), f"{name}:{node.lineno}: use core.products"


def test_every_exception_from_a_checker_has_its_reason_beside_it() -> None:
    marker = re.compile(r"#\s*(noqa: [A-Z0-9, ]+|type: ignore\[[^\]]+\])(?P<rest>.*)$")
    bare = []
    for path in modules(*PACKAGES, "tests"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = marker.search(line)
            if match and len(match["rest"].strip(" #-:–")) < 8:
                bare.append(f"{path.relative_to(ROOT)}:{number}")
    assert bare == []


def test_nothing_is_left_to_do() -> None:
    unfinished = re.compile(
        r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b|raise NotImplemented" + "Error"
    )
    for path in modules():
        assert not unfinished.search(path.read_text(encoding="utf-8")), path


def test_no_file_names_a_machine() -> None:
    # Absolute paths of whoever wrote it, in any text file.
    pattern = re.compile(rb"(?<![\w.:/])/(" + rb"wo" + rb"rk|ro" + rb"ot|ho" + rb"me)/[\w.]")
    for name in tracked():
        path = ROOT / name
        if path.suffix in {".ttf", ".png", ".pdf", ".mo"} or not path.is_file():
            continue
        assert not pattern.search(path.read_bytes()), name


def test_pinned_versions_name_no_host() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r"[\w.-]+==[\w.]+", line), line
