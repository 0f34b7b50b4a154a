"""The question before a model file runs: where its text came from, and that nothing in it is out of sight."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gui.setup.consent_dialog import ConsentDialog, Origin
from gui.setup.model_files import text_there
from gui.widgets.theme import Appearance, Theme
from tests.model_files import CUSTOM, custom_file

THEIRS = f"{CUSTOM}# \u202e evil\u2066\u200b\n"
PATH = "/home/me/model.py"


@pytest.fixture(params=[Appearance.LIGHT, Appearance.DARK])
def theme(request: pytest.FixtureRequest) -> Iterator[Theme]:
    theme = Theme()
    theme.set_appearance(request.param)
    yield theme
    theme.set_appearance(Appearance.LIGHT)
    theme.deleteLater()


def asked(qtbot: QtBot, origin: Origin, source: str = CUSTOM, name: str = "model.py") -> ConsentDialog:
    dialog = ConsentDialog(name, origin, source)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def said(dialog: ConsentDialog) -> str:
    return " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def test_that_a_chosen_file_is_named_as_the_source(qtbot: QtBot) -> None:
    dialog = asked(qtbot, Origin(PATH))
    assert f"The text is that of the file {PATH}" in said(dialog)
    assert dialog.show_difference.isHidden()
    assert dialog.hidden.isHidden()


@pytest.mark.parametrize(
    ("there", "sentence", "compared"),
    [
        (None, f"There is no file {PATH} here", False),
        (CUSTOM, f"The file {PATH} has the same text", False),
        (f"{CUSTOM}mine = 1\n", f"The file {PATH}, which may be your own, has another text", True),
        ("x\n" * 5000, f"The file {PATH}, which may be your own, has another text", False),
    ],
    ids=["gone", "the same", "another", "another, too long to compare"],
)
def test_that_a_text_from_a_study_is_not_taken_for_the_file_at_its_path(
    qtbot: QtBot, there: str | None, sentence: str, compared: bool
) -> None:
    dialog = asked(qtbot, Origin(PATH, "this study", there))
    assert "The text came with this study" in said(dialog)
    assert sentence in said(dialog)
    assert dialog.show_difference.isHidden() is not compared


def test_that_the_difference_can_be_looked_at(qtbot: QtBot) -> None:
    dialog = asked(qtbot, Origin(PATH, "this study", f"{CUSTOM}mine = 1\n"), THEIRS)
    dialog.show_difference.click()
    shown = dialog.text.toPlainText()
    assert "− mine = 1" in shown
    assert "+ # ‹U+202E› evil‹U+2066›‹U+200B›" in shown
    dialog.show_text.click()
    assert dialog.text.isVisible()
    assert dialog.text.toPlainText().startswith(CUSTOM.splitlines()[0])
    assert not dialog.show_difference.isChecked()
    dialog.show_text.click()
    assert dialog.text.isHidden()


def test_that_what_cannot_be_seen_is_marked_counted_and_can_be_read(qtbot: QtBot, theme: Theme) -> None:
    dialog = asked(qtbot, Origin(PATH), THEIRS)
    assert "3 letters that cannot be seen" in said(dialog)
    dialog.show_text.click()
    assert "# ‹U+202E› evil‹U+2066›‹U+200B›" in dialog.text.toPlainText()
    QApplication.processEvents()
    block = dialog.text.document().findBlockByNumber(THEIRS.count("\n") - 1)
    marks = block.layout().formats()
    assert len(marks) == 2  # two marks stand side by side
    look = marks[0].format
    assert contrast(look.background().color(), look.foreground().color()) >= 4.5
    warning = dialog.hidden.palette().color(QPalette.ColorRole.BrightText)
    assert contrast(warning, dialog.palette().color(QPalette.ColorRole.Window)) >= 4.5


def test_that_a_long_line_is_wrapped_and_a_huge_text_can_be_scrolled(qtbot: QtBot) -> None:
    dialog = asked(qtbot, Origin(PATH), "# " + "x" * 3000 + "; evil()\n" + "\x01\u2066" * 100_000 + "\nlast = 1\n")
    dialog.show_text.click()
    QApplication.processEvents()
    assert dialog.text.horizontalScrollBar().maximum() == 0
    dialog.text.verticalScrollBar().setValue(dialog.text.verticalScrollBar().maximum())
    QApplication.processEvents()
    assert dialog.text.toPlainText().endswith("last = 1\n")
    assert dialog.height() <= dialog.screen().availableSize().height()


def test_that_a_name_and_a_path_turn_nothing_around(qtbot: QtBot) -> None:
    dialog = asked(qtbot, Origin("/a/gpj\u202eyp.py"), name="gpj\u202eyp.py<b>x</b>\n")
    assert dialog.windowTitle() == "Run gpj‹U+202E›yp.py<b>x</b>‹U+000A›?"
    assert "\u202e" not in said(dialog)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in dialog.findChildren(QLabel))


def test_that_a_strangers_path_into_the_network_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[object] = []
    monkeypatch.setattr("gui.setup.model_files.read_source", looked_at.append)
    for path in ("//evil/share/model.py", "\\\\evil\\share\\model.py"):
        assert text_there(custom_file(path)) is None
    assert looked_at == []


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio of WCAG 2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: QColor) -> float:
    red, green, blue = map(linear, (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("name", ["W" * 250, "W" * 9000, "\u202e" * 9000], ids=["a file's longest", "forged", "hidden"])
def test_that_a_long_name_leaves_question_and_buttons_on_the_screen(qtbot: QtBot, name: str) -> None:
    dialog = asked(qtbot, Origin(f"/{name}.py", "the study", f"{CUSTOM}#"), THEIRS, name)
    room = dialog.screen().availableGeometry()
    dialog.move(dialog.x(), room.bottom() - dialog.height())  # as low as it can be
    for button in (dialog.show_text, dialog.show_difference):
        button.click()
        QApplication.processEvents()
        assert room.contains(dialog.geometry())
        assert dialog.rect().contains(QRect(dialog.run.mapTo(dialog, QPoint(0, 0)), dialog.run.size()))
        assert dialog.minimumSizeHint().width() <= dialog.width()
