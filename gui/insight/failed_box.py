"""The box "Failed and skipped (6)": whether these trials are to be seen, in all plots and in the table at once."""

from PySide6.QtWidgets import QCheckBox

from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.fields import give_tip
from gui.widgets.turns import turns


class FailedBox(QCheckBox):
    """A tick of `session.linking`, with how many there are; not there while there are none."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        give_tip(self, "Show them in the plots and in the table, or hide them everywhere")
        self.clicked.connect(self._hide_or_show)
        session.changed.connect(self._on_changed)
        session.linking.filter_changed.connect(self._follow)
        self._follow()

    def _on_changed(self, changes: Changes) -> None:
        if changes.in_rows:
            turns().ask(self, self._follow, words=True)

    def _hide_or_show(self, shown: bool) -> None:
        self._session.linking.hide_failed(not shown)

    def _follow(self, _hidden: bool = False) -> None:
        progress = self._session.progress
        count = 0 if progress is None else len(progress.without_result)
        self.setText(f"Failed and skipped ({count:,})")
        self.setChecked(not self._session.linking.hides_failed)
        self.setVisible(count > 0)
