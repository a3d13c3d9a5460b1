"""Every test here ends with the threads it began with."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_thread_left(qapp: object) -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and not t.daemon and t.is_alive()]
    # Threads of Qt's pools show up as dummies for as long as the pool keeps them.
    assert [t for t in left if not isinstance(t, threading._DummyThread)] == []
