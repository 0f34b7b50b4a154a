"""InForce: the form shows the settings in force of the study that is open, and else the setup of a new one."""

from PySide6.QtCore import QObject

from core.events import Change
from gui.session.changes import Changes
from gui.session.session import Session
from gui.setup.form import SettingsForm


class InForce(QObject):
    """Follows the session, and tells the form whose settings to show."""

    def __init__(self, session: Session, form: SettingsForm, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._form = form
        session.changed.connect(self._on_changed)
        session.run_state_changed.connect(self._show)

    def _on_changed(self, changes: Changes) -> None:
        if changes.replaced or Change.STUDY in changes.what:
            self._show()

    def _show(self) -> None:
        progress, running = self._session.progress, self._session.job is not None
        if progress is not None:
            added = progress.budget - progress.settings.budget.trials
            self._form.show_study(progress.settings_in_force, added, running=running)
        elif running:
            self._form.show_started()
        else:
            self._form.show_draft()
