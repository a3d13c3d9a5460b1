"""Old documents move up one registered step at a time."""

from __future__ import annotations

from typing import Any

import pytest

from core.assessment import SCHEMA_VERSION
from core.interchange.errors import DocumentError
from core.interchange.migrations import MIGRATIONS, migration, up_to_date

STEPS = {
    1: lambda doc: {**doc, "trail": [*doc.get("trail", []), 1]},
    2: lambda doc: {**doc, "trail": [*doc.get("trail", []), 2]},
}


def test_every_older_schema_has_its_step() -> None:
    assert sorted(MIGRATIONS) == list(range(1, SCHEMA_VERSION))


@pytest.mark.parametrize(("version", "trail"), [(1, [1, 2]), (2, [2])])
def test_steps_run_in_order_from_the_document_s_own_version(version: int, trail: Any) -> None:
    assert up_to_date({"schema_version": version}, target=3, steps=STEPS) == {
        "schema_version": 3,
        "trail": trail,
    }


def test_the_present_version_is_untouched() -> None:
    assert up_to_date({"schema_version": 3, "x": 1}, target=3, steps=STEPS) == {
        "schema_version": 3,
        "x": 1,
    }


def test_a_version_without_a_step_is_refused() -> None:
    with pytest.raises(DocumentError, match="no longer read; it reads 2 to 3"):
        up_to_date({"schema_version": 1}, target=3, steps={2: STEPS[2]})


def test_no_version_has_two_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MIGRATIONS, 999, STEPS[1])
    with pytest.raises(ValueError, match="999"):
        migration(999)(STEPS[2])
