"""Collects every marked text of the program and keeps the catalogues (`make messages`).

``resources/locale`` holds the template (``messages.pot``), a translation per language (``.po``)
and its compiled form (``.mo``), which ships so that an installation needs no build step.
"""

from __future__ import annotations

import ast
import copy
import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from core.assessment import Economics, LatencyTargets, Priorities, Project, Site, Workload
from core.assessment.fields import fields_of, texts_of
from core.language import DOMAIN, ENGLISH, LANGUAGES
from core.presets import DESCRIPTION, TITLE

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources" / "locale"
TRANSLATED = tuple(code for code in LANGUAGES if code != ENGLISH)
FORMS = {"_": 1, "N_": 1, "ngettext": 2}
"""How many texts a call of each marking function holds, first in its arguments."""
HEADER = """\
# Texts of Inference Advisor. Made by `make messages`; translations are written into the .po files.
#"""
NAMES = (
    ("use_cases", "title"),
    ("traffic_shapes", "title"),
    ("links", "title"),
    ("tuning_levers", "title"),
    ("tuning_levers", "needs"),
    ("regions", "name"),
    ("platforms", "name"),
)
"""Columns of the catalog that are translated where they are shown: names and remarks.

Of servers' names the generic words are: a product's own name stays."""
APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[\w{«])")
"""After a letter and before a word: no mark of quotation."""
FIXED = datetime(2026, 11, 26, tzinfo=UTC)
"""Date in the headers: the same texts give the same files."""


def marked() -> Iterator[tuple[str, str | tuple[str, str]]]:
    """(file, text) of every text to be translated; plural forms as a pair."""
    for package in ("core", "gui"):
        for path in sorted((ROOT / package).rglob("*.py")):
            file = path.relative_to(ROOT).as_posix()
            yield from ((file, text) for text in marked_in(path.read_text(encoding="utf-8")))
    yield from field_texts()
    yield from site_texts()
    yield from catalog_texts()
    yield from example_texts()


def field_texts() -> Iterator[tuple[str, str]]:
    """The texts of every input."""
    for section in (Project, Workload, LatencyTargets, Site, Economics, Priorities):
        for _key, spec in fields_of(section):
            yield from (("core/assessment", text) for text in texts_of(spec) if text)


def catalog_texts() -> Iterator[tuple[str, str]]:
    """The names in the catalog that hold more than proper names of products."""
    for table, column in NAMES:
        file = f"resources/catalog/{table}.csv"
        with (ROOT / file).open(encoding="utf-8", newline="") as rows:
            yield from ((file, row[column]) for row in csv.DictReader(rows) if row[column])


def marked_in(source: str) -> Iterator[str | tuple[str, str]]:
    """The texts that a module marks: constants only, a table's texts are marked in the table."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            given = node.args[: FORMS.get(node.func.id, 0)]
            texts = [a.value for a in given if isinstance(a, ast.Constant) and a.value]
            if texts and len(texts) == len(given):
                yield texts[0] if len(texts) == 1 else (texts[0], texts[1])


def site_texts() -> Iterator[tuple[str, str]]:
    """The texts of the site presets."""
    file = "resources/presets/sites.json"
    for entry in json.loads((ROOT / file).read_text(encoding="utf-8")).values():
        yield from ((file, entry[key]) for key in (TITLE, DESCRIPTION))


def example_texts() -> Iterator[tuple[str, str]]:
    """What the examples tell in words: their titles, for whom they are, notes, names."""
    for path in sorted((ROOT / "resources" / "examples").glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        for text in (*content["project"].values(), *(w["name"] for w in content["workloads"])):
            yield path.relative_to(ROOT).as_posix(), text


def empty(code: str | None = None) -> Catalog:
    """A catalogue without texts."""
    return Catalog(
        locale=code,
        domain=DOMAIN,
        header_comment=HEADER,
        project="Inference Advisor",
        version="",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        creation_date=FIXED,
        revision_date=FIXED,
        fuzzy=False,
    )


def template() -> Catalog:
    """Every text to be translated, once."""
    catalog = empty()
    for file, message in sorted(marked(), key=lambda pair: (pair[0], str(pair[1]))):
        catalog.add(message, locations=[(file, 0)])
    return catalog


def translation(code: str) -> Catalog:
    """A language's catalogue as it is stored."""
    with (FOLDER / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def typeset(text: str) -> str:
    """A French text with the one apostrophe of printed French, whichever was typed."""
    return APOSTROPHE.sub("\u2019", text)


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as the program loads it."""
    target = io.BytesIO()
    if catalog.locale is not None and catalog.locale.language == "fr":
        catalog = copy.deepcopy(catalog)
        for message in catalog:
            given = message.string or ""  # None: a new text, not translated yet
            message.string = (
                typeset(given) if isinstance(given, str) else tuple(map(typeset, given))
            )
    write_mo(target, catalog)
    return target.getvalue()


def written(catalog: Catalog) -> bytes:
    """The catalogue as text."""
    target = io.BytesIO()
    write_po(
        target, catalog, width=99, sort_output=True, include_lineno=False, ignore_obsolete=True
    )
    return target.getvalue()


def update() -> None:
    """Write the template, carry the translations over and compile them."""
    found = template()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "messages.pot").write_bytes(written(found))
    for code in TRANSLATED:
        path = FOLDER / f"{code}.po"
        catalog = empty(code)
        # A text that changed is translated anew: a guess that reads well hides the change.
        catalog.update(found, no_fuzzy_matching=True)
        if path.is_file():
            for message in translation(code):
                if message.id and message.id in catalog:
                    catalog[message.id].string = message.string
        path.write_bytes(written(catalog))
        (FOLDER / f"{code}.mo").write_bytes(compiled(catalog))
        missing = [m.id for m in catalog if m.id and not translated(m.string)]
        sys.stdout.write(f"{code}: {len(catalog)} texts, {len(missing)} not translated\n")


def translated(string: str | tuple[str, ...] | list[str]) -> bool:
    """Whether a message has a translation in every form."""
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    update()
