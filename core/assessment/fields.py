"""The field table: one specification per input, from which everything else is generated.

Forms, validation messages, the review page, the report's input table, the command line,
the JSON schema and CSV headers all read these specifications; nothing repeats them.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any, Literal, TypeVar

from core.language import ENGLISH, language
from core.notation import day, local
from core.units import METRIC, in_use, units
from core.words import _

Kind = Literal[
    "text", "long_text", "int", "number", "share", "bool", "choice", "flags", "date", "hours"
]
"""``share`` is stored 0..1 and shown in percent; ``flags`` is a tuple of choice ids;
``hours`` is ``None`` or 168 hourly weights."""

CONVERTED_DIGITS = 6
READ_DIGITS = 4
"""Figures of a value that is read in another unit than it is stored in."""

ChoiceSource = Literal["", "models", "regions", "use_cases", "traffic_shapes", "links"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Field:
    """One input: what it is called, what it may hold, and where its default comes from."""

    label: str
    kind: Kind
    unit: str = ""
    help: str = ""
    """What it means and typical values, for the information button."""
    default_source: str = ""
    """Where the prefilled value comes from; "" for things only the user can know."""
    minimum: float | None = None
    maximum: float | None = None
    above_minimum: bool = False
    """True when the minimum itself is not allowed (a rate must be above zero)."""
    optional: bool = False
    """May be ``None``: not known, or no limit."""
    none_text: str = "not set"
    choices: tuple[tuple[str, str], ...] = ()
    choices_from: ChoiceSource = ""
    group: str = ""
    more: bool = False
    """Shown under "More assumptions"."""
    visible_when: tuple[str, tuple[Any, ...]] | None = None
    """(sibling key, values): shown only while the sibling has one of the values."""
    step: float | None = None
    decimals: int = 2
    money: str = ""
    """Code of the currency of an amount, "user" for the assessment's own; "" for other numbers."""
    per_stored: float = 1.0
    """How many of ``unit`` are one of the unit that the value is stored and limited in."""

    @property
    def factor(self) -> float:
        """What a stored value is multiplied with to be read: a share is read in percent."""
        return 100.0 if self.kind == "share" else self.per_stored

    def unit_in(self, currency: str, value: Any = None) -> str:
        """The unit with the currency of an amount: ``EUR per kWh``; ``currency`` is the user's.

        Singular where the ``value`` is one.
        """
        if value == 1 and not self.money:
            return _counted().get(self.unit, self.unit)
        return f"{currency} {self.unit}".rstrip() if self.money == "user" else self.unit


def _counted() -> dict[str, str]:
    """Units that are counted, and one of each, in the language in use."""
    return {
        _("sites"): _("site"),
        _("years"): _("year"),
        _("users"): _("user"),
        _("weeks"): _("week"),
        _("racks"): _("rack"),
        _("tokens"): _("token"),
    }


def entry(default: T, /, **spec: Any) -> T:
    """A dataclass field with its specification attached.

    Typed as the value's own type, so that sections read like plain dataclasses.
    """
    return dataclasses.field(default=default, metadata={"field": Field(**spec)})


def fields_of(section: Any) -> Iterator[tuple[str, Field]]:
    """(key, specification) of every input of a section (class or instance), in page order.

    Its texts are in the language and its units in the system in use; keys and stored values never
    depend on them.
    """
    code, system = language(), units()
    plain = code == ENGLISH and system == METRIC
    for key, spec in _specified(section if isinstance(section, type) else type(section)):
        yield key, spec if plain else _in_words(spec, code, system)


@cache
def _specified(section: type) -> tuple[tuple[str, Field], ...]:
    """(key, specification) of every input of a class, in English."""
    return tuple(
        (item.name, item.metadata["field"])
        for item in dataclasses.fields(section)
        if item.metadata.get("field") is not None
    )


@lru_cache(maxsize=1024)
def _in_words(spec: Field, code: str, system: str) -> Field:
    """The specification in the language and units in use, whose names keep them apart."""
    unit, per_stored = in_use(spec.unit)
    return dataclasses.replace(
        spec,
        label=_(spec.label),
        unit=_(unit),
        per_stored=per_stored,
        help=_(spec.help),
        default_source=_(spec.default_source),
        none_text=_(spec.none_text),
        group=_(spec.group),
        choices=tuple((key, _(name)) for key, name in spec.choices),
    )


def texts_of(spec: Field) -> tuple[str, ...]:
    """Every text of a specification that a person reads, for translation."""
    return (
        spec.label, spec.unit, spec.help, spec.default_source, spec.none_text, spec.group,
        *(name for _key, name in spec.choices),
    )  # fmt: skip  # one list


