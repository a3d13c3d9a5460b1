from __future__ import annotations

import dataclasses
import math

from core.assessment import Assessment, get_value, with_value
from core.interchange.document import from_json, to_json
from core.interchange.unfinished import finished

USERS = "workloads[0].users"


def test_what_a_file_can_hold_stays_as_it_is() -> None:
    fine = with_value(Assessment(), USERS, -5)  # out of range is for the reader to correct
    assert finished(fine) == (fine, ())


def test_half_typed_numbers_fall_back_to_the_latest_value_that_was_one() -> None:
    first = with_value(Assessment(), USERS, 100)
    second = with_value(first, USERS, "20o")
    third = with_value(second, "site.racks", 3)
    now = with_value(third, USERS, "20o0")
    written, (stand_in,) = finished(now, (third, second, first))
    assert get_value(written, USERS) == 100
    assert get_value(written, "site.racks") == 3
    assert (stand_in.path, stand_in.typed, stand_in.written) == (USERS, "20o0", 100)
    assert from_json(to_json(written)) == written


def test_without_an_earlier_value_the_default_stands_in() -> None:
    default = Assessment().workloads[0].users
    for bad in ("", "many", None, math.nan, math.inf):
        written, found = finished(with_value(Assessment(), USERS, bad))
        assert get_value(written, USERS) == default
        assert [s.path for s in found] == [USERS]


def test_an_input_of_a_new_workload_has_no_past() -> None:
    one = Assessment()
    two = dataclasses.replace(
        one, workloads=(one.workloads[0], dataclasses.replace(one.workloads[0], name="B"))
    )
    written, found = finished(with_value(two, "workloads[1].users", "x"), (two, one))
    assert [s.path for s in found] == ["workloads[1].users"]
    assert get_value(written, "workloads[1].users") == two.workloads[1].users


def test_surrogates_that_no_file_can_hold_are_exchanged_too() -> None:
    written, found = finished(with_value(Assessment(), "project.title", "bad \ud800"))
    assert [s.path for s in found] == ["project.title"]
    assert to_json(written)
