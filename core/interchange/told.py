"""What an import found, in a few lines for a terminal or a dialog, in the language in use."""

from __future__ import annotations

from core.interchange.huggingface import ImportedModel
from core.interchange.traffic import TrafficProfile
from core.notation import day, local
from core.words import _, ngettext


def model_lines(found: ImportedModel) -> list[str]:
    """A model in a few lines."""
    model, count = found.model, found.parameters
    parts = {
        _("embedding and head"): count.embedding + count.head,
        _("attention"): count.attention,
        _("linear layers"): count.linear,
        _("feed-forward"): count.dense,
        _("experts"): count.experts,
    }
    shares = (f"{name} {_figure(value / 1e9)}" for name, value in parts.items() if value)
    lines = [
        _("{name} ({architecture}), id {id}").format(
            name=model.name, architecture=found.architecture, id=model.id
        ),
        _("{total} billion parameters, {active} active (billions: {parts})").format(
            total=_figure(model.total_params_b, 4),
            active=_figure(model.active_params_b, 4),
            parts="; ".join(shares),
        ),
        _("{layers} layers of width {width}; attention: {attention}").format(
            layers=model.layers, width=local(f"{model.hidden:,}"), attention=model.attention
        ),
    ]
    if model.n_experts:
        lines.append(
            _("{experts} experts, {top_k} of them per token").format(
                experts=model.n_experts, top_k=model.top_k
            )
        )
    lines.append(
        _("Context of {tokens} tokens; weights in {precision}").format(
            tokens=local(f"{model.max_context:,}"), precision=model.native_precision
        )
    )
    return lines


def _moment(iso: str) -> str:
    """A date and time like ``2026-11-24T08:30:00``, to the minute, as the language writes it."""
    date, _sign, clock = iso.partition("T")
    return f"{day(date)} {clock[:5]}"


def traffic_lines(found: TrafficProfile) -> list[str]:
    """Traffic in a few lines."""
    last = _moment(found.last)
    lines = [
        ngettext(
            "{requests} requests in {hours} hour, {first} to {last}",
            "{requests} requests in {hours} hours, {first} to {last}",
            round(found.hours_seen),
        ).format(
            requests=local(f"{found.requests:,.0f}"),
            hours=local(f"{found.hours_seen:,.0f}"),
            first=_moment(found.first),
            last=f"{last} ({found.time_zone})" if found.time_zone else last,
        ),
        _("Typical week: {peak} requests/s in its busiest hour, {mean} on average").format(
            peak=_figure(found.peak_requests_per_s), mean=_figure(found.mean_requests_per_s)
        ),
    ]
    words = _("{what}: {mean} on average, {p95} at the 95th percentile (CV {cv})")
    for what, tokens in (
        (_("Input tokens"), found.input_tokens),
        (_("Output tokens"), found.output_tokens),
    ):
        if tokens is not None:
            mean, p95 = (local(f"{value:,.0f}") for value in (tokens.mean, tokens.p95))
            lines.append(words.format(what=what, mean=mean, p95=p95, cv=_figure(tokens.cv, 2)))
    if found.arrival_cv is not None:
        lines.append(_("Burstiness of arrivals: CV {cv}").format(cv=_figure(found.arrival_cv, 2)))
    return lines


def skipped_lines(found: TrafficProfile) -> list[str]:
    """The lines of a traffic file that could not be used, the first few with their reasons."""
    lines = [
        _("line {number} skipped: {reason}").format(number=one.line, reason=one.reason)
        for one in found.skipped
    ]
    more = found.skipped_lines - len(lines)
    return [*lines, _("{n} more lines skipped").format(n=local(f"{more:,}"))] if more else lines


def _figure(value: float, digits: int = 3) -> str:
    return local(f"{value:.{digits}g}")
