"""The sizes of letters, all in proportion to the font size that the user has chosen, and lengths that grow with them."""

from enum import IntEnum

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFont, QFontInfo
from PySide6.QtWidgets import QApplication, QWidget

SMALLEST, NORMAL, LARGEST, STEP = 80, 100, 160, 10
"""Per cent of the system's font size."""


class Type(IntEnum):
    """What letters are for; the value is their height in pixels where the body's is 12."""

    SMALL = 11
    BODY = 12
    TITLE = 13
    HEADLINE = 15
    RESULT = 22


class TypeSizes(QObject):
    """The application's font size. `changed` comes when all widgets have their new fonts."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._system = QFont(app.font())
        self._percent = NORMAL
        self._sized: dict[int, tuple[QWidget, Type, bool]] = {}

    @property
    def percent(self) -> int:
        """The font size in per cent of the system's."""
        return self._percent

    def set_percent(self, percent: int) -> None:
        """Show everything in this size, or in the nearest that there is."""
        percent = min(max(percent, SMALLEST), LARGEST)
        if percent == self._percent:
            return
        self._percent = percent
        self._app.setFont(_resized(self._system, percent / NORMAL))
        for widget, kind, bold in self._sized.values():
            widget.setFont(self.font(kind, bold=bold))
        self.changed.emit()

    @property
    def scale(self) -> float:
        """How much larger the letters are than those for which lengths are given."""
        return QFontInfo(self._app.font()).pixelSize() / Type.BODY

    def pixels(self, length: float) -> int:
        """Return a length that is given for letters of 12 pixels, for those of now."""
        return round(length * self.scale)

    def font(self, kind: Type, *, bold: bool = False) -> QFont:
        """Return the font of that kind of letters."""
        font = _resized(self._app.font(), kind / Type.BODY)
        font.setBold(bold)
        return font

    def give(self, widget: QWidget, kind: Type, *, bold: bool = False) -> None:
        """Let the widget have that kind of letters, now and whenever the font size changes."""
        key = id(widget)
        if key not in self._sized:
            widget.destroyed.connect(lambda: self._sized.pop(key, None))
        self._sized[key] = widget, kind, bold
        widget.setFont(self.font(kind, bold=bold))


def _resized(font: QFont, ratio: float) -> QFont:
    resized = QFont(font)
    if font.pixelSize() > 0:
        resized.setPixelSize(max(1, round(font.pixelSize() * ratio)))
    else:
        resized.setPointSizeF(font.pointSizeF() * ratio)
    return resized


def type_sizes() -> TypeSizes:
    """Return the sizes of this application's letters."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    found = app.findChild(TypeSizes)
    return found if isinstance(found, TypeSizes) else TypeSizes(app)
