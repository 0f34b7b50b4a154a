"""Drafting: what stands in the form: the settings in force or the setup of a new study, its draft, and its steps."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from core.datasets.imported_table import ImportedTable
from gui.program.preferences import Preferences
from gui.session.run_state import Command
from gui.session.session import Session
from gui.setup.draft import Draft
from gui.setup.form import SettingsForm
from gui.setup.undoing import Undoing
from gui.window.actions import Actions
from gui.window.in_force import InForce


class Drafting(QObject):
    """Brings the draft of the last start into the form, and follows the form from then on.

    `stop_reading` gives up reading a model file.
    """

    def __init__(
        self,
        session: Session,
        form: SettingsForm,
        stop_reading: Callable[[], object],
        actions: Actions,
        preferences: Preferences,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._form, self._actions = session, form, actions
        self.draft = Draft(form, preferences.draft_file, self)
        self.draft.restore()
        self.in_force = InForce(session, form, self)
        self.undoing = Undoing(form, stop_reading, self)
        self.undoing.changed.connect(self._show_steps)

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """The handler of each command."""
        return self.undoing.handlers

    def use_table(self, imported: ImportedTable) -> None:
        """Set up a new study of an imported table."""
        self._session.clear()
        self._form.set_data_file(imported)

    def _show_steps(self) -> None:
        self._actions.set_steps(undoable=self.undoing.can_undo, redoable=self.undoing.can_redo)
