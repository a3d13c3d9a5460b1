"""Sampled futures, the tornado and stability: by hand, by invariants, by seed."""

from __future__ import annotations

import dataclasses
import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis import future_cost
from core.analysis.bills import LOADS
from core.analysis.draws import Z80
from core.analysis.effects import Effects
from core.analysis.engine_error import factors
from core.analysis.future_cost import (
    BY_LOAD,
    Needed,
    bill_in,
    cost_usd_per_mtok,
    one_at_a_time,
)
from core.analysis.futures import draw, drawn_at, lead, summary
from core.analysis.sensitivity import tornado
from core.analysis.stability import stability
from core.analysis.uncertain_inputs import INDEX, INPUTS, LOAD_HIGH, LOAD_LOW, described
from core.decision.ranking import CRITERIA
from tests.core.analysis import bills as toy
from tests.core.decision import builders


def test_costs_at_base_by_hand() -> None:
    # own: 60 + 10 + 10 = 80 USD; api: 60 + 40 = 100 USD; each over 100 million tokens
    base = one_at_a_time(toy.owned_and_hosted(), ["load"], [0.0])[0]
    assert base[0] == pytest.approx([0.8, 1.0])


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [
        # half or twice the servers' price: 30 + 20 = 50, 120 + 20 = 140
        ("hardware", (0.50, 1.0), (1.40, 1.0)),
        # half or twice the electricity: 60 + 10, 60 + 40
        ("energy", (0.70, 1.0), (1.00, 1.0)),
        # half or twice the token price
        ("tokens", (0.80, 0.5), (0.80, 2.0)),
        # fixed cost over 0.7 or 1.5 times the tokens; the API's price per token stays
        ("load", (0.8 / LOAD_LOW, 1.0), (0.8 / LOAD_HIGH, 1.0)),
        # prices fall by 35 % a year instead of 20: the second year is 40 x 0.65 / 0.80 = 32.5
        ("token_trend", (0.80, 0.925), (0.80, (60 + 40 * 0.95 / 0.80) / 100)),
        # 10 points less (more) growth: 50 and 45 (55) million tokens, fixed cost of 80 and 80;
        # an API is paid 60 for the first year and 90 % (110 %) of 40 for the second
        ("growth", (80 / 95, 96 / 95), (80 / 105, 104 / 105)),
        # prompts of 0.8 (1.3) times the length: 48 + 40 (78 + 40) million tokens; half of what
        # the API is paid is for prompts
        ("input_tokens", (80 / 88, 90 / 88), (80 / 118, 115 / 118)),
        # answers of 0.75 (1.4) times
        ("output_tokens", (80 / 90, 87.5 / 90), (80 / 116, 120 / 116)),
        # nothing is in the cache: less cannot be; 15 % more spares work, which costs nothing here
        ("prefix_share", (0.80, 1.0), (0.80, 1.0)),
        # servers are bought before the first year at today's price
        ("hardware_trend", (0.80, 1.0), (0.80, 1.0)),
    ],
)
def test_one_input_at_a_time_by_hand(
    key: str, low: tuple[float, float], high: tuple[float, float]
) -> None:
    costs = one_at_a_time(toy.owned_and_hosted(), [key], [-Z80, Z80])[0]
    assert costs[0] == pytest.approx(low)
    assert costs[1] == pytest.approx(high)


def test_below_the_least_load_known_a_bill_goes_on_as_it_came() -> None:
    """20 USD whatever the load and 80 USD that follow it: 36 at a fifth, not what 0.35 costs."""
    own = toy.bill("own", {"hardware": (80.0, 0.0, 0.0)}, fixed=False)
    own = dataclasses.replace(own, present=own.present + np.array([20.0, 0.0, 0.0]))
    for load in (0.2, 0.1):
        drawn = cost_usd_per_mtok(toy.bills(own), at_load(load), np.zeros((1, 1)))[0, 0]
        assert drawn == pytest.approx((20.0 + 80.0 * load) / (100.0 * load))


