"""The remarks that sources in the catalog are made of, as patterns with places.

What stands in a place is told by its name: the name of a work or a product (``NAMES``), an amount
that begins with its currency (``AMOUNTS``), a figure or a range of figures (``FIGURES``), or any
text.
"""

from __future__ import annotations

from core.catalog.remarks import general, machines, places, prices, single, use
from core.catalog.remarks.descriptions import DESCRIPTIONS as DESCRIPTIONS
from core.catalog.remarks.descriptions import UNNAMED as UNNAMED

PATTERNS = (
    *general.PATTERNS,
    *machines.PATTERNS,
    *places.PATTERNS,
    *prices.PATTERNS,
    *use.PATTERNS,
    *single.PATTERNS,
    *DESCRIPTIONS,
)
NAMES = frozenset(("what", "work", "server", "city", "version"))
"""Places of names, which stay as they are."""
AMOUNTS = frozenset(("money", "host", "listed"))
FIGURES = frozenset(("range", "low", "high", "count", "watts", "share"))
