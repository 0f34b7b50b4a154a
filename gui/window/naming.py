"""Naming a study: a small dialog, and what is written then."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QLayout, QLineEdit, QVBoxLayout, QWidget

from core.errors import InvalidSetting, StoreError
from core.letters import revealed
from core.store.writer import rename_study
from core.study.naming import name_study, path_called
from core.study_name import MAX_LETTERS, checked_name
from core.words.studies import name_in_words
from gui.program.messages import show_error
from gui.session.run_state import Command
from gui.session.session import Session
from gui.widgets.fields import hint_label, plain_label, problem_label
from gui.widgets.measures import scaled

NUMBERED = "{} ({})"
"""The pattern that adds a number to the name of a file."""
_WIDTH = 380
_WHAT = "It stands in the title and in the list of studies. Without a name, that of the file stands there."


class Naming(QObject):
    """Gives studies names. `called` (two Paths) when a study was named: its file before and now."""

    called = Signal(object, object)

    def __init__(self, window: QWidget, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """The handler of each command."""
        return {Command.NAME: self.ask_for_open}

    def ask_for_open(self) -> None:
        """Ask for the open study's name."""
        if self._session.path is not None and self._session.progress is not None:
            self.ask(self._session.path, self._session.progress.name)

    def ask(self, path: Path, name: str) -> None:
        """Ask for the name of the study in the file, which is `name` now."""
        dialog = NameDialog(path, name, self._window)
        dialog.accepted.connect(lambda: self._take(path, dialog))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _take(self, path: Path, dialog: "NameDialog") -> None:
        if dialog.is_changed:
            self.name(path, dialog.name, with_file=dialog.with_file.isChecked())

    def name(self, path: Path, name: str, *, with_file: bool = False) -> None:
        """Give the study a name and, if wished, its file, too."""
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            event = name_study(path, name)
        except (InvalidSetting, StoreError) as error:
            show_error(self._window, "The study cannot be named", str(error))
            return
        finally:
            QGuiApplication.restoreOverrideCursor()
        if path == self._session.path:
            self._session.take_name(event)
        self.called.emit(path, self._file_called(path, event.name) if with_file else path)

    def _file_called(self, path: Path, name: str) -> Path:
        """Return the path of the file, renamed if that can be."""
        try:
            target = path_called(name, path, NUMBERED)
            if target != path:
                rename_study(path, target)
        except (InvalidSetting, StoreError) as error:
            show_error(self._window, "The file keeps its name", f"The study has its new name. {error}")
            return path
        return target


class NameDialog(QDialog):
    """Asks for a name; `with_file` is ticked if the file is to have it, too."""

    help_page = "studies"
    """The page of help on it."""

    def __init__(self, path: Path, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Name study")
        self._path = path
        self.field = QLineEdit(revealed(name, kept=""))
        self.field.setPlaceholderText(name_in_words("", path.stem))
        self.field.setMaxLength(MAX_LETTERS)
        self.field.selectAll()
        caption = plain_label("&Name")
        caption.setBuddy(self.field)
        self.with_file = QCheckBox("&Rename the file, too")
        self.file = hint_label()
        self.problem = problem_label()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.ok_button = buttons.button(QDialogButtonBox.StandardButton.Ok)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (caption, self.field, self.problem, hint_label(_WHAT), self.with_file, self.file):
            column.addWidget(widget)
        column.addWidget(buttons)
        column.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)  # it grows with its sentences
        self.field.setMinimumWidth(scaled(self, _WIDTH))
        self.field.textChanged.connect(self._check)
        self.with_file.toggled.connect(self._check)
        self._check()

    @property
    def name(self) -> str:
        return self.field.text()

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to do."""
        return self.field.isModified() or self.with_file.isChecked()

    def _check(self) -> None:
        """Show what is wrong with the name, and what the file will be called."""
        problem = name = file = ""
        try:
            name = checked_name(self.name)
            file = self._new_file(name) if self.with_file.isChecked() else ""
        except InvalidSetting as error:
            problem = error.message
        self.problem.say(problem)
        self.ok_button.setEnabled(not problem)
        self.with_file.setEnabled(bool(name))
        self.file.say(f"The file will be {file}." if file else "")

    def _new_file(self, name: str) -> str:
        """Return what the file will be called; empty if that is what it is called now. Raises InvalidSetting."""
        target = path_called(name, self._path, NUMBERED)
        return "" if target == self._path else target.name
