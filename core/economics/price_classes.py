"""Which prices move together: the class of each cost line.

What two options both pay for rises and falls for both at once, so a difference between them is
less uncertain than either.
"""

from __future__ import annotations

CLASSES: dict[str, str] = {
    "servers": "hardware",
    "lease": "hardware",
    "network": "hardware",
    "racks": "hardware",
    "installation": "hardware",
    "support": "support",
    "residual": "residual",
    "power_works": "works",
    "cooling_works": "works",
    "energy": "energy",
    "staff": "staff",
    "remote_hands": "staff",
    "field_service": "staff",
    "colocation": "colocation",
    "cross_connect": "colocation",
    "cloud_on_demand": "cloud",
    "cloud_committed": "cloud",
    "cloud_spot": "cloud",
    "cloud_queued": "cloud",
    "tokens": "tokens",
}
"""Price class of each cost line; others are of class ``OTHER``."""
OTHER = "other"