def default_of(section: Any, key: str) -> Any:
    """The default value of one input."""
    for item in dataclasses.fields(section):
        if item.name == key:
            return item.default
    raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: where, what was given, what is allowed."""

    path: str
    label: str
    value: Any
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


MOST_QUOTED = 30
MOST_IN_DIGITS = 1e16
"""Largest amount that is written out: no field allows more."""


def in_digits(value: float) -> str:
    """A number in grouped digits, ten figures of it; powers of ten only beyond what is allowed."""
    large = 1e10 <= abs(value) <= MOST_IN_DIGITS
    return local(f"{float(f'{value:.10g}'):,.0f}" if large else f"{value:,.10g}")


def _range_text(field: Field) -> str:
    unit = f" {field.unit}" if field.unit else ""
    low, high = field.minimum, field.maximum
    if low is not None and high is not None:
        text = _("above {low} to {high}") if field.above_minimum else _("from {low} to {high}")
    elif low is not None:
        text = _("above {low}") if field.above_minimum else _("at least {low}")
    elif high is not None:
        text = _("at most {high}")
    else:
        return _("any number")
    limits = {
        name: in_digits(_exact(limit, field))
        for name, limit in (("low", low), ("high", high))
        if limit is not None
    }
    return text.format(**limits) + unit


def _exact(value: float, field: Field) -> float:
    """A stored value as it is read, without digits that only the conversion of units made."""
    read = value * field.factor
    return read if field.per_stored == 1.0 else float(f"{read:.{CONVERTED_DIGITS}g}")


def readable(field: Field, value: Any) -> str:
    """``shown`` to four figures where only the conversion of units made more of them.

    A round number of kilograms is none of pounds; whoever types pounds reads them as typed.
    """
    if not isinstance(value, int | float) or isinstance(value, bool) or field.per_stored == 1.0:
        return shown(field, value)
    exact = _exact(value, field)
    rounded = float(f"{exact:.{READ_DIGITS}g}")
    typed_here = len(f"{value:.{CONVERTED_DIGITS}g}") >= len(f"{exact:.{CONVERTED_DIGITS}g}")
    return in_digits(exact if typed_here else rounded)


def shown(field: Field, value: Any) -> str:
    """A value as a person would read it, without its unit."""
    if value is None:
        return field.none_text
    if field.kind == "share":
        return f"{in_digits(value * 100)}" if isinstance(value, int | float) else str(value)
    if field.kind == "bool":
        return _("yes") if value else _("no")
    if field.kind == "choice":
        return dict(field.choices).get(value, str(value))
    if field.kind == "date":
        return day(str(value))
    if field.kind == "flags":
        names = dict(field.choices)
        return ", ".join(names.get(v, str(v)) for v in value) or _("none")
    if field.kind == "hours":
        return _("{value} hourly weights").format(value=len(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return in_digits(_exact(value, field))
    return str(value)


def _quoted(value: Any) -> str:
    """What was given, cut where it is too long to be told in a line."""
    text = repr(value)
    return text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED]}…"


def _check_number(field: Field, value: Any) -> str:
    if isinstance(value, str) and not value.strip():
        return _("must be given: {allowed}").format(allowed=_range_text(field))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _("must be a number, {allowed}; got {value}").format(
            allowed=_range_text(field), value=_quoted(value)
        )
    if not math.isfinite(value):
        return _("must be a finite number, {allowed}; got {value}").format(
            allowed=_range_text(field), value=repr(value)
        )
    if field.kind == "int" and value != int(value):
        return _("must be a whole number; got {value}").format(value=in_digits(value))
    low, high = field.minimum, field.maximum
    too_low = low is not None and (value <= low if field.above_minimum else value < low)
    if too_low or (high is not None and value > high):
        return _("must be {allowed}; got {value}").format(
            allowed=_range_text(field), value=shown(field, value)
        )
    return ""


def _check_choice(field: Field, value: Any, names: frozenset[str]) -> str:
    allowed = names or frozenset(key for key, _name in field.choices)
    if not isinstance(value, str):
        return _("must be a name; got {value}").format(value=repr(value))
    if not allowed or value in allowed:
        return ""
    import difflib

    near = difflib.get_close_matches(value, sorted(allowed), n=3, cutoff=0.4)
    if len(allowed) <= 12:
        return _("must be one of {allowed}; got '{value}'").format(
            allowed=", ".join(sorted(allowed)), value=value
        )
    hint = (
        _("; the nearest known: {near}").format(near=", ".join(near))
        if near
        else _("; known are {allowed}").format(allowed=_some(sorted(allowed)))
    )
    return _("is not known: '{value}'{hint}").format(value=value, hint=hint)


MOST_LISTED = 100
"""A message lists at most so many allowed names."""


def _some(names: list[str]) -> str:
    more = len(names) - MOST_LISTED
    return ", ".join(names[:MOST_LISTED]) + (
        _(" and {more} more").format(more=more) if more > 0 else ""
    )


def check(field: Field, value: Any, names: frozenset[str] = frozenset()) -> str:
    """What is wrong with a value, or "" where it is fine.

    ``names`` are the allowed ids of a choice that comes from the catalog.
    """
    if value is None:
        return "" if field.optional else _("must be given")
    if field.kind in ("int", "number", "share"):
        return _check_number(field, value)
    if field.kind == "bool":
        return (
            ""
            if isinstance(value, bool)
            else _("must be yes or no (true/false); got {value}").format(value=repr(value))
        )
    if field.kind == "choice":
        return _check_choice(field, value, names)
    if field.kind == "flags":
        if not isinstance(value, tuple):
            return _("must be a list of names; got {value}").format(value=repr(value))
        wrong = [text for item in value if (text := _check_choice(field, item, names))]
        return wrong[0] if wrong else ""
    if field.kind == "date":
        try:
            date.fromisoformat(value)
        except (TypeError, ValueError):
            return _("must be a date like 2027-03-31; got {value}").format(value=repr(value))
        return ""
    if field.kind == "hours":
        good = (
            isinstance(value, tuple)
            and len(value) == 168
            and all(isinstance(h, int | float) and math.isfinite(h) and h >= 0 for h in value)
            and sum(value) > 0
        )
        return "" if good else _("must be 168 hourly weights, none negative and not all zero")
    limit = 20_000 if field.kind == "long_text" else 500
    if not isinstance(value, str):
        return _("must be text; got {value}").format(value=repr(value))
    return (
        ""
        if len(value) <= limit
        else _("must have at most {limit} characters; has {value}").format(
            limit=limit, value=len(value)
        )
    )
