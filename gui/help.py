"""Help texts, as Markdown."""

from __future__ import annotations

from importlib import resources

import core
from core.flow import step
from core.language import language
from core.words import N_, _


def help_text(key: str) -> str:
    """A step's help as Markdown, in English where the language in use has none."""
    part = step(key)
    folder = resources.files("resources") / "help"
    for file in (folder / language() / part.help_file, folder / part.help_file):
        if part.help_file and file.is_file():
            return file.read_text(encoding="utf-8")
    return f"# {part.title}\n\n{part.question}\n"


def about_text() -> str:
    """What the program is, as Markdown."""
    return _(
        "# Inference Advisor {version}\n\nRecommends where and on what to run AI inference, and "
        "computes every number behind it on this computer. Nothing is sent anywhere.\n\n"
        "Apache License 2.0. Built with Qt for Python (LGPL 3). The bundled typeface is under the "
        "SIL Open Font License."
    ).format(version=core.__version__)


def licences_text() -> str:
    """The licences and credits of what is bundled, whole, as Markdown."""
    folder = resources.files("resources") / "licences"
    files = sorted((file for file in folder.iterdir()), key=lambda file: file.name)
    # As written: Markdown would run the lines of a licence together.
    parts = [f"```\n{file.read_text(encoding='utf-8').strip()}\n```" for file in files]
    return "\n\n".join((f"# {_('Licences')}", *parts)) + "\n"


SHORTCUTS = (
    ("Ctrl+1 … Ctrl+8", N_("Go to a step")),
    ("Ctrl+PgDown, Ctrl+PgUp", N_("Next step, previous step")),
    ("Ctrl+Z, Ctrl+Shift+Z", N_("Undo, redo")),
    ("Ctrl+N, Ctrl+O, Ctrl+S, Ctrl+Shift+S", N_("New, open, save, save as")),
    ("Ctrl+P", N_("Create the PDF report")),
    ("Ctrl+D, F2, Ctrl+Shift+C", N_("Duplicate, rename, compare scenarios")),
    ("F1", N_("About the field with the focus, or help on the page")),
    ("↑ ↓, PgUp PgDown", N_("In a number: one step or ten steps up or down")),
    ("Ctrl++, Ctrl+−, Ctrl+0", N_("Text larger, smaller, normal")),
    ("F8", N_("Go to the first input that must be corrected")),
    ("F9", N_("Show or hide the live estimate")),
)


def shortcuts_text() -> str:
    """The keyboard shortcuts, as a Markdown table."""
    rows = "\n".join(f"| {keys} | {_(text)} |" for keys, text in SHORTCUTS)
    keys, what = _("Keys"), _("What they do")
    return f"# {_('Keyboard shortcuts')}\n\n| {keys} | {what} |\n|---|---|\n{rows}\n"
