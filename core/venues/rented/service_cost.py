"""What serving costs beside the instances: egress, the people who run it, licences."""

from __future__ import annotations

import numpy as np

from core.catalog.types import CloudOffer, Range
from core.economics.ledger import Ledger
from core.notation import as_priced, local
from core.performance.types import Floats
from core.venues.line_words import told_by_year, with_trend
from core.venues.study import INPUT, Study, is_guess, range_factors
from core.venues.timing import pace_of
from core.words import _


def add_service(
    ledger: Ledger,
    study: Study,
    output_tokens: Floats,
    offer: CloudOffer,
    mean_instances: Floats,
    services: int | None = None,
) -> None:
    """Egress, licences and the people who run a hosted service of one's own.

    ``mean_instances`` is of each year, shape (years,); ``services`` counts the workloads run
    here, by default all.
    """
    money, economics = study.money, study.assessment.economics
    egress = offer.egress_usd_gb
    if egress:
        size = study.assume["bytes_per_output_token"]
        gb = output_tokens * size.base / 1e9
        ledger.add(
            "egress",
            _("Egress"),
            "metered",
            gb * egress,
            lambda: _("{gb} GB x {egress_usd_gb} USD").format(
                gb=told_by_year(gb), egress_usd_gb=as_priced(egress)
            ),
            offer.provenance,
            range_factors(size),
            assumption=True,
        )
    fte, staff = study.assume["self_hosted_service_fte"], study.staff_usd_year
    services = len(study.assessment.workloads) if services is None else services
    each = per_engineer(study)
    people = np.maximum(fte.base * services, mean_instances / each.base)
    least = np.maximum(fte.low * services, mean_instances / each.high)
    most = np.maximum(fte.high * services, mean_instances / each.low)
    low, high = float(least.sum() / people.sum()), float(most.sum() / people.sum())
    ledger.add(
        "staff",
        _("Staff share"),
        "opex",
        people * staff.base * money.labour,
        lambda: with_trend(
            _(
                "{fte} FTE (at least {base} per workload x {services}; {each} instances each) x "
                "{base2} USD"
            ).format(
                fte=local(f"{float(people[0]):.2f}"),
                base=local(f"{fte.base:g}"),
                services=services,
                each=local(f"{each.base:g}"),
                base2=local(f"{staff.base:,.0f}"),
            ),
            economics.labour_trend,
        ),
        staff.provenance,
        (low * range_factors(staff)[0], high * range_factors(staff)[1]),
        assumption=is_guess(staff.provenance),
    )
    per_gpu = economics.software_licence_usd_gpu_year
    if per_gpu:
        count = float(offer.accelerator_count)
        ledger.add(
            "licences",
            _("Software licences"),
            "opex",
            mean_instances * (per_gpu * count),
            lambda: _(
                "{mean_instances} instances on average x {count} accelerators x {per_gpu} "
                "USD a year"
            ).format(
                mean_instances=local(f"{mean_instances[0]:,.2f}"),
                count=local(f"{count:g}"),
                per_gpu=local(f"{per_gpu:,.0f}"),
            ),
            INPUT,
        )


def per_engineer(study: Study) -> Range:
    """Rented instances that one engineer looks after: the user's number, else a planning value.

    Few take the least share of a position per workload; from about a hundred on the number of
    instances counts.
    """
    given = study.assessment.economics.rented_instances_per_engineer
    return pace_of(given, study.assume["rented_instances_per_engineer"])
