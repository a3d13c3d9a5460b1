"""Python's collector stays out of the way while an answer is made, and comes back after it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from core.assess import assess
from core.catalog.load import load_catalog
from core.garbage import put_off
from core.interchange.document import load


@pytest.fixture(autouse=True)
def collector_as_found() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was_on else gc.disable)()


def test_it_is_off_inside_and_on_again_after_an_error() -> None:
    with pytest.raises(KeyError), put_off():
        assert not gc.isenabled()
        with put_off():
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()


def test_whoever_switched_it_off_finds_it_off() -> None:
    gc.disable()
    with put_off():
        pass
    assert not gc.isenabled()


def test_the_last_of_several_threads_switches_it_on() -> None:
    inside, leave = threading.Event(), threading.Event()

    def other() -> None:
        with put_off():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=other)
    with put_off():
        thread.start()
        assert inside.wait(10)
    assert not gc.isenabled()
    leave.set()
    thread.join()
    assert gc.isenabled()


def is_old(thing: object) -> bool:
    return any(other is thing for other in gc.get_objects(generation=2))


def test_what_was_made_is_not_looked_through_at_the_end() -> None:
    with put_off():
        made = [[number] for number in range(10_000)]
    assert is_old(made[-1]) and gc.isenabled()


def test_frozen_objects_stay_frozen() -> None:
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with put_off():
            pass
        assert gc.get_freeze_count() == frozen > 0
    finally:
        gc.unfreeze()


def test_an_answer_leaves_no_circle_behind() -> None:
    """What ``put_off`` rests on: with the collector off nothing of a dropped answer stays."""
    example = load(Path(str(files("resources"))) / "examples" / "hospital_group.json")
    assess(example, load_catalog(), as_of=date(2026, 11, 24))
    gc.collect()
    gc.disable()
    assess(example, load_catalog(), as_of=date(2026, 11, 24))
    assert gc.collect() == 0