def test_as_many_servers_at_two_loads_tell_nothing_of_fewer() -> None:
    """Two servers at 0.35 and 0.6, three at 0.8, 60 USD each: one is 60, whatever energy says."""
    own = toy.bill("own", {"hardware": (60.0, 0.0, 0.0)}, fixed=True)
    units = np.array([2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 6.0])
    present = 60.0 * units[:, None, None] * np.array([1.0, 0.0, 0.0])
    present[1] += 1.0  # of as many servers the fuller ones take a little more
    own = dataclasses.replace(own, present=present)
    grid = np.tile(units + BY_LOAD * np.array(LOADS), (2, 1))
    one = Needed(np.full((1, 2), 1.0 + BY_LOAD * 0.2), grid)
    found = bill_in(toy.bills(own), own, np.zeros((1, len(INPUTS))), one)
    assert found.capex_usd[0] == pytest.approx(60.0, rel=0.001)


def test_work_follows_lengths_and_the_cache_by_hand() -> None:
    # hardware that follows the work, 80 USD; the work follows the root of either length, and falls
    # by a tenth with 15 points more in the cache
    law = toy.Law(lambda prompts, answers, cache, error: (
        0.5 * np.log(prompts * answers) + math.log(0.9) * cache / Z80
    ))  # fmt: skip  # one formula
    owned = toy.bill("own", {"hardware": (80.0, 0.0, 0.0)}, fixed=False, work=law)
    found = toy.bills(owned)

    def at(key: str) -> list[float]:
        return [float(row[0]) for row in one_at_a_time(found, [key], [-Z80, Z80])[0]]

    assert at("prefix_share") == pytest.approx([0.8 / 0.9, 0.8 * 0.9])
    # prompts of 0.8 (1.3) times over 88 (118) million tokens
    assert at("input_tokens") == pytest.approx([80 * 0.8**0.5 / 88, 80 * 1.3**0.5 / 118])
    # answers of 0.75 (1.4) times over 90 (116) million tokens
    assert at("output_tokens") == pytest.approx([80 * 0.75**0.5 / 90, 80 * 1.4**0.5 / 116])


def test_growth_and_trends_move_what_is_bought_later_by_hand() -> None:
    # 60 for the first year's servers and 40 for more at its end; they follow the load of the
    # year they are bought for. Labour is paid 10 and 10.
    owned = toy.bill(
        "own", {"hardware": (60.0, 40.0, 0.0), "staff": (0.0, 10.0, 10.0)}, fixed=False
    )
    found = toy.bills(owned)

    def at(key: str) -> list[float]:
        return [float(row[0]) for row in one_at_a_time(found, [key], [-Z80, Z80])[0]]

    # second year's load 0.9 (1.1): 60 + 36 + 10 + 9 (60 + 44 + 10 + 11) over 95 (105) million
    assert at("growth") == pytest.approx([115 / 95, 125 / 105])
    # servers 10 points a year cheaper (dearer): 40 x 0.9 (1.1)
    assert at("hardware_trend") == pytest.approx([1.16, 1.24])
    # labour 2 points a year: the second 10 is 9.8 (10.2)
    assert at("labour_trend") == pytest.approx([1.198, 1.202])


def test_the_engines_error_moves_only_what_is_sized_by_it() -> None:
    # as much more work as the engine is slower than it says; the interval's halves differ
    slow, fast = factors("calibrated", np.array([-Z80, Z80]))[0]
    half = math.log(fast / slow) / 2.0 / Z80
    law = toy.Law(lambda prompts, answers, cache, error: -half * error)
    owned = toy.bill("own", {"hardware": (80.0, 0.0, 0.0)}, fixed=False, work=law)
    hosted = toy.bill("api", {"tokens": (0.0, 60.0, 40.0)}, fixed=False, hosted=True)
    costs = one_at_a_time(toy.bills(owned, hosted), ["engine"], [-Z80, Z80])[0]
    # half the variance is common: to the power sqrt(1/2)
    assert costs[0] == pytest.approx([0.8 / slow ** math.sqrt(0.5), 1.0])
    assert costs[1] == pytest.approx([0.8 / fast ** math.sqrt(0.5), 1.0])


