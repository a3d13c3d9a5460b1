"""Own measurements: the engine's predictions refitted to them, errors before and after shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPushButton, QWidget

from core.performance.engine_names import engine_name
from core.words import N_, _
from gui.direction import in_order
from gui.imports.dialog import ImportDialog
from gui.save_dialog import ask_where, named
from gui.view_models.session import Session
from gui.widgets.basics import CheckBox, SpinBox
from gui.widgets.combo_box import ComboBox
from gui.workers import Ticket

if TYPE_CHECKING:
    from core.interchange.measured import Measured
    from core.performance.site_fit import SiteFit

MOST_ACCELERATORS = 1024
PRECISIONS = ("", "bf16", "fp8", "nvfp4", "mxfp4", "int8", "int4")
ENGINES = ("vllm", "sglang", "tensorrt-llm")


@dataclass(frozen=True, slots=True)
class Refitted:
    """What the files hold and what a refit makes of it."""

    measured: Measured
    fit: SiteFit


class MeasurementsImport(ImportDialog):
    """Reads measurements, refits the engine to them, and has this window compute with that."""

    title = N_("Import measurements")
    about = N_(
        "Reads results of vLLM bench serve, GuideLLM, AIPerf or GenAI-Perf (JSON), or a table in "
        "the measurement format (CSV), and refits the engine to what you measured. Say below what "
        "result files leave out; a table says it itself."
    )
    kinds = N_("Results and tables (*.json *.jsonl *.csv *.tsv *.txt);;All files (*)")
    several = True
    columns = True

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        catalog = session.catalog
        known = {} if catalog is None else catalog.accelerators
        models = {} if catalog is None else catalog.models
        self.accelerator = self._choice(
            _("Accelerator"), sorted((a.name, key) for key, a in known.items())
        )
        self.model = self._choice(_("Model"), sorted((m.name, key) for key, m in models.items()))
        self.count = SpinBox()
        self.count.setRange(1, MOST_ACCELERATORS)
        self.weights = ComboBox()
        for name in PRECISIONS:
            self.weights.addItem(name.upper() or _("As in the file"), name)
        self.engine = ComboBox()
        for key in ENGINES:
            self.engine.addItem(engine_name(key), key)
        self.drafts = CheckBox(_("Drafts or multi-token prediction were on"))
        for label, widget in (
            (_("&Accelerator"), self.accelerator),
            (_("&Model"), self.model),
            (_("Accelerators that &served it"), self.count),
            (_("&Weights"), self.weights),
            (_("&Engine"), self.engine),
            ("", self.drafts),
        ):
            self.form.addRow(label, widget)
        for box in (self.accelerator, self.model, self.weights, self.engine):
            box.currentIndexChanged.connect(lambda _row: self.read())
        self.count.valueChanged.connect(lambda _value: self.read())
        self.drafts.toggled.connect(lambda _on: self.read())
        self.keep_button = QPushButton(in_order(_("&Save the parameters…")))
        self.keep_button.setAutoDefault(False)
        self.keep_button.setEnabled(False)
        self.keep_button.clicked.connect(self.keep)
        self.buttons.addButton(self.keep_button, self.buttons.ButtonRole.ActionRole)
        self.ask_save: Callable[[], str] = self._ask_save

    def _choice(self, name: str, items: list[tuple[str, str]]) -> ComboBox:
        box = ComboBox()
        box.setAccessibleName(name)
        box.addItem(_("As in the file"), "")
        for text, key in items:
            box.addItem(text, key)
        return box

    def read(self) -> None:
        self.keep_button.setEnabled(False)
        super().read()

    def reading(self) -> Callable[[Ticket], Any]:
        from core.interchange.benchmarks import Setup

        setup = Setup(
            accelerator=str(self.accelerator.currentData()),
            model=str(self.model.currentData()),
            n_accel=self.count.value(),
            weight_precision=str(self.weights.currentData()),
            engine=str(self.engine.currentData()),
            spec_decode="allowed" if self.drafts.isChecked() else "off",
        )
        files, catalog, day = list(self.files), self.session.catalog, self.session.as_of

        def read(ticket: Ticket) -> Any:
            from core.catalog.load import load_catalog
            from core.interchange.measured import read_measured
            from core.performance.site_fit import refit

            measured = read_measured(files, setup)
            fit = refit(
                measured.rows,
                catalog or load_catalog(),
                file=measured.name,
                date=day.isoformat(),
                data_sha256=measured.sha256,
                progress=self.progress_to(ticket),
            )
            return Refitted(measured, fit)

        return read

    def lines(self, found: Refitted) -> list[str]:
        from core.performance.own_measurements import account_of
        from core.performance.validation_table import problems_text

        self.keep_button.setEnabled(True)
        skipped = problems_text([*found.measured.problems, *found.fit.unused])
        verdict = (
            _("Configurations left out of the refit are predicted better than before.")
            if found.fit.helps
            else _(
                "Configurations left out of the refit are not predicted better than by the shipped "
                "parameters: better keep the shipped ones."
            )
        )
        notes = [f"– {note}" for note in found.measured.notes]
        return [verdict, "", *account_of(found.fit.own, found.fit.left_out), *notes, skipped]

    def use(self, found: Refitted) -> str:
        self.session.use_measurements(found.fit.own)
        return "own_measurements"

    def keep(self) -> None:
        """Write the refitted parameters to a file for later and for the command line."""
        from core.interchange.site_parameters import save

        text = self.ask_save() if self.found is not None else ""
        if not text:
            return
        path = named(text, ".json")
        try:
            save(self.found.fit.own, path)
        except OSError as error:
            self._failed(error)
        else:
            self.state.set_colour("good")
            self.state.setText(_("Saved: {path}").format(path=path))

    def _ask_save(self) -> str:
        title, kinds = _("Save the parameters"), "JSON (*.json)"
        return ask_where(self, title, "site-parameters.json", kinds, ".json")
