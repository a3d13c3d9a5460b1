"""A gate's verdict, and what a set of verdicts says: failures, conditions, distance."""

from __future__ import annotations

import math
from collections.abc import Iterable

from core.decision.wording import listed, lower_first, number, percent
from core.notation import after_label
from core.recommendation import Gate, GateStatus, Option
from core.words import Told, _, told


def gate(
    key: str,
    label: str,
    status: GateStatus,
    message: str,
    change: Told = "",
    *,
    needed: float | None = None,
    limit: float | None = None,
    unit: str = "",
) -> Gate:
    """A gate; a pass never carries a change.

    Most gates pass, so a change that holds figures is best given as a function.
    """
    takes = "" if status == "pass" else told(change)
    return Gate(key, label, status, needed, limit, unit, message, takes)


def conditions_of(gates: tuple[Gate, ...]) -> tuple[str, ...]:
    """What has to be confirmed: one line for each unknown gate, repeated ones once."""
    texts = [
        _("{label}: {text}").format(label=g.label, text=g.remedy or g.message)
        for g in gates
        if g.status == "unknown"
    ]
    return tuple(dict.fromkeys(texts))


def failures(gates: tuple[Gate, ...]) -> list[Gate]:
    """The gates that fail."""
    return [g for g in gates if g.status == "fail"]


def rejecting(options: Iterable[Option]) -> list[tuple[Gate, int]]:
    """Limits and how many of the options fail on each, the most frequent first.

    Of equal counts the key decides, so that no language tells another limit than the next.
    """
    count: dict[str, tuple[Gate, int]] = {}
    for option in options:
        for label, found in {g.label: g for g in failures(option.gates)}.items():
            count[label] = (found, count.get(label, (found, 0))[1] + 1)
    return sorted(count.values(), key=lambda pair: (-pair[1], pair[0].key, pair[0].label))


DATA_RULES = frozenset(("residency", "air_gap"))
"""Limits of where data may be processed: of law or policy, seldom the user's to choose."""
VENUES = frozenset(("venue",))


def keeps_data_rules(option: Option) -> bool:
    """Whether an option breaks no rule of where data may be processed."""
    return DATA_RULES.isdisjoint(g.key for g in failures(option.gates))


def rules_leave_none(options: Iterable[Option]) -> bool:
    """Whether rules about data reject every option at the venues to be considered.

    Then the choice of venues contradicts the rules, and one of the two has to give.
    """
    return not any(
        keeps_data_rules(o) for o in options if all(g.key != "venue" for g in failures(o.gates))
    )


def distance(gates: tuple[Gate, ...], *, venues_give: bool = False) -> float:
    """How far from feasible: the sum over failing gates of |ln(needed / limit)|.

    A gate without two positive numbers counts 2 (a factor of about seven). A model that does not
    fit counts more than any amount, since no limit of the user's is in the way, and a venue that
    the user excluded more than that; each failing gate adds 0.1, so that one large miss beats
    many. With ``venues_give`` a rule about data counts so much and a venue 2 instead: where no
    venue to be considered keeps the rules (``rules_leave_none``), another venue is the nearer
    change.
    """
    last = DATA_RULES if venues_give else VENUES
    return sum((_far(item, last) for item in failures(gates)), 0.0)


def _far(gate: Gate, last: frozenset[str]) -> float:
    """A failing gate's part of ``distance``; those ``last`` to give count most."""
    if gate.key == "memory":
        return MODEL_DOES_NOT_FIT
    if gate.needed and gate.limit and gate.needed > 0 and gate.limit > 0:
        return 0.1 + min(abs(math.log(gate.needed / gate.limit)), 20.0)
    return LAST_TO_GIVE if gate.key in last else 2.1


MODEL_DOES_NOT_FIT, LAST_TO_GIVE = 300.0, 1000.0


def named(gate: Gate) -> str:
    """A limit in the middle of a sentence."""
    return _("the venues to consider") if gate.key == "venue" else lower_first(gate.label)


def binding_text(gates: tuple[Gate, ...]) -> str:
    """Which limits bind, in words, "" where none fails."""
    names = list(dict.fromkeys(named(g) for g in failures(gates)))
    return listed(names) if names else ""


def remedies(gates: tuple[Gate, ...]) -> str:
    """What each failing limit takes by itself, in the order of checking; "" where none fails.

    Latencies look alike: where several fail, each change is told with what it is of.
    """
    failing = [g for g in failures(gates) if g.remedy]
    several = len({g.label for g in failing if g.unit == "ms"}) > 1
    return " ".join(
        dict.fromkeys(
            after_label(g.label, g.remedy) if several and g.unit == "ms" else g.remedy
            for g in failing
        )
    )


AMOUNTS = frozenset(("kW", "kVA", "kg/m²", "U", "ms", "tokens", "GiB per accelerator", "racks"))
"""Units in which a limit is exceeded by a share that says something; so are currencies."""


def binding(gates: tuple[Gate, ...]) -> Gate | None:
    """The failing gate that is furthest from its limit; ``None`` where none fails."""
    return max(failures(gates), key=lambda g: (_far(g, VENUES), g.key), default=None)


def exceeded(gate: Gate) -> str:
    """By how much a failing gate's limit is exceeded, as a sentence; "" where no share says it."""
    needed, limit = gate.needed, gate.limit
    money = len(gate.unit) == 3 and gate.unit.isupper()
    if not needed or not limit or needed <= limit or not (gate.unit in AMOUNTS or money):
        return ""
    share = needed / limit - 1.0
    if share < 1.0:
        return _("That is {share} too much.").format(share=percent(share))
    return _("That is {times} times the limit.").format(times=number(needed / limit, 2))


def rejection(option: Option) -> str:
    """Why an option is out: the binding limit, what it asks, the margin, what all limits take."""
    first = binding(option.gates)
    if first is None:
        return _("No price is known, so it cannot win.")
    text = _("Rejected by {label}.").format(label=named(first))
    found = [text, first.message, exceeded(first)]
    labels = dict.fromkeys(named(g) for g in failures(option.gates))
    others = [label for label in labels if label != named(first)]
    if others:
        found.append(_("It also fails on {others}.").format(others=listed(others)))
    takes = remedies(option.gates)
    if takes and others:
        found.append(_("It would take, limit by limit: {takes}").format(takes=takes))
    elif takes:
        found.append(_("It would take: {takes}").format(takes=takes))
    return " ".join(part for part in found if part)
