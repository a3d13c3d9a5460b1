"""Results for other programs: the options as CSV, everything as JSON."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from core.assessment import WEIGHTS, Assessment
from core.interchange.document import as_document
from core.recommendation import Analysis, Option, Recommendation, Spread

RESULTS_FORMAT = "inference-advisor-results"
RESULTS_VERSION = 2
"""2: a cost's ``usd_per_mtok_short_run`` was ``usd_per_mtok_marginal`` before."""

Cell = str | float | int | bool | None
_SCORES = tuple(key.removeprefix("weight_") for key in WEIGHTS)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def safe_cell(value: Cell) -> str:
    """A value as a CSV cell that no spreadsheet takes for a formula.

    Text that a spreadsheet would run gets an apostrophe in front, which spreadsheets hide;
    numbers stay numbers (a negative one too); unknown and non-finite ones are empty.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return repr(value) if math.isfinite(value) else ""
    text = value.replace("\x00", "")
    risky = text.lstrip().startswith(_FORMULA_STARTS) or text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if risky else text


def _spread(prefix: str, value: Spread | None) -> dict[str, Cell]:
    """Three columns of a low/base/high value."""
    if value is None:
        return {f"{prefix}_low": None, f"{prefix}_base": None, f"{prefix}_high": None}
    return {
        f"{prefix}_low": value.low,
        f"{prefix}_base": value.base,
        f"{prefix}_high": value.high,
    }


def _money(option: Option) -> dict[str, Cell]:
    cost = option.cost
    columns: dict[str, Cell] = _spread("usd_per_mtok", cost.usd_per_mtok if cost else None)
    for name in (
        "usd_per_mtok_input",
        "usd_per_mtok_output",
        "usd_per_mtok_short_run",
        "usd_per_mtok_next_server",
        "npv_usd",
        "capex_usd",
        "opex_first_year_usd",
        "payback_months",
        "savings_npv_usd",
    ):
        columns[name] = getattr(cost, name) if cost else None
    return columns


def _hardware(option: Option) -> dict[str, Cell]:
    fleet = option.fleet
    return {
        "platform": fleet.platform_name,
        "units": max(fleet.units_by_year, default=0),
        "unit": fleet.unit,
        "spares": fleet.spares,
        "accelerators": fleet.accelerators,
        "sites": fleet.sites,
        "nameplate_kw": fleet.nameplate_kw,
        "average_kw": fleet.average_kw,
        "racks": fleet.rack_count,
        "kw_per_rack": fleet.kw_per_rack,
        "weight_kg": fleet.weight_kg,
        "feed_kva": fleet.feed_kva,
        "utilisation": fleet.utilisation,
        "availability": fleet.availability,
    }


def _targets(option: Option) -> str:
    parts = []
    for serving in option.servings:
        for check in serving.targets:
            base = check.predicted_ms.base if check.predicted_ms else math.inf
            got = f"{base:.6g}" if math.isfinite(base) else "unknown"
            parts.append(
                f"{serving.workload} {check.key} {got} of {check.limit_ms:.6g} ms: {check.status}"
            )
    return "; ".join(parts)


def _row(option: Option, recommendation: Recommendation) -> dict[str, Cell]:
    scores = {score.key: score.value for score in option.scores}
    weeks = _spread("weeks_to_deploy", option.weeks_to_deploy)
    return {
        "rank": option.rank,
        "feasible": option.feasible,
        "id": option.id,
        "venue": option.venue,
        "title": option.title,
        "provider": option.provider,
        "region": option.region,
        "region_label": option.place.label,
        "network": option.place.network,
        "network_ms": option.place.rtt_ms,
        "contract": option.contract.words if option.contract else "",
        "configuration": "; ".join(s.configuration for s in option.servings),
        "evidence": "; ".join(s.evidence or "unknown" for s in option.servings),
        **_money(option),
        "currency": recommendation.currency.code,
        "currency_per_usd": recommendation.currency.per_usd,
        "total_score": option.total_score,
        "topsis_score": option.topsis_score,
        **{f"score_{key}": scores.get(key) for key in _SCORES},
        "bottleneck": option.bottleneck,
        **_hardware(option),
        "targets": _targets(option),
        "kwh_per_year": option.carbon.kwh_per_year,
        "kwh_per_mtok": option.carbon.kwh_per_mtok,
        "operational_g_per_mtok": option.carbon.operational_g_per_mtok,
        "embodied_g_per_mtok": option.carbon.embodied_g_per_mtok,
        "total_t_per_year": option.carbon.total_t_per_year,
        "water_l_per_mtok": option.carbon.water_l_per_mtok,
        "water_m3_per_year": option.carbon.water_m3_per_year,
        **weeks,
        "failed_gates": "; ".join(g.message for g in option.gates if g.status == "fail"),
        "to_confirm": "; ".join(option.conditions),
        "why": option.why,
    }


def option_columns(recommendation: Recommendation) -> list[dict[str, Cell]]:
    """Every option as column name to value: feasible ones best first, then the rejected."""
    options = (*recommendation.options, *recommendation.rejected)
    return [_row(option, recommendation) for option in options]


def _both(row: dict[str, Cell], recommendation: Recommendation) -> dict[str, Cell]:
    """A row with each amount in US dollars followed by the same in the user's currency."""
    code = recommendation.currency.code.lower()
    found: dict[str, Cell] = {}
    for name, value in row.items():
        found[name] = value
        if code != "usd" and "usd" in name.split("_") and name != "currency_per_usd":
            amount = recommendation.money(value) if isinstance(value, float | int) else value
            found[name.replace("usd", code)] = amount
    return found