def test_hardware_of_one_generation_errs_together() -> None:
    """Two fleets that differ in nothing cost the same in every future; of two generations not."""
    law = toy.Law(lambda prompts, answers, cache, error: -math.log(1.25) * error / Z80)
    one, other = (
        toy.bill(key, {"hardware": (80.0, 0.0, 0.0)}, fixed=False, work=law) for key in "ab"
    )
    alike = draw(toy.bills(one, other), 256, 0).usd_per_mtok
    assert np.array_equal(alike[:, 0], alike[:, 1])
    older = dataclasses.replace(other, generation="ampere")
    apart = np.log(draw(toy.bills(one, older), 4096, 0, ("engine",)).usd_per_mtok)
    assert np.corrcoef(apart.T)[0, 1] == pytest.approx(0.5, abs=0.03)


def test_one_at_a_time_is_the_sampler_with_the_others_at_rest() -> None:
    found = toy.owned_and_hosted()
    for number, item in enumerate(INPUTS):
        z = np.zeros((1, len(INPUTS)))
        z[0, number] = 0.7
        direct = cost_usd_per_mtok(found, z, np.zeros((1, 2)))
        assert one_at_a_time(found, [item.key], [0.7])[0] == pytest.approx(direct)


def test_the_tornado_by_hand() -> None:
    bars, gap = tornado(toy.owned_and_hosted())
    assert gap == pytest.approx(0.2)  # runner-up minus winner
    found = {b.key: (b.gap_at_low, b.gap_at_high) for b in bars}
    assert found["hardware"] == pytest.approx((0.5, -0.4))
    assert found["tokens"] == pytest.approx((-0.3, 1.2))
    assert bars[0].key == "tokens"  # the widest: 1.5
    widths = [abs(b.gap_at_high - b.gap_at_low) for b in bars]
    assert widths == sorted(widths, reverse=True)
    assert "cloud" not in found and "staff" not in found  # nobody pays them


def test_no_runner_up_no_tornado() -> None:
    alone = toy.bills(toy.bill("own", {"hardware": (60.0, 0.0, 0.0)}, fixed=True))
    assert tornado(alone) == ((), None)


def test_draws_repeat_with_the_seed_and_differ_without() -> None:
    found = toy.owned_and_hosted()
    one, same, other = (draw(found, 500, seed) for seed in (3, 3, 4))
    assert one.samples == 512  # the next power of two
    assert np.array_equal(one.usd_per_mtok, same.usd_per_mtok)
    assert not np.array_equal(one.usd_per_mtok, other.usd_per_mtok)


@settings(max_examples=20)
@given(st.integers(0, 2**31), st.floats(0.05, 1.0), st.floats(1.0, 20.0))
def test_probabilities_and_percentiles_are_in_order(seed: int, low: float, high: float) -> None:
    owned = toy.bill("own", {"hardware": (60.0, 0.0, 5.0)}, fixed=True, factors=(low, high))
    api = toy.bill("api", {"tokens": (0.0, 60.0, 40.0)}, fixed=False, hosted=True)
    found = toy.bills(owned, api)
    rows = summary(found, draw(found, 128, seed))
    assert sum(r.win_probability for r in rows) == pytest.approx(1.0)
    for row in rows:
        assert row.usd_per_mtok_p10 <= row.usd_per_mtok_p50 <= row.usd_per_mtok_p90
        assert row.regret_usd >= 0.0


def at_load(factor: float) -> np.ndarray:
    """Standard normal values of all inputs at a multiple of the load."""
    z = np.zeros((1, len(INPUTS)))
    end = math.log(LOAD_HIGH) if factor > 1.0 else -math.log(LOAD_LOW)
    z[0, INDEX["load"]] = Z80 * math.log(factor) / end
    return z


def test_scores_follow_the_load_beside_the_cost() -> None:
    # own: 50 points for control at every load but 100 at 2.8 times; its cost follows the load
    own = dataclasses.replace(
        toy.bill("own", {"hardware": (100.0, 0.0, 0.0)}, fixed=False),
        effects=toy.effects([50.0] * (len(LOADS) - 1) + [100.0]),
    )
    for factor, control in ((1.0, 50.0), (2.25, 75.0), (2.8, 100.0)):
        score = drawn_at(toy.bills(own), at_load(factor), np.zeros((1, 1))).scores[0, 0]
        # cost at the yardstick: 0.6 x 50; between 1.7 and 2.8 half of the 50 points
        assert score == pytest.approx(0.6 * 50.0 + 0.4 * control)


