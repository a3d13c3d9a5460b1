"""Answers to inverse questions, each held against plain ``assess`` on both sides."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from core.analysis.inverse import (
    LIMITS,
    TARIFF,
    QuestionError,
    buys,
    makes_win,
    most_demand,
    standard,
)
from core.analysis.inverse.telling import field_at, in_a_sentence, value_with_unit
from core.analysis.inverse.volume import Volume
from core.analysis.inverse.win import MOST_USD, outward
from core.analysis.narrow import Narrow, Ranked
from core.assess import assess
from core.assessment import Assessment, with_value
from core.language import speaking
from core.recommendation import Option, Recommendation
from tests.core.assess.cases import AS_OF, not_finite, run, small_catalog


@pytest.fixture(scope="module")
def narrow() -> Narrow:
    """Own servers against rented ones, at a load that both can serve."""
    answer = run(site__venues=("on_premises", "public_cloud"), workload__targets__ttft_ms=2000.0)
    return Narrow(answer, small_catalog())


def asked(assessment: Assessment) -> Recommendation:
    return assess(assessment, small_catalog(), as_of=AS_OF)


def stated(narrow: Narrow) -> Assessment:
    return narrow.recommendation.assessment


# -- demand ------------------------------------------------------------------------------------


def test_the_users_that_fit_a_power_and_no_more(narrow: Narrow) -> None:
    answer = most_demand(narrow, "site.total_power_kw", 25.0)
    assert answer.verified and answer.unit == "users" and answer.value is not None
    room = with_value(stated(narrow), "site.total_power_kw", 25.0)
    room = with_value(room, "site.venues", ("on_premises",))

    def fits(users: float) -> list[Option]:
        options = asked(with_value(room, "workloads[0].users", round(users))).options
        return [o for o in options if (o.fleet.nameplate_kw or 99.0) <= 25.0]

    assert fits(answer.value)
    assert not fits(answer.value * 1.01)  # found to three figures, rounded down
    assert answer.option_title in answer.answer


def test_more_power_never_fits_fewer_users(narrow: Narrow) -> None:
    values = [most_demand(narrow, "site.total_power_kw", kw).value or 0.0 for kw in (6, 12, 24, 48)]
    assert values == sorted(values)
    assert values[0] < values[-1]


def test_a_limit_is_told_by_itself_where_another_one_binds_first(narrow: Narrow) -> None:
    """Asked for kW: the money stops it, what the kW would carry is told, and is the kW's own."""
    plain = most_demand(narrow, "site.total_power_kw", 25.0)
    assert "Without your other limits" not in plain.answer and plain.value is not None
    option = next(o for o in narrow.recommendation.options if o.title.startswith("On-premises"))
    assert option.cost is not None
    poor = with_value(stated(narrow), "economics.capex_limit", 1.1 * option.cost.capex_usd)
    held = Narrow(asked(poor), small_catalog())
    answer = most_demand(held, "site.total_power_kw", 25.0)
    assert answer.value is not None and answer.value < plain.value
    assert "the limit is" in answer.answer and " up front" in answer.answer
    told = re.search(
        r"other limits \((.+)\), 25 kW would carry at least ([\d,]+) users", answer.answer
    )
    assert told is not None
    assert told[1] == "free racks and limit on up-front spending"
    # without the other limits: what the room alone carries, to the three percent searched
    alone = float(told[2].replace(",", ""))
    free = most_demand(
        Narrow(asked(with_value(stated(narrow), "site.racks", None)), small_catalog()),
        "site.total_power_kw", 25.0,
    ).value  # fmt: skip  # one question
    assert free is not None and 0.96 * free <= alone <= free * 1.002


