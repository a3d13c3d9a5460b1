"""The command line, ``inference-assess``: assess, start, check and describe assessments.

Exit codes: 0 done, 2 bad input (one message names file, field, value and what is allowed),
3 no option meets every limit (all outputs are still written and say why).
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import sys
from collections.abc import Iterator, Sequence

from core.cli.arguments import parser
from core.cli.help_text import asked_language
from core.cli.outcome import BAD_INPUT, INTERRUPTED, BadInputError
from core.language import speaking
from core.units import METRIC, measuring
from core.words import _

__all__ = ["main"]

NEW_OBJECTS = 20_000
"""New objects after which Python looks for garbage, instead of 700: a command makes hundreds of
thousands that it keeps until its end, and looking through them took a tenth of its time."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; ``argv`` without the program's name. Returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A console that lacks a character shows a substitute instead of failing.
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # absent on stand-ins, as suppressed
    atexit.register(gc.freeze)  # at its end Python would look through all of it once more
    with speaking(asked_language(sys.argv[1:] if argv is None else argv)), _seldom_collecting():
        return _run(argv)


@contextlib.contextmanager
def _seldom_collecting() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(max(NEW_OBJECTS, before[0]) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _run(argv: Sequence[str] | None) -> int:
    """The same in the language asked for."""
    arguments = parser().parse_args(argv)
    try:
        with measuring(getattr(arguments, "units", METRIC)):
            code: int = arguments.command(arguments)
        sys.stdout.flush()
        return code
    except BadInputError as error:
        print(f"inference-assess: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print(f"inference-assess: {_('interrupted; nothing was written half')}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Python must not complain again at its end.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        # a full disk behind standard output; files of their own are told where they are written
        print(f"inference-assess: output: {error.strerror or error}", file=sys.stderr)
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_INPUT
