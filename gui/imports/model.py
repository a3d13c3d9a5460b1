"""A model the catalog does not have, from its ``config.json``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from core.assessment import with_custom_model, with_value
from core.words import N_, _
from gui.imports.dialog import ImportDialog, workload_choice
from gui.view_models.session import Session
from gui.widgets.basics import LineEdit
from gui.workers import Ticket

if TYPE_CHECKING:
    from core.interchange.huggingface import ImportedModel


class ModelImport(ImportDialog):
    """Reads a model's shape and lets a workload use it."""

    title = N_("Import a model")
    about = N_(
        "Reads the shape of a model from the config.json published with its weights, counts its "
        "parameters, and lets a workload use it."
    )
    kinds = N_("Model configuration (*.json);;All files (*)")

    def __init__(self, session: Session, number: int, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.name = LineEdit()
        self.name.editingFinished.connect(self._renamed)
        self.workload = workload_choice(session, number)
        self.form.addRow(_("&Name of the model"), self.name)
        self.form.addRow(_("&Workload that uses it"), self.workload)
        self._read_as = ""

    def chosen(self) -> None:
        path = Path(self.files[0])
        # Published files are all called config.json; their folder says which model it is.
        stem = path.parent.name if path.stem == "config" else path.stem
        self.name.setText(stem or _("Own model"))

    def _renamed(self) -> None:
        if self.files and self.name.text().strip() != self._read_as:
            self.read()

    def reading(self) -> Callable[[Ticket], Any]:
        file, name = self.files[0], self.name.text().strip() or _("Own model")
        self._read_as = self.name.text().strip()

        def read(ticket: Ticket) -> Any:
            from core.interchange.huggingface import read_model

            return read_model(file, name=name)

        return read

    def lines(self, found: ImportedModel) -> list[str]:
        from core.interchange.told import model_lines

        return [*model_lines(found), *(f"– {note}" for note in found.notes)]

    def use(self, found: ImportedModel) -> str:
        if self.session.catalog is not None:
            self.session.catalog.with_models((found.model,))  # ValueError: the id is taken
        changed = with_custom_model(self.session.assessment, found.model)
        path = f"workloads[{self.workload.currentIndex()}].model"
        text = _("Import the model {name}").format(name=found.model.name)
        self.session.replace(with_value(changed, path, found.model.id), text)
        return path
