"""What a board, facilities and procurement look for: prices of choices, days, owners, sources."""

from __future__ import annotations

import dataclasses

import pytest

from core.assessment import with_value
from core.catalog.citations import citations
from core.catalog.types import Provenance
from core.decision.explanation import cross_check_notices
from core.decision.ordering import milestones, order_by
from core.decision.standings import points_of
from core.decision.tuning_words import largest_saving
from core.performance.engine_names import engine_name
from core.recommendation import (
    Fleet,
    HybridPoint,
    LeadStep,
    LimitPrice,
    Notice,
    Recommendation,
    Serving,
    Spread,
    SwitchPoint,
    TradeOff,
    TrialRent,
)
from core.report import Branding, report_bytes
from core.report.brief import Brief
from core.report.content import Bullets, Callout, Para, Table
from core.report.sections import (
    action,
    admission,
    carbon,
    comparisons,
    constraints,
    inputs,
    measured_runs,
    options,
    performance,
    prices,
    provisions,
    references,
    returns,
    risks,
    summary,
    trial_criteria,
    tuning,
    turning,
)
from core.report.sections.key_figures import key_figures
from core.report.sections.shortening import cut, every, first_of, whole
from core.report.text import for_metadata, one_line
from tests.core.decision import builders as b
from tests.core.decision.builders import SOURCE, point
from tests.report import cases
from tests.report.pdf_reading import all_text, compact, reader


def with_date(day: str) -> Recommendation:
    """The rich answer for a service that is needed on a day."""
    answer = cases.rich()
    return dataclasses.replace(
        answer, assessment=with_value(answer.assessment, "site.date_needed", day)
    )


def with_limit() -> Recommendation:
    """The rich answer where a limit on power keeps out an option at half a dollar."""
    price = LimitPrice(
        "tall", "Option tall", ("Power per rack", "Total power"), ("rack_power", "total_power"),
        0.5, "a", "On-premises: 2 x 8-way server", 2.0, 1.5, 1234.0, 3,
        "Your limits (power per rack and total power) reject Option tall, at EUR 0.40.",
    )  # fmt: skip  # one record
    return dataclasses.replace(cases.rich(), limit_prices=(price,))


def text_of(answer: Recommendation, *sections: str) -> str:
    return compact(all_text(report_bytes(answer, sections=sections)))


def test_the_first_page_tells_what_cheaper_options_lack_and_what_own_limits_cost() -> None:
    answer = with_limit()
    data = report_bytes(answer, sections=["glossary"])
    first = compact(reader(data).pages[0].extract_text())
    assert compact("Cheaper options, and what your own limits cost") in first
    told = answer.trade_offs[0].sentence if answer.trade_offs else "No other option that keeps"
    assert compact(told)[:60] in first
    assert compact(answer.limit_prices[0].sentence) in first


def test_every_limit_price_and_the_cheapest_rejected_option_stand_with_the_rejected() -> None:
    answer = with_limit()
    text = text_of(answer, "rejected")
    priced = [o for o in answer.rejected if o.cost is not None]
    cheapest = min(priced, key=lambda o: o.cost.usd_per_mtok.base if o.cost else 0.0)
    assert compact(f"The cheapest rejected option is {cheapest.title} at EUR") in text
    # one dollar is 0.8 euros: cost, difference per million tokens and per month, questions
    assert compact("Option tall Power per rack, Total power 0.40 1.20 987 3") in text


def test_a_dearer_rejected_option_is_not_told_as_a_cheaper_one() -> None:
    answer = cases.rich()
    assert answer.winner is not None and answer.winner.cost is not None
    own = answer.winner.cost.usd_per_mtok.base
    priced = [o for o in answer.rejected if o.cost is not None]
    dearer = tuple(
        dataclasses.replace(
            o,
            cost=dataclasses.replace(o.cost, usd_per_mtok=Spread(own, (1.25 + n) * own, 3 * own)),
        )
        for n, o in enumerate(priced)
        if o.cost is not None
    )
    alone = dataclasses.replace(answer, options=answer.options[:1], trade_offs=(), limit_prices=())
    told = prices.prices_of_choice(Brief(dataclasses.replace(alone, rejected=dearer)))
    assert "costs noticeably less" in told[0]
    assert told[1].startswith("No rejected option costs less either")
    assert "is 25 % dearer than the recommended one" in told[1]


def test_a_cheaper_option_that_asks_for_more_is_not_denied() -> None:
    answer = cases.rich()
    first, *rest = answer.options
    assert first.cost is not None
    own = first.cost.usd_per_mtok.base
    cheap, dear = (
        dataclasses.replace(first.cost, usd_per_mtok=Spread(own, f * own, 2 * own))
        for f in (0.93, 1.5)
    )
    others = tuple(dataclasses.replace(o, cost=dear if n else cheap) for n, o in enumerate(rest))
    answer = dataclasses.replace(answer, options=(first, *others), trade_offs=())
    told = prices.prices_of_choice(Brief(answer))[0]
    assert told == (
        "What keeps every limit and costs less would save less than 10 % and leave more to be "
        "confirmed."
    )


def test_days_to_order_are_counted_back_and_a_past_one_is_a_warning() -> None:
    answer = with_date("2028-07-01")
    winner = answer.winner
    assert winner is not None and winner.weeks_to_deploy is not None
    found = order_by(answer.as_of, "2028-07-01", winner.weeks_to_deploy)
    text = text_of(answer, "action")
    for day in (found.safe, found.expected, found.latest):
        assert day in text
    past = compact("The safe day to order is already past")
    assert past not in text
    assert past in text_of(with_date("2026-11-30"), "action")
    assert compact("No day is given") in text_of(cases.rich(), "action")


