"""What a site's own measurements change: a few factors on top of the shipped parameters.

Four terms per serving engine and accelerator generation are free. Each multiplies a bundle of
fitted quantities that a site's drivers, clocks, hosts and launch options move together; how the
quantities differ between models, precisions and links stays as the published runs have it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from core.notation import day, local
from core.performance.engine_names import engine_name
from core.performance.generation_names import generation_name
from core.performance.measurement_lines import plain_number
from core.words import N_, _

SIZES = "sizes"
"""Kind of ``OwnMeasurements.seen`` that says how far the measured replicas and requests reach."""


@dataclass(frozen=True, slots=True)
class Term:
    """A bundle of quantities that one factor multiplies."""

    label: str
    quantities: tuple[str, ...]
    width: float
    """Shrinkage towards 1, standard deviation of the factor's natural logarithm."""


TERMS: dict[str, Term] = {
    "decode": Term(
        N_("speed of decode: shares of peak bandwidth and arithmetic reached"),
        (
            "weight_bandwidth",
            "expert_bandwidth",
            "kv_bandwidth",
            "decode_compute",
            "decode_attention",
        ),
        0.2,
    ),
    "prefill": Term(
        N_("speed of prefill: shares of peak arithmetic reached"),
        ("prefill_compute", "attention_compute"),
        0.25,
    ),
    "overhead": Term(
        N_("overheads of a step: host, launches, collectives"),
        ("layer_us", "expert_kernels", "reduce_us", "step_ms", "sequence_us"),
        0.4,
    ),
    "request": Term(
        N_("handling of a request: fixed part of TTFT and the wait for others' prompts"),
        ("prompt_ms", "step_wait", "queue_share", "queue_flow"),
        0.5,
    ),
}
"""The free terms. The widths are about what engines, eras and hosts differ by in the published
runs (``parameters.QUANTITIES``), so that a handful of values moves a term only part of the way."""


@dataclass(frozen=True, slots=True)
class SiteTerm:
    """One refitted factor."""

    term: str
    """Key of ``TERMS``."""
    engine: str
    generation: str
    factor: float
    """On the shipped quantities; 1 leaves them as they are."""
    values: int
    """Measured values of this engine and generation that it rests on."""


@dataclass(frozen=True, slots=True)
class FamilyErrors:
    """Median absolute errors of one metric family on the own measurements, shares of the value."""

    family: str
    values: int
    before: float
    """With the shipped parameters."""
    after: float
    """With the refitted ones, on what they were fitted to."""
    held_out: float
    """Each configuration predicted by a refit that did not see it."""


@dataclass(frozen=True)
class OwnMeasurements:
    """A finished refit: its terms, what they rest on and what they achieve."""

    file: str
    """Name of the measurement file."""
    date: str
    """ISO date of the refit."""
    data_sha256: str
    base_sha256: str
    """Digest of the shipped parameters it stands on."""
    values: int
    """Measured values used."""
    configurations: int
    terms: tuple[SiteTerm, ...]
    errors: tuple[FamilyErrors, ...]
    seen: tuple[tuple[str, tuple[str, ...]], ...]
    """What was measured, by kind, for evidence grades (``held_out.seen_groups``, ``SIZES``)."""

    @cached_property
    def measured(self) -> frozenset[str]:
        """``model|accelerator|engine|precision`` of what was measured."""
        return frozenset(dict(self.seen).get("measured", ()))

    @cached_property
    def sizes(self) -> dict[str, tuple[float, float, float]]:
        """Least and most accelerators of a replica, and longest request, of what was measured.

        What an entry does not say as it should counts as not said, like all in older files.
        """
        found = {}
        for entry in dict(self.seen).get(SIZES, ()):
            pair, *limits = entry.rsplit("|", 3)
            numbers = [plain_number(text) for text in limits]
            if len(numbers) == 3 and all(map(math.isfinite, numbers)):
                found[pair] = (numbers[0], numbers[1], numbers[2])
        return found

    @property
    def summary(self) -> str:
        """One sentence for screen and report."""
        errors = "; ".join(
            _("{family} {before} and {held_out} %").format(
                family=_(FAMILY_NAMES.get(e.family, e.family)),
                before=local(f"{100 * e.before:,.0f}"),
                held_out=local(f"{100 * e.held_out:,.0f}"),
            )
            for e in self.errors
            if e.family in ("tpot", "ttft", "throughput")
        )
        changed = dict.fromkeys(
            _("{engine} on {generation}").format(
                engine=engine_name(t.engine), generation=generation_name(t.generation)
            )
            for t in self.terms
        )
        return _(
            "Performance of {changed} is refitted to own measurements: {values} values of "
            "{configurations} configurations from {file}, {date}; all else stays as shipped. "
            "Median errors, before and on configurations left out of the refit: {errors}."
        ).format(
            changed=", ".join(changed),
            values=self.values,
            configurations=self.configurations,
            file=self.file,
            date=day(self.date),
            errors=errors,
        )


FAMILY_NAMES = {
    "tpot": N_("time per output token"),
    "ttft": N_("time to first token"),
    "throughput": N_("throughput"),
    "power": N_("power and energy"),
    "e2e": N_("whole answer"),
    "tpot_tail": N_("time per output token, tail"),
    "ttft_tail": N_("time to first token, tail"),
    "e2e_tail": N_("whole answer, tail"),
}


def account_of(own: OwnMeasurements, left_out: str) -> list[str]:
    """Errors before and after by metric family and the terms, as lines of a fixed width.

    ``left_out`` says what a configuration is, in words.
    """
    heads = (_("values"), _("before"), _("after"), _("left out"))
    names = {e.family: _(FAMILY_NAMES.get(e.family, e.family)) for e in own.errors}
    wide = max((len(name) for name in names.values()), default=0)
    widths = [max(len(head), 7) for head in heads]

    def line(name: str, cells: Iterable[str]) -> str:
        shown = (f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        return f"  {name:<{wide}}  {'  '.join(shown)}".rstrip()

    lines = [
        _("{values} values of {configurations} configurations from {file}").format(
            values=local(f"{own.values:,}"),
            configurations=local(f"{own.configurations:,}"),
            file=own.file,
        ),
        "",
        _("Median absolute error"),
        line("", heads),
    ]
    lines += [
        line(
            names[e.family],
            (local(f"{e.values:,}"), *map(_tenths, (e.before, e.after, e.held_out))),
        )
        for e in own.errors
    ]
    lines += [
        _(
            "“Left out”: each configuration ({left_out}) predicted by a refit without it. It says "
            "what to expect of the next one; “after” is what was fitted to."
        ).format(left_out=left_out),
        "",
        _("Factors on the shipped values (1.00: as shipped)"),
    ]
    for engine, generation in dict.fromkeys((t.engine, t.generation) for t in own.terms):
        terms = [t for t in own.terms if (t.engine, t.generation) == (engine, generation)]
        lines.append(
            "  "
            + _("{engine} on {generation}, {n} values").format(
                engine=engine_name(engine),
                generation=generation_name(generation),
                n=local(f"{terms[0].values:,}"),
            )
        )
        lines += [f"    {local(f'{t.factor:.2f}'):>6}  {_(TERMS[t.term].label)}" for t in terms]
    return lines


def _tenths(share: float) -> str:
    return local(f"{100.0 * share:,.1f} %")