def options_csv(recommendation: Recommendation) -> str:
    """Every option, one a row: feasible ones best first, then the rejected, nearest first.

    Comma separated with a heading row and CRLF line ends (RFC 4180). Money is in US dollars,
    present values over the horizon; where the user's currency is another, every amount stands
    in it as well, in a column named after it (``eur_per_mtok_base`` after ``usd_per_mtok_base``).
    Empty means unknown or not applicable. Safe to open in a spreadsheet.
    """
    rows = [_both(row, recommendation) for row in option_columns(recommendation)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(rows[0] if rows else ["rank", "feasible", "id"])
    for row in rows:
        writer.writerow([safe_cell(value) for value in row.values()])
    return text.getvalue()


def plain(value: Any) -> Any:
    """Results as plain JSON values: dataclasses as objects, NaN and infinity as null."""
    # a quarter of a million values, most of them of these kinds exactly
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return value
    if kind is float:
        return value if math.isfinite(value) else None
    if kind is tuple or kind is list:
        return [plain(item) for item in value]
    if isinstance(value, Assessment):
        return as_document(value)
    if dataclasses.is_dataclass(kind):
        return {name: plain(getattr(value, name)) for name in _names(kind)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return plain(float(value))
    # NumPy's scalars are no Python numbers, but know the one they hold.
    unwrap: Callable[[], Any] | None = getattr(value, "item", None)
    if unwrap is None:
        raise TypeError(f"no JSON form for a {kind.__name__}")
    return plain(unwrap())


@lru_cache(maxsize=256)
def _names(kind: type) -> tuple[str, ...]:
    """Fields of a kind of dataclass, in order."""
    return tuple(field.name for field in dataclasses.fields(kind))


def results_json(recommendation: Recommendation, analysis: Analysis | None = None) -> str:
    """The whole recommendation (and analysis, where there is one) as strict JSON.

    ``null`` is unknown, not applicable or not finite. Keys and units are those of
    ``core.recommendation``.
    """
    content = {
        "format": RESULTS_FORMAT,
        "results_version": RESULTS_VERSION,
        **plain(recommendation),
        "analysis": plain(analysis),
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
