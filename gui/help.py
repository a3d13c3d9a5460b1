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


TO, TOGETHER = " … ", ", "
SHORTCUTS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("Ctrl+1", "Ctrl+8"), TO, N_("Go to a step")),
    (("Ctrl+PgDown", "Ctrl+PgUp"), TOGETHER, N_("Next step, previous step")),
    (("Ctrl+Z", "Ctrl+Shift+Z"), TOGETHER, N_("Undo, redo")),
    (("Ctrl+N", "Ctrl+O", "Ctrl+S", "Ctrl+Shift+S"), TOGETHER, N_("New, open, save, save as")),
    (("Ctrl+P",), TOGETHER, N_("Create the PDF report")),
    (("Ctrl+D", "F2", "Ctrl+Shift+C"), TOGETHER, N_("Duplicate, rename, compare scenarios")),
    (("F1",), TOGETHER, N_("About the field with the focus, or help on the page")),
    (("Up", "Down", "PgUp", "PgDown"), TOGETHER,
     N_("In a number: one step or ten steps up or down")),
    (("Ctrl++", "Ctrl+-", "Ctrl+0"), TOGETHER, N_("Text larger, smaller, normal")),
    (("F8",), TOGETHER, N_("Go to the first input that must be corrected")),
    (("F9",), TOGETHER, N_("Show or hide the live estimate")),
)  # fmt: skip  # one line a row
"""Keys, what stands between them, and what they do."""


def _named(key: str) -> str:
    """Keys as the menus name them: ``Strg+Umschalt+S``."""
    from PySide6.QtGui import QKeySequence

    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def shortcuts_text() -> str:
    """The keyboard shortcuts, as a Markdown table."""
    rows = "\n".join(
        f"| {between.join(map(_named, keys))} | {_(text)} |" for keys, between, text in SHORTCUTS
    )
    keys, what = _("Keys"), _("What they do")
    return f"# {_('Keyboard shortcuts')}\n\n| {keys} | {what} |\n|---|---|\n{rows}\n"
