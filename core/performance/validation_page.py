"""``python -m core.performance.validation_page``: the validation page and its pictures.

Written from the stored error tables and from the shipped measurements predicted anew;
``make calibrate`` writes them too.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.catalog.load import Catalog, load_catalog
from core.performance import validation_plots
from core.performance.calibration_files import RESOURCES, read_measurements
from core.performance.measurement_format import read_rows
from core.performance.targets import family_of
from core.performance.validate import Validation, validate
from core.performance.validation_groups import FAMILIES, LEAST, Group, groups_of, left_out

NAMES = {
    "tpot": "TPOT / ITL",
    "tpot, closed loop": "TPOT / ITL, closed loop",
    "ttft": "TTFT",
    "ttft, closed loop": "TTFT, closed loop",
    "throughput": "Throughput",
    "power": "Power and energy",
    "e2e": "End to end",
    "tpot_tail": "TPOT / ITL, P90 and P99",
    "ttft_tail": "TTFT, P90 and P99",
    "e2e_tail": "End to end, P90 and P99",
}
"""Metric families, in the order of the page."""
PEERS = (
    (
        "AIConfigurator 0.12, measured kernel tables",
        "20 % / 36 %",
        "47 % / 55 %",
        "1,104 published closed-loop runs on NVIDIA; it answered 89 % of them",
    ),
    (
        "BLIS, event simulation on a fitted roofline",
        "6.5 % / 9.8 %",
        "18 % / 20 %",
        "its own 38 runs on three GPUs",
    ),
    ("llm-optimizer, roofline", "61 % / 67 %", "over 600 %", "the same 38 runs"),
    ("a roofline without overheads", "50 to 55 %", "-", "published runs"),
)
"""Tool, TPOT error, TTFT error (median / mean), measured on; gathered in November 2026."""
LEFT_OUT = ("model", "accelerator", "source")
FITTED = ("tpot", "ttft", "throughput")
"""Families told by source: nearly all of power and energy is of one source."""


def write(
    stored: Mapping[str, Any],
    checked: Validation,
    catalog: Catalog,
    docs: Path,
    sites: Mapping[str, Any],
) -> None:
    """Write ``validation.md`` and its pictures, ``validation/*.png``, into a folder."""
    vendors = {a.name: a.vendor for a in catalog.accelerators.values()}
    validation_plots.write(stored["tables"], checked, vendors, docs / "validation")
    (docs / "validation.md").write_text(page(stored, checked, sites), encoding="utf-8")


def page(stored: Mapping[str, Any], checked: Validation, sites: Mapping[str, Any]) -> str:
    """The page as Markdown, from a parameter file's content and its measurements checked.

    ``sites`` is the result of ``site_check``, empty where it was not made.
    """
    tables = stored["tables"]
    parts = (
        _opening(stored),
        _in_short(tables),
        "## Predicted against measured\n\n"
        "![Predicted against measured values, one panel per metric](validation/predicted.png)",
        _peers(tables),
        _every_row(checked),
        *(_by_field(field, tables, checked) for field in ("accelerator", "model", "engine")),
        _by_scenario(tables),
        _by_source(tables),
        _own_measurements(sites),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def percent(value: float | None) -> str:
    """A share as a percentage, without decimals from 200 % on."""
    if value is None:
        return "-"
    return f"{100 * value:.0f} %" if value >= 2 else f"{100 * value:.1f} %"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1) -> str:
    """A Markdown table: so many columns of text, then numbers."""
    line = "|".join(["---"] * texts + ["---:"] * (len(heads) - texts))
    return "\n".join(
        ["| " + " | ".join(heads) + " |", f"|{line}|", *("| " + " | ".join(r) + " |" for r in rows)]
    )


def _opening(stored: Mapping[str, Any]) -> str:
    return (
        "# Validation of the performance engine\n\n"
        f"Calibrated {stored['date']} on {stored['values']:,} published values (data SHA-256 "
        f"{stored['data_sha256'][:16]}). `make calibrate` fits the engine anew and writes this "
        "page; `python -m core.performance.validation_page` writes the page alone.\n\n"
        "Errors are absolute percentages of the measured value; a ratio is predicted over "
        "measured. *Left out* means predicted by a fit that saw no row of the same model, "
        "accelerator or source: what to expect of a case that nobody published. Such a refit "
        "starts from the fit to all rows and goes on until its loss stands still. Without the "
        "H100, 42 % of all TPOT values, the fit from scratch ends at the same loss and is as far "
        "off."
    )


def _in_short(tables: Mapping[str, Any]) -> str:
    held, coverage = tables.get("left_out", {}), tables.get("coverage", {})
    rows = []
    for family, entry in _in_order(tables["fit"]):
        if not entry.get("n"):
            continue
        inside = [coverage.get(by, {}).get(family) for by in LEFT_OUT]
        rows.append(
            [
                NAMES.get(family, family),
                f"{entry['n']:,}",
                _pair(entry),
                *(_pair(held.get(by, {}).get(family)) for by in LEFT_OUT),
                " / ".join(map(percent, inside)) if any(inside) else "-",
            ]
        )
    heads = ("error, median / mean", "values", "fitted", *(f"{by} left out" for by in LEFT_OUT))
    return (
        "## In short\n\n"
        + table((*heads, "inside the 80 % interval"), rows)
        + "\n\nThe last column tells how many values lie inside their interval with each model / "
        "accelerator / source left out. A dash: not left out one by one."
    )


def _in_order(families: Mapping[str, Any]) -> list[tuple[str, Any]]:
    order = {family: n for n, family in enumerate(NAMES)}
    return sorted(families.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))


def _pair(entry: Mapping[str, Any] | None) -> str:
    if not entry or not entry.get("n"):
        return "-"
    return f"{percent(entry['median'])} / {percent(entry['mean'])}"


def _peers(tables: Mapping[str, Any]) -> str:
    kinds = [k for k in ("tpot, closed loop", "ttft, closed loop") if k in tables["fit"]]
    count = " and ".join(f"{tables['fit'][k]['n']:,} {NAMES[k].split(',')[0]}" for k in kinds)
    ours = [("this engine, fitted", tables["fit"], f"{count} values, published closed-loop runs")]
    ours += [
        (f"this engine, each {by} left out", tables["left_out"][by], "the same values")
        for by in LEFT_OUT
        if by in tables.get("left_out", {})
    ]
    rows = [(name, *(_pair(found.get(k)) for k in kinds), on) for name, found, on in ours]
    heads = ("tool", "TPOT / ITL, median / mean", "TTFT, median / mean", "measured on")
    return (
        "## Beside other tools\n\n"
        + table(heads, [*rows, *PEERS], texts=4)
        + "\n\nThe runs differ, so the rows alone rank nothing: BLIS is quoted on runs of its own "
        "authors, AIConfigurator and this engine on what others published."
    )


def _every_row(checked: Validation) -> str:
    rows = []
    for family, entry in _in_order(checked.summary()["families"]):
        name = NAMES.get(family, family)
        parts = (
            (name, entry),
            (f"{name}, below saturation", entry.get("below_saturation")),
            (f"{name}, without own load", entry.get("without_own_load")),
        )
        rows += [
            (
                words,
                f"{part['n']:,}",
                f"{part['answered']:,}",
                *(percent(part[key]) for key in ("median_ape", "mean_ape", "p90_ape")),
                f"{part['median_ratio']:.2f}",
                percent(part["coverage"]),
            )
            for words, part in parts
            if part and part["answered"]
        ]
    heads = ("family", "rows", "answered", "median", "mean", "P90", "ratio", "inside the interval")
    text = "## Every row of the measurement file\n\n" + table(heads, rows)
    own = sum(p.own_load for p in checked.predictions)
    if own:
        text += (
            f"\n\nOwn load: {own:,} rows are the output of open loops. It is the load that the "
            "same run measured, times the tokens of an answer, and says nothing of the engine; it "
            "is in no fit, nor in the tables by accelerator, model and engine. "
            "What the engine is asked for is the largest load that can be served (`req_s`)."
        )
    waited = sum(p.saturated and family_of(p.metric) == "ttft" for p in checked.predictions)
    if waited:
        text += (
            f"\n\nSaturated: in {waited:,} rows the first token measures a wait for a place. "
            "Memory, or the batch that the engine was set to, held fewer requests than the "
            "benchmark kept inside; the latter is not published and read from the run's own two "
            "latencies."
        )
    reasons = Counter(p.reason for p in checked.predictions if p.predicted is None)
    if reasons:
        most_first = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
        listed = "\n".join(f"- {count:,}: {reason}" for reason, count in most_first)
        text += (
            f"\n\n<details><summary>{sum(reasons.values()):,} rows without an answer, and why"
            f"</summary>\n\n{listed}\n\n</details>"
        )
    return text


def _by_field(field: str, tables: Mapping[str, Any], checked: Validation) -> str:
    groups = groups_of(checked.predictions, field)
    large = [g for g in groups if g.values >= LEAST]
    small = [g for g in groups if g.values < LEAST]
    heads = (field, *(NAMES[family] for family in FAMILIES))

    def rows(chosen: Sequence[Group]) -> list[list[str]]:
        return [[g.title, *(_cell(g, f, field, tables) for f in FAMILIES)] for g in chosen]

    what = "model" if field == "engine" else field
    parts = [
        f"## By {field}",
        f"![Median errors by {field}, fitted and left out](validation/{field}.png)",
        f"Median error of every answered row (number in brackets; TTFT below saturation); in "
        f"italics, of the rows that are fitted, with each {what} left out in turn.",
        table(heads, rows(large)),
    ]
    if small:
        parts.append(
            f"<details><summary>{len(small)} more, each with fewer than {LEAST} values"
            f"</summary>\n\n{table(heads, rows(small))}\n\n</details>"
        )
    return "\n\n".join(parts)


def _cell(group: Group, family: str, field: str, tables: Mapping[str, Any]) -> str:
    part = group.families.get(family)
    if part is None:
        return ""
    held = left_out(tables, field, family, group.name)
    second = "" if held is None else f", *{percent(held)}*"
    return f"{percent(part['median_ape'])}{second} ({part['answered']:,})"


def _by_scenario(tables: Mapping[str, Any]) -> str:
    rows = [
        (
            scenario,
            NAMES.get(family, family),
            f"{entry['n']:,}",
            *(percent(entry[key]) for key in ("median", "mean", "p90")),
            f"{entry['ratio']:.2f}",
        )
        for family, found in tables.get("by_scenario", {}).items()
        for scenario, entry in found.items()
        if entry.get("n")
    ]
    heads = ("scenario", "metric", "values", "median", "mean", "P90", "ratio")
    return "## By scenario, fitted\n\n" + table(heads, sorted(rows), texts=2)


def _by_source(tables: Mapping[str, Any]) -> str:
    """What each source left out is predicted with: one may be a large part of all values."""
    found = tables.get("left_out_by_source", {})
    counts: Counter[str] = Counter()
    for family in FITTED:
        counts.update({name: entry["n"] for name, entry in found.get(family, {}).items()})
    rows = [
        [name, *(_left_out_cell(found.get(family, {}).get(name)) for family in FITTED)]
        for name, count in counts.most_common()
        if count >= LEAST
    ]
    if not rows:
        return ""
    return (
        "## By source, each left out\n\n"
        "Median error of the rows of a source, predicted by the fit without it (number in "
        "brackets). Where a source is the only one to have measured a kind of hardware or of "
        "software, nothing else tells of it. `/varied` are the runs of a collection whose requests "
        "have varied lengths.\n\n" + table(("source", *(NAMES[family] for family in FITTED)), rows)
    )


def _left_out_cell(entry: Mapping[str, Any] | None) -> str:
    return f"{percent(entry['median'])} ({entry['n']:,})" if entry and entry.get("n") else ""


def _own_measurements(found: Mapping[str, Any]) -> str:
    if not found:
        return ""
    rows = [
        (
            NAMES.get(family, family),
            f"{entry['n']:,}",
            f"{percent(entry['before'])} / {percent(entry['before_mean'])}",
            f"{percent(entry['held_out'])} / {percent(entry['held_out_mean'])}",
        )
        for family, entry in found["families"].items()
        if entry["n"]
    ]
    heads = ("median / mean error", "values", "fitted without the source", "refitted to it")
    return (
        "## What own measurements gain\n\n"
        f"Each of {found['sources']} sources played as a site of its own: the engine fitted "
        "without it, then `inference-assess calibrate` on its rows, every configuration predicted "
        f"by a refit that did not see it. The refit is better for {found['helped']} of them; "
        "where it is not, the command says so and writes nothing.\n\n" + table(heads, rows)
    )


def main() -> None:
    """Write the page from what is stored."""
    measured = RESOURCES / "measured"
    stored = json.loads((measured / "parameters.json").read_text("utf-8"))
    sites = json.loads((measured / "sites.json").read_text("utf-8"))
    text, _digest = read_measurements(measured / "calibration.csv.gz")
    rows, problems = read_rows(text)
    catalog = load_catalog()
    write(stored, validate(rows, catalog, problems), catalog, RESOURCES / "docs", sites)


if __name__ == "__main__":
    main()
