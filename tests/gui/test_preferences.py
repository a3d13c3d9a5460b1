from __future__ import annotations

from pathlib import Path

import pytest

from gui.preferences import RECENT, Preferences, load_preferences


def test_what_was_set_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "preferences.json"
    mine = Preferences(theme="dark", text_percent=150, live_shown=False, language="fr", path=file)
    mine.report_company, mine.report_logo = "Example", "/a/logo.svg"
    mine.add_recent(Path("a.json"))
    assert load_preferences(file) == mine


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"theme": "pink", "text_percent": 9000, "recent": [1], "live_shown": "x"}',
        '{"report_logo": 5, "report_company": null}',
        '{"language": "xx"}',
    ],
)
def test_nonsense_means_defaults(tmp_path: Path, content: str) -> None:
    file = tmp_path / "preferences.json"
    file.write_text(content, encoding="utf-8")
    assert load_preferences(file) == Preferences(path=file)


def test_recent_files_are_few_newest_first_and_once(tmp_path: Path) -> None:
    mine = Preferences(path=tmp_path / "p.json")
    for number in [*range(15), 3]:
        mine.add_recent(Path(f"{number}.json"))
    assert mine.recent[0] == "3.json" and len(mine.recent) == RECENT
    assert mine.recent.count("3.json") == 1


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    Preferences(path=tmp_path / "file" / "p.json").save()
