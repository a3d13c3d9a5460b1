"""Operational tuning: the configuration to start from and what each lever would do."""

from __future__ import annotations

from core.recommendation import LeverEffect
from core.report.brief import DASH, Brief, count, signed_share
from core.report.content import (
    Blocks,
    Bullets,
    Callout,
    Column,
    Para,
    Table,
    labelled,
    without_empty,
)
from core.words import _


def blocks(brief: Brief) -> Blocks:
    """The configuration to start from and what each lever would do."""
    yield from brief.about_subject()
    option = brief.subject
    if option is None:
        yield Callout(_("No option was examined, so there is nothing to tune."))
        return
    if option.venue == "token_api":
        yield Callout(
            _(
                "The provider tunes a hosted API. What remains on your side: prompts that begin "
                "alike (cached input is cheaper where the provider offers it), shorter answers, "
                "and the batch price for work that can wait."
            )
        )
        return
    yield Table(
        (
            Column(_("Workload")),
            Column(_("Configuration to start from")),
            Column(_("Concurrent requests"), _("per replica, at most"), "decimal"),
        ),
        tuple((s.workload, s.configuration, count(s.max_concurrency)) for s in option.servings),
    )
    levers = brief.analysis.levers if brief.analysis else ()
    if not levers and brief.winner is None:
        yield Callout(
            _(
                "The effect of each lever is computed for a recommended option, and none is "
                "recommended here; no effect is guessed in its place."
            )
        )
        return
    if not levers:
        yield Callout(
            _(
                "The effect of each lever on this workload comes from the analysis, which was not "
                "run for this report; no effect is guessed in its place."
            )
        )
        return
    yield Para(
        _(
            "Each lever is switched alone, everything else as recommended, and the whole engine is "
            "run again. Negative is cheaper or faster. TTFT and TPOT are medians of a request that "
            "meets no others; of static batching, of the busiest hour."
        )
        + (
            " "
            + _(
                "It is switched for all workloads that it concerns; TTFT, TPOT and what an "
                "accelerator carries are told of “{workload}” unless another is named."
            ).format(workload=option.servings[0].workload)
            if len(option.servings) > 1
            else ""
        )
    )
    used = [lever for lever in levers if lever.applies and lever.in_use]
    if used:
        yield from _levers(used, _("In use: what each brings against going without it, computed"))
    to_try = [lever for lever in levers if lever.applies and not lever.in_use]
    if to_try:
        yield Para(
            _(
                "Try the others in this order, one at a time, with the test of the action plan "
                "before and after; one that makes the cost rise is worth a try only for its other "
                "effects."
            )
        )
        yield from _levers(to_try, _("To try: what each would change, computed"))
    others = [lever for lever in levers if not lever.applies]
    if others:
        yield Table(
            (Column(_("Lever")), Column(_("Remark"))),
            tuple((x.label, x.note or DASH) for x in others),
            caption=_("Not for this case"),
        )


def _levers(levers: list[LeverEffect], caption: str) -> Blocks:
    """The effects side by side, then what was switched, over the whole width."""
    yield without_empty(
        Table(
            (
                Column(_("Lever")),
                Column(_("Cost"), "", "decimal"),
                Column("TTFT", "", "decimal"),
                Column("TPOT", "", "decimal"),
                Column(_("Power"), "", "decimal"),
                Column(_("Skill"), _("of 5"), "decimal"),
            ),
            tuple(
                (
                    lever.label,
                    signed_share(lever.cost_change),
                    signed_share(lever.ttft_change),
                    signed_share(lever.tpot_change),
                    signed_share(lever.power_change),
                    str(lever.skill_level),
                )
                for lever in levers
            ),
            caption=caption,
        )
    )
    yield Bullets(
        tuple(labelled(f"{lever.label}.", _remark(lever)) for lever in levers), small=True
    )


def _remark(lever: LeverEffect) -> str:
    """What was switched, and what others have published about it."""
    note = lever.note
    for said in (_("In use."), _("To try.")):
        note = note.removeprefix(said).strip()  # the table's caption says it
    parts = [note]
    if lever.published:
        parts.append(_("Published: {effect}.").format(effect=lever.published))
    return " ".join(part for part in parts if part) or DASH
