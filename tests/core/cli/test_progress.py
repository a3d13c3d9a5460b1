"""Progress: a moving line on a terminal, few lines in a log, none when quiet."""

from __future__ import annotations

import pytest

from core.cli.progress import ProgressLine


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("core.cli.progress.time.monotonic", lambda: now[0])
    return now


def test_quiet_and_short_work_say_nothing(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    quiet, short = ProgressLine(quiet=True), ProgressLine(quiet=False)
    short(0.5, "Sizing")
    clock[0] = 5.0
    quiet(0.5, "Sizing")
    quiet.done()
    short.done()
    assert capsys.readouterr().err == ""


def test_a_log_gets_a_line_per_text_and_at_most_one_a_second(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    line = ProgressLine(quiet=False)
    part = line.part(0.5, 1.0)
    for time, share, text in ((1.0, 0.0, "a"), (1.1, 0.1, "b"), (3.0, 0.5, "a"), (4.5, 1.0, "c")):
        clock[0] = time
        part(share, text)
    line.done()
    assert capsys.readouterr().err == " 50%  a\n100%  c\n"


def test_a_terminal_gets_one_line_that_is_cleared(
    clock: list[float], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    line = ProgressLine(quiet=False)
    clock[0] = 1.0
    line(0.1, "A long text")
    line(2.0, "Short")
    line.done()
    err = capsys.readouterr().err
    assert "\n" not in err
    assert err.split("\r")[1] == " 10%  A long text"
    assert err.split("\r")[2] == f"{'100%  Short':<17}"
    assert err.endswith("\r")