def test_the_plan_and_the_risks_follow_the_users_own_rules() -> None:
    """No renting where nothing may leave the premises; no work on a room that needs none."""
    late, inside = (with_date("2026-11-30") for _i in range(2))
    inside = dataclasses.replace(
        inside, assessment=with_value(inside.assessment, "site.air_gapped", True)
    )
    assert late.winner is not None and late.winner.venue == "on_premises"
    rent = ("rent meanwhile", "plan to rent until")
    may, must_not = text_of(late, "action", "risks"), text_of(inside, "action", "risks")
    assert all(compact(words) in may for words in rent)
    assert not any(compact(words) in must_not for words in rent)
    assert compact("what happens if it is late") in must_not
    works = compact("work on power and cooling included")
    assert works not in may
    cost = late.winner.cost
    assert cost is not None
    built = dataclasses.replace(cost.lines[0], key="power_works")
    cost = dataclasses.replace(cost, lines=(*cost.lines, built))
    winner = dataclasses.replace(late.winner, cost=cost)
    answer = dataclasses.replace(late, options=(winner, *late.options[1:]))
    assert works in text_of(answer, "action")
    # the servers of a hybrid are ordered and delivered as well
    mixed = dataclasses.replace(late.winner, venue="hybrid")
    answer = dataclasses.replace(late, options=(mixed, *late.options[1:]))
    assert all(compact(words) in text_of(answer, "action", "risks") for words in rent)


def test_every_step_names_who_owns_it_and_criteria_name_their_percentile() -> None:
    text = text_of(cases.rich(), "action")
    steps = len(cases.rich().conditions[:6]) + 6  # test, quotations, site, order, accept, review
    assert text.count("Owner:") >= steps
    assert compact("Pass criteria, each at the P95 of all requests of the run") in text


def test_works_that_sources_name_are_listed_with_publisher_and_grade() -> None:
    work = citations()["Aurabyt, May 2026"]
    answer, source = cases.rich(), Provenance("Derived (Aurabyt, May 2026)", "2026-05", "medium")
    winner = dataclasses.replace(answer.options[0], sources=(source,))
    text = text_of(dataclasses.replace(answer, options=(winner, *answer.options[1:])), "sources")
    assert compact(f"{work.id} {work.publisher} {work.title} {work.date} secondary") in text


def test_why_there_is_no_base_case() -> None:
    text = text_of(dataclasses.replace(cases.rich(), base_case=""), "cost")
    assert compact("There is no base case") in text


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("vllm", "vLLM"),
        ("vllm 0.11", "vLLM 0.11"),
        ("tensorrt-llm", "TensorRT-LLM"),
        ("own", "own"),
    ],
)
def test_engines_are_written_as_their_makers_do(key: str, name: str) -> None:
    assert engine_name(key) == name


def test_nearest_runs_name_their_engine() -> None:
    answer = cases.rich()
    assert answer.winner is not None
    serving: Serving = answer.winner.servings[0]
    nearest = (dataclasses.replace(serving.nearest[0], engine="vllm"),)
    tpot = (dataclasses.replace(serving.targets[0], key="tpot"),)
    winner = dataclasses.replace(
        answer.options[0],
        servings=(dataclasses.replace(serving, nearest=nearest, targets=tpot),),
    )
    changed = dataclasses.replace(answer, options=(winner, *answer.options[1:]))
    text = all_text(report_bytes(changed, sections=["performance"]))
    assert "vLLM, FP8" in text and "vllm" not in text


def test_one_line_keeps_the_spaces_that_do_not_break() -> None:
    assert one_line("a\n 1\u00a0234\u00a0EUR \t b") == "a 1\u00a0234\u00a0EUR b"


def test_where_nothing_changes_the_answer_it_says_how_far_was_tried() -> None:
    point = SwitchPoint("load", "Demand", "1 x", None, "", False, "0.1 x to 10 x")
    unpaid = SwitchPoint("economics.token_price_trend", "Token price", "-20 %", None, "", False)
    still = dataclasses.replace(cases.analysis(), switch_points=(point, unpaid))
    told = turning.changes(Brief(cases.rich(), still))
    text = all_text(report_bytes(cases.rich(), analysis=still, sections=["sensitivity"]))
    assert "None of the inputs tried changes the winner." in text
    assert "is not shown" not in text  # the sentence stands for the chart
    assert told[1] == (
        "No single input changes the winner within what was tried: demand 0.1 x to 10 x."
    )
    many = tuple(dataclasses.replace(point, label=f"Input {n}") for n in range(5))
    told = list(turning.nothing_switches(many))
    assert told[1] == "Nor does any of these: input 4 0.1 x to 10 x."
    why = "Option a then fails on power per rack."
    moved = dataclasses.replace(point, switches_at="3 x", new_winner="Option b", because=why)
    changed = dataclasses.replace(still, switch_points=(moved,))
    text = all_text(report_bytes(cases.rich(), analysis=changed, sections=["sensitivity"]))
    assert compact(why) in compact(text)
    assert turning.changes(Brief(cases.rich(), changed))[0].endswith(f"(now 1 x). {why}")
    # whole or not at all
    assert why not in turning.changes(Brief(cases.rich(), changed), 60)[0]
    found = turning.changes(Brief(cases.rich(), dataclasses.replace(still, switch_points=(moved,))))
    assert not any("No single input" in text for text in found)
    assert "Option b becomes best" in found[0]


