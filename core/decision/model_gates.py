"""Hard limits of the models: licence, memory, context length."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from core.assessment import Assessment, Workload
from core.decision.facts import DecisionCatalog, context_limit
from core.decision.once import Once
from core.decision.verdicts import gate
from core.decision.wording import number
from core.notation import local, rounded
from core.recommendation import Gate, Option, Serving
from core.words import N_, _


def checks(
    option: Option, assessment: Assessment, catalog: DecisionCatalog, once: Once
) -> Iterator[Gate]:
    """The gates of every workload's model; the licence once, where the use is commercial."""
    workloads = {w.name: w for w in assessment.workloads}
    seen: set[str] = set()
    # an API has terms and limits of its own; elsewhere they are the model's
    whose = option.provider if option.venue == "token_api" else None
    for serving in option.servings:
        workload = workloads.get(serving.workload)
        if workload is None:
            continue
        model = serving.model_id
        if model not in seen and workload.commercial_use:
            seen.add(model)
            yield once(("licence", model, whose), partial(_licence, option, serving, catalog))
        if serving.accelerator_id is not None:
            yield once(("memory", id(serving)), partial(_memory, serving))
        context = partial(_context, option, serving, workload, catalog)
        yield once(("context", workload.name, model, whose), context)


def _context(
    option: Option, serving: Serving, workload: Workload, catalog: DecisionCatalog
) -> Gate:
    tokens = workload.input_tokens_p95 + workload.output_tokens_p95
    limit = context_limit(option, serving.model_id, catalog)
    label = _("Context length")
    if limit is None:
        return gate(
            "context",
            label,
            "unknown",
            _(
                "{workload} needs {tokens} tokens of context; the limit of {model_name} here "
                "is not known."
            ).format(
                workload=serving.workload,
                tokens=number(tokens, 6),
                model_name=serving.model_name,
            ),
            _("Confirm the context length."),
            needed=tokens,
            unit="tokens",
        )
    return gate(
        "context",
        label,
        "pass" if tokens <= limit else "fail",
        _(
            "{workload} needs {tokens} tokens (95th percentile of prompt and answer); "
            "{model_name} takes {limit}."
        ).format(
            workload=serving.workload,
            tokens=number(tokens, 6),
            model_name=serving.model_name,
            limit=number(limit, 7),
        ),
        partial(_shorter, tokens - limit),
        needed=tokens,
        limit=float(limit),
        unit="tokens",
    )


def _shorter(tokens: float) -> str:
    """What admits a model whose context is too short by so many tokens."""
    return _("Prompts and answers that are {tokens} tokens shorter.").format(
        tokens=number(tokens, 6)
    )


def _roomier(weights: float, usable: float) -> str:
    """What holds so many GiB of weights, where an accelerator has ``usable`` GiB for them."""
    if weights < usable:
        return _(OTHER)
    times = max(2, 2 ** math.ceil(math.log2(max(weights / usable / 0.9, 1.01)))) if usable else 2
    return _(
        "{times} times as many accelerators in a replica, or accelerators with at least "
        "{weights} GiB."
    ).format(times=times, weights=number(rounded(weights * 1.15, up=True, digits=2)))


OTHER = N_("Other accelerators, or another model.")
"""Where the weights would fit: what is in the way then is not a matter of size alone."""


def _licence(option: Option, serving: Serving, catalog: DecisionCatalog) -> Gate:
    model = catalog.models.get(serving.model_id)
    licence, label, name = (model.licence if model else None), _("Licence"), serving.model_name
    if option.venue == "token_api":
        return gate(
            "licence",
            label,
            "pass",
            _("{name}: the provider holds the weights; its terms of service apply.").format(
                name=name
            ),
        )
    if licence is None:
        return gate(
            "licence",
            label,
            "unknown",
            _("{name}: no licence is on record.").format(name=name),
            _("Read the licence of {name} and confirm commercial use.").format(name=name),
        )
    if licence.commercial_use == "no":
        return gate(
            "licence",
            label,
            "fail",
            _("{name}: {licence} does not allow commercial use.").format(
                name=name, licence=licence.name
            ),
            _("Negotiate a commercial licence, or choose a model that allows it."),
        )
    conditional = licence.commercial_use == "conditional"
    note = f" ({licence.note})" if licence.note else ""
    return gate(
        "licence",
        label,
        "unknown" if conditional else "pass",
        (
            _("{name}: {licence} allows commercial use under conditions{note}.")
            if conditional
            else _("{name}: {licence} allows commercial use{note}.")
        ).format(name=name, licence=licence.name, note=note),
        lambda: _("Confirm that you meet the conditions of {name}.").format(name=licence.name),
    )


def _memory(serving: Serving) -> Gate:
    label, weights = _("Model fits in memory"), serving.weights_gib_per_accelerator
    usable, room = serving.usable_gib_per_accelerator, serving.max_concurrency
    # with a capacity of zero an empty KV cache may also come from a latency target
    short = (room is not None and room < 1) or (
        serving.binding_target == "memory" and not serving.capacity_req_s
    )
    if weights is not None and usable is not None:
        short = short or weights >= usable
        message = _(
            "{model_name} on {accelerator_name}: {weights} GiB of weights in {usable} "
            "GiB per accelerator"
        ).format(
            model_name=serving.model_name,
            accelerator_name=serving.accelerator_name,
            weights=number(weights),
            usable=number(usable),
        )
        message += (
            _(", room for {room} concurrent requests.").format(room=local(f"{room:,}"))
            if room and not short
            else "."
        )
        return gate(
            "memory",
            label,
            "fail" if short else "pass",
            message
            if not serving.evidence_note or not short
            else f"{message} {serving.evidence_note}",
            partial(_roomier, weights, usable),
            needed=weights,
            limit=usable,
            unit="GiB per accelerator",
        )
    if short:
        return gate(
            "memory",
            label,
            "fail",
            serving.evidence_note
            or _("{model_name} does not fit in memory.").format(model_name=serving.model_name),
            _(OTHER),
        )
    return gate(
        "memory",
        label,
        "unknown",
        _("Memory of {model_name} is not known.").format(model_name=serving.model_name),
        _("Confirm that the model fits."),
    )
