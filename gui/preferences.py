"""What a person set once for every document: look, text size, recent files. Plain JSON."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths

from core.language import ENGLISH, LANGUAGES
from gui.theme import MODES, Mode

log = logging.getLogger(__name__)
VERSION = 1
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
    report_company: str = ""
    report_confidentiality: str = ""
    report_accent: str = ""
    report_logo: str = ""
    """Path of a picture."""
    path: Path | None = None

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


def load_preferences(path: Path | None = None) -> Preferences:
    """Read the file; whatever in it makes no sense keeps its default."""
    path = path or default_path()
    found = Preferences(path=path)
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return found
    if not isinstance(content, dict):
        return found
    if content.get("theme") in MODES:
        found.theme = content["theme"]
    percent = content.get("text_percent")
    if isinstance(percent, int) and 100 <= percent <= 200:
        found.text_percent = percent
    if content.get("language") in LANGUAGES:
        found.language = content["language"]
    for key in REPORT_LOOK:
        if isinstance(content.get(key), str):
            setattr(found, key, content[key][:MOST_CHARACTERS])
    recent = content.get("recent")
    if isinstance(recent, list):
        found.recent = [item for item in recent if isinstance(item, str)][:RECENT]
    if isinstance(content.get("live_shown"), bool):
        found.live_shown = content["live_shown"]
    return found
