"""What a person set once for every document: look, language, how new ones start. Plain JSON."""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, QStandardPaths

from core.assessment import Assessment, with_value
from core.assessment.economics import CURRENCIES
from core.assessment.names import default_name
from core.language import ENGLISH, LANGUAGES
from core.units import METRIC, SYSTEMS
from gui.theme import MODES, Mode

log = logging.getLogger(__name__)
VERSION = 3
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {
    # How a new assessment starts was not asked before: it started like this.
    1: lambda old: {"currency": "USD", "region": "DEU", "paper": "A4", **old},
    # Everything was metric before units could be chosen.
    2: lambda old: {"units": METRIC, **old},
}
"""Step from each version to the next."""
PAPERS = ("A4", "Letter")
RECENT = 10
REPORT_LOOK = ("report_company", "report_confidentiality", "report_accent", "report_logo")
MOST_CHARACTERS = 4_000


@dataclass
class Preferences:
    """Settings of this computer's user; a broken or missing file means the defaults."""

    theme: Mode = "system"
    text_percent: int = 100
    recent: list[str] = field(default_factory=list)
    live_shown: bool = True
    language: str = ENGLISH
    units: str = METRIC
    """That weights, floor loads and water are read in: an id of ``core.units``."""
    report_company: str = ""
    report_confidentiality: str = ""
    report_accent: str = ""
    report_logo: str = ""
    """Path of a picture."""
    currency: str = "USD"
    """Of a new assessment."""
    region: str = "DEU"
    """Of a new assessment's site: an id of the catalog."""
    paper: str = "A4"
    """That a report is printed on."""
    path: Path | None = None

    def new_assessment(self) -> Assessment:
        """What a new document starts with."""
        made = with_value(Assessment(), "economics.currency", self.currency)
        made = with_value(made, "workloads[0].name", default_name(""))
        return with_value(made, "site.region", self.region)

    def add_recent(self, path: Path) -> None:
        """Put a file first among the recent ones."""
        text = str(path)
        self.recent = [text, *(other for other in self.recent if other != text)][:RECENT]
        self.save()

    def forget_recent(self, path: str | None = None) -> None:
        """Drop one file from the recent ones, or all."""
        self.recent = [] if path is None else [other for other in self.recent if other != path]
        self.save()

    def save(self) -> None:
        """Write the file; a failure is logged, since no work depends on it."""
        from core.interchange.files import write_atomic

        if self.path is None:
            return
        content = {key: value for key, value in asdict(self).items() if key != "path"}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self.path, json.dumps({"version": VERSION, **content}, indent=2) + "\n")
        except OSError as error:
            log.warning("preferences not saved: %s", error)


def default_path() -> Path:
    """Where preferences are kept."""
    place = QStandardPaths.StandardLocation.AppConfigLocation
    return Path(QStandardPaths.writableLocation(place)) / "preferences.json"


def system_language() -> str:
    """The first of the system's languages that the program speaks; English where it speaks none."""
    wanted = (name.partition("-")[0] for name in QLocale.system().uiLanguages())
    return next((code for code in wanted if code in LANGUAGES), ENGLISH)


def load_preferences(path: Path | None = None) -> Preferences:
    """Read the file; whatever in it makes no sense keeps its default.

    Where there is none yet, the window speaks the system's language.
    """
    path = path or default_path()
    found = Preferences(path=path)
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        found.language = system_language()
        return found
    except (OSError, ValueError):
        return found
    if not isinstance(content, dict):
        return found
    content = _up_to_date(content, path)
    if content.get("theme") in MODES:
        found.theme = content["theme"]
    percent = content.get("text_percent")
    if isinstance(percent, int) and 100 <= percent <= 200:
        found.text_percent = percent
    if content.get("language") in LANGUAGES:
        found.language = content["language"]
    if content.get("units") in SYSTEMS:
        found.units = content["units"]
    for key in REPORT_LOOK:
        if isinstance(content.get(key), str):
            setattr(found, key, content[key][:MOST_CHARACTERS])
    if content.get("currency") in dict(CURRENCIES):
        found.currency = content["currency"]
    region = content.get("region")
    if isinstance(region, str) and re.fullmatch("[A-Z0-9-]{2,8}", region):
        found.region = region
    if content.get("paper") in PAPERS:
        found.paper = content["paper"]
    recent = content.get("recent")
    if isinstance(recent, list):
        found.recent = [item for item in recent if isinstance(item, str)][:RECENT]
    if isinstance(content.get("live_shown"), bool):
        found.live_shown = content["live_shown"]
    return found


def _up_to_date(content: dict[str, Any], path: Path) -> dict[str, Any]:
    """The content in the present version. What a newer program wrote is kept beside, once."""
    version = content.get("version", 1)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        return {}
    if version > VERSION:
        kept = path.with_name(f"{path.stem}-version-{version}{path.suffix}")
        try:
            if not kept.exists():
                shutil.copyfile(path, kept)
        except OSError as error:
            log.warning("newer preferences not kept: %s", error)
        return content
    while version < VERSION:
        content = MIGRATIONS[version](content)
        version += 1
    return content