def test_an_order_that_is_not_that_of_the_points_is_explained_where_it_is_first_seen() -> None:
    answer = cases.rich()
    first, second, *rest = answer.options
    clause = "less than a point behind the highest score the cheapest leads"

    def caption(points: tuple[float, float]) -> str:
        options = tuple(
            dataclasses.replace(o, total_score=p)
            for o, p in zip((first, second), points, strict=True)
        )
        blocks = summary.first_pages(Brief(dataclasses.replace(answer, options=(*options, *rest))))[
            0
        ]
        tables = [b for b in blocks if isinstance(b, Table) and b.columns[0].title == "#"]
        return tables[-1].caption

    assert clause in caption((99.2, 99.6))
    assert clause not in caption((99.6, 99.2))
    # what concerns only the second puts it ahead; it is dearer and behind on the rest
    less = tuple(
        dataclasses.replace(s, value=None, assumed=None) if s.key == "power_density" else s
        for s in first.scores
    )
    better = tuple(dataclasses.replace(s, value=(s.value or 0.0) + 1.0) for s in less if s.counted)
    alone = tuple(s for s in less if not s.counted)
    first = dataclasses.replace(first, scores=(*better, *alone))
    assert "does not apply to the first (power density)" in caption((90.0, 95.0))


def test_another_winner_by_the_cross_check_is_told_beside_the_ranking() -> None:
    """There, not among the sources, where nobody who reads the ranking looks."""
    first, second = (dataclasses.replace(o, topsis_score=t) for o, t in zip(
        cases.rich().options[:2], (40.0, 60.0), strict=True))  # fmt: skip  # two options
    told = f"puts {second.title} first"
    warning = Notice("warning", "Something old")
    answer = dataclasses.replace(
        cases.rich(),
        options=(first, second),
        notices=(*cross_check_notices((first, second)), warning),
    )
    brief = Brief(answer, None)
    assert told in repr(list(options.blocks(brief)))
    sourced = repr(list(references.sources(brief)))
    assert told not in sourced and warning.text in sourced
    agreed = dataclasses.replace(answer, options=(second, first))
    assert "depends on the method" not in repr(list(options.blocks(Brief(agreed, None))))


def test_a_sentence_is_left_out_whole_and_with_a_sign() -> None:
    text = "It costs EUR 1.55. The next costs EUR 2.46 and ranks lower. A third one is far off."
    assert whole(text, 200) == text
    assert whole(text, 60) == "It costs EUR 1.55. The next costs EUR 2.46 and ranks lower. …"
    assert whole(text, 10) == "It costs EUR 1.55. …"  # one in any case
    assert whole("word " * 40 + "end.", 50) == "word " * 9 + "word…"
    doubts = "Doubts: it is weak; it is level; " + "another is best more often " * 9 + "."
    assert whole(doubts, 50) == "Doubts: it is weak; it is level; …"  # between two doubts
    french = doubts.replace(";", "\N{NO-BREAK SPACE};")
    assert whole(french, 50) == "Doubts: it is weak\N{NO-BREAK SPACE}; it is level; …".replace(
        "level;", "level\N{NO-BREAK SPACE};"
    )
    assert whole("It rises with less. 1 of 2 is spare.", 30) == "It rises with less. …"


def test_an_item_that_is_too_long_is_left_to_its_section_rather_than_halved() -> None:
    long = "Hybrid: 55 % less, " + "word " * 40 + "end."
    told = cut([long, "It costs EUR 1.2, at most."], 2, 30)
    assert told == ("It costs EUR 1.2, at most.", "1 more in the full report of this assessment.")


def test_what_is_left_out_names_the_section_where_it_stands() -> None:
    items = ["It costs EUR 1.2, at most.", "It leads. 100 of 100 points.", "Late."]
    assert cut(items, 1, 30, [2, 10, 10]) == (items[0], "2 more: see section 10.")
    assert cut(items, 1, 30, [2, 8, 10]) == (items[0], "2 more: see sections 8 and 10.")
    assert first_of(items, 2, 15, 8)[1:] == ("It leads. … (section 8)", "1 more: see section 8.")
    assert every(items, 15, 2)[2] == "Late."  # whole, so nothing to look up
    assert every(items, 15)[1] == "It leads. …"  # its section is not printed
    # two of the sections are printed: they are the first and the second
    long = ("It leads. " + "And so on, at length. " * 40,)
    answer = dataclasses.replace(cases.rich(), reasons=long)
    first = reader(report_bytes(answer, sections=["glossary", "options"])).pages[0].extract_text()
    assert compact("… (section 1)") in compact(first)


def test_the_section_on_risks_tells_all_of_them_whole_whatever_the_first_page_cut() -> None:
    risks_found = ("It may be slow.", "It costs more. " + "So much more than was said. " * 20, "C.")
    answer = dataclasses.replace(cases.rich(), risks=(*risks_found, "A fourth one."))
    found = list(risks.risks(Brief(answer)))
    [bullets] = [block for block in found if isinstance(block, Bullets)]
    assert bullets.items == answer.risks


