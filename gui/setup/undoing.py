"""Undoing: steps back and forth for the whole form, its text fields included."""

from collections.abc import Callable, Mapping

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget

from core.models.custom.model_file import CUSTOM
from gui.session.run_state import Command
from gui.setup.form import SettingsForm
from gui.setup.history import History, changes
from gui.setup.section import State
from gui.widgets.number_fields import NumberField

_KEYS = QKeySequence.StandardKey
_OURS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)


class Undoing(QObject):
    """Notes what changes in the form, and takes it back and again. `stop_reading` gives up reading a model file.

    Whatever changes until the event loop has its next turn is one step, and so is what is typed in a field until the
    focus leaves it. The shortest form that a number gets then is none. While the form shows the settings of a study
    that is open, nothing is noted or taken back. Signal `changed`: what can be done may have changed.
    """

    changed = Signal()
    _due = Signal()

    def __init__(self, form: SettingsForm, stop_reading: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._form = form
        self._stop_reading = stop_reading
        self._history = History(form.state())
        self._field: QWidget | None = None
        self._text = ""
        """What stood in the field when it was noted last."""
        self._is_due = self._is_rewritten = False
        self._due.connect(self._note, Qt.ConnectionType.QueuedConnection)
        form.settings_changed.connect(self._note_soon)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """The handler of each command."""
        return {Command.UNDO: self.undo, Command.REDO: self.redo}

    @property
    def can_undo(self) -> bool:
        return self._history.before is not None

    @property
    def can_redo(self) -> bool:
        return self._history.after is not None

    def undo(self) -> None:
        """Take the last step back."""
        self._note_all()
        if self.can_undo:
            self._show(self._history.undo)

    def redo(self) -> None:
        """Take the step again that was taken back last."""
        self._note_all()
        if self.can_redo:
            self._show(self._history.redo)

    def _note_all(self) -> None:
        if not self._form.is_locked:
            self._stop_reading()
            self._note()

    def _show(self, step: Callable[[], State]) -> None:
        """Show what stands in the form after a step, and where it has changed."""
        if self._form.is_locked:
            return
        before = self._history.now
        self._form.set_state(step())
        self._history.settle(self._form.state())
        self._text = self._text_now()
        self._form.reveal(changes(before, self._history.now))
        self.changed.emit()

    # Noting

    @Slot()
    def _note_soon(self) -> None:
        if self._is_due and self._form.is_locked:
            self._note()  # before what stood there is gone
            return
        rewritten = isinstance(self._field, NumberField) and self._field.is_rewriting
        self._is_rewritten = rewritten and (self._is_rewritten or not self._is_due)
        if not self._is_due:
            self._is_due = True
            self._due.emit()

    @Slot()
    def _note(self) -> None:
        rewritten, self._is_due, self._is_rewritten = self._is_rewritten, False, False
        state = self._form.draft()
        if state is None or self._form.model.is_reading:
            return
        joins = self._brings_the_file(state)
        self._history.note(state, self._typed_in(), joins=joins, rewritten=rewritten)
        self._text = self._text_now()
        self.changed.emit()

    def _brings_the_file(self, state: State) -> bool:
        """Return whether the last step was to want a model file of one's own, and this is the file."""
        before, now = self._history.before, self._history.now
        is_last = before is not None and not _waits_for_file(before) and _waits_for_file(now)
        return is_last and state.get("model.family") == CUSTOM and not _waits_for_file(state)

    # Fields of text

    def _typed_in(self) -> QLineEdit | None:
        """Return the field that has the focus if the user has typed in it since it was noted last."""
        line = self._line()
        return line if line is not None and line.isModified() and line.text() != self._text else None

    def _line(self) -> QLineEdit | None:
        line = self._field.lineEdit() if isinstance(self._field, QComboBox) else self._field
        return line if isinstance(line, QLineEdit) else None

    def _text_now(self) -> str:
        line = self._line()
        return "" if line is None else line.text()

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Note what was typed in the field that is left, and take the keys for ours in the one that is entered."""
        if self._field is not None and shiboken6.isValid(self._field):
            self._field.removeEventFilter(self)
            if self._is_due and shiboken6.isValid(self._form) and not self._form.is_filling:
                self._note()
        self._history.end_typing()
        self._field = None
        if new is not None and shiboken6.isValid(self._form) and _takes_text(new) and self._form.isAncestorOf(new):
            self._field = new
            new.installEventFilter(self)
        self._text = self._text_now()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keep the keys from the field, which would take back what was typed in it alone."""
        if event.type() not in _OURS or not isinstance(event, QKeyEvent):
            return False
        if not event.matches(_KEYS.Undo) and not event.matches(_KEYS.Redo):
            return False
        event.ignore()
        return True


def _takes_text(widget: QWidget) -> bool:
    return isinstance(widget, QLineEdit) or (isinstance(widget, QComboBox) and widget.isEditable())


def _waits_for_file(state: State) -> bool:
    return state.get("model.family") == CUSTOM and state.get("model.file") is None
