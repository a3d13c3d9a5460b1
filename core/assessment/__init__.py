"""What the user says: one immutable, validated document. An edit makes a new one."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.assessment.economics import Economics
from core.assessment.fields import Field, Problem, check, fields_of, in_digits
from core.assessment.names import default_name
from core.assessment.priorities import PRIORITY_PRESETS, WEIGHTS, Priorities
from core.assessment.site import Site
from core.assessment.workload import DEFAULT_NAME, LatencyTargets, Workload
from core.notation import day
from core.words import _

if TYPE_CHECKING:
    from core.catalog.types import Model  # loaded with the catalog, which the first window is not
    from core.performance.own_measurements import OwnMeasurements

SCHEMA_VERSION = 1
MAX_WORKLOADS = 100
MAX_CUSTOM_MODELS = 50
PARAMETERS = "parameters"
"""Among the names that ``problems`` takes: digests of the parameters a refit may stand on."""
AS_OF = "as_of"
"""Among the names that ``problems`` takes: the one day (ISO) that an answer holds for."""

__all__ = [
    "AS_OF",
    "MAX_CUSTOM_MODELS",
    "MAX_WORKLOADS",
    "PARAMETERS",
    "PRIORITY_PRESETS",
    "SCHEMA_VERSION",
    "WEIGHTS",
    "Assessment",
    "Economics",
    "Entry",
    "Field",
    "LatencyTargets",
    "Priorities",
    "Problem",
    "Project",
    "Site",
    "Workload",
    "entries",
    "get_value",
    "problems",
    "with_custom_model",
    "with_value",
]

from core.assessment.fields import entry as _entry  # noqa: E402 - after the re-exports, private


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Who it is for: printed on the report, used in no computation."""

    title: str = _entry(
        "",
        label="Title",
        kind="text",
        none_text="Untitled assessment",
        group="Project",
        help="Title of the report, and the name proposed for its files.",
    )
    customer: str = _entry(
        "",
        label="Customer",
        kind="text",
        none_text="",
        group="Project",
        help="Organisation the assessment is for.",
    )
    author: str = _entry(
        "",
        label="Prepared by",
        kind="text",
        none_text="",
        group="Project",
        help="Printed on the cover.",
    )
    notes: str = _entry(
        "",
        label="Notes",
        kind="long_text",
        group="Project",
        more=True,
        help="Printed with the inputs.",
    )

    @property
    def shown_title(self) -> str:
        """The title; what stands for one, in the language in use, where nobody gave it."""
        return str(self.title).strip() or _("Untitled assessment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Everything the user says, immutable. ``problems`` tells what is wrong with it."""

    project: Project = field(default_factory=Project)
    workloads: tuple[Workload, ...] = field(default_factory=lambda: (Workload(),))
    site: Site = field(default_factory=Site)
    economics: Economics = field(default_factory=Economics)
    priorities: Priorities = field(default_factory=Priorities)
    custom_models: tuple[Model, ...] = ()
    """Models the user brought (from a ``config.json``), offered beside the catalog's."""
    own_measurements: OwnMeasurements | None = None
    """The site's refit of the performance engine to its own measurements, where there is one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One input of an assessment: its path ("site.racks"), specification, value, default."""

    path: str
    field: Field
    value: Any
    default: Any


def _sections(assessment: Assessment) -> Iterator[tuple[str, Any]]:
    yield "project", assessment.project
    for number, workload in enumerate(assessment.workloads):
        yield f"workloads[{number}]", workload
        yield f"workloads[{number}].targets", workload.targets
    yield "site", assessment.site
    yield "economics", assessment.economics
    yield "priorities", assessment.priorities


def entries(assessment: Assessment) -> Iterator[Entry]:
    """Every input with its path, in the order of the wizard."""
    for prefix, section in _sections(assessment):
        defaults = {f.name: f.default for f in dataclasses.fields(section)}
        for key, spec in fields_of(section):
            value, default = getattr(section, key), defaults[key]
            if default == DEFAULT_NAME:
                default = default_name(value)
            yield Entry(f"{prefix}.{key}", spec, value, default)


_STEP = re.compile(r"([a-z_0-9]+)(?:\[(\d+)\])?")


def _parse(path: str) -> list[tuple[str, int | None]]:
    steps = []
    for part in path.split("."):
        match = _STEP.fullmatch(part)
        if match is None:
            raise KeyError(path)
        steps.append((match[1], None if match[2] is None else int(match[2])))
    return steps


def get_value(assessment: Assessment, path: str) -> Any:
    """The value at a path like ``workloads[0].targets.ttft_ms``. Raises KeyError."""
    value: Any = assessment
    for name, index in _parse(path):
        try:
            value = getattr(value, name)
            value = value if index is None else value[index]
        except (AttributeError, IndexError) as error:
            raise KeyError(path) from error
    return value


def with_value(assessment: Assessment, path: str, value: Any) -> Assessment:
    """A new assessment with one value replaced (unchecked: ``problems`` checks). KeyError."""

    def rebuilt(owner: Any, steps: list[tuple[str, int | None]]) -> Any:
        (name, index), rest = steps[0], steps[1:]
        if name not in {f.name for f in dataclasses.fields(owner)}:
            raise KeyError(path)
        current = getattr(owner, name)
        if index is None:
            return dataclasses.replace(owner, **{name: rebuilt(current, rest) if rest else value})
        if not 0 <= index < len(current):
            raise KeyError(path)
        changed = rebuilt(current[index], rest) if rest else value
        items = (*current[:index], changed, *current[index + 1 :])
        return dataclasses.replace(owner, **{name: items})

    result: Assessment = rebuilt(assessment, _parse(path))
    return result


def with_custom_model(assessment: Assessment, model: Model) -> Assessment:
    """A new assessment that also offers this model; one of the same id is replaced.

    Raises ValueError where the assessment already brings as many models as it may.
    """
    others = tuple(own for own in assessment.custom_models if own.id != model.id)
    if len(others) >= MAX_CUSTOM_MODELS:
        raise ValueError(
            _("at most {max_custom_models} own models; remove one first").format(
                max_custom_models=MAX_CUSTOM_MODELS
            )
        )
    return dataclasses.replace(assessment, custom_models=(*others, model))


def _names_given(assessment: Assessment) -> Iterator[Problem]:
    """Each workload's name: not blank, and no name twice."""
    seen: dict[str, int] = {}
    for number, workload in enumerate(assessment.workloads):
        name, path = str(workload.name).strip(), f"workloads[{number}].name"
        if not name:
            message = _("must not be blank; got {value}").format(value=repr(workload.name))
            yield Problem(path, _("Name"), workload.name, message)
        elif name in seen:
            message = _("must differ from that of workload {number}; got '{value}'").format(
                number=seen[name] + 1, value=name
            )
            yield Problem(path, _("Name"), workload.name, message)
        seen.setdefault(name, number)


def _date_given(assessment: Assessment, today: str) -> Iterator[Problem]:
    """A date that the service is needed by lies ahead of the day of the answer."""
    when = assessment.site.date_needed
    if when is not None and when < today:
        yield Problem(
            "site.date_needed",
            _("Needed by"),
            when,
            _("must not lie in the past, before {today}; got {value}").format(
                today=day(today), value=day(when)
            ),
        )


def _cross_checks(assessment: Assessment, names: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    yield from _names_given(assessment)
    for today in names.get(AS_OF, ()):
        yield from _date_given(assessment, today)
    for number, workload in enumerate(assessment.workloads):
        for stem, label in (
            ("input_tokens", _("Input tokens, 95th percentile")),
            ("output_tokens", _("Output tokens, 95th percentile")),
        ):
            mean, p95 = getattr(workload, f"{stem}_mean"), getattr(workload, f"{stem}_p95")
            if isinstance(mean, int | float) and isinstance(p95, int | float) and p95 < mean:
                yield Problem(
                    f"workloads[{number}].{stem}_p95",
                    label,
                    p95,
                    _("must be at least the mean ({mean}); got {p95}").format(
                        mean=in_digits(mean), p95=in_digits(p95)
                    ),
                )
        targets = workload.targets
        both = isinstance(targets.ttft_ms, int | float) and isinstance(targets.e2e_ms, int | float)
        if both and targets.ttft_ms and targets.e2e_ms and targets.e2e_ms < targets.ttft_ms:
            yield Problem(
                f"workloads[{number}].targets.e2e_ms",
                _("Whole answer"),
                targets.e2e_ms,
                _("must be at least the time to first token ({ttft_ms} ms); got {e2e_ms}").format(
                    ttft_ms=in_digits(targets.ttft_ms), e2e_ms=in_digits(targets.e2e_ms)
                ),
            )
    if not assessment.site.venues:
        yield Problem("site.venues", _("Venues to consider"), (), _("must name at least one venue"))
    own = assessment.own_measurements
    if own is not None and own.base_sha256 not in names.get(PARAMETERS, {own.base_sha256}):
        yield Problem(
            "own_measurements",
            _("Own measurements"),
            own.file,
            _(
                "were refitted on {date} to another version of this program's parameters; import "
                "{file} again, or go back to the shipped parameters"
            ).format(date=day(own.date), file=own.file),
        )
    weights = [getattr(assessment.priorities, key) for key in WEIGHTS]
    if all(isinstance(w, int | float) for w in weights) and not any(w > 0 for w in weights):
        yield Problem(
            "priorities.weight_cost", _("Weights"), 0, _("at least one must be above zero")
        )


def problems(
    assessment: Assessment, names: Mapping[str, frozenset[str]] | None = None
) -> list[Problem]:
    """Everything wrong with an assessment; empty where it can be assessed.

    ``names`` gives the ids allowed where a choice comes from the catalog, by table name
    (``models``, ``regions``...), under ``PARAMETERS`` what own measurements may be refitted to,
    and under ``AS_OF`` the day of the answer; what it leaves out is not checked.
    """
    known = names or {}
    found = []
    if not 1 <= len(assessment.workloads) <= MAX_WORKLOADS:
        found.append(
            Problem(
                "workloads",
                _("Workloads"),
                len(assessment.workloads),
                _("must be from 1 to {most}; got {workloads}").format(
                    most=MAX_WORKLOADS, workloads=len(assessment.workloads)
                ),
            )
        )
    for item in entries(assessment):
        message = check(item.field, item.value, known.get(item.field.choices_from, frozenset()))
        if message:
            found.append(Problem(item.path, item.field.label, item.value, message))
    bad = {p.path for p in found}
    found.extend(p for p in _cross_checks(assessment, known) if p.path not in bad)
    return found
