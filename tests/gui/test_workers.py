"""Work in the background and whoever asked for it: the one may outlive the other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from gui.workers import PROGRESS_S, CancelledError, Newest, Ticket


class Owner(QObject):
    told = Signal(object, float)


def held(gate: threading.Event, began: threading.Event) -> Callable[[Ticket], int]:
    def work(ticket: Ticket) -> int:
        began.set()
        gate.wait(5)
        return 7

    return work


def deleted_while_working(worker: Newest, owner: QObject, work: Callable[[Ticket], object]) -> None:
    """Take the owner down in the middle of the work, as a window's end does."""
    gate, began = threading.Event(), threading.Event()

    def waiting(ticket: Ticket) -> object:
        held(gate, began)(ticket)
        return work(ticket)

    worker.start(waiting)
    assert began.wait(5)
    opener = threading.Timer(0.05, gate.set)
    opener.start()
    shiboken6.delete(owner)  # waits for the work
    opener.join()


def test_only_the_newest_answer_comes(qtbot: QtBot) -> None:
    worker, gate, began = Newest(), threading.Event(), threading.Event()
    found: list[object] = []
    worker.heard_by(found.append, found.append)
    worker.start(held(gate, began))
    assert began.wait(5)
    worker.start(lambda ticket: 8)
    gate.set()
    qtbot.waitUntil(lambda: found == [8])
    worker.close()


def test_work_whose_owner_is_gone_ends_in_silence(
    qtbot: QtBot, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Without it: "Signal source has been deleted", from a thread, now and then."""
    caplog.set_level(logging.INFO)
    owner = Owner()
    deleted_while_working(Newest(owner), owner, lambda ticket: 1)
    assert "deleted" not in capfd.readouterr().err and caplog.text == ""


def test_progress_for_nobody_ends_the_work(
    qtbot: QtBot, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    owner, reached = Owner(), []
    told = owner.told

    def work(ticket: Ticket) -> None:
        ticket.tell(told, 0.5)
        reached.append("after")

    deleted_while_working(Newest(owner), owner, work)
    assert reached == [] and "deleted" not in capfd.readouterr().err + caplog.text


def test_a_ticket_tells_and_refuses_when_given_up(qtbot: QtBot) -> None:
    owner, ticket = Owner(), Ticket(1)
    heard: list[float] = []
    owner.told.connect(lambda _ticket, share: heard.append(share))
    ticket.tell(owner.told, 0.25)
    told = owner.told
    shiboken6.delete(owner)
    with pytest.raises(CancelledError):
        ticket.tell(told, 0.5)
    assert heard == [0.25] and ticket.cancelled


def test_progress_is_told_no_more_often_than_eyes_need(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each telling hands the interpreter over; whoever gives work up is heard at every step."""
    now = [100.0]
    monkeypatch.setattr("gui.workers.time.monotonic", lambda: now[0])
    heard: list[float] = []
    owner = Owner()
    owner.told.connect(lambda _ticket, share: heard.append(share))
    ticket = Ticket(1)
    for step in range(100):
        now[0] += 0.01
        ticket.progress(owner.told, step / 100)
    assert heard and heard[0] >= 0.05 and 10 <= len(heard) <= 1.0 / PROGRESS_S
    ticket.cancel()
    with pytest.raises(CancelledError):
        ticket.progress(owner.told, 1.0)
