"""A workload's week, tokens and burstiness from a CSV of counts or requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from core.words import N_, _
from gui.imports.dialog import ImportDialog, workload_choice
from gui.view_models.session import Session
from gui.widgets.combo_box import ComboBox
from gui.workers import Ticket

if TYPE_CHECKING:
    from core.interchange.traffic import TrafficProfile


class TrafficImport(ImportDialog):
    """Reads traffic and gives it to a workload."""

    title = N_("Import traffic")
    about = N_(
        "Reads hourly counts (columns timestamp, count) or a log of requests (timestamp, "
        "input_tokens, output_tokens) and gives a workload its typical week, its tokens and its "
        "burstiness."
    )
    kinds = N_("Tables (*.csv *.tsv *.txt);;All files (*)")

    def __init__(self, session: Session, number: int, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        from zoneinfo import available_timezones

        self.zone = ComboBox()
        self.zone.setAccessibleName(_("Time zone of the users"))
        self.zone.addItem(_("As in the file"), "")
        for name in sorted(zone for zone in available_timezones() if "/" in zone):
            self.zone.addItem(name, name)
        self.zone.currentIndexChanged.connect(lambda _row: self.read())
        self.workload = workload_choice(session, number)
        self.form.addRow(_("&Time zone of the users"), self.zone)
        self.form.addRow(_("&Workload that has it"), self.workload)

    def reading(self) -> Callable[[Ticket], Any]:
        file, zone = self.files[0], str(self.zone.currentData())

        def read(ticket: Ticket) -> Any:
            from core.interchange.traffic import read_traffic

            return read_traffic(file, time_zone=zone)

        return read

    def lines(self, found: TrafficProfile) -> list[str]:
        from core.interchange.told import skipped_lines, traffic_lines

        notes = (*found.notes, *skipped_lines(found))
        return [*traffic_lines(found), *(f"– {note}" for note in notes)]

    def use(self, found: TrafficProfile) -> str:
        from core.interchange.traffic import with_traffic

        number = self.workload.currentIndex()
        changed = with_traffic(self.session.assessment, number, found)
        self.session.replace(changed, _("Import traffic"))
        return f"workloads[{number}].peak_requests_per_s"
