"""The rail: the folded form, a narrow bar at the window's left edge that reads downwards and opens it."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QToolBar

from gui.widgets.fields import give_tip
from gui.widgets.measures import scaled
from gui.widgets.theme import Colours, Theme

WIDTH = 30
_ARROWS, _TOP, _GAP, _RING = 34, 36, 10, 2.0
"""The height of the arrows' place, where the words begin, what is between name and plan, the ring of the focus."""


class Rail(QToolBar):
    """A bar with one button: `opened` when the user wants the form. As a toolbar it stands beside all docks."""

    opened = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__("Setup, folded")
        self.setObjectName("rail")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.toggleViewAction().setVisible(False)  # the dock's shows and hides the form
        self.button = _RailButton(theme)
        self.button.clicked.connect(self.opened)
        self.addWidget(self.button)
        self._measure()

    def _measure(self) -> None:
        row = self.layout()
        assert row is not None  # a toolbar has one
        row.setContentsMargins(0, 0, 0, 0)
        self.setFixedWidth(scaled(self, WIDTH))
        self.button.setFixedWidth(scaled(self, WIDTH))

    def say(self, plan: str) -> None:
        """Show a plan in a line."""
        self.button.say(plan)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "button"):
            self._measure()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint nothing: the button is all that there is."""


class _RailButton(QAbstractButton):
    paints_focus = True

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._plan = ""
        self.setAccessibleName("Setup")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._set_colours)
        self._set_colours(theme.colours)
        self.say("")

    def _set_colours(self, colours: Colours) -> None:
        self._colours = colours
        self.update()

    def say(self, plan: str) -> None:
        self._plan = plan
        give_tip(self, f"Open the setup: {plan}" if plan else "Open the setup")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(scaled(self, WIDTH), scaled(self, 4 * WIDTH))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._colours
        if self.underMouse():
            painter.fillRect(self.rect(), QColor(colours.raised))
        painter.setPen(QColor(colours.border))
        right = self.width() - 0.5
        painter.drawLine(QPointF(right, 0), QPointF(right, self.height()))
        self._paint_arrows(painter)
        self._paint_words(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), _RING))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -3, -2), 4, 4)

    def _paint_arrows(self, painter: QPainter) -> None:
        middle, side = QPointF(self.width() / 2, scaled(self, _ARROWS) / 2), scaled(self, 8) / 2
        painter.setPen(QPen(QColor(self._colours.text), 1.6))
        for shift in (-side, side):
            tip = middle + QPointF(shift + side / 2, 0)
            painter.drawPolyline(QPolygonF([tip + QPointF(-side, -1.2 * side), tip, tip + QPointF(-side, 1.2 * side)]))

    def _paint_words(self, painter: QPainter) -> None:
        """Write downwards: the name, and as much of the plan as there is room for."""
        bold = QFont(self.font())
        bold.setBold(True)
        begin = scaled(self, _TOP)
        painter.translate(self.width() / 2, begin)
        painter.rotate(90)
        painter.setFont(bold)
        painter.setPen(QColor(self._colours.text))
        half = QFontMetricsF(bold).height() / 2
        room, name = self.height() - begin - _GAP, QFontMetricsF(bold).horizontalAdvance("Setup")
        vertical = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
        painter.drawText(QRectF(0, -half, name + 1, 2 * half), int(vertical), "Setup")
        left = name + scaled(self, _GAP)
        metrics = QFontMetricsF(self.font())
        painter.setFont(self.font())
        painter.setPen(QColor(self._colours.faint_text))
        shown = metrics.elidedText(self._plan, Qt.TextElideMode.ElideRight, max(0.0, room - left))
        painter.drawText(QRectF(left, -half, max(0.0, room - left) + 1, 2 * half), int(vertical), shown)
        painter.resetTransform()
