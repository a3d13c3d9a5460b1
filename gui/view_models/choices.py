"""What a choice offers: the field's own list, or the catalog's rows by their readable names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.assessment.fields import Field
from core.assessment.fields import shown as as_read
from core.words import _

Choices = tuple[tuple[str, str], ...]


def choices_of(field: Field, catalog: Any) -> Choices:
    """(id, readable name) of everything a field offers; empty until the catalog is loaded."""
    if not field.choices_from:
        return field.choices
    if catalog is None:
        return ()
    if field.choices_from == "models" and hasattr(catalog, "model_names"):
        return tuple(catalog.model_names().items())
    table: Mapping[str, Any] = getattr(catalog, field.choices_from)
    named = ((key, _(str(getattr(row, "name", "") or row.title))) for key, row in table.items())
    if field.choices_from == "regions":
        return tuple(sorted(named, key=lambda pair: pair[1].lower()))
    return tuple(named)


def readable(field: Field, value: Any, catalog: Any, currency: str = "") -> str:
    """A value as a person reads it, catalog names and unit included.

    ``currency`` is the user's, for amounts of money.
    """
    if value is None:
        return field.none_text
    if field.kind == "choice" and field.choices_from:
        return dict(choices_of(field, catalog)).get(value, str(value))
    if field.kind == "text" and not value:
        return "–"
    if field.kind == "flags" and len(value) == len(field.choices) > 2:
        return _("all")
    text = as_read(field, value)
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    unit = field.unit_in(currency, value)
    long = in_words(field, value)
    return f"{text} {unit}{f' ({long})' if long else ''}" if unit and numeric else text


def in_words(field: Field, value: Any) -> str:
    """A long time in the unit that people think in, ``10 h``; "" for what needs no other one."""
    if field.unit != "ms" or not isinstance(value, int | float):
        return ""
    from core.decision.wording import milliseconds  # the first window shows no latency

    read = milliseconds(value)
    return "" if read.endswith("ms") else read
