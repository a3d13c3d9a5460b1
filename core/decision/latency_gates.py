"""Hard limits on latency: every target at its percentile in the busiest hour, network included."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from core.assessment import Assessment
from core.decision.once import Once
from core.decision.verdicts import gate
from core.decision.wording import lower_first, milliseconds
from core.notation import rounded
from core.recommendation import Gate, Option, Serving, TargetCheck
from core.words import N_, _

ELSE = N_("its percentile")
PERCENTILE_NAMES = {
    "p50": N_("median"),
    "p90": N_("90th percentile"),
    "p95": N_("95th percentile"),
    "p99": N_("99th percentile"),
}


def checks(option: Option, assessment: Assessment, once: Once) -> Iterator[Gate]:
    """A gate for every target of every workload; unknown where nothing is published."""
    percentiles = {w.name: w.targets.percentile for w in assessment.workloads}
    for serving in option.servings:
        where = _(PERCENTILE_NAMES.get(percentiles.get(serving.workload, ""), ELSE))
        targets = partial(_targets, option, serving, where)
        # what is not published is asked of the provider by name
        known = all(check.predicted_ms is not None for check in serving.targets)
        yield from once(("targets", id(serving)), targets) if known else targets()


def _targets(option: Option, serving: Serving, where: str) -> tuple[Gate, ...]:
    return tuple(_target(option, serving, check, where) for check in serving.targets)


def _target(option: Option, serving: Serving, check: TargetCheck, where: str) -> Gate:
    label = check.label
    limit = milliseconds(check.limit_ms)
    if check.predicted_ms is None and check.status == "fail":
        return gate(
            check.key,
            label,
            "fail",
            _(
                "{workload}: the way to any provider and back alone takes longer than the limit "
                "of {limit}."
            ).format(workload=serving.workload, limit=limit),
            _("A limit that leaves time for the network."),
            limit=check.limit_ms,
            unit="ms",
        )
    if check.predicted_ms is None:
        return gate(
            check.key,
            label,
            "unknown",
            _(
                "{workload}: {provider} publishes no {label} at the {where}; the limit is {limit}."
            ).format(
                workload=serving.workload,
                provider=option.hosted_by or option.venue_label,
                label=lower_first(label),
                where=where,
                limit=limit,
            ),
            _("Measure it at the {where} in a trial.").format(where=where),
            limit=check.limit_ms,
            unit="ms",
        )
    got = check.predicted_ms
    if not math.isfinite(got.base):
        return gate(
            check.key,
            label,
            "fail",
            _(
                "{workload}: the load exceeds what a replica can serve, so {label} has no "
                "bound; the limit is {limit}."
            ).format(workload=serving.workload, label=lower_first(label), limit=limit),
            _("More replicas for the load."),
            limit=check.limit_ms,
            unit="ms",
        )
    served = check.served_ms or got
    high = (
        _(" to {high}").format(high=milliseconds(served.high, served.base))
        if math.isfinite(served.high)
        else _(" and more")
    )
    text = (
        _(
            "{workload}: {base} at the {where}: it is planned to wait {waited} for its turn and "
            "predicted to take {served} from then on in the busiest hour (80 % interval "
            "{low}{high}), limit {limit}."
        )
        if check.waiting_ms
        else _(
            "{workload}: {base} at the {where} in the busiest hour (80 % interval "
            "{low}{high}), limit {limit}."
        )
    )
    message = text.format(
        workload=serving.workload,
        base=milliseconds(got.base),
        where=where,
        waited=milliseconds(check.waiting_ms),
        served=milliseconds(served.base),
        low=milliseconds(served.low, served.base),
        high=high,
        limit=limit,
    )

    def change() -> str:
        return _("At most {base} instead of {limit}; less with more replicas for the load.").format(
            base=milliseconds(rounded(got.base, up=True, digits=2)), limit=limit
        )

    return gate(
        check.key,
        label,
        check.status,
        message,
        change,
        needed=got.base,
        limit=check.limit_ms,
        unit="ms",
    )