def test_every_reason_of_the_first_page_stands_there_and_whole_in_the_options() -> None:
    long = "More control: " + "word " * 60 + "end. 100 of 100 points."
    reasons = (long, "Lowest cost: EUR 1.2. It leads.", "Highest score: 70.")
    answer = dataclasses.replace(cases.rich(), reasons=reasons)
    told = every(reasons, 40)
    assert len(told) == 3 and str(told[0]).startswith("More control: word")
    text = text_of(answer, "options")
    assert all(compact(reason) in text for reason in reasons)
    assert compact("Medium confidence. " + answer.confidence_reason) in text


def test_a_change_is_told_with_its_values_however_long_the_names() -> None:
    name = "Ein sehr langer Name einer Option mit vielen Wörtern " * 5
    grown = SwitchPoint("load", f"Growth of demand of “{name}”", "1 x", "3 x", name, True, "")
    found = dataclasses.replace(cases.analysis(), switch_points=(grown, grown))
    brief = Brief(cases.rich(), found)
    for limit, *_rest in summary.LEVELS:
        told = first_of(turning.changes(brief, limit), 2, limit)
        assert "3 x (now 1 x)" in str(told[0]), limit


def test_a_change_that_only_admits_an_option_does_not_change_the_answer() -> None:
    change = dataclasses.replace(cases.analysis().smallest_changes[0], usd_per_mtok=0.1)
    for rank, expected in ((1, True), (39, False)):
        found = dataclasses.replace(
            cases.analysis(), smallest_changes=(dataclasses.replace(change, rank=rank),)
        )
        told = turning.changes(Brief(cases.rich(), found))
        assert any("would be admitted by" in text for text in told) == expected


def test_the_first_page_names_no_rejected_option_that_misses_the_latency_targets() -> None:
    answer = cases.rich()
    priced = next(o for o in answer.rejected if o.cost is not None)
    failed = next(g for g in priced.gates if g.status == "fail")

    def told(key: str) -> str:
        gate = dataclasses.replace(failed, key=key)
        option = dataclasses.replace(priced, gates=(gate,))
        return prices.prices_of_choice(
            Brief(dataclasses.replace(answer, rejected=(option,), limit_prices=()))
        )[-1]

    assert priced.title in told("rack_power")
    assert told("ttft") == "None of your own limits keeps a clearly cheaper option away."


def test_measured_runs_tell_their_load_and_on_which_side_predictions_lie() -> None:
    run = cases.NEAREST
    fast = dataclasses.replace(run, measured=24.8, predicted=18.7)
    faster = dataclasses.replace(run, measured=6.33, predicted=5.43)
    peak = point(0.5, 100.0, 15.0, 8000.0)
    serving = dataclasses.replace(cases.rich_serving(), nearest=(fast, faster), at_peak=peak)
    table = measured_runs.measured_runs(serving.nearest)
    assert table.columns[4].title == "Load" and "requests at once" in str(table.caption)
    assert [row[-1] for row in table.rows] == ["TPOT, mean, ms", "0.75", "0.86"]
    slower, load = measured_runs.beside(serving, serving.nearest)
    assert "slower than predicted in TPOT (predicted over measured: 0.75 to 0.86)" in slower
    seconds = peak.e2e_ms["mean"] / 1000.0  # Little: half a request a second
    assert f"about {0.5 * seconds:.1f} requests at once".replace(".0 ", " ") in load
    rate = dataclasses.replace(run, metric="output_tok_s", measured=747.0, predicted=828.0)
    less = dataclasses.replace(rate, predicted=600.0)
    assert len(list(measured_runs.beside(serving, (rate, less)))) == 1
    assert "slower than predicted in throughput" in next(
        iter(measured_runs.beside(serving, (rate, rate)))
    )
    # a few percent to one side confirm a prediction
    near = dataclasses.replace(run, measured=20.0, predicted=19.6)
    assert len(list(measured_runs.beside(serving, (near, near)))) == 1
    # and so they do where one run alone is farther off
    far = dataclasses.replace(run, measured=20.0, predicted=17.0)
    assert len(list(measured_runs.beside(serving, (near, near, far)))) == 1
    # each metric speaks for itself: a ratio above 1 is a late token predicted too late
    sides = " ".join(measured_runs.beside(serving, (fast, faster, rate, rate)))
    assert "slower than predicted in TPOT (predicted over measured: 0.75 to 0.86) and" in sides
    first = dataclasses.replace(run, metric="ttft_ms_mean", measured=100.0, predicted=150.0)
    sides = " ".join(measured_runs.beside(serving, (first, first, fast, faster)))
    assert "faster than predicted in TTFT" in sides and "slower" in sides


def test_a_test_slower_than_predicted_is_no_fault_where_published_runs_were_slower_too() -> None:
    run = dataclasses.replace(cases.NEAREST, measured=24.8, predicted=18.7)
    serving = cases.rich_serving()
    slow = dataclasses.replace(serving, nearest=(run, run))
    assert measured_runs.slower_than_predicted(slow, "tpot")
    assert not measured_runs.slower_than_predicted(slow, "ttft")  # they tell of tokens after it
    other = dataclasses.replace(run, other_build="dense")
    for runs in ((run,), (run, dataclasses.replace(run, predicted=30.0)), (other, other)):
        assert not measured_runs.slower_than_predicted(
            dataclasses.replace(serving, nearest=runs), "tpot"
        )
    kept = next(c for c in serving.targets if c.predicted_ms and c.predicted_ms.high <= c.limit_ms)
    kept = dataclasses.replace(kept, key="tpot")
    assert "no fault by itself" in trial_criteria._criterion(slow, kept)[-1]
    one = dataclasses.replace(serving, nearest=(run,))
    assert "a sign of a fault" in trial_criteria._criterion(one, kept)[-1]


