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
        session, form = self._session, self._form
        progress, running = session.progress, session.job is not None
        if progress is not None:
            settings, added = progress.settings_in_force, progress.added_trials
            form.show_study(settings, added, running=running, can_copy=not session.busy)
        elif not running:
            form.show_draft()
        elif not form.is_locked:
            self._show_begun()

    def _show_begun(self) -> None:
        """Show what a study begins with: what stands in the form or, beside that, the tutorial's experiment."""
        begun = self._session.begun
        if begun is None or begun == self._form.settings():
            self._form.show_started()
        else:
            self._form.show_study(begun, 0, running=True, can_copy=False)
