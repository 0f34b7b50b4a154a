"""The picture beside a finding, with its title."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.widgets.fields import give_tip
from gui.widgets.measures import SMALL, scaled, type_of
from gui.widgets.theme import Theme

if TYPE_CHECKING:
    from core.figures.evidence import Evidence

WIDTH, HEIGHT, _TITLE = 330, 118, 16
"""Pixels of the design."""


class EvidenceView(QWidget):
    """Shows one picture, which is painted once and kept until it, the colours or the letters change."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._evidence: Evidence | None = None
        self._kept = QPixmap()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._forget)

    def show_evidence(self, evidence: "Evidence | None") -> None:
        """Show another picture, or none."""
        self._evidence = evidence
        give_tip(self, "" if evidence is None else evidence.title)
        self._forget()

    def _forget(self) -> None:
        self._kept = QPixmap()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(scaled(self, WIDTH), scaled(self, HEIGHT + _TITLE))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.DevicePixelRatioChange, QEvent.Type.Resize):
            self._forget()
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._evidence is None:
            return
        if self._kept.isNull():
            self._kept = self._painted(self._evidence)
        QPainter(self).drawPixmap(self.rect(), self._kept, self._kept.rect())

    def _painted(self, evidence: "Evidence") -> QPixmap:
        from gui.insight.evidence_painting import paint_evidence  # what draws is loaded when it is first needed
        from gui.insight.painting.look import Look

        ratio = self.devicePixelRatioF()
        made = QPixmap(self.size() * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(QColor(self._theme.colours.base))
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, top = Look.of(self._theme.colours, self.font(), ratio=ratio), scaled(self, _TITLE)
        painter.setFont(type_of(self.font(), SMALL))
        painter.setPen(look.colour("faint_text"))
        title = QFontMetrics(painter.font()).elidedText(evidence.title, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(0, 0, self.width(), top), int(Qt.AlignmentFlag.AlignVCenter), title)
        paint_evidence(painter, QRectF(0, top, self.width(), self.height() - top), evidence, look)
        painter.end()
        return made