def test_runs_of_a_model_that_is_built_the_other_way_are_marked_and_prove_little() -> None:
    run = dataclasses.replace(cases.NEAREST, measured=24.8, predicted=18.7)
    other = dataclasses.replace(run, model="Llama-3.3-70B-Instruct", other_build="dense")
    serving = dataclasses.replace(cases.rich_serving(), at_peak=None)
    mixed = (run, other, run)
    names = [str(row[0]) for row in measured_runs.measured_runs(mixed).rows[1:]]
    assert names == [run.model, "Llama-3.3-70B-Instruct (dense)", run.model]
    builds, slower = measured_runs.beside(serving, mixed)
    assert builds.startswith("This model is a mixture of experts") and "marked “dense”" in builds
    assert slower.startswith("All of the other runs were slower")
    # slower runs of another kind of model say nothing of this one
    [whole] = measured_runs.beside(serving, (other, other))
    assert "all of these runs are of a dense model" in whole
    experts = dataclasses.replace(other, other_build="experts")
    [whole] = measured_runs.beside(serving, (experts,))
    assert whole.startswith("This model is dense")


def test_several_inputs_at_once_may_change_what_no_single_one_does() -> None:
    point = SwitchPoint("load", "Demand", "1 x", None, "", False, "0.1 x to 10 x")
    still = dataclasses.replace(cases.analysis(), switch_points=(point,))
    told = turning.changes(Brief(cases.rich(), still))
    assert told[0] == (  # best in 60 % of them; first, so that what follows stays together
        "Several inputs at once can change it: another option is best in 40 % of the sampled "
        "futures."
    )
    assert told[1].startswith("No single input")
    first = dataclasses.replace(still.uncertainty[0], win_probability=0.95)
    sure = dataclasses.replace(still, uncertainty=(first, *still.uncertainty[1:]))
    assert not any("at once" in text for text in turning.changes(Brief(cases.rich(), sure)))


def test_a_long_company_name_makes_room_for_the_line_of_confidentiality() -> None:
    look = Branding(company="Company of a long name " * 8, confidentiality="Strictly confidential")
    pages = reader(report_bytes(cases.rich(), sections=["glossary"], branding=look)).pages
    assert all("Strictly confidential" in page.extract_text() for page in pages)
    with pytest.raises(ValueError, match="has 91 characters; at most 90"):
        report_bytes(cases.rich(), branding=Branding(confidentiality="x" * 91))


def test_the_base_case_is_not_held_against_itself() -> None:
    answer = cases.rich()
    assert answer.winner is not None
    text = text_of(dataclasses.replace(answer, base_case=answer.winner.title), "cost")
    assert "isthebasecase" in text and "Savedagainstthebasecase" not in text


def test_the_test_tells_its_rent_or_that_none_is_known() -> None:
    answer = cases.rich()
    assert answer.winner is not None
    text = text_of(answer, "action")
    assert "norentalpriceofamachinewiththisacceleratorisknown" in text
    assert "Arentedmachine" not in text and "askthevendorforoneonloan" in text
    rent = TrialRent(
        answer.winner.servings[0].workload, "AWS p5 (r)", True, 0.5, 55.0, 27.5, SOURCE
    )
    text = text_of(dataclasses.replace(answer, trial_rents=(rent,)), "action")
    assert "EUR22.00" in text and "EUR44.00perhour" in text  # 0.8 euros a dollar
    assert "Arentedmachinewiththesameacceleratorswilldo" in text
    assert "cheapestmachine" not in text and compact(SOURCE.source) in text
    other = dataclasses.replace(rent, own=False)
    text = text_of(dataclasses.replace(answer, trial_rents=(other,)), "action")
    assert "cheapestmachineofthecatalog" in text


def test_each_part_of_the_lead_time_has_its_days_and_what_is_late() -> None:
    answer = with_date("2027-03-01")
    install, nothing = Spread(1.0, 2.0, 4.0), Spread(0.0, 0.0, 0.0)
    steps = (
        LeadStep("servers", Spread(8.0, 12.0, 16.0), install, SOURCE),
        LeadStep("installation", install, nothing, SOURCE),
    )
    assert answer.winner is not None
    winner = dataclasses.replace(answer.winner, lead_steps=steps)
    answer = dataclasses.replace(answer, as_of="2026-11-24", options=(winner,))
    text = text_of(answer, "action")
    # 14 weeks before 1 March 2027 is 23 November 2026, yesterday; 6 and 2 weeks before are to come
    for told in ("Serversdelivered", "2026-11-23", "late", "2027-02-15", "intime"):
        assert told in text, told
    undated = dataclasses.replace(with_date(""), options=(winner,))
    assert "Whattheleadtimeismadeof" in text_of(undated, "action")


def test_the_test_asks_for_the_lengths_that_were_entered() -> None:
    answer = cases.rich()
    what = answer.assessment
    for key, value in (("input_tokens_mean", 1155.0), ("input_tokens_p95", 4083.0)):
        what = with_value(what, f"workloads[0].{key}", value)
    text = text_of(dataclasses.replace(answer, assessment=what), "action")
    assert "mean1,155,95thpercentile4,083" in text


