"""What a site's own measurements change: a few factors on top of the shipped parameters.

Four terms per serving engine and accelerator generation are free. Each multiplies a bundle of
fitted quantities that a site's drivers, clocks, hosts and launch options move together; how the
quantities differ between models, precisions and links stays as the published runs have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from core.notation import day, local
from core.words import N_, _


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
    """What was measured, by kind, for evidence grades (``held_out.seen_groups``)."""

    @cached_property
    def measured(self) -> frozenset[str]:
        """``model|accelerator|engine|precision`` of what was measured."""
        return frozenset(dict(self.seen).get("measured", ()))

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
            _("{engine} on {generation}").format(engine=t.engine, generation=t.generation)
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
    lines = [
        f"{own.values} values of {own.configurations} configurations from {own.file}",
        "",
        "Median absolute error",
        f"  {'':<28} {'values':>7} {'before':>8} {'after':>8} {'left out':>9}",
    ]
    lines += [
        f"  {FAMILY_NAMES.get(e.family, e.family):<28} {e.values:>7} {e.before:>8.1%} "
        f"{e.after:>8.1%} {e.held_out:>9.1%}"
        for e in own.errors
    ]
    lines += [
        f"left out: each configuration ({left_out}) predicted by a refit without it;",
        "it says what to expect of the next one, 'after' is what was fitted to.",
        "",
        "Factors on the shipped values (1.00: as shipped)",
    ]
    for engine, generation in dict.fromkeys((t.engine, t.generation) for t in own.terms):
        terms = [t for t in own.terms if (t.engine, t.generation) == (engine, generation)]
        lines.append(f"  {engine} on {generation}, {terms[0].values} values")
        lines += [f"    {t.factor:>6.2f}  {TERMS[t.term].label}" for t in terms]
    return lines
