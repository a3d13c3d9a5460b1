"""Every figure of the five examples can be followed home from the results file alone.

The file is read as a stranger would: sums are done again, each cost line must carry its arithmetic
and its source, and each amount of money, energy or latency in a sentence must stand in the file.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy_financial as npf
import pytest

from core.assess import assess
from core.catalog.load import load_catalog
from core.interchange.document import load
from core.interchange.exports import results_json
from tests.leaves import leaves

EXAMPLES = sorted((Path(__file__).parents[2] / "resources" / "examples").glob("*.json"))
NAMES = [path.stem for path in EXAMPLES]
Json = dict[str, Any]


@lru_cache(maxsize=len(EXAMPLES))
def results(name: str) -> Json:
    """The results file of an example, parsed."""
    path = next(p for p in EXAMPLES if p.stem == name)
    found = assess(load(path), load_catalog(), as_of=date(2026, 11, 24))
    parsed: Json = json.loads(results_json(found))
    return parsed


def options_of(file: Json) -> list[Json]:
    """Feasible and rejected options with a bill."""
    return [o for o in (*file["options"], *file["rejected"]) if o["cost"]]


def on_one_day(yearly: list[float], rate: float) -> float:
    """Column 0 before the start, column y on the last day of year y."""
    return math.fsum(usd / (1.0 + rate) ** y for y, usd in enumerate(yearly))


def by_month(yearly: list[float], rate: float) -> float:
    """Column 0 before the start; a twelfth of column y at the end of each month of year y."""
    months = [yearly[0], *(usd / 12 for usd in yearly[1:] for _month in range(12))]
    return math.fsum(usd / (1.0 + rate) ** (m / 12) for m, usd in enumerate(months))


def discounted(line: Json, rate: float) -> float:
    """Purchases and resale fall on one day, everything else on twelve."""
    way = on_one_day if line["kind"] in ("capex", "residual") else by_month
    return way(line["yearly_usd"], rate)


def close(value: float) -> Any:
    return pytest.approx(value, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_every_cost_line_has_its_arithmetic_its_source_and_its_range(name: str) -> None:
    for option in options_of(results(name)):
        for line in option["cost"]["lines"]:
            where = option["id"], line["key"]
            assert re.search(r"\d", line["formula"]), where
            assert line["provenance"]["source"], where
            dated = line["provenance"]["as_of"] or re.search(r"\d{4}", line["provenance"]["source"])
            source = line["provenance"]["source"].lower()
            own = "input" in source or "date not known" in source  # says so itself
            assert dated or own or line["is_assumption"], where
            assert min(line["low_factor"], line["high_factor"]) <= 1.0 + 1e-9, where
            assert max(line["low_factor"], line["high_factor"]) >= 1.0 - 1e-9, where


@pytest.mark.parametrize("name", NAMES)
def test_every_cost_figure_follows_from_the_lines(name: str) -> None:
    file = results(name)
    rate = file["assessment"]["economics"]["discount_rate"]
    for option in options_of(file):
        cost, lines = option["cost"], option["cost"]["lines"]
        columns = [math.fsum(c) for c in zip(*(x["yearly_usd"] for x in lines), strict=True)]
        assert cost["yearly_usd"] == close_all(columns)
        assert cost["capex_usd"] == close(columns[0])
        for line in lines:
            assert line["present_value_usd"] == close(discounted(line, rate))
        assert cost["npv_usd"] == close(math.fsum(discounted(x, rate) for x in lines))
        flows = cost["cumulative_usd"]
        months = [flows[0], *(b - a for a, b in itertools.pairwise(flows))]
        assert cost["npv_usd"] == close(npf.npv((1 + rate) ** (1 / 12) - 1, months))
        mtok = by_month([0.0, *cost["tokens_by_year"]], rate) / 1e6
        assert cost["usd_per_mtok"]["base"] == close(cost["npv_usd"] / mtok)
        for key in ("low", "high"):
            bent = math.fsum(x["present_value_usd"] * x[f"{key}_factor"] for x in lines)
            assert cost["usd_per_mtok"][key] == close(bent / mtok)
        assert all(0.0 <= x["short_run_share"] <= 1.0 for x in lines)
        grows = [x["present_value_usd"] * x["short_run_share"] for x in lines]
        if cost["usd_per_mtok_short_run"] is not None:
            assert cost["usd_per_mtok_short_run"] == close(math.fsum(grows) / mtok)
        if option["feasible"] and any(cost["depreciation_by_year_usd"]):
            by_year = math.fsum(usd for _year, usd in cost["depreciation_by_fiscal_year_usd"])
            assert by_year == close(math.fsum(cost["depreciation_by_year_usd"]))
            lost = math.fsum(usd for _year, usd in cost["disposal_by_fiscal_year_usd"])
            bought = math.fsum(part["bought_usd"] for part in cost["depreciation"])
            stays = math.fsum(
                part["bought_usd"] - math.fsum(part["yearly_usd"])
                for part in cost["depreciation"]
                if part["stays"]
            )
            resale = math.fsum(sum(x["yearly_usd"]) for x in lines if x["kind"] == "residual")
            # what was bought is depreciated, lost on disposal, sold or still stands in the books
            assert by_year + lost - resale + stays == close(bought)


def close_all(values: list[float]) -> Any:
    return pytest.approx(values, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_demand_is_told_with_what_it_was_made_from(name: str) -> None:
    """Tokens of the first year = mean of the week x seconds of a year x tokens per request."""
    file = results(name)
    for demand in file["demand"]:
        asked = next(w for w in file["assessment"]["workloads"] if w["name"] == demand["workload"])
        week = demand["hourly_req_s"]
        assert len(week) == 168 and demand["mean_req_s"] == close(math.fsum(week) / 168)
        per_request = asked["input_tokens_mean"] + asked["output_tokens_mean"]
        assert demand["tokens_per_year"][0] == close(
            demand["mean_req_s"] * 8760 * 3600 * per_request
        )


@pytest.mark.parametrize("name", NAMES)
def test_every_energy_and_carbon_figure_has_its_intensity_and_its_basis(name: str) -> None:
    file = results(name)
    mtok = math.fsum(math.fsum(d["tokens_per_year"]) for d in file["demand"]) / 1e6
    years = len(file["demand"][0]["tokens_per_year"])
    for option in options_of(file):
        carbon = option["carbon"]
        assert carbon["source"], option["id"]
        if carbon["kwh_per_mtok"] is None:
            continue
        assert carbon["kwh_per_mtok"] == close(carbon["kwh_per_year"] * years / mtok)
        grid = re.search(r"(\d+\.\d+) kgCO2e/kWh", carbon["source"])
        if carbon["operational_g_per_mtok"] is not None and option["venue"] != "hybrid":
            assert grid is not None, option["id"]
            told = carbon["kwh_per_mtok"] * float(grid[1]) * 1000.0  # printed to 0.001 kg
            tolerance = 0.0006 / max(float(grid[1]), 1e-9)
            assert carbon["operational_g_per_mtok"] == pytest.approx(told, rel=tolerance)
            assert "embodied carbon" in carbon["source"], option["id"]


@pytest.mark.parametrize("name", NAMES)
def test_every_latency_has_its_load_its_evidence_and_its_interval(name: str) -> None:
    for option in options_of(results(name)):
        for serving in option["servings"]:
            where = option["id"], serving["workload"]
            checks = [c for c in serving["targets"] if c["predicted_ms"] is not None]
            if not checks:
                continue
            assert serving["evidence"] in ("measured", "calibrated", "extrapolated"), where
            assert serving["evidence_note"] or serving["nearest"], where
            point = serving["at_peak"]
            busiest = max(
                peak / replicas
                for peak, replicas in zip(
                    serving["peak_req_s_by_year"], serving["replicas_by_year"], strict=False
                )
                if replicas
            )
            if option["venue"] != "hybrid":  # of a hybrid the base carries its part only
                assert point["req_s"] <= busiest * (1 + 1e-9), where
            assert serving["replica_arrival_cv"] is not None, where
            for check in checks:
                spread = check["predicted_ms"]
                assert spread["low"] <= spread["base"] <= spread["high"], where
                key = f"{check['key']}_ms"
                served = spread["base"] - check["waiting_ms"]
                assert any(served == close(v) for v in point[key].values()), where
                waiting = serving["waiting"]
                if check["waiting_ms"]:  # only before the whole answer of work that may wait
                    assert check["key"] == "e2e" and waiting is not None, where
                    assert check["waiting_ms"] == close(waiting["wait_h"] * 3_600_000.0), where


@pytest.mark.parametrize("name", NAMES)
def test_the_total_is_the_sum_of_weight_times_points(name: str) -> None:
    for option in results(name)["options"]:
        scores = option["scores"]
        for score in scores:
            assert score["formula"] and score["reason"]
            points = score["value"] if score["value"] is not None else score["assumed"]
            assert score["contribution"] == close(score["weight"] * (points or 0.0))
        assert option["total_score"] == close(math.fsum(s["contribution"] for s in scores))
        assert math.fsum(s["weight"] for s in scores) == close(1.0)


@pytest.mark.parametrize("name", NAMES)
def test_every_gate_tells_what_was_compared(name: str) -> None:
    for option in results(name)["options"]:
        for gate in option["gates"]:
            assert gate["message"], (option["id"], gate["key"])
            if gate["status"] != "pass":
                assert gate["remedy"], (option["id"], gate["key"])


SENTENCE_KEYS = ("headline", "confidence_reason", "reasons", "risks")


@pytest.mark.parametrize("name", NAMES)
def test_amounts_in_the_sentences_stand_in_the_file(name: str) -> None:
    """Money in the user's currency, milliseconds, grams: each is a figure of the file, rounded."""
    file = results(name)
    code, per_usd = file["currency"]["code"], file["currency"]["per_usd"]
    plain = sorted({float(x) for x in leaves(file) if not isinstance(x, str)})
    # what runs and what is made, together
    for carbon in (option["carbon"] for option in file["options"]):
        parts = (carbon["operational_g_per_mtok"], carbon["embodied_g_per_mtok"])
        plain += [math.fsum(p for p in parts if p is not None)]
    text = " ".join(
        " ".join(v) if isinstance(v, list) else v for v in (file[k] for k in SENTENCE_KEYS)
    )
    text += " ".join(o["why"] for o in file["options"])
    amounts = [
        (m, per_usd)
        for m in re.findall(rf"{code}.(\d[\d,]*\.?\d*)(?![\d,.]* (?:million|billion))", text)
    ]
    amounts += [(m, 1.0) for m in re.findall(r"(\d[\d,]*\.?\d*).(?:ms|gCO2e|kW)\b", text)]
    assert amounts
    for shown, rate in amounts:
        digits = shown.rstrip(".").replace(",", "")
        value = float(digits)
        decimals = len(digits.partition(".")[2])
        step = 10.0**-decimals
        if not decimals:  # whole numbers are told to three figures at least
            step = max(1.0, 10.0 ** (len(digits) - 3))
        assert any(abs(n * rate - value) <= step * 0.5001 for n in plain), (shown, rate)