def test_both_cheaper_options_and_the_largest_saving_stand_on_the_first_page() -> None:
    first = TradeOff("b", "B", 0.1, 10.0, 0.1, (), 0, "B would cost 10 % less.")
    asking = TradeOff("c", "C", 0.5, 50.0, 0.5, (), 2, "C would cost 50 % less.")
    answer = dataclasses.replace(cases.rich(), trade_offs=(first, asking))
    told = prices.prices_of_choice(Brief(answer, cases.analysis()))
    assert told[:2] == ["B would cost 10 % less.", "C would cost 50 % less."]
    # of the levers of the case one lowers the cost and is not in use
    assert told[-1] == "Tuning to try: FP8 weights would lower the cost by 30 %, as computed."


def test_no_saving_beyond_what_is_published_and_one_against_the_inputs_last() -> None:
    (plain,) = [x for x in cases.analysis().levers if x.applies and not x.in_use][:1]
    most = dataclasses.replace(plain, key="a", cost_change=-0.6, beyond_published=True)
    refused = dataclasses.replace(plain, key="b", cost_change=-0.7, against_inputs=True)
    assert largest_saving((most,)) == ""
    sound = dataclasses.replace(plain, key="c", cost_change=-0.2)
    told = largest_saving((refused, most, sound))
    # what the inputs rule out comes last, however much it saves
    assert told.startswith("Tuning to try: ") and "60 %" not in told
    assert told.index("20 %") < told.index("70 %")
    assert told.endswith("70 %, which your inputs rule out).")


def test_each_price_of_own_limits_names_what_it_is_held_against() -> None:
    one = with_limit().limit_prices[0]
    other = dataclasses.replace(
        one, option_id="z", allowed_title="Another", allowed_usd_per_mtok=5.0
    )
    answer = dataclasses.replace(cases.rich(), limit_prices=(one, other))
    text = text_of(answer, "rejected")
    assert compact("Each difference is held against") in text and compact("Held against") in text
    assert compact("Another at EUR 4.00") in text  # 0.8 euros a dollar
    alone = text_of(dataclasses.replace(answer, limit_prices=(one,)), "rejected")
    assert compact("Held against") not in alone and compact(one.allowed_title) in alone


def test_the_cost_of_the_nearest_option_is_what_it_costs_once_admitted() -> None:
    none = dataclasses.replace(cases.rich(), options=(), rejected=cases.rich().options)
    nearest = none.rejected[0]
    change = dataclasses.replace(
        cases.analysis().smallest_changes[0], option_id=nearest.id, usd_per_mtok=1.75
    )
    found = dataclasses.replace(cases.analysis(), smallest_changes=(change,))
    label, value, note = key_figures(Brief(none, found)).items[2]
    assert (label, value) == ("The nearest option", "EUR 1.40")  # 0.8 euros a dollar
    # the cost section tells the other figure, which stands beside it here
    assert note.startswith("per million tokens once admitted as told below (EUR 1.60 as the limits")
    assert key_figures(Brief(none)).items[2][1] == "EUR 1.60"
    # headline and figure are of one option, also where no price of it is known
    priceless = dataclasses.replace(nearest, cost=None)
    none = dataclasses.replace(none, rejected=(priceless, *none.rejected[1:]))
    label, value, note = key_figures(Brief(none)).items[2]
    assert value == "not known" and priceless.title in note
    assert f"The nearest with one: {none.rejected[1].title}, EUR" in note


def test_for_how_many_rejected_options_a_change_was_searched_is_told() -> None:
    answer = cases.rich()
    one = cases.analysis().smallest_changes[:1]
    few = dataclasses.replace(answer, rejected=(*answer.rejected, *answer.rejected)[:7])
    told = admission.blocks(Brief(few, dataclasses.replace(cases.analysis(), smallest_changes=one)))
    texts = [str(b.text) for b in told if isinstance(b, Para)]
    count = len(few.rejected)
    assert any(f"Searched: 1 of {count} rejected options." in text for text in texts)
    alone = dataclasses.replace(answer, rejected=answer.rejected[:1])
    told = admission.blocks(
        Brief(alone, dataclasses.replace(cases.analysis(), smallest_changes=one))
    )
    assert not any("Searched:" in str(b.text) for b in told if isinstance(b, Para))


def test_a_hybrid_that_one_of_its_parts_beats_is_not_told_as_what_a_limit_keeps_away() -> None:
    answer = cases.rich()
    first, *rest = answer.rejected
    assert first.cost is not None
    cheap = dataclasses.replace(
        first.cost, usd_per_mtok=dataclasses.replace(first.cost.usd_per_mtok, base=0.001)
    )
    gate = dataclasses.replace(first.gates[0], key="split", status="fail")
    mixed = dataclasses.replace(first, title="Mixed", cost=cheap, gates=(gate,))
    brief = Brief(dataclasses.replace(answer, rejected=(mixed, *rest)))
    assert "Mixed" not in prices.cheapest_rejected(brief)
    both = dataclasses.replace(mixed, gates=(gate, dataclasses.replace(gate, key="racks")))
    brief = Brief(dataclasses.replace(answer, rejected=(both, *rest)))
    assert "Mixed" in prices.cheapest_rejected(brief)


def test_the_ends_of_ranges_have_as_many_decimals() -> None:
    assert Brief(cases.rich()).alike(0.122, 0.3375, 0.175) == ("0.10", "0.27", "0.14")
    assert Brief(cases.rich()).alike(1250.0, 2_500_000.0) == ("1,000", "2,000,000")


