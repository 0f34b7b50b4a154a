"""The row of the setup form for the user's own model file: its name, its problems, and buttons."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.widgets.elided_line import ElidedLine
from gui.widgets.fields import error_label, give_tip, hint_label, warning_label
from gui.widgets.thin_bar import ThinBar

_THICKNESS = 6
_GAP = 4
_NOTHING = "No file chosen yet"


class ModelFileRow(QWidget):
    """Shows a model file. `path` is its path, None while there is no file.

    Signals: `choose_requested`, `reload_requested`, `template_requested` and `cancel_requested`, one for each button.
    """

    choose_requested = Signal()
    reload_requested = Signal()
    template_requested = Signal()
    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.caption = "Model file"
        self.path: Path | None = None
        self._locked = self._busy = False
        self.name = ElidedLine(elide=Qt.TextElideMode.ElideMiddle)
        self.name.setText(_NOTHING)
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.choose = self._button("Choose…", "Choose a Python file that builds the model", self.choose_requested)
        self.reload = self._button("Reload", "Read the file again after a change", self.reload_requested)
        self.template = self._button(
            "Save a template…", "Save a model file with comments, to begin with", self.template_requested
        )
        self.cancel = self._button("Cancel", "Give up reading the file", self.cancel_requested)
        self.bar = ThinBar(_THICKNESS, 1)
        self.bar.show_busy()
        self.bar.setAccessibleName("Reading the model file")
        self.warning = warning_label()
        self.problem = error_label()
        for label in (self.problem, self.warning):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.notes = hint_label()
        self._lay_out()
        self._show_state()

    def _button(self, text: str, help_text: str, signal: object) -> QPushButton:
        button = QPushButton(text)
        give_tip(button, help_text)
        button.clicked.connect(signal)
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.choose, self.reload, self.template):
            buttons.addWidget(button)
        buttons.addStretch()
        progress = QHBoxLayout()
        progress.setSpacing(6)
        progress.addWidget(self.bar, 1)
        progress.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, _GAP)  # below it stands what the model is
        column.setSpacing(_GAP)
        column.addWidget(self.name)
        column.addLayout(buttons)
        column.addLayout(progress)
        column.addWidget(self.problem)
        column.addWidget(self.warning)
        column.addWidget(self.notes)

    def show_path(self, path: Path | None) -> None:
        """Show the name of the file; None: there is no file."""
        self.path = path
        self.name.tip = "" if path is None else str(path)
        self.name.setText(_NOTHING if path is None else path.name)
        self._show_state()

    def show_reading(self, doing: str) -> None:
        """Say what is being done with the file; an empty text: nothing any more."""
        self._busy = bool(doing)
        name = _NOTHING if self.path is None else self.path.name
        self.name.setText(f"{name}: {doing}…" if doing else name)
        if doing:
            self.say("")
            self.problem.say("")
        self._show_state()

    def show_warning(self, sentence: str) -> None:
        """Show a warning about the settings of the file; there are none yet beside what was found in it."""

    @property
    def focus_place(self) -> QWidget:
        """The widget that takes the focus when the row is shown."""
        return self.choose

    def show_problem(self, sentence: str, part: str = "") -> None:
        """Show why the file cannot be used; an empty sentence hides it."""
        self.problem.say("" if self._busy else sentence)

    def say(self, warning: str, notes: str = "") -> None:
        """Show a warning about a file that can be used, and notes on it."""
        self.warning.say(warning)
        self.notes.say(notes)

    def set_locked(self, locked: bool) -> None:
        self._locked = locked
        self._show_state()

    def _show_state(self) -> None:
        for button in (self.choose, self.reload, self.template):
            button.setVisible(not self._busy)
        self.bar.setVisible(self._busy)
        self.cancel.setVisible(self._busy)
        self.choose.setEnabled(not self._locked)
        self.template.setEnabled(not self._locked)
        self.reload.setEnabled(not self._locked and self.path is not None)
