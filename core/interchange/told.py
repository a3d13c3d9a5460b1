"""What an import found, in a few lines for a terminal or a dialog."""

from __future__ import annotations

from core.interchange.huggingface import ImportedModel
from core.interchange.traffic import TrafficProfile


def model_lines(found: ImportedModel) -> list[str]:
    """A model in a few lines."""
    model, count = found.model, found.parameters
    parts = {
        "embedding and head": count.embedding + count.head,
        "attention": count.attention,
        "linear layers": count.linear,
        "feed-forward": count.dense,
        "experts": count.experts,
    }
    shares = ", ".join(f"{name} {value / 1e9:.3g}" for name, value in parts.items() if value)
    experts = f", {model.n_experts} experts, {model.top_k} per token" if model.n_experts else ""
    return [
        f"{model.name} ({found.architecture}), id {model.id}",
        f"{model.total_params_b:.4g} billion parameters, {model.active_params_b:.4g} active "
        f"(billions: {shares})",
        f"{model.layers} layers of width {model.hidden:,}{experts}; {model.attention}; context "
        f"{model.max_context:,} tokens; weights {model.native_precision}",
    ]


def traffic_lines(found: TrafficProfile) -> list[str]:
    """Traffic in a few lines."""
    zone = f" ({found.time_zone})" if found.time_zone else ""
    lines = [
        f"{found.requests:,.0f} requests in {found.hours_seen:,.0f} hours, {found.first} to "
        f"{found.last}{zone}",
        f"Typical week: {found.peak_requests_per_s:.3g} requests/s in its busiest hour, "
        f"{found.mean_requests_per_s:.3g} on average",
    ]
    for what, tokens in (("Input", found.input_tokens), ("Output", found.output_tokens)):
        if tokens is not None:
            lines.append(
                f"{what} tokens: {tokens.mean:,.0f} on average, {tokens.p95:,.0f} at the 95th "
                f"percentile (CV {tokens.cv:.2g})"
            )
    if found.arrival_cv is not None:
        lines.append(f"Burstiness of arrivals: CV {found.arrival_cv:.2g}")
    return lines


def skipped_lines(found: TrafficProfile) -> list[str]:
    """The lines of a traffic file that could not be used, the first few with their reasons."""
    lines = [f"line {one.line} skipped: {one.reason}" for one in found.skipped]
    more = found.skipped_lines - len(lines)
    return [*lines, f"{more:,} more lines skipped"] if more else lines
