"""Every text has a translation, whole and up to date."""

from __future__ import annotations

import ast
import gettext
import io
import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message

from core.language import ENGLISH, LANGUAGES, speaking
from core.words import _, ngettext
from tests.locale.messages import (
    FOLDER,
    ROOT,
    TRANSLATED,
    compiled,
    marked_in,
    template,
    translated,
    translation,
    typeset,
    written,
)

PLACEHOLDER = re.compile(r"\{(\w*)[^}]*\}")


@pytest.fixture(scope="module", params=TRANSLATED)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    return translation(str(request.param))


def texts(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(English forms, translated forms)."""
    english, given = message.id, message.string
    return (
        (english,) if isinstance(english, str) else tuple(english),
        (given,) if isinstance(given, str) else tuple(given),
    )


def test_every_text_is_translated(catalog: Catalog) -> None:
    assert [m.id for m in catalog if m.id and not translated(m.string)] == []
    assert [m.id for m in catalog if m.id and m.fuzzy] == []


@pytest.mark.full  # a text added since the last `make messages` is English until then
def test_the_catalogue_holds_the_marked_texts_and_no_others(catalog: Catalog) -> None:
    marked = {m.id for m in template() if m.id}
    known = {m.id for m in catalog if m.id}
    assert marked - known == set(), "run `make messages` and translate"
    assert known - marked == set(), "run `make messages`"


def test_placeholders_are_those_of_the_english_text(catalog: Catalog) -> None:
    for message in catalog:
        english, given = texts(message)
        for form, text in zip(english, given, strict=True):
            if message.id:
                assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(form)), text


def test_spaces_line_ends_and_keys_of_menus_are_kept(catalog: Catalog) -> None:
    for message in catalog:
        english, given = texts(message)
        for form, text in zip(english, given, strict=True):
            if message.id:
                assert (text[:1].isspace(), text[-1:].isspace()) == (
                    form[:1].isspace(),
                    form[-1:].isspace(),
                ), text
                assert text.count("\n") == form.count("\n"), text
                assert text.count("&") == form.count("&"), text
                assert text.count(";;") == form.count(";;"), text


def test_french_marks_never_begin_a_line() -> None:
    """The space before a colon, a question mark and the like, and inside quotes, holds."""
    loose = re.compile(r"[\w)\]}»%.…] [:;?!»](?=\s|$)|« ")
    forms = [form for m in translation("fr") if m.id for form in texts(m)[1]]
    assert [form for form in forms if loose.search(form)] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_compiled_file_is_that_of_the_text(code: str) -> None:
    assert (FOLDER / f"{code}.mo").read_bytes() == compiled(translation(code))


def test_the_files_are_as_the_tool_writes_them(catalog: Catalog) -> None:
    stored = (FOLDER / f"{catalog.locale}.po").read_bytes()
    assert stored == written(catalog)


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_program_finds_them(code: str) -> None:
    with speaking(code):
        assert _("Recommendation") == {"de": "Empfehlung", "fr": "Recommandation"}[code]
        assert _("") == ""
    assert _("Recommendation") == "Recommendation"


def test_plural_forms_follow_the_language() -> None:
    """French counts zero as singular, German and English do not."""
    forms = {code: gettext.NullTranslations() for code in LANGUAGES}
    for code in TRANSLATED:
        forms[code] = gettext.GNUTranslations(io.BytesIO(compiled(translation(code))))
    plural = {code: [f.ngettext("one", "many", n) for n in (0, 1, 2)] for code, f in forms.items()}
    assert plural[ENGLISH] == ["many", "one", "many"]
    with speaking("fr"):
        assert ngettext("one", "many", 2) == "many"


def test_no_text_is_translated_before_the_language_is_known() -> None:
    """A table of a module is marked with ``N_``: ``_`` at import would freeze it in English."""
    early = []
    for package in ("core", "gui"):
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            early += [f"{path.name}:{call.lineno}" for call in _calls_at_import(tree)]
    assert early == []


def _calls_at_import(node: ast.AST) -> Iterator[ast.Call]:
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext"):
        yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _calls_at_import(child)


def test_only_constants_are_collected() -> None:
    source = (
        '_("a" " b"); N_("c"); ngettext("{n} d", "{n} ds", n)\n'
        '_(TABLE["key"]); other("no"); _(f"{no}"); _("")'
    )
    assert list(marked_in(source)) == ["a b", "c", ("{n} d", "{n} ds")]


def test_french_has_one_apostrophe_on_screen_and_paper() -> None:
    """Whichever was typed; marks of quotation around names stay."""
    with (FOLDER / "fr.mo").open("rb") as file:
        loaded = gettext.GNUTranslations(file)
    singles = [m.id for m in translation("fr") if m.id and isinstance(m.id, str)]
    shown = [loaded.gettext(text) for text in singles]
    assert [text for text in shown if re.search(r"[^\W\d_]'[\w{]", text)] == []
    assert typeset("l'heure d'{x}, 'nom'") == "l’heure d’{x}, 'nom'"
