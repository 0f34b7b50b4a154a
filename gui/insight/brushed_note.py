"""The note "12 of 60 trials are brushed" with its *Clear*: why the others are faint where no brush is to be seen."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.words.all_trials import brushed_of
from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.fields import plain_label
from gui.widgets.flat_button import LinkButton
from gui.widgets.theme import Theme
from gui.widgets.turns import turns

_SPACING = 4


class BrushedNote(QWidget):
    """It is not there while nothing is brushed. `clear` takes all brushes away, wherever they are."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__()
        self._session = session
        self.said = plain_label()
        self.clear = LinkButton("Clear", theme)
        self.clear.setAccessibleName("Clear brushes")
        self.clear.clicked.connect(self._clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_SPACING)
        row.addWidget(self.said)
        row.addWidget(self.clear)
        session.linking.brush_changed.connect(self._follow)
        session.changed.connect(self._on_changed)
        self._follow()

    def _clear(self) -> None:
        self._session.linking.brush(None)

    def _on_changed(self, changes: Changes) -> None:
        if changes.in_rows and self._session.linking.brushed is not None:
            turns().ask(self, self._follow, words=True)

    def _follow(self, _brushed: object = None) -> None:
        progress, brushed = self._session.progress, self._session.linking.brushed
        if progress is not None and brushed is not None:
            self.said.setText(brushed_of(len(brushed), len(progress.finished)))
        self.setVisible(progress is not None and brushed is not None)
