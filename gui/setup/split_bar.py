"""A bar that shows to scale how the rows are split, with their numbers below it."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from core.datasets.part_sizes import part_sizes
from core.datasets.settings import DataSettings
from gui.setup.field_row import NAME_WIDTH
from gui.widgets.marks import painter_of
from gui.widgets.measures import SMALL, scaled, type_of
from gui.widgets.theme import LIGHT, Colours

_BAR, _GAP, _MARGIN = 8, 2, 4


class SplitBar(QWidget):
    """Training, validation and test part side by side; nothing while the split has a mistake."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[tuple[str, int], ...] = ()
        self._colours = LIGHT

    def show_split(self, data: DataSettings | None) -> None:
        """Draw the parts of these data; None: draw nothing."""
        parts: tuple[tuple[str, int], ...] = ()
        if data is not None:
            words = "train", "validate", "test"
            parts = tuple((word, rows) for word, rows in zip(words, part_sizes(data)[:3], strict=True) if rows)
        if parts != self._parts:
            self._parts = parts
            self.setAccessibleName(", ".join(f"{rows:,} rows {word}" for word, rows in parts))
            self.setVisible(bool(parts))
            self.update()

    def set_colours(self, colours: Colours) -> None:
        self._colours = colours
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(scaled(self, NAME_WIDTH) * 2, scaled(self, _BAR + 2 * _MARGIN) + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_of(self)
        left = scaled(self, NAME_WIDTH)
        width, height = self.width() - left, scaled(self, _BAR)
        rows = sum(number for _word, number in self._parts)
        colours = {"train": self._colours.training, "validate": self._colours.validation, "test": self._colours.grid}
        font = type_of(self.font(), SMALL)
        painter.setFont(font)
        metrics, at, said = painter.fontMetrics(), float(left), float(left)
        texts = [f"{number:,} {word}" for word, number in self._parts]
        for place, (word, number) in enumerate(self._parts):
            long = width * number / rows
            painter.fillRect(QRectF(at, _MARGIN, max(1.0, long - _GAP), height), QColor(colours[word]))
            rest = sum(metrics.horizontalAdvance(text) + 8 for text in texts[place + 1 :])
            wide = metrics.horizontalAdvance(texts[place])
            said = min(max(said, at), left + width - rest - wide)
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(QRectF(said, _MARGIN + height + 1, wide + 2, metrics.height()), texts[place])
            at, said = at + long, said + wide + 8
