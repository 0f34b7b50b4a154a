"""The title of a part: a line that is never cut unless a stranger's name makes it long."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent

from gui.widgets.fields import PlainLabel, give_tip

_LONGEST = 40
"""Letters of a title that are always to be seen; only the name of a stranger's metric makes a longer one."""


class TitleLabel(PlainLabel):
    """A title that is never cut; a stranger's ends in "…" after many letters, and its tip has the rest."""

    def minimumSizeHint(self) -> QSize:
        hint, most = super().sizeHint(), self.fontMetrics().averageCharWidth() * _LONGEST
        return QSize(min(hint.width(), most), hint.height())

    def setText(self, text: str) -> None:
        super().setText(text)
        self._explain()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain()

    def _explain(self) -> None:
        """Give the title a tip where there is no room for all of it."""
        give_tip(self, self.text() if self.fontMetrics().horizontalAdvance(self.text()) > self.width() else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