def test_what_is_asked_alone_first_is_what_all_say(
    narrow: Narrow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The likeliest option alone spares runs of everything and changes no answer."""
    path, full = "site.total_power_kw", Narrow.run_full
    runs: list[Assessment] = []

    def counted(self: Narrow, assessment: Assessment) -> Ranked:
        runs.append(assessment)
        return full(self, assessment)

    monkeypatch.setattr(Narrow, "run_full", counted)
    quick = [most_demand(narrow, path, kw) for kw in (12.0, 25.0)]
    asked_of_all = len({*runs})
    monkeypatch.setattr(Narrow, "rerunner", lambda self, option: lambda assessment: None)
    assert quick == [most_demand(narrow, path, kw) for kw in (12.0, 25.0)]
    assert asked_of_all < 0.8 * len({*runs})


def test_what_only_an_option_asked_alone_says_is_not_called_verified(
    narrow: Narrow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole run finds something at first; at all other demand it refuses everything."""
    full = Narrow.run_full
    asked_first: list[Assessment] = []

    def first_only(self: Narrow, assessment: Assessment) -> Ranked:
        ranked = full(self, assessment)
        asked_first.append(assessment)
        if assessment == asked_first[0]:
            return ranked
        return Ranked((), (*ranked.options, *ranked.rejected))

    monkeypatch.setattr(Narrow, "run_full", first_only)
    answer = most_demand(narrow, "site.total_power_kw", 25.0)
    assert answer.value is not None and not answer.verified


NOTHING_UP_FRONT = "No money up front is needed at all for "


def test_a_limit_nothing_keeps(narrow: Narrow) -> None:
    """10 dollars buy no server; that a cloud takes none is told beside it, and is no answer."""
    answer = most_demand(narrow, "economics.capex_limit", 10.0)
    assert answer.value is None and answer.answer.startswith("None: even 1 user ")
    assert NOTHING_UP_FRONT + "Public cloud" in answer.answer
    own = Narrow(run(site__venues=("on_premises",)), small_catalog())
    answer = most_demand(own, "economics.capex_limit", 10.0)
    assert answer.value is None and answer.answer.startswith("None: even 1 user ")
    assert NOTHING_UP_FRONT not in answer.answer


def test_capital_is_asked_of_those_who_spend_it() -> None:
    """A hosted API carries any load without capital: what a sum buys is servers."""
    both = run(site__venues=("on_premises", "token_api", "hybrid"))
    limit = 400_000.0
    answer = most_demand(Narrow(both, small_catalog()), "economics.capex_limit", limit)
    assert answer.value is not None and answer.verified
    assert answer.option_title.startswith("On-premises")
    assert NOTHING_UP_FRONT + "Hosted token API" in answer.answer
    # a second way: own servers alone under the limit, on either side of what was found
    alone = with_value(both.assessment, "site.venues", ("on_premises",))
    alone = with_value(alone, "economics.capex_limit", limit)

    def kept(users: float) -> bool:
        found = asked(with_value(alone, "workloads[0].users", round(users))).options
        return any(g.status == "pass" for o in found for g in o.gates if g.key == "capex")

    assert kept(answer.value) and not kept(answer.value * 1.01)


def test_capital_where_nothing_is_bought() -> None:
    rented = Narrow(run(site__venues=("token_api", "public_cloud")), small_catalog())
    answer = most_demand(rented, "economics.capex_limit", 1e6)
    assert answer.value is None and not answer.option_title
    assert answer.answer.startswith(
        "None of the venues to consider buys its servers. " + NOTHING_UP_FRONT
    )


def test_workloads_entered_by_requests_are_multiplied() -> None:
    by_rate = Narrow(
        run(site__venues=("on_premises",), workload__traffic_entry="requests"), small_catalog()
    )
    answer = most_demand(by_rate, "site.total_power_kw", 25.0)
    assert answer.unit == "x" and answer.value is not None and answer.verified


@pytest.mark.parametrize("path", LIMITS)
def test_every_limit_can_be_asked_about(narrow: Narrow, path: str) -> None:
    answer = most_demand(narrow, path, 8.0)
    assert answer.question and answer.answer
    assert list(not_finite(answer)) == []


@pytest.mark.parametrize(
    ("path", "limit", "said"),
    [
        ("site.racks", 0.0, "from 1 to"),
        ("site.racks", float("nan"), "finite"),
        ("site.cooling", 1.0, "must be one of site.total_power_kw"),
    ],
)
def test_limits_that_make_no_sense(narrow: Narrow, path: str, limit: float, said: str) -> None:
    with pytest.raises(QuestionError, match=said):
        most_demand(narrow, path, limit)


def test_a_volume_is_the_stated_demand_at_its_present_amount() -> None:
    volume = Volume(Assessment())
    assert volume.at(volume.now) == Assessment()
    assert volume.upward()[0] == volume.downward()[0] == volume.now
    assert all(v == int(v) for v in volume.downward())


# -- what makes a venue win --------------------------------------------------------------------


def test_the_value_at_which_a_venue_becomes_cheapest(narrow: Narrow) -> None:
    """Whoever is cheapest now, some horizon or price trend turns it: both sides by ``assess``."""

    def leader(assessment: Assessment) -> str:
        return min(asked(assessment).options, key=lambda o: o.cost.npv_usd if o.cost else 0).venue

    here = leader(stated(narrow))
    other = ({"on_premises", "public_cloud"} - {here}).pop()
    path = "economics.gpu_hour_trend"
    answer = makes_win(narrow, path, (other,), by_cost=True)
    if answer.value is None:
        path = "workloads[0].users"
        answer = makes_win(narrow, path, (other,), by_cost=True)
    assert answer.value is not None and answer.verified, answer
    assert leader(with_value(stated(narrow), path, answer.value)) == other


def test_a_venue_that_wins_already_is_told_so(narrow: Narrow) -> None:
    winner = narrow.recommendation.winner
    assert winner is not None
    answer = makes_win(narrow, "economics.electricity_price_kwh", (winner.venue,))
    assert answer.value is None and "already" in answer.answer


def test_nothing_in_range_says_the_range_and_how_near_it_comes(narrow: Narrow) -> None:
    here = min(narrow.recommendation.options, key=lambda o: o.cost.npv_usd if o.cost else 0).venue
    other = ({"on_premises", "public_cloud"} - {here}).pop()
    # the power of edge sites moves neither of the two
    answer = makes_win(narrow, "site.edge_site_power_kw", (other,), by_cost=True)
    assert answer.value is None
    assert answer.answer.startswith("No value from")
    best = min(
        (o for o in narrow.recommendation.options if o.venue == other),
        key=lambda o: o.cost.npv_usd if o.cost else 0,
    )
    assert f"there {best.title} at" in answer.answer


def test_an_amount_of_nothing_is_searched_by_orders_of_magnitude(narrow: Narrow) -> None:
    """Even steps to the largest sum that a data line may cost begin at hundreds of millions."""
    spec = field_at(stated(narrow), "site.edge_line_month")
    up, down = outward(spec, 0.0)
    assert up[:3] == [0.0, 10.0, 15.0] and up[-1] == spec.maximum
    assert all(b / a < 1.51 for a, b in pairwise(up[1:])) and down == [0.0]
    # a share goes to its end in even steps, from nothing as from anywhere
    share = field_at(stated(narrow), "workloads[0].batchable_share")
    assert outward(share, 0.0)[0] == pytest.approx([i / 12 for i in range(13)])


def test_no_value_is_tried_that_the_field_forbids(narrow: Narrow) -> None:
    """A data line moves neither venue; it may cost less than the largest sum that is searched."""
    spec = field_at(stated(narrow), "site.edge_line_month")
    assert spec.maximum is not None and spec.maximum < MOST_USD
    here = min(narrow.recommendation.options, key=lambda o: o.cost.npv_usd if o.cost else 0).venue
    other = ({"on_premises", "public_cloud"} - {here}).pop()
    answer = makes_win(narrow, "site.edge_line_month", (other,), by_cost=True)
    low, high = (value_with_unit(spec, value, narrow) for value in (0.0, spec.maximum))
    assert answer.answer.startswith(f"No value from {low} to {high}")


def test_the_end_of_a_search_is_a_round_sum_in_every_currency() -> None:
    """5 dollars a kWh are 786.2 yen: no electricity costs that, and nobody reckons in it."""
    answer = run(
        workload__users=20, economics__currency="JPY", site__venues=("on_premises", "public_cloud")
    )
    most = 5.0 * answer.currency.per_usd
    found = makes_win(Narrow(answer, small_catalog()), TARIFF, ("on_premises",), by_cost=True)
    told = re.match(r"No value from JPY 0 per kWh to JPY ([\d,]+) per kWh", found.answer)
    assert told, found.answer
    end = told[1].replace(",", "")
    assert end.rstrip("0") in set("123456789")  # one figure
    assert most <= float(end) < 1.3 * most


def test_a_venue_that_a_rule_excludes_is_told_by_the_rule() -> None:
    answer = run(site__venues=("on_premises",), site__air_gapped=True)
    narrow = Narrow(answer, small_catalog())
    cloud = makes_win(
        narrow, "economics.electricity_price_kwh", ("public_cloud", "gpu_cloud"), by_cost=True
    )
    assert cloud.value is None and not cloud.verified
    assert "your rules exclude" in cloud.answer
    assert "the venues to consider" in cloud.answer and "air gap" in cloud.answer
    # what it says of the price without the rules holds for the figures of the recommendation
    there = [o for o in answer.rejected if o.venue in ("public_cloud", "gpu_cloud") and o.cost]
    own = min(o.cost.npv_usd for o in answer.options if o.cost)
    cheaper = min(o.cost.npv_usd for o in there if o.cost) < own
    assert ("cheaper today already" in cloud.answer) == cheaper
    # the question is asked of everybody with own servers, for the rule is the answer
    assert cloud.answer in [a.answer for a in standard(narrow, lambda share: None, prices=False)]


@pytest.mark.parametrize(
    ("path", "venues", "said"),
    [
        ("site.cooling", ("edge",), "not a number"),
        ("site.nothing", ("edge",), "not an input"),
        ("racks", ("edge",), "not an input"),
        ("site.racks", ("moon",), "must be among"),
        ("site.racks", (), "must be among"),
    ],
)
def test_questions_that_make_no_sense(
    narrow: Narrow, path: str, venues: tuple[str, ...], said: str
) -> None:
    with pytest.raises(QuestionError, match=said):
        makes_win(narrow, path, venues)


# -- what a price buys -------------------------------------------------------------------------


def test_what_a_price_buys(narrow: Narrow) -> None:
    winner = narrow.recommendation.winner
    assert winner is not None and winner.cost is not None
    price = winner.cost.usd_per_mtok.base * 1.5
    answers = {a.key: a for a in buys(narrow, price)}
    within = [
        o for o in narrow.recommendation.options if o.cost and o.cost.usd_per_mtok.base <= price
    ]
    assert answers["options_within"].value == len(within) > 0

    def affordable(assessment: Assessment) -> list[Option]:
        return [
            o for o in asked(assessment).options if o.cost and o.cost.usd_per_mtok.base <= price
        ]

    tight = answers["tightest_tpot_ms"]
    assert tight.verified and tight.value is not None
    target = "workloads[0].targets.tpot_ms"
    assert affordable(with_value(stated(narrow), target, tight.value))
    assert not affordable(with_value(stated(narrow), target, tight.value * 0.98))
    least = answers["least_demand"]
    assert least.verified and least.value is not None and least.value == int(least.value)
    assert affordable(with_value(stated(narrow), "workloads[0].users", round(least.value)))
    assert not affordable(
        with_value(stated(narrow), "workloads[0].users", round(least.value * 0.98))
    )


def test_a_price_below_every_option(narrow: Narrow) -> None:
    answers = {a.key: a for a in buys(narrow, 1e-6)}
    assert answers["options_within"].value == 0
    assert answers["tightest_ttft_ms"].value is None
    assert answers["least_demand"].value is None


@pytest.mark.parametrize("price", [0.0, -1.0, float("nan"), float("inf")])
def test_prices_that_make_no_sense(narrow: Narrow, price: float) -> None:
    with pytest.raises(QuestionError, match="above 0"):
        buys(narrow, price)


def test_the_standard_questions_are_answered(narrow: Narrow) -> None:
    shares: list[float] = []
    answers = standard(narrow, shares.append)
    assert [a.key for a in answers[:2]] == ["most_demand", "makes_win"]
    assert all(a.key.startswith("tightest") for a in answers[2:])
    assert all(a.verified for a in answers if a.value is not None)
    assert list(not_finite(answers)) == []
    assert shares == [0.5, 0.7]


def test_amounts_of_money_carry_their_currency_in_every_language(narrow: Narrow) -> None:
    spec = field_at(stated(narrow), "economics.electricity_price_kwh")
    assert value_with_unit(spec, 0.25, narrow) == "USD 0.25 per kWh"
    with speaking("de"):
        spec = field_at(stated(narrow), "economics.electricity_price_kwh")
        assert value_with_unit(spec, 0.25, narrow).replace("\xa0", " ") == "0,25 USD pro kWh"
        assert in_a_sentence(spec) == "Strompreis"  # a noun keeps its capital
        power = field_at(stated(narrow), "site.edge_site_power_kw")
        assert value_with_unit(power, 1.5, narrow) == "1,5 kW"
        assert "USD pro Million Token" in buys(narrow, 1e-6)[0].question.replace("\xa0", " ")