def test_an_option_that_breaks_a_limit_at_a_load_wins_nothing_there() -> None:
    limited = dataclasses.replace(
        toy.bill("own", {"hardware": (10.0, 0.0, 0.0)}, fixed=False),
        effects=toy.effects([100.0] * len(LOADS), [load <= 1.0 for load in LOADS]),
    )
    api = toy.bill("api", {"tokens": (0.0, 90.0, 90.0)}, fixed=False, hosted=True)
    drawn = draw(toy.bills(limited, api), 1024, 0)
    own, other = summary(toy.bills(limited, api), drawn)
    # the cheaper one wins wherever it may: up to the middle between loads of 1.0 and 1.25
    allowed = float(np.mean(drawn.load < 1.125))
    assert own.win_probability == pytest.approx(allowed, abs=0.001)
    assert other.win_probability == pytest.approx(1.0 - allowed, abs=0.001)
    none = toy.bills(limited)
    assert summary(none, draw(none, 1024, 0))[0].win_probability == pytest.approx(allowed, abs=0.02)


def test_a_hybrid_that_costs_more_than_its_part_is_best_nowhere() -> None:
    """It has more points and costs 0.9 times its part as stated, but 1.1 times where prompts are
    longer: there it wins nothing, as the limit of a recommendation has it."""
    api = toy.bill("token_api/x", {"tokens": (0.0, 60.0, 40.0)}, fixed=False, hosted=True)
    hybrid = toy.bill(
        "hybrid/on_premises/y:token_api/x", {"tokens": (0.0, 60.0, 40.0)}, fixed=False
    )
    dearer = toy.Values(lambda prompts: np.log(np.where(prompts > 1.0, 1.1, 0.9)))
    hybrid = dataclasses.replace(
        hybrid,
        option=dataclasses.replace(hybrid.option, venue="hybrid"),
        part_id=api.option.id,
        effects=Effects(("control",), frozenset(), dearer),
    )
    api = dataclasses.replace(api, effects=toy.effects([50.0] * len(LOADS)))
    found = toy.bills(hybrid, api)
    assert found.parts_of(hybrid) == (1,)
    drawn = draw(found, 256, 0, ("input_tokens", "tokens"))
    ratio = drawn.usd_per_mtok[:, 0] / drawn.usd_per_mtok[:, 1]
    assert sorted(set(np.round(ratio, 9))) == [0.9, 1.1]  # however prices move
    assert np.array_equal(drawn.leaders, np.where(ratio > 1.0, 1, 0))


def test_what_the_fit_leaves_open_moves_scores_but_no_costs() -> None:
    """Half of the re-runs lie two points above the others' word: so do half of the futures."""
    own = toy.bill("own", {"hardware": (100.0, 0.0, 0.0)}, fixed=False)
    assert own.effects is not None
    slips = dataclasses.replace(own.effects, slips=np.array([2.0, 0.0]))
    open_ = toy.bills(dataclasses.replace(own, effects=slips))
    sure, unsure = draw(toy.bills(own), 1024, 3), draw(open_, 1024, 3)
    moved = unsure.scores - sure.scores
    assert set(np.round(moved[:, 0], 9)) == {0.0, 2.0}
    assert moved.mean() == pytest.approx(1.0, abs=0.1)
    assert np.array_equal(unsure.usd_per_mtok, sure.usd_per_mtok)
    # where the engine stays at base so does this
    assert np.array_equal(
        draw(open_, 64, 3, ("load",)).scores, draw(toy.bills(own), 64, 3, ("load",)).scores
    )


def test_a_limit_on_money_is_held_against_the_prices_of_each_future() -> None:
    """100 USD as stated and a limit of 120: broken where hardware costs more than 1.2 times."""
    own = toy.bill("own", {"hardware": (100.0, 0.0, 0.0)}, fixed=True, factors=(0.5, 2.0))
    api = toy.bill("api", {"tokens": (0.0, 500.0, 500.0)}, fixed=False, hosted=True)
    found = dataclasses.replace(toy.bills(own, api), capex_limit_usd=120.0)
    drawn = draw(found, 4096, 0, ("hardware",))
    dearer = drawn.usd_per_mtok[:, 0] > 1.2
    assert 0.2 < dearer.mean() < 0.5
    assert np.array_equal(drawn.leaders == 1, dearer)
    yearly = dataclasses.replace(toy.bills(own, api), opex_limit_usd=400.0)
    assert set(draw(yearly, 64, 0, ("hardware",)).leaders) == {0}
    assert (draw(yearly, 64, 0, ("hardware",)).scores[:, 1] < 0.0).all()  # 500 a year


