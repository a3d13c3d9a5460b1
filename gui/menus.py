"""The window's menus: every command once, with its standard shortcut."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from core.flow import STEPS
from core.language import LANGUAGES
from core.units import SYSTEMS
from core.words import _
from gui.direction import in_order
from gui.documents import examples
from gui.icons import icon
from gui.theme import SCALES, Mode, em, theme

if TYPE_CHECKING:
    from gui.main_window import MainWindow

LARGE = 150
"""Text size in percent beside which icons of a menu are too small."""
Shortcut = QKeySequence.StandardKey | str | None


def mode_names() -> tuple[tuple[Mode, str], ...]:
    """Colours to choose from, with what they are called."""
    return (
        ("system", _("As the &system")),
        ("light", _("&Light")),
        ("dark", _("&Dark")),
        ("high_contrast", _("&High contrast")),
    )


def _make_room(menu: QMenu) -> None:
    """Room for marks of large text, which Fusion leaves out of a menu's width: texts were cut.

    It draws icons as small as ever, too: beside large text there are none.
    """
    for action in menu.actions():
        action.setIconVisibleInMenu(theme().scale < LARGE)
    menu.setMinimumWidth(0)
    if theme().scale > 100:
        menu.setMinimumWidth(menu.sizeHint().width() + em(menu, 1.5))


class Menus:
    """Builds the menus and keeps their state true."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._file()
        self._edit()
        self._scenarios()
        self._view()
        self._help()
        for menu in window.findChildren(QMenu):
            menu.aboutToShow.connect(partial(_make_room, menu))

    def _add(
        self,
        menu: QMenu,
        text: str,
        do: Callable[[], object],
        shortcut: Shortcut = None,
        image: str = "",
    ) -> QAction:
        action = QAction(in_order(text), self._window)
        if image:
            action.setIcon(icon(image))
        if shortcut is not None:
            action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda _checked=False: do())
        menu.addAction(action)
        return action

    def _file(self) -> None:
        window, keys = self._window, QKeySequence.StandardKey
        documents = window.documents
        menu = window.menuBar().addMenu(_("&File"))
        self._add(menu, _("&New"), documents.new, keys.New, "new")
        self._add(menu, _("New &window"), window.commands.another, "Ctrl+Shift+N")
        self._add(menu, _("&Open…"), documents.open, keys.Open, "open")
        self.recent = menu.addMenu(_("Open &recent"))
        self.recent.aboutToShow.connect(self._fill_recent)
        self.examples = menu.addMenu(_("Open an &example"))
        self.examples.aboutToShow.connect(self._fill_examples)
        menu.addSeparator()
        self._imports(menu)
        menu.addSeparator()
        self.save = self._add(menu, _("&Save"), documents.save, keys.Save, "save")
        self._add(menu, _("Save &as…"), documents.save_as, keys.SaveAs)
        menu.addSeparator()
        self.exports = menu.addMenu(_("E&xport"))
        self._add(self.exports, _("Options as &CSV…"), window.transfers.export_csv, image="table")
        self._add(
            self.exports, _("Cost model as &XLSX with formulas…"), window.transfers.export_workbook
        )
        self._add(self.exports, _("Results as &JSON…"), window.transfers.export_json)
        self.pdf = self._add(menu, _("Create &PDF report…"), window.create_pdf, keys.Print, "pdf")
        menu.addSeparator()
        self._add(menu, _("Pre&ferences…"), window.looks.show_preferences, keys.Preferences)
        menu.addSeparator()
        self._add(menu, _("&Close window"), window.close, keys.Close)
        self._add(menu, _("&Quit"), window.commands.quit, keys.Quit)

    def _imports(self, menu: QMenu) -> None:
        window = self._window
        imports, files = menu.addMenu(_("&Import")), window.transfers
        self._add(imports, _("&Model from its config.json…"), files.import_model)
        self._add(imports, _("&Traffic from a CSV…"), files.import_traffic)
        imports.addSeparator()
        self._add(imports, _("M&easurements and refit…"), files.import_measurements)
        self._add(imports, _("Refitted &parameters saved before…"), files.open_parameters)
        self.shipped = self._add(
            imports,
            _("Back to the &shipped parameters"),
            partial(window.session.use_measurements, None),
        )

    def _fill_examples(self) -> None:
        if self.examples.isEmpty():
            for title, name in examples():
                text = title.replace("&", "&&")
                self._add(self.examples, text, partial(self._window.documents.open_example, name))

    def _fill_recent(self) -> None:
        window = self._window
        self.recent.clear()
        for path in window.preferences.recent:
            name = Path(path)
            text = f"{name.name} – {name.parent}".replace("&", "&&")
            self._add(self.recent, text, partial(window.documents.open, path))
        if window.preferences.recent:
            self.recent.addSeparator()
            self._add(self.recent, _("Clear the list"), window.preferences.forget_recent)
        else:
            self._add(self.recent, _("No recent files"), lambda: None).setEnabled(False)

    def _edit(self) -> None:
        window, keys = self._window, QKeySequence.StandardKey
        menu = window.menuBar().addMenu(_("&Edit"))
        self.undo = self._add(menu, _("&Undo"), window.session.undo, keys.Undo, "undo")
        self.redo = self._add(menu, _("&Redo"), window.session.redo, keys.Redo, "redo")
        menu.addSeparator()
        self.correct = self._add(
            menu, _("Go to what must be &corrected"), window.show_problem, "F8", "warning"
        )

    def _scenarios(self) -> None:
        window = self._window
        menu = window.menuBar().addMenu(_("&Scenarios"))
        self._add(menu, _("&Duplicate in a new window"), window.commands.duplicate, "Ctrl+D")
        self._add(menu, _("&Rename…"), window.commands.rename, "F2")
        menu.addSeparator()
        self._add(
            menu, _("&Compare side by side…"), window.commands.compare, "Ctrl+Shift+C", "table"
        )

    def _view(self) -> None:
        window = self._window
        menu = window.menuBar().addMenu(_("&View"))
        steps = menu.addMenu(_("&Go to"))
        for number, part in enumerate(STEPS, 1):
            self._add(
                steps,
                f"&{number} {part.title}",
                partial(window.wizard.go_to, part.key),
                f"Ctrl+{number}",
            )
        steps.addSeparator()
        self._add(steps, _("Next step"), window.wizard.next, "Ctrl+PgDown")
        self._add(steps, _("Previous step"), window.wizard.back, "Ctrl+PgUp")
        # In words: the empty box of something that is not ticked is not seen on black.
        dock = window.live_dock
        self.live = self._add(menu, "", lambda: dock.setVisible(dock.isHidden()), "F9")
        menu.aboutToShow.connect(self._tell_live)
        self._tell_live()
        menu.addSeparator()
        colours = menu.addMenu(_("&Colours"))
        self.modes = QActionGroup(window)
        for mode, text in mode_names():
            action = self._add(colours, text, partial(window.looks.choose, mode=mode))
            action.setCheckable(True)
            action.setChecked(window.preferences.theme == mode)
            self.modes.addAction(action)
        sizes = menu.addMenu(_("&Text size"))
        self.sizes = QActionGroup(window)
        for scale in SCALES:
            action = self._add(sizes, f"{scale} %", partial(window.looks.choose, scale=scale))
            action.setCheckable(True)
            action.setChecked(window.preferences.text_percent == scale)
            self.sizes.addAction(action)
        sizes.addSeparator()
        spoken = menu.addMenu(_("La&nguage"))
        self.languages = QActionGroup(window)
        for code, name in LANGUAGES.items():
            action = self._add(spoken, name, partial(window.looks.show_in, language=code))
            action.setCheckable(True)
            action.setChecked(window.preferences.language == code)
            self.languages.addAction(action)
        measured = menu.addMenu(_("&Units"))
        self.units = QActionGroup(window)
        for system, name in SYSTEMS.items():
            action = self._add(measured, _(name), partial(window.looks.show_in, units=system))
            action.setCheckable(True)
            action.setChecked(window.preferences.units == system)
            self.units.addAction(action)
        keys = QKeySequence.StandardKey
        self._add(sizes, _("&Larger"), lambda: window.looks.step_scale(1), keys.ZoomIn)
        self._add(sizes, _("&Smaller"), lambda: window.looks.step_scale(-1), keys.ZoomOut)
        self._add(sizes, _("&Normal"), lambda: window.looks.choose(scale=100), "Ctrl+0")

    def _tell_live(self) -> None:
        hidden = self._window.live_dock.isHidden()
        self.live.setText(_("Show the &live estimate") if hidden else _("Hide the &live estimate"))

    def _help(self) -> None:
        window = self._window
        menu = window.menuBar().addMenu(_("&Help"))
        self._add(
            menu,
            _("&Help on this page"),
            window.commands.help,
            QKeySequence.StandardKey.HelpContents,
            "info",
        )
        self._add(menu, _("&Keyboard shortcuts"), window.commands.show_shortcuts)
        menu.addSeparator()
        self._add(menu, _("&Licences"), window.commands.show_licences)
        self._add(menu, _("&About Inference Advisor"), window.commands.show_about)

    def refresh(self) -> None:
        """Enable what can be done, and say what would be undone."""
        session = self._window.session
        pairs = (
            (self.undo, _("&Undo"), session.undo_text),
            (self.redo, _("&Redo"), session.redo_text),
        )
        for action, word, text in pairs:
            action.setEnabled(text is not None)
            action.setText(in_order(f"{word}: {text}".replace("…", "") if text else word))
        self.correct.setEnabled(bool(session.problems()))
        known = session.recommendation is not None
        self.exports.setEnabled(known)
        self.shipped.setEnabled(session.own_measurements is not None)
        self.pdf.setEnabled(not session.problems())

    def show_look(self) -> None:
        """Tick the look in use."""
        preferences = self._window.preferences
        order: tuple[Mode, ...] = ("system", "light", "dark", "high_contrast")
        for mode, action in zip(order, self.modes.actions(), strict=True):
            action.setChecked(preferences.theme == mode)
        for scale, action in zip(SCALES, self.sizes.actions(), strict=True):
            action.setChecked(preferences.text_percent == scale)
