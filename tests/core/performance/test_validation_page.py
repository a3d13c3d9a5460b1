"""The validation page: what it says is what the engine does, and small examples by hand."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from core.catalog.load import load_catalog
from core.performance import validation_page, validation_plots
from core.performance.validate import Validation
from core.performance.validation_groups import LEAST, groups_of, left_out
from tests.core.performance.made_up import prediction
from tests.core.performance.shipped import checked, sites, stored

DOCS = files("resources") / "docs"


def test_the_stored_page_is_the_page_of_what_is_stored() -> None:
    """If this fails: python -m core.performance.validation_page writes it anew."""
    assert (DOCS / "validation.md").read_text("utf-8") == validation_page.page(
        stored(), checked(), sites()
    )


def test_every_picture_is_there_and_small() -> None:
    text = (DOCS / "validation.md").read_text("utf-8")
    named = re.findall(r"!\[[^\]]+\]\((validation/[a-z]+\.png)\)", text)
    assert len(named) == 4
    for name in named:
        data = (DOCS / name).read_bytes()
        assert data.startswith(b"\x89PNG")
        assert len(data) < 150_000


def test_a_picture_is_the_same_every_time(tmp_path: Path) -> None:
    rows = [prediction("tpot_ms_mean", 10.0 + n, 11.0 + n) for n in range(LEAST)]
    held = {"left_out_by_accelerator": {"tpot": {"A": {"n": LEAST, "median": 0.3}}}}
    for name in ("a.png", "b.png"):
        figure = validation_plots.by_group(groups_of(rows, "accelerator"), "accelerator", held)
        validation_plots.save(figure, tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_the_page_is_written_with_its_pictures(tmp_path: Path) -> None:
    rows = tuple(prediction("ttft_ms_mean", 10.0 + n, 11.0 + n) for n in range(LEAST))
    validation_page.write(stored(), Validation(rows, ()), load_catalog(), tmp_path, {})
    names = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*"))
    pictures = [f"validation/{n}.png" for n in ("accelerator", "engine", "model", "predicted")]
    assert names == ["validation.md", *pictures]


def test_errors_by_group_are_those_of_its_rows() -> None:
    rows = [
        prediction("tpot_ms_mean", 10.0, 11.0),
        prediction("tpot_ms_mean", 10.0, 13.0),
        prediction("tpot_ms_mean", 10.0, 9.8, model="N"),
        prediction("ttft_ms_mean", 10.0, 12.0),
        prediction("ttft_ms_mean", 10.0, 90.0, saturated=True),
        prediction("e2e_ms_mean", 10.0, 90.0),
        prediction("req_s", 10.0, None),
    ]
    first, second = groups_of(rows, "model")
    assert (first.name, first.values, second.name, second.values) == ("M", 3, "N", 1)
    assert first.families["tpot"]["median_ape"] == pytest.approx(0.2)
    assert first.families["ttft"]["median_ape"] == pytest.approx(0.2)
    assert set(first.families) == {"tpot", "ttft"}
    assert second.families["tpot"]["median_ape"] == pytest.approx(0.02)


def test_a_left_out_error_is_shown_only_where_one_was_made() -> None:
    tables = {"left_out_by_model": {"tpot": {"M": {"n": 3, "median": 0.4}, "N": {"n": 0}}}}
    assert left_out(tables, "model", "tpot", "M") == 0.4
    assert left_out(tables, "model", "tpot", "N") is None
    assert left_out(tables, "engine", "tpot", "vllm") is None


def test_small_groups_are_folded_and_unanswered_rows_told() -> None:
    many = [prediction("tpot_ms_mean", 10.0, 11.0) for _ in range(LEAST)]
    few = prediction("tpot_ms_mean", 10.0, 12.0, model="Rare")
    text = validation_page.page(
        stored(), Validation((*many, few, prediction("req_s", 1.0, None)), ()), {}
    )
    assert "What own measurements gain" not in text
    by_model = text[text.index("## By model") :]
    folded = by_model[by_model.index("<details>") : by_model.index("</details>")]
    assert "1 more, each with fewer than 20 values" in folded
    assert "| Rare | 20.0 % (1) |" in folded
    assert "1 rows without an answer" in text and "- 1: no idea" in text


def test_sources_left_out_are_told_by_size_and_only_where_there_is_much() -> None:
    found = {
        "tpot": {"large": {"n": 15, "median": 0.1}, "small": {"n": 3, "median": 0.5}},
        "throughput": {"large": {"n": 15, "median": 0.25}, "other": {"n": 21, "median": 0.3}},
    }
    text = validation_page._by_source({"left_out_by_source": found})
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    assert lines[1:] == [
        "| large | 10.0 % (15) |  | 25.0 % (15) |",
        "| other |  |  | 30.0 % (21) |",
    ]
    assert validation_page._by_source({}) == ""
