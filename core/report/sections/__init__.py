"""The sections of the report, each a function from the brief to blocks."""

from __future__ import annotations

from collections.abc import Callable

from core.report.brief import Brief
from core.report.content import Blocks
from core.report.sections import (
    action,
    comparisons,
    constraints,
    cost,
    inputs,
    options,
    performance,
    references,
    rejected,
    risks,
    sensitivity,
    site_plan,
    tuning,
    validation,
)

PLANS: tuple[tuple[str, str, Callable[[Brief], Blocks]], ...] = (
    ("inputs", "Workload and targets as understood", inputs.blocks),
    ("options", "Options compared", options.blocks),
    ("constraints", "The five constraints", constraints.blocks),
    ("performance", "Performance", performance.blocks),
    ("cost", "Cost", cost.blocks),
    ("hybrid", "Hybrid split", comparisons.hybrid),
    ("general_purpose", "Inference-optimised against general-purpose", comparisons.general_purpose),
    ("sensitivity", "Sensitivity and switch points", sensitivity.blocks),
    ("site_plan", "Site plan", site_plan.blocks),
    ("rejected", "Rejected options", rejected.blocks),
    ("tuning", "Operational tuning plan", tuning.blocks),
    ("action", "Action plan", action.blocks),
    ("risks", "Risks", risks.risks),
    ("assumptions", "Assumptions", risks.assumptions),
    ("every_input", "Every input", inputs.every),
    ("sources", "Sources", references.sources),
    ("validation", "Validation of the engine", validation.blocks),
    ("glossary", "Glossary", references.glossary),
)
"""(key, title in English, blocks) in the order of reading."""
