"""The contrast of each appearance: of words on all grounds on which they stand, of plots' lines, and of frames."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit

from gui.widgets.theme import (
    DARK,
    DARK_CONTRAST,
    LIGHT,
    LIGHT_CONTRAST,
    Appearance,
    Colours,
    Theme,
    make_palette,
    special_palettes,
)

THEMES = {"light": LIGHT, "dark": DARK, "light, high": LIGHT_CONTRAST, "dark, high": DARK_CONTRAST}
HIGH = (LIGHT_CONTRAST, DARK_CONTRAST)
GROUNDS = ("window", "base", "field", "raised")
WORDS = ("text", "faint_text", "failed", "warning")
"""What stands on every ground."""
ON_CARDS = ("accent", "best")
"""Words that stand on cards and beside them; in the dark not on fields, which are lighter there."""
LINES = ("training", "validation", "best", "selected", "failed", "faint_text", "past")


def luminance(colour: QColor) -> float:
    """Return the relative luminance as WCAG 2 has it."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def contrast(colour: str | QColor, ground: str | QColor) -> float:
    """Return the contrast of a colour, which may let some of its ground through, and that ground."""
    over, under = QColor(colour), QColor(ground)
    seen = (share * over.alphaF() + below * (1 - over.alphaF()) for share, below in _pairs(over, under))
    light, dark = luminance(QColor.fromRgbF(*seen)), luminance(under)
    return (max(light, dark) + 0.05) / (min(light, dark) + 0.05)


def _pairs(over: QColor, under: QColor) -> list[tuple[float, float]]:
    return [(over.redF(), under.redF()), (over.greenF(), under.greenF()), (over.blueF(), under.blueF())]


def least(colours: Colours) -> float:
    """Return the contrast that words need."""
    return 7.0 if colours in HIGH else 4.5


@pytest.fixture(params=THEMES.values(), ids=list(THEMES))
def colours(request: pytest.FixtureRequest) -> Colours:
    made: Colours = request.param
    return made


def too_faint(colours: Colours, pairs: list[tuple[str, str]], needed: float) -> dict[tuple[str, str], float]:
    found = {(word, ground): contrast(getattr(colours, word), getattr(colours, ground)) for word, ground in pairs}
    return {pair: round(value, 2) for pair, value in found.items() if value < needed}


def test_that_contrast_is_measured_as_it_is_seen() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#80000000", "#ffffff") == pytest.approx(contrast("#7f7f7f", "#ffffff"), abs=0.05)


def test_that_words_can_be_read_on_every_ground_on_which_they_stand(colours: Colours) -> None:
    cards = ("window", "base", "raised") if colours is DARK else GROUNDS
    pairs = [(word, ground) for word in WORDS for ground in GROUNDS]
    pairs += [(word, ground) for word in ON_CARDS for ground in cards]
    assert too_faint(colours, [*pairs, ("accent_text", "accent")], least(colours)) == {}


def test_that_the_palette_has_these_contrasts_too(colours: Colours) -> None:
    role, palette = QPalette.ColorRole, make_palette(colours)
    pairs = (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.PlaceholderText, role.Base),
        (role.ButtonText, role.Button),
        (role.ToolTipText, role.ToolTipBase),
        (role.HighlightedText, role.Highlight),
        (role.BrightText, role.Base),
        (role.LinkVisited, role.Window),
    )
    found = {pair: contrast(palette.color(pair[0]), palette.color(pair[1])) for pair in pairs}
    assert {pair: value for pair, value in found.items() if value < least(colours)} == {}


@pytest.mark.parametrize("colours", HIGH, ids=["light", "dark"])
def test_that_high_contrast_has_full_frames_clear_lines_and_readable_words_of_what_is_disabled(
    colours: Colours,
) -> None:
    assert colours.border == colours.text
    lines = [*LINES, "grid", "border", "accent"]
    assert too_faint(colours, [(line, "base") for line in lines], 4.5) == {}
    assert too_faint(colours, [("disabled", ground) for ground in GROUNDS], 4.5) == {}
    frame = QColor(colours.outline).darker(140)  # as Fusion draws it
    assert contrast(frame, colours.field) >= 7
    assert contrast(frame, colours.window) >= 7


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_that_lines_can_be_told_from_their_ground(colours: Colours) -> None:
    assert too_faint(colours, [(line, "base") for line in LINES], 3.0) == {}


@pytest.mark.parametrize(
    ("scheme", "contrast_wanted", "expected"),
    [
        (Qt.ColorScheme.Light, Qt.ContrastPreference.NoPreference, LIGHT),
        (Qt.ColorScheme.Dark, Qt.ContrastPreference.NoPreference, DARK),
        (Qt.ColorScheme.Light, Qt.ContrastPreference.HighContrast, LIGHT_CONTRAST),
        (Qt.ColorScheme.Dark, Qt.ContrastPreference.HighContrast, DARK_CONTRAST),
    ],
)
def test_that_as_the_system_means_its_contrast_too(
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    scheme: Qt.ColorScheme,
    contrast_wanted: Qt.ContrastPreference,
    expected: Colours,
) -> None:
    class Accessibility:
        def contrastPreference(self) -> Qt.ContrastPreference:
            return contrast_wanted

    class Hints:
        def colorScheme(self) -> Qt.ColorScheme:
            return scheme

        def accessibility(self) -> Accessibility:
            return Accessibility()

    made = Theme()
    accessibility = QGuiApplication.styleHints().accessibility()
    with monkeypatch.context() as patched:
        patched.setattr(QGuiApplication, "styleHints", Hints)
        accessibility.contrastPreferenceChanged.emit(contrast_wanted)
        assert made.colours is expected
        assert made.dark is (scheme is Qt.ColorScheme.Dark)
        made.set_appearance(Appearance.DARK_CONTRAST)
        assert made.colours is DARK_CONTRAST
    made.set_appearance(Appearance.LIGHT)
    made.deleteLater()


def test_that_rows_of_tables_have_these_contrasts_too(colours: Colours) -> None:
    tables = special_palettes(colours)["QTableView"]
    for ground in (QPalette.ColorRole.Base, QPalette.ColorRole.AlternateBase):
        for word in (*WORDS, *ON_CARDS):
            assert contrast(getattr(colours, word), tables.color(ground)) >= least(colours), (word, ground)


def test_that_frames_are_plain_again_after_high_contrast(qapp: QApplication) -> None:
    made = Theme()
    for appearance in (Appearance.DARK_CONTRAST, Appearance.LIGHT):
        made.set_appearance(appearance)
    assert QLineEdit().palette().window().color().name() == LIGHT.window
    made.deleteLater()