def test_a_column_tells_its_amounts_alike() -> None:
    """0.10 stood below 0.0996, and a lead of 1 below one of 2.34."""
    brief = Brief(cases.rich())  # 0.8 euros a dollar
    amount = brief.column((0.0589, 0.125, None, 0.325, 68.825))
    told = [amount(usd) for usd in (0.0589, 0.125, None, 0.325, 68.825)]
    assert told == ["0.0471", "0.100", "–", "0.260", "55.06"]
    amount = brief.column((0.125, 0.325))
    assert [amount(0.125), amount(0.325)] == ["0.10", "0.26"]
    leads = (3.4, 1.25, -0.0375)
    assert [brief.evenly(leads)(usd) for usd in leads] == ["2.72", "1.00", "−0.03"]
    assert brief.evenly(())(0.0) == "0" and brief.evenly((1500.0,))(1500.0) == "1,200"


def test_savings_are_the_difference_of_the_costs_printed_above_each_other() -> None:
    """121,000 less 55,300 was told as 66,100."""
    first, second, *rest = cases.rich().options
    assert first.cost is not None and second.cost is not None
    # 55,348.4 and 121,429.6 euros
    cost = dataclasses.replace(first.cost, npv_usd=69_185.5, savings_npv_usd=82_601.5)
    first = dataclasses.replace(first, cost=cost)
    second = dataclasses.replace(second, cost=dataclasses.replace(second.cost, npv_usd=151_787.0))
    answer = dataclasses.replace(
        cases.rich(), options=(first, second, *rest), base_case=second.title
    )
    assert answer.winner is not None
    rows = [
        [str(cell) for cell in row]
        for block in returns.blocks(Brief(answer), answer.winner)
        if isinstance(block, Table)
        for row in block.rows
    ]
    whole = {row[0]: int(row[1].replace(",", "")) for row in rows}
    base = next(cost for title, cost in whole.items() if title.startswith("Base case"))
    told = next(row for row in rows if row[0] == first.title)
    assert (base, told[1], told[3]) == (121_430, "55,348", "66,082")


def test_the_first_page_counts_every_other_change_that_would_turn_the_answer() -> None:
    """It said 2 more where the section had three."""
    answer, found = cases.rich(), cases.analysis()
    point = next(p for p in found.switch_points if p.switches_at is not None)
    points = tuple(dataclasses.replace(point, new_winner=f"Option {n}") for n in range(5))
    page = Brief(answer, dataclasses.replace(found, switch_points=points), {"sensitivity": 8})
    all_told = len(turning.changes(page))
    for limit, count in ((330, 4), (100, 2), (36, 1)):
        text = repr(list(summary.decision(page, limit, count, 2)))
        assert f"{all_told - min(count, 3)} more: see section 8." in text


def test_where_none_is_recommended_no_lever_is_said_to_wait_for_an_analysis() -> None:
    brief = Brief(cases.nothing_feasible(), cases.analysis())
    brief = Brief(brief.recommendation, dataclasses.replace(cases.analysis(), levers=()))
    told = [b.text for b in tuning.blocks(brief) if isinstance(b, Callout)]
    assert any("computed for a recommended option" in str(text) for text in told)


def test_ratings_are_told_to_tenths_at_most() -> None:
    """0.095 points of 100, of a scale with fixed anchors, is more than anybody knows."""
    score = cases.rich().options[0].scores[0]
    for value, told in ((0.095, "0.1"), (0.045, "0"), (7.66, "7.7"), (33.4, "33"), (100.0, "100")):
        assert points_of(dataclasses.replace(score, value=value)) == told


def test_the_plan_tells_when_each_part_begins_and_what_the_test_takes() -> None:
    answer = with_date("2028-07-01")
    winner = answer.winner
    assert winner is not None and winner.weeks_to_deploy is not None
    found = milestones(answer.as_of, "2028-07-01", winner.weeks_to_deploy)
    text = text_of(answer, "action")
    assert f"Order,delivery,installation{found.order}{found.ready}" in text
    asked = answer.assessment.site.availability
    assert compact(f"Failed requests ≤ {100.0 * (1.0 - asked):.2g} %") in text
    assert "accelerator-hoursinall" in text


def test_the_bill_says_how_well_its_total_is_known() -> None:
    answer = cases.rich()
    assert answer.winner is not None and answer.winner.cost is not None
    cost = answer.winner.cost
    tokens = cost.npv_usd / cost.usd_per_mtok.base  # million, discounted
    low, high = (Brief(answer).money(usd * tokens) for usd in (cost.usd_per_mtok.low,
                                                               cost.usd_per_mtok.high))  # fmt: skip
    assert compact(f"the present value is {low} to {high}") in text_of(answer, "cost")


def test_a_title_in_any_script_stands_in_the_file_properties() -> None:
    title = "推論 מענה 🚀 <b>"
    answer = cases.rich()
    what = with_value(answer.assessment, "project.title", f"{title}\u202e\x07")
    data = report_bytes(dataclasses.replace(answer, assessment=what), sections=["glossary"])
    assert reader(data).metadata.title == title
    assert for_metadata("a\n b\u200dc", 4) == "a b…"


def test_the_load_of_a_published_run_has_no_more_figures_than_it_can_carry() -> None:
    nearest = tuple(
        dataclasses.replace(cases.NEAREST, concurrency=text) for text in ("31.86", "1010", "open")
    )
    option = cases.rich_option(
        "a", 2.0, servings=(cases.rich_serving(nearest=nearest, targets=()),)
    )
    tables = [b for b in performance.blocks(Brief(cases.answer([option]))) if isinstance(b, Table)]
    (published,) = (
        t for t in tables if str(t.caption).startswith("Published runs, of each metric")
    )
    assert [row[4] for row in published.rows[1:]] == ["31.9", "1,010", "open"]


