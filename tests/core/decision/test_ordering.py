"""Days counted back by hand on a calendar."""

from __future__ import annotations

import pytest

from core.catalog.types import Provenance
from core.decision.ordering import milestones, order_by, preparation
from core.recommendation import LeadStep, Spread


def test_the_lead_time_is_counted_back_from_the_day_of_need():
    found = order_by("2026-11-24", "2027-07-01", Spread(9.0, 14.0, 20.0))
    # 1 July less 140, 98 and 63 days: 11 February, 25 March and 29 April 2027
    assert (found.safe, found.expected, found.latest) == ("2027-02-11", "2027-03-25", "2027-04-29")
    assert found.weeks_left == pytest.approx(79 / 7)  # 24 November to 11 February: 79 days


def test_parts_of_a_day_count_as_a_day_and_the_past_is_negative():
    found = order_by("2027-06-30", "2027-07-01", Spread(0.2, 1.0, 3.0))
    assert found.latest == "2027-06-29"  # 1.4 days are two
    assert found.weeks_left < 0
    with pytest.raises(ValueError):
        order_by("2027-06-30", "soon", Spread(1.0, 1.0, 1.0))


def test_milestones_begin_soon_where_the_safe_day_to_order_is_past():
    weeks = Spread(8.0, 18.0, 56.0)
    # 56 weeks before 2027-09-01 is 2026-08-05, past; six weeks of preparation end on 5 January,
    # 18 weeks later is 11 May
    found = milestones("2026-11-24", "2027-09-01", weeks)
    assert (found.order, found.ready, found.review) == ("2027-01-05", "2027-05-11", "2027-12-01")
    assert found.when == "soon"
    # 18 weeks before the day of need is 2027-04-28, before six weeks of preparation are over
    tight = milestones("2027-04-01", "2027-09-01", weeks)
    assert (tight.order, tight.ready, tight.when) == ("2027-04-28", "2027-09-01", "last")
    late = milestones("2027-08-02", "2027-09-01", weeks)  # today, ready 126 days later
    assert (late.order, late.ready, late.review) == ("2027-08-02", "2027-12-06", "2028-03-06")
    assert late.when == "last"
    early = milestones("2026-01-01", "2027-09-01", weeks)
    assert (early.order, early.ready, early.review) == ("2026-08-05", "2026-12-09", "2027-12-01")
    assert early.when == "safe"


def test_each_part_begins_before_what_follows_it():
    """Servers of 12 (at most 16) weeks, then 2 (at most 4) of installation, for 1 July 2028."""
    source, install = Provenance("", "", "low"), Spread(1.0, 2.0, 4.0)
    steps = (
        LeadStep("servers", Spread(8.0, 12.0, 16.0), install, source),
        LeadStep("installation", install, Spread(0.0, 0.0, 0.0), source),
    )
    servers, installed = preparation("2027-11-24", "2028-07-01", steps)
    # less 140, 98 and 14 days: 12 February, 25 March and 17 June
    assert (servers.safe, servers.expected, servers.ready) == (
        "2028-02-12", "2028-03-25", "2028-06-17"
    )  # fmt: skip  # one set of days
    assert (installed.safe, installed.expected, installed.ready) == (
        "2028-06-03", "2028-06-17", "2028-07-01"
    )  # fmt: skip  # one set of days
    late = [preparation(today, "2028-07-01", steps)[0].late
            for today in ("2028-02-12", "2028-02-13", "2028-03-25", "2028-03-26")]  # fmt: skip
    assert late == ["no", "safe_day", "safe_day", "expected_day"]


def test_days_end_with_the_calendar():
    far = milestones("2026-11-24", "9999-12-31", Spread(1e5, 2e5, 1e7))
    assert order_by("2026-11-24", "9999-12-31", Spread(1e5, 2e5, 1e7)).safe == "0001-01-01"
    assert far.review == "9999-12-31"
