"""How the window feels: gaps in its event loop, edit to answer, memory over many edits.

A timer that wants to fire every millisecond notices whenever the window's thread does not come
back in time. Two numbers are told of every gap: how long it lasted, and how much of it the
window's own thread computed. Only the second is the program's doing on a busy machine; the first
also counts other programs and the background threads' turns.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
AS_OF = date(2026, 11, 24)
EXAMPLE = ROOT / "resources" / "examples" / "bank_chat.json"
EDGES_MS = (5, 10, 20, 30, 50, 80, 120, 200, 500)
TIMED_EDITS = 30
PREVIEWS = 50
FIRST_PREVIEWS = 5
"""Made before memory is first read: they load fonts, the report's modules and caches."""
PATIENCE_S = 30.0
LOOK_MS = 4


class Heartbeat:
    """Notes every gap between two turns of the event loop."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.wall_ms: list[float] = []
        self.busy_ms: list[float] = []
        self._last = (time.perf_counter(), time.thread_time())
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin to note gaps."""
        self._last = (time.perf_counter(), time.thread_time())
        self._timer.start()

    def stop(self) -> None:
        """Note no more."""
        self._timer.stop()

    def _beat(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        self.wall_ms.append(1e3 * (now[0] - self._last[0]))
        self.busy_ms.append(1e3 * (now[1] - self._last[1]))
        self._last = now


def histogram(values: list[float]) -> str:
    """Counts between the edges, one line."""
    parts, low = [], 0
    for high in (*EDGES_MS, None):
        count = sum(low <= v and (high is None or v < high) for v in values)
        if count:
            parts.append(f"{low}+: {count}" if high is None else f"{low}-{high}: {count}")
        low = high or low
    return ", ".join(parts)


def wait(until: Callable[[], object], patience_s: float = PATIENCE_S) -> bool:
    """Run the event loop until something holds; False where it takes too long."""
    from PySide6.QtCore import QEventLoop, QTimer

    end = time.perf_counter() + patience_s
    loop, look = QEventLoop(), QTimer()
    # processEvents in a loop would take the processor away from the work that is waited for.
    look.timeout.connect(lambda: loop.quit() if until() or time.perf_counter() > end else None)
    look.start(LOOK_MS)
    loop.exec()
    look.stop()
    return bool(until())


def rest(seconds: float) -> None:
    """Run the event loop for a while."""
    end = time.perf_counter() + seconds
    wait(lambda: time.perf_counter() > end)


def resident_mb() -> float:
    """Memory in use by this process (Linux), 0 where the system does not tell."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0.0
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024**2


def open_window() -> Any:
    """The real window with example (a), answered once; garbage is collected as the program does."""
    from PySide6.QtWidgets import QApplication

    from gui.garbage import Collector
    from gui.windows import Windows
    from gui.workers import at_work

    app = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(app, QApplication)
    windows = Windows(app)
    windows.start([EXAMPLE])
    collector = Collector(app, computing=at_work, moving=windows.hands.moved)
    window = windows.open[0]
    window.documents.ask_unsaved = lambda: "discard"
    wait(lambda: not window.session.stale)
    wait(lambda: window.session.analysis is not None)
    collector.settle()
    return windows


def type_number(window: Any, key: str, text: str) -> None:
    """Type into a number field of the workload page as a person does."""
    from PySide6.QtTest import QTest

    row = next(f.rows[key] for f in window.wizard.page_of("workload").forms() if key in f.rows)
    row.editor.box.selectAll()
    QTest.keyClicks(row.editor.box, text)


def edit_to_answer(window: Any, count: int) -> list[tuple[float, float]]:
    """From the last keystroke to the live estimate with its answer: (ms, processor ms)."""
    window.wizard.go_to("workload")
    times = []
    for number in range(count):
        type_number(window, "users", str(2000 + 37 * number))
        start, used = time.perf_counter(), time.process_time()
        wait(lambda: not window.session.stale)
        elapsed, busy = time.perf_counter() - start, time.process_time() - used
        times.append((1e3 * elapsed, 1e3 * busy))
        rest(0.03)
    return times


def gaps(window: Any, act: Callable[[], None]) -> Heartbeat:
    """Gaps while something is done."""
    beat = Heartbeat()
    beat.start()
    act()
    beat.stop()
    return beat


def walk(window: Any) -> None:
    """Every page forward and back, by clicks on its step as the system hands them on."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from core.flow import KEYS

    rail = window.rail
    for number in (*range(len(KEYS)), *reversed(range(len(KEYS)))):
        middle = rail.visualItemRect(rail.item(number)).center()
        place = rail.viewport().mapTo(window, middle)
        QTest.mouseClick(
            window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
        )
        assert window.wizard.key == KEYS[number]
        rest(0.4)


def measure() -> Iterator[str]:
    """Lines to print."""
    windows = open_window()
    window = windows.open[0]
    answers = edit_to_answer(window, TIMED_EDITS)
    times = [elapsed for elapsed, _busy in answers]
    cuts = statistics.quantiles(times, n=20)
    yield (
        f"edit to answer: median {statistics.median(times):.0f} ms, P95 {cuts[-1]:.0f} ms "
        f"(target 300 ms, {'met' if cuts[-1] <= 300 else 'MISSED'}; {len(times)} edits, "
        f"processor {statistics.median(busy for _elapsed, busy in answers):.0f} ms each)"
    )
    beat = gaps(window, lambda: edit_to_answer(window, TIMED_EDITS))
    yield from told("while typing and computing", beat)
    yield from told("while changing pages", gaps(window, lambda: walk(window)))
    window.wizard.go_to("recommendation")
    yield from told("while an analysis runs", gaps(window, lambda: analysed(window)))
    before = resident_mb()
    for number in range(500):
        window.session.set_value("workloads[0].users", 1000 + number)
        if number % 50 == 0:
            wait(lambda: not window.session.stale)
    wait(lambda: not window.session.stale)
    gc.collect()
    yield f"memory: {before:.0f} MB, after 500 more edits {resident_mb():.0f} MB"
    yield previews(window, PREVIEWS)
    window.close()
    windows.close()


def previews(window: Any, count: int) -> str:
    """Memory while the report is made and shown again and again, on either paper by turns."""
    wait(lambda: window.session.analysis is not None)
    window.wizard.go_to("report")
    page = window.wizard.page_of("report")
    read, made = [], 0
    for times in (FIRST_PREVIEWS, *[10] * (count // 10)):
        for _number in range(times):
            page.paper.setCurrentIndex(1 - page.paper.currentIndex())
            made += wait(lambda: page.report is not None)
        gc.collect()
        read.append(resident_mb())
    growth = (read[-1] - read[0]) / count
    return (
        f"memory over {count} report previews, every tenth: {', '.join(f'{mb:.0f}' for mb in read)}"
        f" MB, {growth:+.2f} MB each ({made} of {FIRST_PREVIEWS + count} were made)"
    )


def analysed(window: Any) -> None:
    """One edit and everything that follows it, uncertainty and switch points too."""
    window.session.set_value("workloads[0].users", 1234)
    wait(lambda: not window.session.stale and window.session.analysis is not None)


def told(what: str, beat: Heartbeat) -> Iterator[str]:
    """A line of lasting and a line of computing, with the longest of each."""
    verdict = "met" if max(beat.busy_ms) <= 50 else "MISSED"
    longest = max(beat.wall_ms)
    yield f"event loop {what}, ms lasted: {histogram(beat.wall_ms)}; longest {longest:.0f}"
    yield (
        f"  of that computed by the window: {histogram(beat.busy_ms)}; longest "
        f"{max(beat.busy_ms):.0f} (target 50, {verdict})"
    )


def main() -> int:
    """Print all; exits with 0 whether or not targets are met."""
    if "DISPLAY" not in os.environ and "WAYLAND_DISPLAY" not in os.environ:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as scratch:
        for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[variable] = scratch
        for line in measure():
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
