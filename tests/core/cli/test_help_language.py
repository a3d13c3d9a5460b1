"""Help and messages of the command line in the language asked for."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest

from core.cli import main
from core.cli.arguments import parser
from core.cli.help_text import asked_language
from core.interchange.document import DocumentError, from_json
from core.language import speaking

SAME = {"(A4)", "(vllm)"}
"""Help that is no sentence."""


@pytest.mark.parametrize(
    ("words", "language"),
    [
        (["run", "a.json"], "en"),
        (["--language", "de", "run"], "de"),
        (["ask", "--language=fr", "a.json"], "fr"),
        (["run", "--language", "tlh"], "en"),
        (["run", "--language"], "en"),
    ],
)
def test_the_language_is_known_before_the_words_are_parsed(words: list[str], language: str) -> None:
    assert asked_language(words) == language


def helps(top: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """(place, help) of every option of every command, and the commands' own."""
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for shown in action._choices_actions:
                yield f"{top.prog} {shown.dest}", str(shown.help)
            for child in action.choices.values():
                yield from helps(child)
        elif action.help and action.help != argparse.SUPPRESS:
            yield f"{top.prog} {action.dest}", action.help
    if top.description:
        yield top.prog, top.description


@pytest.mark.parametrize("language", ["de", "fr"])
def test_every_help_is_translated(language: str) -> None:
    english = dict(helps(parser()))
    with speaking(language):
        told = dict(helps(parser()))
    assert told.keys() == english.keys() and len(told) > 60
    for place, text in english.items():
        assert text in SAME or told[place] != text, place


@pytest.mark.parametrize("order", [["--language", "de", "ask"], ["ask", "--language", "de"]])
def test_help_is_printed_in_it(order: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*order, "--help"])
    shown = capsys.readouterr().out
    assert shown.startswith("Aufruf: ") and "diese Hilfe zeigen" in shown
    assert "usage" not in shown and "show this" not in shown


def test_a_wrong_value_in_a_file_is_told_once_and_in_the_language() -> None:
    text = '{"schema_version": 1, "workloads": [{"users": "many"}]}'
    with pytest.raises(DocumentError) as english:
        from_json(text)
    with speaking("de"), pytest.raises(DocumentError) as german:
        from_json(text)
    assert "got 'many'" in str(english.value) or 'got "many"' in str(english.value)
    assert str(german.value).count("many") == 1
    assert "muss" in str(german.value) and "must" not in str(german.value)
    assert "got" not in str(german.value)
