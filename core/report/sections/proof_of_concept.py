"""The proof-of-concept test: what to run, how long, and its pass criteria."""

from __future__ import annotations

from collections.abc import Iterator

from core.catalog.types import CLOUD_VENUES
from core.decision import trial
from core.notation import quoted as in_quotes
from core.recommendation import Option
from core.report.brief import Brief
from core.report.content import Blocks, Heading, Para
from core.report.sections.trial_criteria import criteria
from core.report.sections.trial_settings import from_a_queue, settings
from core.words import _


def blocks(brief: Brief, option: Option) -> Blocks:
    """The test with its load, duration, metrics and pass criteria."""
    yield Heading(_("Proof-of-concept test"), 2)
    if option.venue == "token_api":
        where = _(
            "Run the test against the provider's endpoint, from where the users are, before "
            "anything is signed. Ask the provider for the rate limit beforehand."
        )
    elif option.venue in CLOUD_VENUES:
        where = _(
            "Run the test on one replica exactly as configured below, on the instance type and in "
            "the region of this option, before anything is committed."
        )
    else:
        where = _(
            "Run the test on one replica exactly as configured below, before anything is ordered "
            "in quantity."
        )
        rented = {rent.workload for rent in brief.recommendation.trial_rents}
        where += " " + (
            _("A rented machine with the same accelerators will do.")
            if all(serving.workload in rented for serving in option.servings)
            else _(
                "No rent of a machine with the same accelerators is known: ask the vendor for one "
                "on loan or remotely, or order a single one first."
            )
        )
    yield Para(" ".join([where, *_loads(option)]))
    for serving in option.servings:
        if len(option.servings) > 1:
            yield Heading(in_quotes(serving.workload), 3)
        workload = trial.workload_of(brief.recommendation.assessment, serving)
        yield settings(brief, serving, workload)
        yield from criteria(brief, serving, workload)
    second = brief.recommendation.runner_up
    if second is not None:
        yield Para(
            _(
                "If a criterion fails and tuning does not mend it, enter the measured value and "
                "run the assessment again; the next option today is {title}."
            ).format(title=second.title)
        )


def _loads(option: Option) -> Iterator[str]:
    """What an open load is, and a closed one, as far as the workloads have them."""
    queued = {from_a_queue(serving) for serving in option.servings}
    if False in queued:
        yield _(
            "The load is open: requests arrive by the clock, whether or not earlier ones have "
            "finished."
        )
    if True in queued:
        yield _(
            "Work that can wait comes from a queue that is never empty: as one request ends, the "
            "next begins."
        )
