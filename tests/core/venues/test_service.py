"""What is known of configurations under load, whoever asked of them first."""

from __future__ import annotations

import dataclasses

import pytest

from core.assess.costing import cost_options
from core.assessment import Assessment
from core.venues.service import open_book
from tests.core.assess.cases import AS_OF, small_catalog


@pytest.mark.parametrize("busy_first", [True, False])
def test_a_configuration_is_drawn_where_it_is_busiest(busy_first: bool) -> None:
    """A hybrid's part may have the configuration of an option, and another busiest hour."""
    run = cost_options(Assessment(), small_catalog(), AS_OF, lambda share, text: None, bare=True)
    busy = next(p for p in run.drafts.pools() if p.fits and p.meets_targets and not p.full)
    calm = dataclasses.replace(busy, replicas=busy.replicas * 8)
    assert calm.peak_load_req_s < busy.peak_load_req_s
    both = open_book(run.study, [busy, calm])
    later = open_book(run.study, [busy if busy_first else calm])
    later.add([calm if busy_first else busy])
    assert later.roofs == both.roofs
    assert open_book(run.study, [calm]).roofs != both.roofs
