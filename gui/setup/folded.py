"""The card of folded lines: each says in one line what is set in its section, and opens it."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.words.summaries import SEPARATOR, Phrase, fitted, joined
from gui.setup.field_row import NAME_WIDTH, WayBack
from gui.setup.section import Section
from gui.widgets.fields import plain_tip
from gui.widgets.marks import ACCENT, BORDER, FAILED, FAINT, WARNING, draw_chevron, draw_error, draw_warning, painter_of
from gui.widgets.measures import TITLE, scaled, type_of
from gui.widgets.theme import LIGHT, Colours

_LINE, _INDENT = 28, 12
_DEFAULTS = "the defaults of this section"
_BACK_BY_KEY = f"Delete brings back {_DEFAULTS}"
_END = 26  # pixels for the chevron


class FoldedLine(QAbstractButton):
    """The line of a section: Space turns it, → opens and ← folds it. Delete is the way back.

    Its letter leads to it and opens it, every time. `turned` (a bool) says whether it is open now. It is no checkable
    button: its letter would fold it, and a reader would call it ticked.
    """

    turned = Signal(bool)

    def __init__(self, title: str) -> None:
        super().__init__()
        self._is_open = False
        self.setText(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._phrases: Sequence[Phrase] = ()
        self._error = self._warning = ""
        self.way_back = WayBack()
        self.way_back.setParent(self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, _END, 0)
        line.addStretch()
        line.addWidget(self.way_back)
        self.clicked.connect(self._turn)
        self._name()

    @property
    def is_open(self) -> bool:
        """Whether the section below the line is shown."""
        return self._is_open

    def set_open(self, is_open: bool) -> None:
        """Open the line, or fold it."""
        if is_open is not self._is_open:
            self._is_open = is_open
            self._name()
            self.turned.emit(is_open)

    def _turn(self) -> None:
        self.set_open(not self._is_open)

    def say(self, phrases: Sequence[Phrase]) -> None:
        """Show what is set in the section."""
        if list(phrases) != list(self._phrases):
            self._phrases = tuple(phrases)
            self._name()

    def show_told(self, error: str, warning: str) -> None:
        """Show, while the line is folded, what is wrong in the section in place of what is set."""
        if (error, warning) != (self._error, self._warning):
            self._error, self._warning = error, warning
            self._name()

    def show_differs(self, differs: bool) -> None:
        """Offer the way back of the whole section while it differs."""
        if differs is self.way_back.isHidden():
            self.way_back.lead_to(_DEFAULTS, shown=False)
            self.way_back.setVisible(differs)
            self._name()

    @property
    def said(self) -> str:
        """What stands in the line, whole."""
        return self._error or self._warning or joined(self._phrases)

    def _name(self) -> None:
        title = self.text().replace("&", "")
        state, said = ("open", "") if self._is_open else ("folded", self.said)
        self.setAccessibleName(f"{title}, {state}: {self.said}" if self.said else f"{title}, {state}")
        back = "" if self.way_back.isHidden() else _BACK_BY_KEY
        self.setAccessibleDescription(back)
        self.setToolTip(plain_tip("\n".join(filter(None, (said, back)))))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(scaled(self, 300), scaled(self, _LINE))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, scaled(self, _LINE))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Shortcut:  # Qt would click the line, which could fold it
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.set_open(True)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Right:
                self.set_open(True)
            case Qt.Key.Key_Left:
                self.set_open(False)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._turn()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace if not self.way_back.isHidden():
                self.way_back.click()
            case _:
                super().keyPressEvent(event)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette = painter_of(self), self.palette()
        middle = self.height() / 2
        if self.underMouse():
            painter.fillRect(self.rect().adjusted(1, 1, -1, 0), palette.color(QPalette.ColorRole.AlternateBase))
        title = QRectF(scaled(self, _INDENT), 0, self.width(), self.height())
        painter.setFont(type_of(self.font(), TITLE, bold=True) if self._is_open else self.font())
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic
        painter.drawText(title, flags, self.text())
        painter.setFont(self.font())
        if not self._is_open:
            self._paint_said(painter)
        colour = palette.color(QPalette.ColorRole.WindowText)
        draw_chevron(painter, QPointF(self.width() - _END / 2 - 4, middle), colour, down=self._is_open)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.color(ACCENT), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 4, 4)

    def _paint_said(self, painter: QPainter) -> None:
        left = scaled(self, _INDENT + NAME_WIDTH)
        back = 0 if self.way_back.isHidden() else self.way_back.width()
        place = QRectF(left, 0, self.width() - left - _END - back - 4, self.height())
        if self._error or self._warning:
            mark = draw_error if self._error else draw_warning
            mark(painter, QPointF(left + 7, self.height() / 2), self.palette())
            painter.setFont(self.font())
            painter.setPen(self.palette().color(FAILED if self._error else WARNING))
            place.setLeft(left + 20)
            text = painter.fontMetrics().elidedText(self.said, Qt.TextElideMode.ElideRight, int(place.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            return
        metrics = painter.fontMetrics()
        shown = fitted(self._phrases, place.width(), metrics.horizontalAdvance)
        for number, phrase in enumerate(shown, 1):
            text = phrase.text + (SEPARATOR if number < len(shown) else "")
            role = QPalette.ColorRole.WindowText if phrase.differs else FAINT
            painter.setPen(self.palette().color(role))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            place.setLeft(place.left() + metrics.horizontalAdvance(text))


class FoldedSection(QWidget):
    """A line and, when it is open, its section below it. Signal `opened` when the user opens or folds it."""

    opened = Signal()

    def __init__(self, section: Section, *, is_last: bool) -> None:
        super().__init__()
        self.section = section
        self.line = FoldedLine(section.title)
        self.body = QWidget()
        self._inside = QVBoxLayout(self.body)
        self._inside.addWidget(section)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.line)
        column.addWidget(self.body)
        self._is_last = is_last
        self.body.hide()
        self.line.turned.connect(self.body.setVisible)
        self.line.turned.connect(self.opened)
        self.line.way_back.clicked.connect(section.go_back)
        self._measure()

    def _measure(self) -> None:
        side = scaled(self, _INDENT)
        self._inside.setContentsMargins(side, 0, side, side - 4)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._is_last:
            painter_of(self).fillRect(QRectF(0, self.height() - 1, self.width(), 1), self.palette().color(BORDER))


class FoldedCard(QFrame):
    """The folded sections, one below the other."""

    def __init__(self, sections: Iterable[Section]) -> None:
        super().__init__()
        self._base, self._is_locked = LIGHT.base, False
        self.folded: dict[Section, FoldedSection] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        given = list(sections)
        for section in given:
            self.folded[section] = FoldedSection(section, is_last=section is given[-1])
            column.addWidget(self.folded[section])

    @property
    def open(self) -> tuple[str, ...]:
        """The titles of the sections that are open."""
        return tuple(section.title for section, folded in self.folded.items() if folded.line.is_open)

    def set_open(self, titles: Iterable[str]) -> None:
        """Open these sections, and fold the others."""
        wanted = set(titles)
        for section, folded in self.folded.items():
            folded.line.set_open(section.title in wanted)

    def set_locked(self, locked: bool) -> None:
        """Stand back on the colour of the window while nothing can be changed."""
        self._is_locked = locked
        self.update()

    def set_colours(self, colours: Colours) -> None:
        self._base = colours.base
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_of(self)
        painter.setPen(QPen(self.palette().color(BORDER), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush if self._is_locked else QColor(self._base))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
