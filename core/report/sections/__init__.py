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
from core.words import N_

PLANS: tuple[tuple[str, str, Callable[[Brief], Blocks]], ...] = (
    ("inputs", N_("Workload and targets as understood"), inputs.blocks),
    ("options", N_("Options compared"), options.blocks),
    ("constraints", N_("The five constraints"), constraints.blocks),
    ("performance", N_("Performance"), performance.blocks),
    ("cost", N_("Cost"), cost.blocks),
    ("hybrid", N_("Hybrid split"), comparisons.hybrid),
    (
        "general_purpose",
        N_("Inference-optimised against general-purpose"),
        comparisons.general_purpose,
    ),
    ("sensitivity", N_("Sensitivity and switch points"), sensitivity.blocks),
    ("site_plan", N_("Site plan"), site_plan.blocks),
    ("rejected", N_("Rejected options"), rejected.blocks),
    ("tuning", N_("Operational tuning plan"), tuning.blocks),
    ("action", N_("Action plan"), action.blocks),
    ("risks", N_("Risks"), risks.risks),
    ("assumptions", N_("Assumptions"), risks.assumptions),
    ("every_input", N_("Every input"), inputs.every),
    ("sources", N_("Sources"), references.sources),
    ("validation", N_("Validation of the engine"), validation.blocks),
    ("glossary", N_("Glossary"), references.glossary),
)
"""(key, title in English, blocks) in the order of reading."""
