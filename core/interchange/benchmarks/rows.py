"""One run as a load generator tells it, and as rows of the measurement format."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.interchange.errors import shown
from core.interchange.exports import safe_cell
from core.notation import local
from core.performance.measurement_format import COLUMNS, METRICS, OWN
from core.words import N_, _

Row = Mapping[str, str]
STATISTICS = ("mean", "p50", "p90", "p99")
"""Those that the measurement format has for every latency."""
MOST_FAILED = 0.5
FAILED = N_("{share} % of the requests failed")


class SetupError(ValueError):
    """Something that the result file does not tell has to be given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What was measured and how it was served, where the result file does not tell.

    Empty text takes what the file names, or is left open. Names are those of the catalog or its
    aliases; precisions, parallel degrees and engine as in the measurement format.
    """

    accelerator: str = ""
    model: str = ""
    n_accel: int = 1
    tp: int | None = None
    pp: int = 1
    ep: int = 1
    dp: int = 1
    weight_precision: str = ""
    kv_precision: str = ""
    engine: str = "vllm"
    spec_decode: str = "off"
    version_date: str = ""
    """Date of the engine's version, ISO; "" takes the date of the run."""


@dataclass(frozen=True, slots=True)
class Note:
    """What to mind of a run: kept in English with its rows, told in the language in use."""

    words: str
    """An English sentence with places, marked for translation."""
    values: Mapping[str, str]
    """What stands in its places, numbers as English writes them."""
    left_out: bool = False
    """Whether it says why the run is not used."""

    def __str__(self) -> str:
        text = self.words.format(**self.values)
        return f"left out: {text}" if self.left_out else text

    def told(self) -> str:
        """The sentence in the language in use."""
        text = _(self.words).format(**{place: local(v) for place, v in self.values.items()})
        return _("left out: {why}").format(why=text) if self.left_out else text


@dataclass(slots=True)
class Measured:
    """One run: the load, what came of it, and what to mind."""

    scenario: str
    concurrency: str
    """Requests at once, ``max`` for all at once; ``qps=x`` or ``n prompts at x req/s`` for an
    offered rate."""
    input_tokens: float | None
    output_tokens: float | None
    values: dict[str, float] = field(default_factory=dict)
    """Metric of the measurement format -> value."""
    model: str = ""
    accelerator: str = ""
    accelerators: int = 0
    """How many the file names; 0 where it names none."""
    date: str = ""
    notes: list[Note] = field(default_factory=list)
    usable: bool = True

    def mind(self, words: str, **values: str) -> None:
        """Note a sentence, marked for translation, with what stands in its places."""
        self.notes.append(Note(words, values))

    def refuse(self, words: str, **values: str) -> None:
        """Leave this run out, and say why."""
        self.usable = False
        self.notes.append(Note(words, values, left_out=True))

    def count_failures(self, done: float | None, failed: float | None) -> None:
        """Mind requests that failed; refuse the run where most did or none was served."""
        if done is not None and done <= 0:
            self.refuse(N_("no request succeeded"))
        elif done is not None and failed:
            share = failed / (done + failed)
            if share > MOST_FAILED:
                self.refuse(FAILED, share=f"{100 * share:.0f}")
            elif share > 0.01:
                self.mind(FAILED, share=f"{100 * share:.1f}")

    def take(self, metric: str, value: float | None) -> None:
        """Keep a value that was measured; zero means that it was not."""
        if value is not None and value > 0:
            self.values[metric] = value


def per_rate(done_per_s: float | None, latency_s: float | None) -> float | None:
    """Requests inside on average (Little's law), ``None`` where either is unknown."""
    return done_per_s * latency_s if done_per_s and latency_s else None


def poisson(rate: float, requests: float | None) -> Measured:
    """A run whose requests came by chance; ``rate`` is ``inf`` where all came at once.

    With their number the run has an end, which its averages have in them.
    """
    told = f"{requests:.0f} prompts at {rate:.10g} req/s" if requests else f"qps={rate:.10g}"
    return Measured("open_loop_poisson", told, None, None)


def paced(kind: str, inside: float | None) -> Measured:
    """A run whose requests came at a constant rate; any other ``kind`` is left out.

    Evenly spaced arrivals keep the number of requests inside level, as a closed loop does: with
    that number the run can be used.
    """
    run = Measured("closed_loop", f"{max(inside or 1.0, 1.0):.4g}", None, None)
    if kind != "constant":
        run.refuse(N_("how its requests came is not known ({kind})"), kind=shown(kind))
    elif inside is None:
        run.refuse(N_("a constant rate without the number of requests inside"))
    else:
        run.mind(N_("constant rate; counted as the mean number of requests inside"))
    return run


def rows_of(run: Measured, setup: Setup, point_id: str) -> list[Row]:
    """The rows of one run. Raises SetupError for a model or accelerator that nobody named."""
    model = setup.model or run.model
    accelerator = setup.accelerator or run.accelerator
    if not model:
        raise SetupError(
            _("{point_id}: the file does not name the model; give it").format(point_id=point_id)
        )
    if not accelerator:
        raise SetupError(
            _("{point_id}: the file does not name the accelerator; give it").format(
                point_id=point_id
            )
        )
    common = {
        "point_id": point_id,
        "source_id": OWN,
        "version_date": setup.version_date or run.date,
        "model": model,
        "weight_precision": setup.weight_precision,
        "kv_precision": setup.kv_precision,
        "accelerator": accelerator,
        "n_accel": str(setup.n_accel),
        "tp": str(setup.tp if setup.tp is not None else setup.n_accel),
        "pp": str(setup.pp),
        "ep": str(setup.ep),
        "dp": str(setup.dp),
        "engine": setup.engine,
        "isl": _shown(run.input_tokens),
        "osl": _shown(run.output_tokens),
        "concurrency": run.concurrency,
        "scenario": run.scenario,
        "spec_decode": setup.spec_decode,
        "tier": "B" if run.notes else "A",
        "notes": "; ".join(map(str, run.notes)),
    }
    values = dict(run.values)
    if run.accelerators and run.accelerators != setup.n_accel:
        values.pop("power_w_accel_total", None)  # some of them idled or belong to another server
    return [
        {**common, "metric": metric, "value": _shown(value)}
        for metric, value in values.items()
        if metric in METRICS
    ]


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def rows_as_csv(rows: Iterable[Row]) -> str:
    """A measurement file: heading and rows, in the documented order of columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([safe_cell(row[column]) for column in COLUMNS])
    return text.getvalue()
