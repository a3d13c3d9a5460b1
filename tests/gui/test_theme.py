from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from gui.theme import THEMES, Colours, Mode, palette, theme
from gui.widgets.basics import LineEdit
from gui.widgets.combo_box import ComboBox


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("ink", ["text", "muted", "accent", "good", "warn", "bad"])
def test_text_reads_on_every_surface(colours: Colours, ink: str) -> None:
    for surface in (colours.window, colours.base, colours.card, colours.button):
        assert contrast(getattr(colours, ink), surface) >= 4.5, (ink, surface)


@pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
def test_marks_and_borders_are_seen(colours: Colours) -> None:
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    for surface in (colours.window, colours.base):
        assert contrast(colours.border, surface) >= 2.8
        assert contrast(colours.disabled, surface) >= 3.0


@pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
def test_every_role_is_set_in_every_group(colours: Colours) -> None:
    made = palette(colours)
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        for role in QPalette.ColorRole:
            if role not in (QPalette.ColorRole.NColorRoles, QPalette.ColorRole.NoRole):
                assert made.isBrushSet(group, role), (group, role)
    text = made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert text == QColor(colours.disabled)


def test_look_is_applied_and_announced(qapp: QApplication) -> None:
    told: list[int] = []
    theme().changed.connect(lambda: told.append(1))
    theme().apply(qapp, "dark", 150)
    assert theme().colours.dark and qapp.font().pointSizeF() == 15.0
    assert qapp.palette().color(QPalette.ColorRole.Base) == QColor(theme().colours.base)
    theme().apply(qapp, "light", 100)
    assert not theme().colours.dark and len(told) == 2
    assert any("Advisor" in family for family in qapp.font().families())


@pytest.mark.parametrize("mode", ["light", "dark", "high_contrast"])
def test_a_list_to_search_has_an_edge_that_is_seen(qapp: QApplication, mode: Mode) -> None:
    """Fusion draws one in a darker shade of the window, which is none on a dark one."""
    theme().apply(qapp, mode, 100)
    box = ComboBox()
    box.setEditable(True)
    box.setLineEdit(LineEdit())
    box.resize(200, 28)
    try:
        image, colours = box.grab().toImage(), theme().colours
        for x, y in ((100, 0), (100, 27), (0, 14)):
            edge = image.pixelColor(x, y).name()
            assert contrast(edge, colours.base) >= 2.8, (x, y, edge)
    finally:
        theme().apply(qapp, "light", 100)