def test_a_future_is_not_led_by_what_concerns_only_the_dearer_option() -> None:
    """Own servers have points for power density, which hosted tokens have not; all else is alike.

    So where the load makes the tokens cheaper they lead, though with fewer points at every load.
    """
    own = toy.bill("own", {"hardware": (100.0, 0.0, 0.0)}, fixed=True)
    score = {s.key: s for s in own.option.scores}
    cost, control = score["cost"], score["control"]
    density = dataclasses.replace(control, key="power_density")
    # weights of a user: cost 0.6, control 0.1, power density 0.3; the API shares out the last
    weights = {"cost": 0.6, "control": 0.1, "power_density": 0.3}
    scores = tuple(dataclasses.replace(s, weight=weights[s.key]) for s in (cost, control, density))
    own = dataclasses.replace(own, option=dataclasses.replace(own.option, scores=scores))
    table = np.tile([0.0, 50.0, 100.0, 1.0], (len(LOADS), 1))
    law = toy.ByLoad(np.zeros((1, 5)), table, table[0], 0.0 * table)
    own = dataclasses.replace(own, effects=Effects(("control", "power_density"), frozenset(), law))
    api = toy.bill("api", {"tokens": (0.0, 60.0, 40.0)}, fixed=False, hosted=True)
    scores = tuple(dataclasses.replace(s, weight=weights[s.key] / 0.7) for s in (cost, control))
    api = dataclasses.replace(
        api,
        option=dataclasses.replace(api.option, scores=scores),
        effects=toy.effects([50.0] * len(LOADS)),
    )
    found = dataclasses.replace(
        toy.bills(own, api),
        applies=np.array(
            [[key in weights for key in CRITERIA], [key in ("cost", "control") for key in CRITERIA]]
        ),
        weights=np.array([weights.get(key, 0.0) for key in CRITERIA]),
    )
    drawn = draw(found, 1024, 0, ("load",))
    dearer = drawn.usd_per_mtok[:, 0] > drawn.usd_per_mtok[:, 1]
    ahead = drawn.scores[:, 0] > drawn.scores[:, 1] + 1.0
    assert 0.1 < dearer.mean() < 0.9
    assert ahead[dearer].mean() > 0.5
    assert (drawn.leaders[dearer] == 1).all()


def test_percentiles_of_a_lognormal_price_by_hand() -> None:
    # only the token price moves the API's cost per token, but for the trend
    found = toy.bills(
        toy.bill("api", {"tokens": (0.0, 100.0, 0.0)}, fixed=False, factors=(0.5, 2.0), hosted=True)
    )
    (row,) = summary(found, draw(found, 4096, 1, ("tokens",)))
    assert row.usd_per_mtok_p10 == pytest.approx(0.5, rel=0.01)
    assert row.usd_per_mtok_p50 == pytest.approx(1.0, rel=0.01)
    assert row.usd_per_mtok_p90 == pytest.approx(2.0, rel=0.01)
    assert row.win_probability == 1.0
    assert row.regret_usd == 0.0


def test_regret_by_hand() -> None:
    # no spread but the load: one costs 80 whatever comes (in proportion beyond 2.8 times the
    # load, where the bills end), the other 100 x load; regret is what the choice costs too much
    owned = toy.bill("own", {"other": (80.0, 0.0, 0.0)}, fixed=True, hosted=True)
    api = toy.bill("api", {"other": (0.0, 60.0, 40.0)}, fixed=False, hosted=True)
    found = toy.bills(owned, api)
    drawn = draw(found, 4096, 2, ("load",))
    rows = {r.option_id: r.regret_usd for r in summary(found, drawn)}
    own, other = 80.0 * np.maximum(drawn.load / 2.8, 1.0), 100.0 * drawn.load
    lost = np.maximum(other - own, 0.0)
    assert lost.max() > 100.0  # never more than the plan of 100: it would be given up
    assert rows["api"] == pytest.approx(np.minimum(lost, 100.0).mean())
    assert rows["own"] == pytest.approx(np.maximum(own - other, 0.0).mean(), rel=1e-3)
    worst = {r.option_id: r.regret_p90_usd for r in summary(found, drawn)}
    # at P90 of the load, 1.5, the token bill is 150 against 80
    assert worst["api"] == pytest.approx(70.0, rel=0.01)


