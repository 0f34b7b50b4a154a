"""The best result, large, at the left of the headline."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.widgets.fields import give_tip, plain_label
from gui.widgets.measures import RESULT, SMALL, scaled, type_of
from gui.widgets.theme import Colours, Theme

_LEAST, _MOST = 94, 160
"""Its width: what most numbers need, and no more than this for a long name of a metric."""
_HAIRLINE = 56
_BESIDE = 14


class HeadlineResult(QWidget):
    """A number over the name of its metric, with a hairline at the right; hidden while there is none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._name = ""
        self.number, self.caption = plain_label(), plain_label()
        self.caption.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, _BESIDE, 0)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self.number)
        column.addWidget(self.caption)
        column.addStretch(1)
        theme.changed.connect(self._set_colours)
        self._set_colours(theme.colours)
        self._measure()
        self.hide()

    def show_number(self, number: str, metric: str) -> None:
        """Show a number of that metric; nothing while it is empty."""
        self.number.setText(number)
        if metric != self._name:
            self._name = metric
            give_tip(self.caption, metric, wrapped=False)
            self.caption.setAccessibleName(metric)
            self._measure()
        self.setVisible(bool(number))

    def _measure(self) -> None:
        self.number.setFont(type_of(self.font(), RESULT, bold=True))
        self.caption.setFont(type_of(self.font(), SMALL))
        room = scaled(self, _MOST)
        self.caption.setText(self.caption.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room))
        self.setMinimumWidth(scaled(self, _LEAST) + _BESIDE)

    def _set_colours(self, colours: Colours) -> None:
        palette = QPalette(self.number.palette())
        palette.setColor(QPalette.ColorRole.WindowText, colours.best)
        self.number.setPalette(palette)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        height = scaled(self, _HAIRLINE)
        top = (self.height() - height) // 2
        painter.fillRect(self.width() - 1, top, 1, height, self._theme.colours.border)
