"""The question before a model file runs for the first time: it is a program."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from core.letters import in_brief, revealed
from core.words.program_text import can_compare, difference, hidden_in_words, readable_lines, size_in_words
from gui.setup.program_view import ProgramView
from gui.widgets.fields import plain_label, problem_label

_EXPLANATION = (
    "This file is a program. To find its parameters and to train its models, Afina runs it, and while it runs it can "
    "do everything that you can do on this computer: read, change and delete your files, and use the network."
)
_ADVICE = (
    "Run it only if you wrote it, or if you know and trust whoever did. Afina asks once for each version of a file."
)
_WIDTH, _HEIGHT, _WITH_TEXT = 720, 240, 640
"""Pixels; the height is that of the dialog with its text hidden, and shown."""
_SHARE_OF_SCREEN = 0.92
_NAME, _PATH = 120, 400
"""The most letters of a name and of a path that are shown: the question must stay in sight."""


@dataclass(frozen=True)
class Origin:
    """Where a text came from: the file at `path` or, if `came_with` is not empty, what it names ("the study").

    In that case `there` is the text of the file at `path` on this computer; None: there is no such file.
    """

    path: str
    came_with: str = ""
    there: str | None = None


class ConsentDialog(QDialog):
    """Asks whether the text of a model file may run; Cancel is the default. `text` shows it, `show_text` opens it.

    `show_difference` is hidden unless the file at the path has another text.
    """

    help_page = "own_model"
    """The page of help on it."""

    def __init__(self, name: str, origin: Origin, source: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = in_brief(revealed(name, kept=""), _NAME)
        self.setWindowTitle(f"Run {name}?")
        self.setModal(True)
        self._source, self._origin = source, origin
        self.heading = plain_label(f"Run {name}?")
        self.whence = plain_label(_whence(origin, source))
        self.differs = problem_label()
        self.differs.say(_difference_in_words(origin, source))
        self.hidden = problem_label()
        self.hidden.say(hidden_in_words(source))
        self.text = ProgramView()
        self.text.setAccessibleName(f"Text of {name}")
        self.text.show_lines(readable_lines(source))
        self.text.hide()
        self.show_text = self._switch("Show the &text")
        self.show_difference = self._switch("Show the &difference")
        self.run = QPushButton("&Run it")
        self._lay_out()

    def _switch(self, text: str) -> QPushButton:
        """Return a button that shows something while it is pressed."""
        button = QPushButton(text)
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked: self._show(button))
        return button

    def _show(self, chosen: QPushButton) -> None:
        """Show what the button that was clicked is for, or nothing when it was released."""
        for button in (self.show_text, self.show_difference):
            button.setChecked(button is chosen and chosen.isChecked())
        if self.show_text.isChecked():
            self.text.show_lines(readable_lines(self._source))
        elif self.show_difference.isChecked():
            self.text.show_lines(difference(self._origin.there or "", self._source))
        shown = chosen.isChecked()
        self.text.setVisible(shown)
        for button, what in ((self.show_text, "&text"), (self.show_difference, "&difference")):
            button.setText(f"{'Hide' if button.isChecked() else 'Show'} the {what}")
        self._fit(_WITH_TEXT if shown else _HEIGHT)

    def _fit(self, height: int) -> None:
        """Take the height, or more if the sentences need it, as far as the screen has room, and stay on the screen."""
        self._column.activate()
        screen = self.screen().availableGeometry()
        room = screen.size() * _SHARE_OF_SCREEN
        needed = max(height, self._column.totalHeightForWidth(self.width()))
        self.resize(min(self.width(), room.width()), min(needed, room.height()))
        below = self.frameGeometry().bottom() - screen.bottom()
        if self.isVisible() and below > 0:
            self.move(self.x(), max(screen.top(), self.y() - below))

    def _lay_out(self) -> None:
        font = QFont(self.heading.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.15)
        self.heading.setFont(font)
        self.whence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self.run, QDialogButtonBox.ButtonRole.AcceptRole)
        self.run.setAutoDefault(False)
        buttons.addButton(self.show_text, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.show_difference, QDialogButtonBox.ButtonRole.ActionRole)
        there = self._origin.there
        self.show_difference.setVisible(there not in (None, self._source) and can_compare(there or "", self._source))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setDefault(True)
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        explained = (plain_label(_EXPLANATION), plain_label(_ADVICE))
        for label in (self.heading, *explained, self.whence, self.differs, self.hidden):
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addWidget(self.text, 1)
        layout.addStretch()
        layout.addWidget(buttons)
        self.resize(_WIDTH, _HEIGHT)
        self._fit(_HEIGHT)
        cancel.setFocus()


def _whence(origin: Origin, source: str) -> str:
    """Say where the text came from, and how long it is."""
    path, size = in_brief(revealed(origin.path, kept=""), _PATH), size_in_words(source)
    if not origin.came_with:
        return f"The text is that of the file {path} ({size})."
    came = f"The text came with {origin.came_with} ({size}), not from a file of this computer."
    if origin.there is None:
        return f"{came} There is no file {path} here that could be compared with it."
    return f"{came} The file {path} has the same text." if origin.there == source else came


def _difference_in_words(origin: Origin, source: str) -> str:
    """Say that the file at the path, which a user may take for the one that would run, is not; empty if it is."""
    if not origin.came_with or origin.there in (None, source):
        return ""
    path = in_brief(revealed(origin.path, kept=""), _PATH)
    return (
        f"The file {path}, which may be your own, has another text. What would run is not that file; in the "
        "difference, “−” is before what is only in the file, and “+” before what is only in the text that would run."
    )
