"""Results for other programs hold what the recommendation holds, and harm no spreadsheet."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.interchange.document import from_json
from core.interchange.exports import options_csv, plain, results_json, safe_cell
from core.recommendation import Currency, Recommendation, Spread
from tests.core.charts import examples
from tests.core.decision.builders import SOURCE


@pytest.fixture(scope="module")
def recommendation() -> Recommendation:
    return examples.recommendation()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_one_row_per_option_best_first(recommendation: Recommendation) -> None:
    rows = rows_of(options_csv(recommendation))
    options = (*recommendation.options, *recommendation.rejected)
    assert [row["id"] for row in rows] == [option.id for option in options]
    for row, option in zip(rows, options, strict=True):
        assert row["feasible"] == ("yes" if option.feasible else "no")
        assert row["rank"] == ("" if option.rank is None else str(option.rank))
        if option.cost is not None:
            assert float(row["usd_per_mtok_base"]) == option.cost.usd_per_mtok.base
            assert float(row["capex_usd"]) == option.cost.capex_usd
        for score in option.scores:
            shown = row[f"score_{score.key}"]
            assert shown == ("" if score.value is None else repr(score.value))


def test_every_criterion_has_its_column(recommendation: Recommendation) -> None:
    heads = options_csv(recommendation).split("\r\n", 1)[0].split(",")
    winner = recommendation.winner
    assert winner is not None
    assert {f"score_{s.key}" for s in winner.scores} <= set(heads)
    assert len(heads) == len(set(heads))


@pytest.mark.parametrize("start", ["=1+1", "+A1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_no_text_becomes_a_formula(start: str, recommendation: Recommendation) -> None:
    option = dataclasses.replace(recommendation.options[0], title=f'{start},"x"\n;y')
    hostile = dataclasses.replace(recommendation, options=(option,), rejected=())
    (row,) = rows_of(options_csv(hostile))
    assert row["title"][0] == "'"
    assert row["title"][1:] == option.title


@given(st.text(max_size=20))
def test_a_cell_never_starts_like_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert cell in (text.replace("\x00", ""), "'" + text.replace("\x00", ""))


def test_no_text_is_an_empty_cell() -> None:
    assert safe_cell("") == ""


@given(st.floats() | st.integers())
def test_numbers_stay_numbers_and_what_is_none_is_empty(value: float) -> None:
    cell = safe_cell(value)
    assert (float(cell) == value) if math.isfinite(value) else cell == ""


def test_no_option_at_all_is_a_heading_only(recommendation: Recommendation) -> None:
    nothing = dataclasses.replace(recommendation, options=(), rejected=())
    assert rows_of(options_csv(nothing)) == []


def test_everything_is_in_the_json(recommendation: Recommendation) -> None:
    content = json.loads(results_json(recommendation, examples.analysis(recommendation)))
    assert {f.name for f in dataclasses.fields(Recommendation)} <= set(content)
    assert len(content["options"]) == len(recommendation.options)
    assert content["headline"] == recommendation.headline
    assert content["analysis"]["seed"] is not None
    again = from_json(json.dumps(content["assessment"]))
    assert again == recommendation.assessment


def test_the_json_is_strict(recommendation: Recommendation) -> None:
    def refuse(name: str) -> None:
        raise AssertionError(name)

    option = dataclasses.replace(
        recommendation.options[0], total_score=math.nan, weeks_to_deploy=Spread(0.0, 1.0, math.inf)
    )
    odd = dataclasses.replace(recommendation, options=(option,))
    content = json.loads(results_json(odd), parse_constant=refuse)
    assert content["options"][0]["total_score"] is None
    assert content["options"][0]["weeks_to_deploy"] == {"low": 0.0, "base": 1.0, "high": None}
    assert content["analysis"] is None


def test_numbers_of_numpy_become_plain_and_objects_are_refused() -> None:
    assert plain((np.float64(1.5), np.int64(2), np.bool_(True), np.float64("nan"))) == [
        1.5, 2, True, None,
    ]  # fmt: skip  # one line per idea
    assert type(plain(np.int64(2))) is int
    with pytest.raises(TypeError):
        plain(object())


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


def test_amounts_stand_in_the_users_currency_as_well() -> None:
    answer = dataclasses.replace(examples.recommendation(), currency=Currency("EUR", 0.8, SOURCE))
    rows = list(csv.DictReader(io.StringIO(options_csv(answer))))
    names = list(rows[0])
    for name in ("usd_per_mtok_base", "npv_usd", "capex_usd"):
        other = name.replace("usd", "eur")
        assert names[names.index(name) + 1] == other
        for row in rows:
            assert bool(row[name]) == bool(row[other])
            if row[name]:
                assert float(row[other]) == pytest.approx(0.8 * float(row[name]))
    assert not any("eur" in name.split("_") for name in _usd_columns(answer))


def _usd_columns(answer: Recommendation) -> list[str]:
    dollars = dataclasses.replace(answer, currency=Currency("USD", 1.0, answer.currency.provenance))
    return next(csv.reader(io.StringIO(options_csv(dollars))))
