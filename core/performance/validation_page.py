"""The validation page, written from the stored error tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_PEERS = """\
| tool | TPOT/ITL error (median / mean) | TTFT error (median / mean) | measured on |
|---|---|---|---|
| AIConfigurator 0.12 (measured kernel tables) | 20 % / 36 % | 47 % / 55 % | 1,104 published \
closed-loop runs (it answered 89 %) |
| BLIS (event simulation on a fitted roofline) | 6.5 % / 9.8 % | 18 % / 20 % | its own 38 runs |
| llm-optimizer (roofline) | 61 % / 67 % | over 600 % | the same 38 runs |
| plain roofline without overheads | 50 to 55 % | - | - |
"""

_NAMES = {
    "tpot": "TPOT / ITL",
    "ttft": "TTFT",
    "throughput": "Throughput",
    "power": "Power and energy",
    "e2e": "End to end",
    "tpot, closed loop": "TPOT, closed loop",
    "ttft, closed loop": "TTFT, closed loop",
    "tpot_tail": "TPOT / ITL, P99",
    "ttft_tail": "TTFT, P99",
}


def _percent(value: Any) -> str:
    return "-" if value is None else f"{100 * float(value):.1f} %"


def _rows(table: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [
        f"| {_NAMES.get(name, name)} | {entry['n']} | {_percent(entry['median'])} | "
        f"{_percent(entry['mean'])} | {_percent(entry['p90'])} | {entry['ratio']:.2f} |"
        for name, entry in table.items()
        if entry.get("n")
    ]


_HEAD = "| {} | values | median | mean | P90 | median ratio |\n|---|---|---|---|---|---|"


def page(stored: Mapping[str, Any]) -> str:
    """Markdown text of ``resources/docs/validation.md``."""
    tables = stored["tables"]
    lines = [
        "# Validation of the performance engine",
        "",
        f"Calibrated {stored['date']} on {stored['values']} published values "
        f"(data SHA-256 {stored['data_sha256'][:16]}). Written by `make calibrate`; errors are "
        "absolute percentages of the measured value, the ratio is predicted over measured.",
        "",
        "## Errors on the data it was fitted to",
        "",
        _HEAD.format("metric"),
        *_rows(tables["fit"]),
        "",
    ]
    for by, table in tables.get("left_out", {}).items():
        lines += [
            f"## Each {by} left out of the fit in turn",
            "",
            _HEAD.format("metric"),
            *_rows(table),
            "",
        ]
    if "coverage" in tables:
        lines += [
            "## Share of left-out values inside their 80 % interval",
            "",
            "| left out | " + " | ".join(_NAMES.get(k, k) for k in tables["coverage"]["model"]),
            "|---" * (1 + len(tables["coverage"]["model"])) + "|",
        ]
        for by, entry in tables["coverage"].items():
            lines.append(f"| {by} | " + " | ".join(_percent(v) for v in entry.values()) + " |")
        lines.append("")
    lines += [
        "## All rows of the measurement file, by metric family",
        "",
        "| family | rows | answered | median | mean | P90 | inside the interval |",
        "|---|---|---|---|---|---|---|",
    ]
    for family, entry in tables["validation"].items():
        lines.append(
            f"| {_NAMES.get(family, family)} | {entry['n']} | {entry['answered']} | "
            f"{_percent(entry['median_ape'])} | {_percent(entry['mean_ape'])} | "
            f"{_percent(entry['p90_ape'])} | {_percent(entry['coverage'])} |"
        )
    lines += ["", "## What other tools reach", "", _PEERS]
    for field in ("accelerator", "model", "engine"):
        for family in ("tpot", "ttft", "throughput", "power"):
            table = tables.get(f"by_{field}", {}).get(family)
            if table:
                lines += [
                    f"## {_NAMES[family]} by {field} (fit)",
                    "",
                    _HEAD.format(field),
                    *_rows(table),
                    "",
                ]
    return "\n".join(lines).rstrip() + "\n"
