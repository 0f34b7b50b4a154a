"""The font size of the whole program, in per cent of the system's."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

SMALLEST, NORMAL, LARGEST, STEP = 80, 100, 160, 10


class FontSize(QObject):
    """Sets the application's font; all widgets follow it at once."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._system = QFont(app.font())
        self._percent = NORMAL

    @property
    def percent(self) -> int:
        """The font size in per cent of the system's."""
        return self._percent

    @percent.setter
    def percent(self, percent: int) -> None:
        percent = min(max(percent, SMALLEST), LARGEST)
        if percent != self._percent:
            self._percent = percent
            self._app.setFont(_resized(self._system, percent / NORMAL))


def _resized(font: QFont, ratio: float) -> QFont:
    resized = QFont(font)
    if font.pixelSize() > 0:
        resized.setPixelSize(max(1, round(font.pixelSize() * ratio)))
    else:
        resized.setPointSizeF(font.pointSizeF() * ratio)
    return resized


def font_size() -> FontSize:
    """Return the font size of this application."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    found = app.findChild(FontSize)
    return found if isinstance(found, FontSize) else FontSize(app)
