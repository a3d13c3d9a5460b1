"""Tables equal the inputs, sentences carry the numbers, and what is missing is said."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import pytest
from matplotlib.text import Text

from core.charts import KEYS, PRINT, Absent, Chart, chart, charts_for, figure
from core.charts.common import ranked
from core.charts.futures import _told, change_needed
from core.charts.load import fullest_use
from core.decision.rating import CONSTRAINTS
from core.decision.standings import points_of
from core.recommendation import SwitchPoint
from tests.core.charts import examples
from tests.core.charts.examples import EUR, build


@pytest.fixture(scope="module")
def answer() -> Any:
    return examples.recommendation()


@pytest.fixture(scope="module")
def found(answer: Any) -> dict[str, Chart]:
    items = charts_for(answer, None, examples.analysis(answer))
    return {item.key: item for item in items if isinstance(item, Chart)}


def reason(key: str, answer: Any, option: Any = None, analysis: Any = None) -> str:
    item = chart(key, answer, option, analysis)
    assert isinstance(item, Absent) and item.key == key and item.title
    return item.reason


def test_every_chart_says_what_it_shows(found: dict[str, Chart]) -> None:
    assert tuple(found) == KEYS
    for item in found.values():
        assert item.title and item.alt_text.endswith((".", ")"))
        assert any(sign.isdigit() for sign in item.alt_text)
        assert item.rows and all(len(row) == len(item.columns) for row in item.rows)
        assert item.height_mm(80.0) > 30 and item.height_mm(170.0) > 30


def test_unknown_key_is_refused(answer: Any) -> None:
    with pytest.raises(KeyError):
        chart("pie", answer)


def test_cost_in_the_users_currency(found: dict[str, Chart], answer: Any) -> None:
    item = found["cost_per_mtok"]
    by_title = {row[0]: row for row in item.rows}
    row = by_title["On-premises: 3 x 8x H100 SXM server"]
    assert row[2:5] == pytest.approx((2.1 * 0.82 * EUR, 2.1 * EUR, 2.1 * 1.35 * EUR))
    futures = {u.option_id: u for u in examples.analysis(answer).uncertainty}[answer.winner.id]
    assert by_title[answer.winner.title][5:] == pytest.approx(
        (futures.usd_per_mtok_p10 * EUR, futures.usd_per_mtok_p90 * EUR)
    )
    assert "another range" in item.note and "80 % of the sampled futures" in item.note
    assert by_title["On-premises: 1 x Rack of 72 accelerators"][1:] == (
        "no price known", None, None, None, None, None,
    )  # fmt: skip  # one row
    assert "1 option has no known price; it is rejected and not drawn." in item.note
    assert "Rack of 72" not in item.note
    assert answer.winner.title in item.alt_text and "1.96 EUR" in item.alt_text


def test_an_option_without_a_bar_of_futures_is_told(answer: Any) -> None:
    """Four of twelve options stood without the bar that the key explains, and without a word."""
    whole = examples.analysis(answer)
    drawn = {o.id for o in ranked(answer, None) if o.cost is not None}
    only = tuple(u for u in whole.uncertainty if u.option_id == answer.winner.id)
    item = chart("cost_per_mtok", answer, None, dataclasses.replace(whole, uncertainty=only))
    n = len(drawn) - 1
    assert isinstance(item, Chart) and n > 1
    assert f"{n} options drawn have no bar: they were not run through the futures." in item.note
    for one in (
        dataclasses.replace(only[0], option_id=i) for i in sorted(drawn - {only[0].option_id})
    ):
        only = (*only, one)
    item = chart("cost_per_mtok", answer, None, dataclasses.replace(whole, uncertainty=only))
    assert isinstance(item, Chart) and "no bar" not in item.note


def test_scores_add_up(found: dict[str, Chart]) -> None:
    for row in found["scores"].rows:
        parts = [v for v in row[2:] if isinstance(v, float)]
        assert sum(parts) == pytest.approx(row[1])


def test_radar_keeps_what_does_not_apply_empty(answer: Any) -> None:
    hosted = next(o for o in answer.options if o.venue == "token_api")
    item = chart("constraints_radar", answer, hosted)
    assert isinstance(item, Chart)
    assert len(item.rows) == 5
    api = next(i for i, name in enumerate(item.columns) if "Hosted API" in name)
    assert all(row[api] is None for row in item.rows)
    assert "none applies" in item.alt_text


def test_latency_table_is_the_curve(found: dict[str, Chart]) -> None:
    item = found["latency_load"]
    curve = examples.curve()
    assert [row[0] for row in item.rows] == [p.req_s for p in curve]
    column = item.columns.index("Time to first token, P95 (ms)")
    assert item.rows[8][column] == curve[8].ttft_ms["p95"]
    assert item.rows[-1][column] is None  # unbounded at saturation
    assert "327 ms (target 500 ms)" in item.alt_text


def test_break_even_is_the_running_total(found: dict[str, Chart], answer: Any) -> None:
    item = found["break_even"]
    assert len(item.rows) == 37
    total = answer.winner.cost.cumulative_usd[-1] * EUR
    assert item.rows[-1][1] == pytest.approx(total)
    assert any(c.startswith("Base case") for c in item.columns)


def test_what_is_paid_today_is_a_line_of_its_own(answer: Any) -> None:
    usd = tuple(10_000.0 / EUR * month for month in range(37))
    item = chart("break_even", dataclasses.replace(answer, paid_today_usd=usd, base_case="paid"))
    assert isinstance(item, Chart)
    assert item.columns[-1].startswith("Base case: paid today")
    assert [item.rows[m][-1] for m in (0, 6, 36)] == pytest.approx([0.0, 60_000.0, 360_000.0])


def test_cash_flow_sums(found: dict[str, Chart], answer: Any) -> None:
    rows = found["cash_flow"].rows
    running = 0.0
    for row, usd in zip(rows, answer.winner.cost.yearly_usd, strict=True):
        kinds = [v for v in row[1:-2] if isinstance(v, float)]
        assert sum(kinds) == pytest.approx(usd * EUR)
        running += usd * EUR
        assert row[-1] == pytest.approx(running)


def test_breakdown_adds_up_to_the_levelised_cost(found: dict[str, Chart], answer: Any) -> None:
    rows = found["cost_breakdown"].rows
    base = [row[2] for row in rows if isinstance(row[2], float)]
    assert sum(base) == pytest.approx(answer.winner.cost.usd_per_mtok.base * EUR)
    assert sum(row[4] for row in rows if isinstance(row[4], float)) == pytest.approx(100.0)
    assert {row[0]: row[5] for row in rows}["Network"] == "assumption"


def test_a_line_from_a_source_of_low_confidence_is_not_told_as_sourced(answer: Any) -> None:
    cost = answer.winner.cost
    weak = tuple(
        dataclasses.replace(
            x, is_assumption=False, provenance=dataclasses.replace(x.provenance, confidence=grade)
        )
        for x, grade in zip(cost.lines, itertools.cycle(("low", "medium", "high")), strict=False)
    )
    best = dataclasses.replace(answer.winner, cost=dataclasses.replace(cost, lines=weak))
    told = chart("cost_breakdown", answer, best)
    assert isinstance(told, Chart)
    by_label = {row[0]: row[5] for row in told.rows}
    for x in weak:
        low = x.provenance.confidence == "low"
        assert by_label[x.label] == ("source of low confidence" if low else "sourced")


def test_hybrid_names_its_minimum(found: dict[str, Chart]) -> None:
    item = found["hybrid_split"]
    totals = [row[4] for row in item.rows if isinstance(row[4], float)]
    best = totals.index(min(totals))
    assert f"cheapest with {best} owned units" in item.alt_text
    for row in item.rows:
        assert row[4] == pytest.approx(row[2] + row[3])  # type: ignore[operator]  # numbers in this table


def test_published_ratio_is_marked_as_sponsored(found: dict[str, Chart]) -> None:
    item = found["general_purpose"]
    assert "sponsored" in item.alt_text and "sponsored" in item.note
    assert [row[2] for row in item.rows] == [1.0, 2.9, None, 2.0]
    assert "No CPU-only server" in item.note


def test_week_has_its_hours_and_capacity(found: dict[str, Chart]) -> None:
    item = found["weekly_load"]
    assert len(item.rows) == 168
    assert [row[1] for row in item.rows] == list(examples.demand().hourly_req_s)
    assert "capacity 4" in item.alt_text  # two replicas of two requests per second


def test_shares_are_percentages(found: dict[str, Chart]) -> None:
    for row in found["step_shares"].rows:
        assert sum(v for v in row[1:] if isinstance(v, float)) == pytest.approx(100.0)


def test_site_charts_give_the_fleet(found: dict[str, Chart], answer: Any) -> None:
    racks = found["rack_layout"].rows
    assert [row[0] for row in racks] == [r.number for r in answer.winner.fleet.racks]
    assert racks[0][2:6] == (10.2, 12.0, 10.0, 42.0)
    power = {row[0]: row for row in found["power_budget"].rows}
    assert power["IT power, nameplate"][1] == 20.4
    assert power["Power per rack (kW)"][1:] == (10.2, 20.0, pytest.approx(51.0))


def test_wins_and_lead_come_from_the_analysis(found: dict[str, Chart]) -> None:
    assert [row[1] for row in found["win_probability"].rows][:2] == pytest.approx([52.0, 21.0])
    assert found["tornado"].rows[0][3:] == pytest.approx((-0.4 * EUR, 0.9 * EUR))
    assert "turns negative" in found["tornado"].alt_text
    assert [row[0] for row in found["switch_points"].rows] == [
        "Named users", "Electricity price", "Discount rate",
    ]  # fmt: skip  # nearest first


@pytest.mark.parametrize(
    ("now", "then", "change"),
    [
        ("2,000", "1,120", -0.44),
        ("0.24 EUR/kWh", "0.61 EUR/kWh", 0.61 / 0.24 - 1),
        ("8 %", "12 %", 0.5),
        ("8 %", None, None),
        ("Buy", "Lease", None),
        ("0 %", "10 %", None),
        ("20 kW", "30 kVA", None),
        ("4 years", "1 year", -0.75),
        ("1 Jahr", "3 Jahre", 2.0),
        ("20 kW", "30 kWh", None),
    ],
)
def test_change_needed(now: str, then: str | None, change: float | None) -> None:
    expected = None if change is None else pytest.approx(change)
    assert change_needed(now, then) == expected


def test_a_rate_of_zero_or_less_tells_its_change_in_points() -> None:
    point = SwitchPoint("growth", "Price trend", "−20 %", "−5 %", "Rented", True)
    assert _told(point) == "+15 percentage points"


# -- honest absence --------------------------------------------------------------------------


def test_without_analysis_its_charts_say_so(answer: Any) -> None:
    for key in ("win_probability", "tornado", "switch_points"):
        assert "has not been run" in reason(key, answer)
    empty = dataclasses.replace(
        examples.analysis(answer), tornado=(), base_gap=None, uncertainty=(), switch_points=()
    )
    for key in ("win_probability", "tornado", "switch_points"):
        assert reason(key, answer, analysis=empty)


def test_hosted_winner_has_no_machines(answer: Any) -> None:
    api = next(o for o in answer.options if o.venue == "token_api")
    only = dataclasses.replace(answer, options=(api,), cost_against_utilisation=())
    for key in ("rack_layout", "power_budget"):
        assert "provider powers" in reason(key, only)
    for key in ("latency_load", "roofline", "step_shares", "carbon", "hybrid_split"):
        assert reason(key, only)
    assert "paid by the token" in reason("cost_utilisation", only)
    for key in ("cost_per_mtok", "cash_flow", "cost_breakdown", "break_even", "weekly_load"):
        assert isinstance(chart(key, only), Chart)


def test_the_roofline_holds_the_chosen_option_beside_the_best_of_the_answer() -> None:
    slow = examples.serving(roof_peak_tflops=400.0)
    api = build.option("api", cost=examples.cost(1.0), servings=(), title="Api")
    mine, other = (
        build.option(key, cost=examples.cost(usd), servings=(serving,), title=key.title())
        for key, usd, serving in (("mine", 2.0, examples.serving()), ("other", 3.0, slow))
    )
    answer = examples.recommendation([mine, other, api])
    for chosen, first in ((mine, "Mine"), (other, "Other")):
        item = chart("roofline", answer, answer.option(chosen.id))
        assert isinstance(item, Chart)
        names = [str(line[0]) for line in item.rows]
        assert first in names[0] and {n.split(". ")[-1] for n in names} == {"Mine", "Other"}
        assert "no accelerator is known" not in item.note
    hosted = chart("roofline", answer, answer.option("api"))
    assert isinstance(hosted, Chart) and "Of Api no accelerator is known" in hosted.note


def test_nothing_feasible_still_shows_the_nearest() -> None:
    hot = build.fleet(nameplate_kw=900.0, kw_per_rack=99.0)
    far = [build.option("far", cost=examples.cost(9.0), title="Too hot",
                        servings=(examples.serving(),), fleet=hot)]  # fmt: skip  # one option
    answer = examples.recommendation(far, general_purpose=(), cost_against_utilisation=())
    assert answer.winner is None
    item = chart("cost_per_mtok", answer)
    assert isinstance(item, Chart) and item.rows[0][1] == "not feasible"
    for key in ("latency_load", "cash_flow", "cost_breakdown", "rack_layout", "step_shares"):
        assert "No option is feasible" in reason(key, answer)
        assert isinstance(chart(key, answer, answer.rejected[0]), Chart)
    assert reason("general_purpose", answer) and reason("cost_utilisation", answer)
    assert isinstance(chart("weekly_load", answer), Chart)


def test_no_price_at_all() -> None:
    answer = examples.recommendation([build.option("x", usd_per_mtok=None, title="X")])
    assert "No price is known" in reason("cost_per_mtok", answer)
    assert "No price is known" in reason("break_even", answer)
    assert "no price is known" in reason("cash_flow", answer, answer.rejected[0])


def test_no_option_and_no_demand() -> None:
    answer = examples.recommendation(
        [], demand=(), general_purpose=(), cost_against_utilisation=(), base_case=""
    )
    for item in charts_for(answer):
        assert isinstance(item, Absent) and item.reason.endswith(".")


def test_unpriced_reference_is_explained(answer: Any) -> None:
    only = dataclasses.replace(answer, general_purpose=answer.general_purpose[1:])
    assert "No CPU-only server" in reason("general_purpose", only)


def test_twenty_hosted_services_do_not_hide_the_rest() -> None:
    hosted = [build.api(f"api{n}", 0.5 + n / 100, title=f"Hosted API {n}") for n in range(20)]
    answer = examples.recommendation([*hosted, *examples.options()])
    shown = ranked(answer)
    assert len(shown) == 12
    assert {o.venue for o in shown} == {o.venue for o in answer.options}
    assert [o.rank for o in shown] == sorted(o.rank or 0 for o in shown)
    last = answer.options[-1]
    assert ranked(answer, last, 3)[-1].id == last.id


def test_a_radar_needs_three_rated_constraints(answer: Any) -> None:
    def without(option: Any, kept: int) -> Any:
        rated = [s.key for s in option.scores if s.value is not None and s.key in CONSTRAINTS]
        scores = tuple(
            dataclasses.replace(s, value=None) if s.key in rated[kept:] else s
            for s in option.scores
        )
        return dataclasses.replace(option, scores=scores)

    for kept, kind in ((2, Absent), (3, Chart)):
        options = tuple(without(o, kept) for o in answer.options)
        found = chart("constraints_radar", dataclasses.replace(answer, options=options))
        assert isinstance(found, kind)


def test_without_any_switch_point_the_tried_inputs_are_told(answer: Any) -> None:
    analysis = examples.analysis(answer)
    none = tuple(
        dataclasses.replace(p, switches_at=None, new_winner="") for p in analysis.switch_points
    )
    found = chart("switch_points", answer, None, dataclasses.replace(analysis, switch_points=none))
    assert isinstance(found, Absent)
    for point in none:
        assert point.label in found.reason


@pytest.mark.parametrize(("multiple", "drawn"), [(2.0, True), (20.0, False)])
def test_a_capacity_far_above_the_demand_is_told_not_drawn(
    multiple: float, drawn: bool, answer: Any
) -> None:
    peak = max(answer.demand[0].hourly_req_s)
    winner = answer.winner
    serving = dataclasses.replace(
        winner.servings[0], capacity_req_s=multiple * peak, replicas_by_year=(1,)
    )
    option = dataclasses.replace(winner, servings=(serving,))
    item = chart("weekly_load", answer, option)
    assert isinstance(item, Chart)
    made = figure(item, PRINT, 170.0, 60.0)
    words = [text.get_text() for text in made.findobj(Text)]
    assert any("beyond the scale" in text for text in words) != drawn
    top = max(axes.get_ylim()[1] for axes in made.axes)
    assert (top > multiple * peak) == drawn
    assert top < 5.0 * peak


def test_a_chart_of_some_options_says_of_how_many(answer: Any) -> None:
    """Eight bars of scores at most; with fewer options nothing need be said."""
    found = chart("scores", answer)
    assert isinstance(found, Chart)
    assert "options are shown" not in found.note
    first = answer.options[0]
    many = tuple(dataclasses.replace(first, id=f"o{n}", rank=n + 1) for n in range(11))
    crowded = chart("scores", dataclasses.replace(answer, options=many))
    assert isinstance(crowded, Chart)
    assert len(crowded.rows) == 8 and crowded.note.startswith("8 of 11 options are shown")


def test_the_pentagon_tells_the_points_that_the_tables_tell(answer: Any) -> None:
    """10.52 points are 11: the table had rounded twice, to 10.5 and then to 10."""
    first = answer.options[0]
    scores = tuple(
        dataclasses.replace(s, value=10.52) if s.key == "latency" else s for s in first.scores
    )
    option = dataclasses.replace(first, scores=scores)
    latency = next(s for s in option.scores if s.key == "latency")
    assert points_of(latency) == "11"
    item = chart("constraints_radar", dataclasses.replace(answer, options=(option,)), option)
    assert isinstance(item, Chart)
    assert "Latency sensitivity 11" in item.alt_text
    words = [t.get_text() for t in figure(item, PRINT, 170.0, 80.0).findobj(Text)]
    assert any(text.endswith("\n11") for text in words)


def test_a_chart_of_wins_says_how_many_winners_it_leaves_out(answer: Any) -> None:
    """Ten options win, eight are drawn; a win of one future in thousands is told as that."""
    found = examples.analysis(answer)
    one = found.uncertainty[0]
    many = tuple(
        dataclasses.replace(one, option_id=f"o{n}", win_probability=w)
        for n, w in enumerate((0.5, 0.3, 0.1, 0.05, 0.02, 0.01, 0.005, 0.0007, 0.0005, 0.0003, 0.0))
    )
    item = chart("win_probability", answer, None, dataclasses.replace(found, uncertainty=many))
    assert isinstance(item, Chart)
    assert "2 more options win at least one of them and are not drawn" in item.note
    words = [t.get_text() for t in figure(item, PRINT, 170.0, 90.0).findobj(Text)]
    assert "< 0.1 %" in words and "0.07 %" not in words
    few = chart("win_probability", answer, None, dataclasses.replace(found, uncertainty=many[:3]))
    assert isinstance(few, Chart) and "Options that never win are left out." in few.note


def test_own_servers_without_capacity_are_not_told_as_a_hosted_service(answer: Any) -> None:
    winner = answer.winner
    none = dataclasses.replace(winner.servings[0], capacity_req_s=0.0)
    option = dataclasses.replace(winner, servings=(none,))
    item = chart("weekly_load", answer, option)
    assert isinstance(item, Chart)
    assert "It carries no load within the targets" in item.note and "hosted" not in item.note


def test_the_curve_says_from_where_on_it_takes_a_more_even_load(answer: Any) -> None:
    """5 requests/s at most in a week of 1 to 2: two and a half times the planned use of 10 %."""
    winner, demand = answer.winner, answer.demand[0]
    hours = tuple(2.0 if h % 24 == 12 else 1.0 for h in range(168))
    serving = dataclasses.replace(
        winner.servings[0], capacity_req_s=5.0, replicas_by_year=(1, 1, 1), waiting=None
    )
    fleet = dataclasses.replace(
        winner.fleet, utilisation=0.10, units_by_year=(2, 2, 2), spares_by_year=(0, 0, 0)
    )
    own = dataclasses.replace(winner, servings=(serving,), fleet=fleet, venue="on_premises")
    told = dataclasses.replace(
        answer,
        options=(own, *answer.options[1:]),
        demand=(dataclasses.replace(demand, hourly_req_s=hours, workload=serving.workload),),
    )
    assert fullest_use(told, own) == pytest.approx(0.25)
    item = chart("cost_utilisation", told)
    assert isinstance(item, Chart) and "once 25 % is used on average" in item.note
    lines = [axes.get_lines() for axes in figure(item, PRINT, 170.0, 70.0).axes]
    ends = sorted({round(float(v), 6) for found in lines for one in found for v in one.get_xdata()})
    assert 25.0 in ends
    rented = dataclasses.replace(own, venue="gpu_cloud")
    assert fullest_use(told, rented) is None  # it follows the load
