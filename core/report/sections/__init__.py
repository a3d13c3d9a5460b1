"""The sections of the report, each a function from the brief to blocks."""

from __future__ import annotations

from collections.abc import Callable

from core.report.brief import Brief
from core.report.content import Blocks
from core.report.sections import inputs, options

PLANS: tuple[tuple[str, str, Callable[[Brief], Blocks]], ...] = (
    ("inputs", "Workload and targets as understood", inputs.blocks),
    ("options", "Options compared", options.blocks),
)
"""(key, title in English, blocks) in the order of reading."""
