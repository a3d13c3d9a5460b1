"""Work in a copy of the process gives the result that it would give here."""

from __future__ import annotations

import _thread
import os
import threading
from functools import partial

import pytest

from core.analysis.second_process import aside, can_fork


def _who(offset: int) -> tuple[int, int]:
    return os.getpid(), 40 + offset


def _fails() -> int:
    raise ArithmeticError("seen by the caller")


def _dies_in_a_copy(here: int) -> str:
    if os.getpid() != here:
        os.kill(os.getpid(), 9)
    return "done here"


@pytest.fixture
def forking(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no other thread ran: those of the test runner wait and hold no lock."""
    if not hasattr(os, "fork"):
        pytest.skip("no fork on this system")
    monkeypatch.setattr("core.analysis.second_process.can_fork", lambda: True)


@pytest.mark.usefixtures("forking")
def test_the_result_comes_from_the_copy() -> None:
    process, answer = aside(partial(_who, 2))()
    assert answer == 42
    assert process != os.getpid()


@pytest.mark.usefixtures("forking")
def test_an_error_is_raised_where_it_is_seen() -> None:
    fetch = aside(_fails)
    with pytest.raises(ArithmeticError, match="seen by the caller"):
        fetch()


@pytest.mark.usefixtures("forking")
def test_a_killed_copy_costs_time_only() -> None:
    assert aside(partial(_dies_in_a_copy, os.getpid()))() == "done here"


def test_with_another_thread_the_work_is_done_here() -> None:
    wait = threading.Event()
    thread = threading.Thread(target=wait.wait)
    thread.start()
    try:
        assert not can_fork()
        assert aside(partial(_who, 0))()[0] == os.getpid()
    finally:
        wait.set()
        thread.join()


def test_a_thread_that_python_did_not_start_makes_no_copy() -> None:
    """As a window's are: the copy of a process with a second thread may wait for ever."""
    found: list[tuple[bool, int]] = []
    done = _thread.allocate_lock()
    done.acquire()

    def look() -> None:
        found.append((can_fork(), threading.active_count()))
        done.release()

    before = threading.active_count()
    _thread.start_new_thread(look, ())
    assert done.acquire(timeout=10)
    [(forks, counted)] = found
    assert not forks and counted == before
