"""Capacity that follows the hour, against capacity that stands at its peak."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from core.analysis.tuning.case import Case, Found, compared, not_applicable
from core.candidates import Policy
from core.decision.wording import number, percent
from core.recommendation import Option
from core.venues.energy import fleet_draw
from core.venues.every_venue import size_all
from core.venues.pools import replicas_by_hour
from core.venues.service import open_book
from core.venues.sizing import servers_for
from core.words import _


def effect(case: Case, base: Option) -> Found:
    """Rented: instances by the hour against the peak's all week. Owned: idle servers put off."""
    return _rented(case, base) if case.rented else _owned(case, base)


def _rented(case: Case, base: Option) -> Found:
    fixed = case.option(case.assessment, Policy(follow_hours=False))
    found = compared(fixed, base, in_use=True)
    if not found.applies:
        return found
    text = _("Instances follow the load hour by hour; without it those of the busiest hour run all "
             "week.")  # fmt: skip  # one sentence
    return dataclasses.replace(found, sentences=(text,), ttft_change=None, tpot_change=None)


def _owned(case: Case, base: Option) -> Found:
    """What putting idle servers off saves: electricity alone, for they are paid."""
    study = case.plain
    drafts = size_all(study, (case.venue,))
    draft = next(iter(drafts.owned[base.venue]), None)
    if draft is None or base.cost is None or not draft.sizing.fits:
        return not_applicable(_("not possible on this hardware or with this model."))
    book = open_book(study, drafts.pools())
    sizing, accelerator = draft.sizing, draft.platform.accelerator_id
    running = tuple(replicas_by_hour(pool, study.headroom) for pool in sizing.pools)
    on = servers_for(
        [(count, pool.size) for count, pool in zip(running, sizing.pools, strict=True)],
        sizing.per_unit,
    )
    always = fleet_draw(book, sizing, sizing.units, accelerator)
    by_hour = fleet_draw(book, sizing, sizing.units, accelerator, running, on)
    if always is None or by_hour is None:
        return not_applicable(_("the power of this hardware is not published."))
    saved = 1.0 - float(by_hour.kwh_by_year.sum() / np.maximum(always.kwh_by_year.sum(), 1e-9))
    if saved <= 0.0:
        return not_applicable(
            _("the servers are bought, and the load never lets one of them be put off.")
        )
    energy = math.fsum(x.present_value_usd for x in base.cost.lines if x.kind == "energy")
    share = energy / base.cost.npv_usd if base.cost.npv_usd > 0 else 0.0
    mean = float(on.mean()) * draft.sites
    text = _(
        "Bought servers are paid around the clock; putting idle and spare ones off saves their "
        "electricity alone, {share} of the cost. On average {mean} of {all} servers would run, "
        "and nothing would be spare while a server starts."
    ).format(share=percent(share), mean=number(mean), all=number(max(base.fleet.units_by_year)))
    return Found(
        sentences=(text,),
        cost_change=-saved * share,
        ttft_change=0.0,
        tpot_change=0.0,
        power_change=-saved,
    )