def test_every_uncertain_input_says_how_it_is_drawn_and_where_from() -> None:
    for label, distribution, source in described():
        assert label and distribution and source


# -- stability under weights -----------------------------------------------------------------

WEIGHTS = {"cost": 0.6, "control": 0.4}


def test_stability_is_a_seeded_share_of_draws() -> None:
    options = (toy.option("a"), toy.option("b"))
    assert stability(options, WEIGHTS, 0) == stability(options, WEIGHTS, 0)
    assert sum(share for _, share in stability(options, WEIGHTS, 0)) == pytest.approx(1.0)


def test_an_option_best_in_everything_always_wins() -> None:
    better = toy.option("a")
    worse = dataclasses.replace(
        toy.option("b"),
        scores=tuple(dataclasses.replace(s, value=(s.value or 0.0) - 1) for s in better.scores),
    )
    assert stability((better, worse), WEIGHTS, 5) == (("a", 1.0),)


def test_a_criterion_that_does_not_apply_is_left_out_of_the_draws_too() -> None:
    # the second has no control score: only cost counts for it, and it is far better there
    first = toy.option("a")
    cost, control = first.scores
    second = dataclasses.replace(
        builders.api("b"),
        scores=(
            dataclasses.replace(cost, value=99.0, weight=1.0),
            dataclasses.replace(control, value=None, weight=0.0),
        ),
    )
    assert dict(stability((first, second), WEIGHTS, 1))["b"] > 0.99


def test_a_gap_is_that_of_the_same_futures() -> None:
    """Two fleets of the same hardware, one 10 % dearer: apart their ranges overlap, together the
    second is dearer by a tenth of the first in every single future."""
    wide = (0.5, 2.0)
    one, other = (
        toy.bill(key, {"hardware": (usd, 0.0, 0.0)}, fixed=False, factors=wide)
        for key, usd in (("a", 100.0), ("b", 110.0))
    )
    both = toy.bills(one, other)
    drawn = draw(both, 512, seed=1)
    ranges = summary(both, drawn)
    assert ranges[0].usd_per_mtok_p90 > ranges[1].usd_per_mtok_p10
    found = lead(both, drawn, "a", "b")
    assert found is not None
    assert found.cheaper_share == 1.0
    for extra in (found.extra_p10, found.extra_p50, found.extra_p90):
        assert extra == pytest.approx(0.1, rel=1e-9)
    assert found.best_share == ranges[0].win_probability
    assert (found.rival_title, found.rival_share) == ("", 0.0)  # never another
    turned = lead(both, drawn, "b", "a")
    assert turned is not None
    assert turned.extra_p90 == pytest.approx(100.0 / 110.0 - 1.0, rel=1e-9)
    assert (turned.rival_title, turned.rival_share) == (both.bills[0].option.title, 1.0)
    assert lead(both, drawn, "a", "unpriced") is None


def test_no_line_of_a_bill_changes_its_sign_below_the_least_load() -> None:
    """Known at 0.5 and 1.0 times; at 0.25 one goes on along its line, one starts with nothing."""
    grid = np.array([0.5, 1.0])
    present = np.array([[[0.0], [-4.0], [3.0]], [[8.0], [-10.0], [4.0]]])
    paid = np.zeros((2, 3, 1))
    bill = SimpleNamespace(present=present, classes=("", "", ""), lumps=np.array([True] * 3))
    weights = future_cost._weights(np.array([0.25, 0.75]), grid)
    future_cost._add(paid, bill, {}, weights, 0, np.array([True] * 3))  # type: ignore[arg-type]  # only what is read of a bill
    assert paid[:, :, 0] == pytest.approx(np.array([[0.0, -1.0, 2.5], [4.0, -7.0, 3.5]]))
