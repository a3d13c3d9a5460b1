"""One setting per context: an answer in one language never reaches another."""

from __future__ import annotations

import threading
from contextvars import copy_context

import pytest

from core.language import ENGLISH, LANGUAGES, language, speaking, use_language
from core.words import _


def test_english_until_something_else_is_said() -> None:
    assert language() == ENGLISH
    with speaking("fr"):
        assert language() == "fr"
        with speaking("de"):
            assert language() == "de"
        assert language() == "fr"
    assert language() == ENGLISH


def test_an_error_inside_gives_the_language_back() -> None:
    with pytest.raises(KeyError), speaking("de"):
        raise KeyError
    assert language() == ENGLISH


@pytest.mark.parametrize("code", ["", "it", "DE", "de_DE"])
def test_an_unknown_language_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match=r"one of en, de, fr; got"):
        use_language(code)


def test_threads_speak_side_by_side() -> None:
    """Every thread keeps its own language while all of them translate at once."""
    start, said = threading.Barrier(len(LANGUAGES)), {}

    def work(code: str) -> None:
        with speaking(code):
            start.wait(10)
            said[code] = {_("Priorities") for _n in range(2000)}

    threads = [threading.Thread(target=work, args=(code,)) for code in LANGUAGES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert said == {"en": {"Priorities"}, "de": {"Prioritäten"}, "fr": {"Priorités"}}


def test_a_context_carries_the_language_to_where_it_runs() -> None:
    with speaking("de"):
        context = copy_context()
    assert context.run(language) == "de"
    assert language() == ENGLISH
