"""The inputs in which scenarios differ, by the labels of the field table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.assessment import Entry, entries
from core.assessment.fields import readable
from core.comparison.alignment import Slot, common_path, slot_of
from core.comparison.one_currency import MONEY
from core.comparison.records import DASH, Row, Scenario
from core.flow import STEPS, is_visible, step_of
from core.notation import day, with_currency
from core.recommendation import Recommendation
from core.words import _

_NUMBERS = ("int", "number", "share")


def differing(scenarios: Sequence[Scenario], slots: Sequence[Slot]) -> tuple[Row, ...]:
    """A row for every input that the scenarios do not share, in the order of the wizard.

    Left out are names on the cover, which change no result, and inputs that another one makes
    meaningless.
    """
    said = [_by_path(s.recommendation, i, slots) for i, s in enumerate(scenarios)]
    order = dict.fromkeys(path for inputs in said for path in inputs)
    rows = list(_presence(scenarios, slots))
    for path in sorted(order, key=_in_wizard_order):
        given = [inputs.get(path) for inputs in said]
        slot = slot_of(path)
        # A whole workload that is missing is told once, not input by input.
        there = given if slot is None else _where(slots[slot], given)
        if path.startswith("project.") or len({_value(entry) for entry in there}) < 2:
            continue
        rows.append(_row(path, given, scenarios, slots))
    brought = (_own_models(scenarios), _measurements(scenarios))
    return (*rows, *(row for row in brought if row is not None))


def _in_wizard_order(path: str) -> tuple[int, int]:
    # Sorting is stable: the inputs of one page keep the order of the field table.
    return STEPS.index(step_of(path)), slot_of(path) or 0


def _by_path(answer: Recommendation, number: int, slots: Sequence[Slot]) -> dict[str, Entry]:
    assessment = answer.assessment
    return {
        common_path(entry.path, number, slots): entry
        for entry in entries(assessment)
        if is_visible(assessment, entry)
    }


def _where(slot: Slot, given: Sequence[Entry | None]) -> list[Entry | None]:
    return [e for e, place in zip(given, slot.places, strict=True) if place is not None]


def _value(entry: Entry | None) -> object:
    return ("absent",) if entry is None else ("given", entry.value)


def _row(
    path: str, given: Sequence[Entry | None], scenarios: Sequence[Scenario], slots: Sequence[Slot]
) -> Row:
    field = next(entry.field for entry in given if entry is not None)
    slot, several = slot_of(path), len(slots) > 1
    section = step_of(path).title
    if slot is not None and several:
        section = _("{step}: {workload}").format(step=section, workload=slots[slot].name)
    factor = field.factor
    return Row(
        key=path,
        section=section,
        label=field.label,
        unit=field.unit,
        texts=tuple(_text(e, s.recommendation) for e, s in zip(given, scenarios, strict=True)),
        values=tuple(
            entry.value * factor
            if entry is not None and entry.value is not None and field.kind in _NUMBERS
            else None
            for entry in given
        ),
    )


def _text(entry: Entry | None, answer: Recommendation) -> str:
    if entry is None:
        return DASH
    text = readable(entry.field, entry.value)
    if entry.field.choices_from and entry.value is not None:
        text = answer.name_of(text)
    currency = answer.assessment.economics.currency
    if entry.value is not None and entry.path in MONEY:
        return with_currency(currency, text)
    if entry.value is not None and entry.field.kind in _NUMBERS:
        text = f"{text} {entry.field.unit_in(currency, entry.value)}".rstrip()
    return text or DASH


def _presence(scenarios: Sequence[Scenario], slots: Sequence[Slot]) -> Iterator[Row]:
    """Workloads that not every scenario has."""
    for number, slot in enumerate(slots):
        if None in slot.places:
            yield Row(
                key=f"workloads[{number}]",
                section=step_of("workloads").title,
                label=_("Workload “{name}”").format(name=slot.name),
                unit="",
                texts=tuple(_("no") if place is None else _("yes") for place in slot.places),
                values=(None,) * len(scenarios),
            )


def _measurements(scenarios: Sequence[Scenario]) -> Row | None:
    """Own measurements that the engine is refitted to, where they are not the same."""
    own = [s.recommendation.own_measurements for s in scenarios]
    if len(set(own)) < 2:
        return None
    told = [
        _("none: as shipped") if found is None else f"{found.file}, {day(found.date)}"
        for found in own
    ]
    return Row(
        key="own_measurements",
        section=step_of("own_measurements").title,
        label=_("Own measurements"),
        unit="",
        texts=tuple(told),
        values=(None,) * len(scenarios),
    )


def _own_models(scenarios: Sequence[Scenario]) -> Row | None:
    """Models that scenarios bring along, where they do not bring the same."""
    own = [s.recommendation.assessment.custom_models for s in scenarios]
    if len(set(own)) < 2:
        return None
    return Row(
        key="custom_models",
        section=step_of("workloads").title,
        label=_("Models brought along"),
        unit="",
        texts=tuple(", ".join(m.name for m in models) or _("none") for models in own),
        values=(None,) * len(scenarios),
    )