def test_a_share_just_below_all_is_not_told_as_all_beside_what_the_rest_costs() -> None:
    """100 % of the tokens on own units stood beside 161,856 euros for bursts."""
    rich = cases.rich()
    mixed = next(o for o in rich.options if o.hybrid_curve)
    nearly = tuple(dataclasses.replace(p, owned_share=0.9998) for p in mixed.hybrid_curve)
    options = tuple(
        dataclasses.replace(o, hybrid_curve=nearly) if o.hybrid_curve else o for o in rich.options
    )
    found = comparisons.hybrid(Brief(dataclasses.replace(rich, options=options), None))
    [table] = [b for b in found if isinstance(b, Table)]
    assert {row[1] for row in table.rows} == {"> 99.9 %"}


def test_a_hybrid_that_does_not_pay_is_called_so() -> None:
    """The cheapest point of its curve is the one that owns nothing."""
    rich = cases.rich()
    dearer = tuple(HybridPoint(i, i / 4, 1e5 * i, 4e5 - 9e4 * i, 4e5 + 1e4 * i) for i in range(4))

    def told(recommendation: Recommendation) -> bool:
        return "no split costs less than owning nothing" in str(
            list(comparisons.hybrid(Brief(recommendation, None)))
        )

    options = tuple(
        dataclasses.replace(o, hybrid_curve=dearer) if o.hybrid_curve else o for o in rich.options
    )
    assert not told(rich)
    assert told(dataclasses.replace(rich, options=options))


def test_rejected_options_are_told_apart_by_their_names_where_none_has_a_rank() -> None:
    none = cases.nothing_feasible()
    table = constraints._beside if none.winner else constraints._rejected_beside
    made = table(none.rejected[:3])
    assert [row[0] for row in made.rows] == [o.title for o in none.rejected[:3]]
    titles = [column.title for column in made.columns]
    assert len(set(titles)) == len(titles)


def test_limits_that_reject_are_no_risks_of_an_option() -> None:
    none = cases.nothing_feasible()
    assert none.risks  # "… rejects 3 of 3 options."
    blocks = list(risks.risks(Brief(none)))
    assert [type(block) for block in blocks] == [Callout]
    assert "none whose risks could be told" in str(blocks[0])


def test_what_is_rented_is_committed_to_not_bought() -> None:
    answer = cases.rich()
    assert answer.winner is not None
    own = text_of(answer, "risks")
    rented = dataclasses.replace(answer.winner, venue="gpu_cloud")
    other = text_of(dataclasses.replace(answer, options=(rented,)), "risks")
    assert compact("buy later units") in own and compact("buy later units") not in other
    assert compact("commit to more only when it comes") in other


def test_at_hundreds_of_sites_the_whole_test_is_run_at_a_few() -> None:
    boxes = b.option("e", "edge", fleet=b.fleet(sites=400))
    assert "at the first 3 sites" in action._acceptance(boxes)
    assert "with every replica" in action._acceptance(b.option("a"))


def test_one_of_many_sites_has_its_predicted_power_and_a_rack_has_none() -> None:
    def rows(fleet: Fleet) -> dict[str, tuple[str, ...]]:
        option = b.option("e", "edge", fleet=fleet)
        found = provisions.provisions(Brief(cases.rich()), option)
        table = next(block for block in found if isinstance(block, Table))
        return {str(row[0]): tuple(map(str, row[1:3])) for row in table.rows}

    boxes = {"racks": (), "rack_count": 0, "nameplate_kw": 36.0, "facility_kw": 44.0}
    told = rows(b.fleet(sites=400, peak_kw=10.0, average_kw=9.0, **boxes))
    assert told["IT power, nameplate"] == ("0.09", "36")
    assert told["IT power, peak (predicted)"] == ("0.025", "10")
    assert told["IT power, average of the first year (predicted)"] == ("0.0225", "9")
    assert told["Nameplate power with cooling"] == ("0.11", "44")
    assert rows(b.fleet())["IT power, peak (predicted)"] == ("–", "16")


def test_water_that_is_not_known_has_no_rows_and_is_said_once() -> None:
    option = cases.rich().winner
    assert option is not None
    dry = dataclasses.replace(
        option,
        carbon=dataclasses.replace(
            option.carbon, water_l_per_mtok=None, water_m3_per_year=None, water_source=""
        ),
    )
    found = list(carbon.blocks(Brief(cases.rich()), dry))
    table = next(block for block in found if isinstance(block, Table))
    assert not any("Water" in str(row[0]) for row in table.rows)
    told = next(str(block.text) for block in found if isinstance(block, Para))
    assert told.endswith("water: use on site is not known")


def test_inputs_of_edge_sites_lead_only_where_edge_sites_are_considered() -> None:
    answer = cases.rich()
    label = compact("Power available per edge site")
    central = with_value(answer.assessment, "site.venues", ("on_premises",))
    for what, told in (
        (answer.assessment, "edge" in answer.assessment.site.venues),
        (central, False),
    ):
        blocks = inputs.blocks(Brief(dataclasses.replace(answer, assessment=what)))
        text = compact(" ".join(repr(block) for block in blocks))
        assert (label in text) == told
    every_one = text_of(dataclasses.replace(answer, assessment=central), "every_input")
    assert label in every_one
