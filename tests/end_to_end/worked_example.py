"""The bank's numbers in ``resources/docs/economics.md``: worked out anew, and written there.

Catalog and calibration move them, so no one types them: ``python -m
tests.end_to_end.worked_example`` replaces every line of the page that begins as one made here
does, and a test holds the page against a fresh run. The arithmetic that the lines show is done
here by itself; where it does not come to what the program says, this raises.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy_financial as npf

from core.analysis.admission.search_changes import smallest_change
from core.analysis.draws import Z80, applied
from core.analysis.engine_runs import work_per_request
from core.analysis.inverse import most_demand
from core.analysis.inverse.volume import Volume
from core.analysis.narrow import Narrow
from core.analysis.uncertain_inputs import INPUT_HIGH
from core.assess import assess
from core.assess.costing import cost_options
from core.assess.names import catalog_of
from core.catalog.load import load_catalog
from core.interchange.document import load
from core.recommendation import Answer, CostLine, Option, Recommendation

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "resources" / "docs" / "economics.md"
AS_OF = date(2026, 11, 24)
BEGINS = 24
"""Characters by which a line of the page is found."""


def whole(value: float) -> str:
    """Thousands parted, no decimals."""
    return f"{value:,.0f}"


def figures(value: float, digits: int) -> str:
    """Significant figures, without an exponent."""
    places = digits - 1 - math.floor(math.log10(abs(value)))
    return f"{round(value, places):,.{max(places, 0)}f}"


def same(one: float, other: float, share: float = 1e-3) -> float:
    """``one``, which must be what the program says."""
    if not math.isclose(one, other, rel_tol=share):
        raise AssertionError(f"worked out {one}, the program says {other}")
    return one


class Bank:
    """The bundled example and everything that its lines tell."""

    def __init__(self) -> None:
        self.assessment = load(ROOT / "resources" / "examples" / "bank_chat.json")
        self.catalog = load_catalog()

    @cached_property
    def answer(self) -> Recommendation:
        return assess(self.assessment, self.catalog, as_of=AS_OF)

    @cached_property
    def narrow(self) -> Narrow:
        return Narrow(self.answer, catalog_of(self.assessment, self.catalog))

    @cached_property
    def best(self) -> Option:
        best = self.answer.winner
        if best is None or best.cost is None:
            raise AssertionError("the bank has no winner")
        return best

    def line(self, key: str) -> CostLine:
        assert self.best.cost is not None
        return next(line for line in self.best.cost.lines if line.key == key)

    def carried_by_one(self) -> tuple[float, float]:
        """Requests/s that a replica carries alone, and each of two."""
        costed = cost_options(self.assessment, self.catalog, AS_OF, lambda _s, _t: None)
        draft = next(
            d for d in costed.drafts.owned["on_premises"]
            if d.platform.id == self.best.fleet.platform_id
        )  # fmt: skip  # one look-up
        one, two = draft.sizing.pools[0].capacity.together(np.array([1, 2]))
        return float(one), float(two) / 2.0

    def rows(self) -> Iterator[str]:
        """Lines of the table of cash flows whose numbers the engine and the catalog move."""
        energy, staff, resale = (self.line(key) for key in ("energy", "staff", "residual"))
        kwh = energy.formula.split(" kWh")[0]
        by_year = " | ".join(map(whole, energy.yearly_usd[1:]))
        pue, tariff = (part.split(" ")[0] for part in energy.formula.split("PUE ")[1].split(" x "))
        yield (
            f"| Electricity | | {by_year} | {kwh} kWh x PUE {pue} x {tariff} USD; + 2 % a year |"
        )
        by_year = " | ".join(map(whole, staff.yearly_usd[1:]))
        yield (
            f"| Staff share | | {by_year} | 0.5 people x {whole(staff.yearly_usd[1] / 0.5)}, "
            "+ 3 % a year |"
        )
        price = self.line("servers").yearly_usd[0]
        sold = same(price * 0.30 ** (4 / 3), -resale.yearly_usd[4])
        yield f"| Resale | | | | | -{whole(sold)} | {whole(price)} x 0.30^(4/3) |"

    def present_value(self) -> str:
        cost = self.best.cost
        assert cost is not None
        up_front, sold = cost.capex_usd, -self.line("residual").yearly_usd[4]
        running = [cost.yearly_usd[y] + (sold if y == 4 else 0.0) for y in range(1, 5)]
        k = sum(1.07 ** (-m / 12) for m in range(1, 13)) / 12
        spent = sum(usd * k / 1.07**y for y, usd in enumerate(running))
        back = sold / 1.07**4
        total = same(up_front + spent - back, cost.npv_usd)
        tokens = [t / 1e6 for t in cost.tokens_by_year]
        mtok = sum(t * k / 1.07**y for y, t in enumerate(tokens))
        usd = same(total / mtok, cost.usd_per_mtok.base)
        per_usd = self.answer.currency.per_usd
        told = [whole(usd) for usd in running]
        billions = [f"{t / 1e3:.1f}" for t in tokens]
        return (
            f"> At 7 % a year, 0.56541 % a month, k = {k:.6f}. Running costs: {', '.join(told[:3])}"
            f" and {told[3]} in the years. {whole(up_front)} + {k:.6f} x ({told[0]} + "
            f"{told[1]}/1.07 + {told[2]}/1.1449 + {told[3]}/1.2250) - {whole(sold)}/1.3108 = "
            f"{whole(up_front)} + {whole(spent)} - {whole(back)} = **{whole(total)}**. Tokens: "
            f"{', '.join(billions[:3])} and {billions[3]} billion, discounted alike, make "
            f"{figures(mtok, 4)} million. {whole(total)} / {figures(mtok, 4)} = "
            f"**USD {usd:.3f}**, at {per_usd:.3f} EUR per USD **EUR {usd * per_usd:.2f} per "
            "million tokens**."
        )

    def lease(self) -> str:
        price = self.line("servers").yearly_usd[0]
        pay = -float(npf.pmt(0.09 / 12, 48, price))
        month = 1.07 ** (1 / 12) - 1
        worth = -float(npf.pv(month, 48, pay))
        return (
            f"> Leased at 9 % nominal, 0.75 % a month, the {whole(price)} USD of servers cost 48 "
            f"payments of {pay:,.2f} (`pmt`), worth {whole(worth)} today: "
            f"{100 * (worth / price - 1):.1f} % more than buying. Both cost the same at a lease "
            f"rate of 12 x {100 * month:.5f} % = {1200 * month:.3f} %."
        )

    def books(self) -> str:
        cost = self.best.cost
        assert cost is not None
        bought, sold = cost.capex_usd, -self.line("residual").yearly_usd[4]
        a_year = same(bought / 5, cost.depreciation_by_year_usd[0])
        loss = same(a_year - sold, cost.disposal_by_year_usd[3])
        return (
            f"> Servers, network and installation of {whole(bought)} USD are written off over five "
            f"years, {whole(a_year)} a year. When the four years end {whole(a_year)} still stand "
            f"in the books and {whole(sold)} come back: a loss on disposal of {whole(loss)}. "
            f"{whole(4 * a_year)} + {whole(loss)} + {whole(sold)} = {whole(bought)}."
        )

    def two_costs(self) -> str:
        cost, energy = self.best.cost, self.line("energy")
        assert cost is not None and self.best.fleet.utilisation is not None
        mtok = cost.npv_usd / cost.usd_per_mtok.base
        all_of_it = energy.present_value_usd / mtok
        short = same(all_of_it * energy.short_run_share, cost.usd_per_mtok_short_run or 0.0)
        euro = short * self.answer.currency.per_usd
        return (
            f"> {100 * energy.short_run_share:.1f} % of the bank's electricity follows the load, "
            f"on servers that are used to {100 * self.best.fleet.utilisation:.0f} %: "
            f"**USD {short:.4f}** short-run, EUR {euro:.3f} per million tokens, against "
            f"{all_of_it:.3f} for all its electricity; USD {cost.usd_per_mtok_next_server:.3f} on "
            "a further server, always full."
        )

    def against_base(self) -> str:
        cost = self.best.cost
        assert cost is not None and cost.savings_npv_usd is not None
        dearer = -cost.savings_npv_usd
        back = same(-dearer / cost.capex_usd, cost.roi or 0.0)
        if cost.payback_months is not None:
            raise AssertionError("the bank's servers pay back: say so")
        return (
            f"> The API would cost {figures(cost.npv_usd - dearer, 3)} for the same four years: "
            f"the bank's servers cost {figures(dearer, 4)} more, a return of -{figures(dearer, 4)} "
            f"/ {whole(cost.capex_usd)} = {back:.2f} on what is spent up front; they never pay "
            "back, at no volume up to 64 times. The API is not allowed here (no connection to "
            "outside networks): the difference is what that rule costs."
        )

    def carbon(self) -> str:
        found = self.best.carbon
        assert found.kwh_per_year and found.kwh_per_mtok
        assert found.operational_g_per_mtok and found.embodied_g_per_mtok
        grams = same(found.kwh_per_mtok * 381.0, found.operational_g_per_mtok)
        return (
            f"> {whole(found.kwh_per_year)} kWh a year on average with PUE, "
            f"{found.kwh_per_mtok:.3f} kWh per million tokens; at 0.381 kgCO2e/kWh that is "
            f"{whole(grams)} g, and {whole(found.embodied_g_per_mtok)} g embodied."
        )

    def replicas(self) -> str:
        one, two = self.carried_by_one()
        (serving,) = self.best.servings
        assert serving.at_peak is not None
        tightest = {"ttft": "time to first token", "tpot": "time per output token"}
        return (
            "> One replica alone (FP8 weights and KV cache, tensor parallel 2, H200 NVL) carries "
            f"{figures(one, 3)} requests/s of this stream, whose CV is 2; each of two carries "
            f"{figures(two, 3)}, since it sees a CV of √(1 + 3/2) = 1.58; the tightest target is "
            f"the {tightest[serving.binding_target or '']}. 10.4 x 1.10 = 11.4 requests/s in the "
            "fourth year take two replicas, which one server of four accelerators holds, plus "
            "**one spare server**. In "
            "the busiest hour 95 % of the requests wait at most "
            f"{whole(serving.at_peak.ttft_ms['p95'])} ms for their first token, with the spare "
            "server down."
        )

    def utilisation(self) -> str:
        _one, two = self.carried_by_one()
        (demand,) = self.answer.demand
        used = self.best.fleet.utilisation
        assert used is not None
        by_hand = same(demand.mean_req_s / (4 * two), used, 1e-2)
        share = 100.0 * demand.mean_req_s / demand.peak_req_s_by_year[0]
        return (
            f"> Two servers of two replicas each: {demand.mean_req_s:.3f} requests/s on average "
            f"over four times {figures(two, 3)} is a utilisation of **{100 * by_hand:.1f} %** in "
            f"the first year. The load averages {share:.0f} % of its peak."
        )

    def score(self) -> str:
        names = {
            "cost": "cost", "memory_bandwidth": "memory bandwidth", "latency": "latency",
            "power_density": "power density", "utilization": "utilisation", "tuning": "tuning",
            "carbon": "carbon", "time": "time", "control": "control",
        }  # fmt: skip  # a table
        by_key = {s.key: s for s in self.best.scores}
        parts, total = [], 0.0
        for key, name in names.items():
            value, weight = by_key[key].value, by_key[key].weight
            assert value is not None
            parts.append(f"{name} {value:.1f} x {weight:.2f}".replace("100.0 x", "100 x"))
            total += value * weight
        total = same(total, self.best.total_score or 0.0)
        return f"> C{' + '.join(parts)[1:]} = **{total:.1f}**."

    def general_purpose(self) -> str:
        found = self.answer.general_purpose[0]
        names = {
            "tuning": "precision, caching and batching", "price": "price",
            "latency": "latency targets", "power_density": "power",
            "staff": "staff (the same people beside more accelerators)",
            "memory_bandwidth": "memory bandwidth", "utilization": "utilisation",
        }  # fmt: skip  # a table
        same(math.prod(f.factor for f in found.factors), found.ratio or 0.0)
        parts = [f"{names[f.key]} x {f.factor:.2f}" for f in found.factors]
        moved = [p if "(" not in p else _behind(p) for p in parts]
        return (
            f"> 16-bit weights on whole B200 servers cost {found.ratio:.2f} times as much: "
            f"{', '.join(moved)}."
        )

    def lengths(self) -> str:
        (serving,) = self.best.servings
        share = serving.prefill_share or 0.0
        longer = self.narrow.run(applied(self.assessment, {"input_tokens": Z80}))
        works = [work_per_request(o, [1.0]) for o in (self.best, longer.by_id()[self.best.id])]
        times = (works[1] or 0.0) / (works[0] or 1.0)
        return (
            f"> The bank's prompts {INPUT_HIGH:g} times as long leave its server (H200 NVL) "
            f"{times:.2f} times the work: the time to the first token binds. By the share of "
            f"prompts in its accelerator time, {100 * share:.0f} %, it would be "
            f"{INPUT_HIGH**share:.2f} times."
        )

    def stopped_by(self, found: Answer) -> set[str]:
        """Limits that the server which carries the most users breaks with one percent more."""
        more = Volume(self.assessment).at(1.01 * (found.value or 0.0))
        server = found.option_title.split(" x ")[-1]
        over = next(o for o in self.narrow.run_full(more).rejected if o.title.endswith(server))
        return {gate.key for gate in over.gates if gate.status == "fail"}

    def users(self) -> str:
        site = self.assessment.site
        found = most_demand(self.narrow, "site.total_power_kw", float(site.total_power_kw or 0.0))
        if found.value is None or self.stopped_by(found) != {"capex"}:
            raise AssertionError(f"another limit binds: {found.answer}")
        alone = found.answer.split("at least ")[1].split(" users")[0]
        return (
            f"> How many users fit the bank's {site.total_power_kw:g} kW? **{whole(found.value)}**:"
            " then the limit on up-front spending binds, not the room. By themselves the "
            f"{site.total_power_kw:g} kW would carry at least {alone} (searched to three percent). "
            "Which electricity price makes a cloud cheapest? None: the bank's rules leave no cloud "
            "to choose."
        )

    def admitted(self) -> str:
        hgx = next(o for o in self.answer.rejected if "8x B200" in o.title)
        found = smallest_change(self.narrow, hgx)
        (change,) = found.changes
        if change.path != "site.rack_power_kw" or found.usd_per_mtok is None:
            raise AssertionError(f"another change admits it: {found.sentence}")
        price = found.usd_per_mtok * self.answer.currency.per_usd
        return (
            f"> HGX B200 servers would be admitted with {change.value:g} kW per rack (14.3 of the "
            f"server, 0.3 of two switches) instead of 12 kW: at EUR {price:.2f} per million "
            f"tokens, in place {found.rank} of the ranking."
        )

    def lines(self) -> list[str]:
        """Every line of the page that is made here."""
        return [
            self.replicas(), self.utilisation(), *self.rows(), self.present_value(),
            self.lease(), self.books(),
            self.two_costs(), self.against_base(), self.carbon(), self.score(),
            self.general_purpose(), self.lengths(), self.users(), self.admitted(),
        ]  # fmt: skip  # a list


def _behind(part: str) -> str:
    """A remark in brackets behind the factor that it is about."""
    name, rest = part.split(" (")
    remark, factor = rest.split(") ")
    return f"{name} {factor} ({remark})"


def written(page: str, lines: list[str]) -> str:
    """The page with these lines in place of those that begin alike."""
    found = page.split("\n")
    for line in lines:
        begin = _begin(line)
        at = [i for i, old in enumerate(found) if _begin(old) == begin]
        if len(at) != 1:
            raise AssertionError(f"{len(at)} lines begin with {begin!r}")
        found[at[0]] = line
    return "\n".join(found)


def _begin(line: str) -> str:
    """The first letters of a line, without its numbers."""
    return "".join(c for c in line if c.isalpha() or c == "|")[:BEGINS]


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), Bank().lines()), encoding="utf-8")
