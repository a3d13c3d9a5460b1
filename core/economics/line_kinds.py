"""Which cost lines grow with what, and which are paid on one day."""

from __future__ import annotations

PER_UNIT = frozenset(
    {
        "servers",
        "lease",
        "network",
        "racks",
        "installation",
        "licences",
        "support",
        "energy",
        "colocation",
        "remote_hands",
        "residual",
        "cloud_on_demand",
        "cloud_committed",
        "cloud_spot",
        "cloud_queued",
        "field_service",
        "tokens",
        "egress",
    }
)
"""Lines that grow with every further unit; the others are paid once however many there are."""
PER_TOKEN = frozenset({"tokens", "egress", "cloud_spot", "cloud_queued"})
"""Of these, lines that are in proportion to the tokens however full the servers are."""
LASTING = frozenset({"racks", "power_works", "cooling_works"})
"""What stays when servers are sold; all else that is written off is given up with them."""
LUMPS = frozenset({"capex", "residual"})
"""Kinds paid or received on one day; all others are spread over the months of their year."""
