"""Where a page can be besides among the others: at the right of the current one, or in a window of its own."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from gui.pages.page import Page
from gui.pages.tabs import HEIGHT
from gui.widgets.fields import PlainLabel
from gui.widgets.measures import scaled
from gui.widgets.theme import Theme
from gui.widgets.title_button import TitleButton

GAP = 8
_BELOW_BAR = 2
_SIZE = 900, 600
"""The first size of a window of a page."""


class Bar(QWidget):
    """The row over a page, as high as the tabs are: `head` at the left, `button` at the right, `own` parts between.

    Where there is no room for the page's own part it stands below, and the window need not be wider for it.
    """

    def __init__(self, head: QWidget, button: QWidget | None = None) -> None:
        super().__init__()
        self._head, self._button = head, button
        self._is_below = False
        self._own = QWidget()
        self._own_row = QHBoxLayout(self._own)
        self._own_row.setContentsMargins(0, 0, 0, 0)
        self._own_row.setSpacing(GAP)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(head, 0, 0)
        self._grid.addWidget(self._own, 0, 2)
        if button is not None:
            self._grid.addWidget(button, 0, 3)
        self._measure()

    def add(self, own: QWidget) -> None:
        """Add what concerns a page; of several, those that are hidden take no room."""
        self._own_row.addWidget(own)

    def fit(self) -> None:
        """Put the page's own part below or beside the rest, as there is room."""
        button = 0 if self._button is None or self._button.isHidden() else self._button.sizeHint().width() + GAP
        own = self._own.sizeHint().width()
        below = own > 0 and self._head.sizeHint().width() + own + button + 2 * GAP > self.width()
        if below is not self._is_below:
            self._is_below = below
            self._grid.removeWidget(self._own)
            if below:
                self._grid.addWidget(self._own, 1, 0, 1, 4, Qt.AlignmentFlag.AlignRight)
            else:
                self._grid.addWidget(self._own, 0, 2)

    def minimumSizeHint(self) -> QSize:
        """Return the least size: that of the rows below each other."""
        hint = super().minimumSizeHint()
        button = 0 if self._button is None or self._button.isHidden() else self._button.sizeHint().width() + GAP
        least = max(self._head.minimumSizeHint().width() + button, self._own.minimumSizeHint().width())
        return QSize(least, hint.height())

    def _measure(self) -> None:
        self._grid.setRowMinimumHeight(0, scaled(self, HEIGHT))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()


class _Title(PlainLabel):
    """The title of a page that is not a tab."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.setContentsMargins(GAP, 0, 0, 0)
        self._measure()

    def _measure(self) -> None:
        if not self.font().bold():
            font = self.font()
            font.setBold(True)
            self.setFont(font)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()


class _Place(QWidget):
    """A bar with the page's own part, and the page below it."""

    def __init__(self, page: Page, own_bar: QWidget, content: QWidget, head: QWidget, button: QWidget | None) -> None:
        super().__init__()
        self.page = page
        self.bar = Bar(head, button)
        self.bar.add(own_bar)
        own_bar.show()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(_BELOW_BAR)
        self.column.addWidget(self.bar)
        self.column.addWidget(content, 1)
        content.show()


class BesidePlace(_Place):
    """The place at the right of the current page. `back_asked`: the page is to go back among the others."""

    back_asked = Signal()

    def __init__(self, page: Page, own_bar: QWidget, content: QWidget, theme: Theme) -> None:
        self.close_button = TitleButton(theme, "close", f"Show {page.title} no longer beside", "Back among the pages")
        super().__init__(page, own_bar, content, _Title(page.title), self.close_button)
        self.setAccessibleName(f"{page.title}, beside")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.close_button.clicked.connect(self.back_asked)


class TornPlace(_Place):
    """A window of a page alone, which goes back among the others when it is closed (`back_asked`)."""

    back_asked = Signal()

    def __init__(self, page: Page, own_bar: QWidget, content: QWidget, owner: QWidget) -> None:
        super().__init__(page, own_bar, content, QWidget(), None)
        self.setParent(owner, Qt.WindowType.Window)
        self.setWindowTitle(f"{page.title} – Afina")
        self.setWindowIcon(owner.windowIcon())
        self.bar.setVisible(page.bar is not None)
        self.column.setContentsMargins(GAP, GAP, GAP, GAP)

    def open_at(self, geometry: QRect) -> None:
        """Show the window."""
        self.setGeometry(geometry)
        self.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.back_asked.emit()


def first_place_of(owner: QWidget) -> QRect:
    """Return where the window of a page is opened first: in the middle of the other, and on its screen."""
    place = QRect(0, 0, *(scaled(owner, side) for side in _SIZE))
    screen = owner.screen().availableGeometry()
    place.setSize(place.size().boundedTo(screen.size() * 0.9))
    place.moveCenter(owner.window().geometry().center())
    place.moveLeft(min(max(place.left(), screen.left()), screen.right() - place.width()))
    place.moveTop(min(max(place.top(), screen.top()), screen.bottom() - place.height()))
    return place
