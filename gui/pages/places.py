"""Where a page can be besides among the others: at the right of the current one, or in a window of its own."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.pages.page import Page
from gui.pages.tabs import HEIGHT
from gui.widgets.fields import plain_label
from gui.widgets.measures import scaled
from gui.widgets.theme import Theme
from gui.widgets.title_button import TitleButton

GAP = 8
_BELOW_BAR = 2
_SIZE = 900, 600
"""The first size of a window of a page."""


class Bar(QWidget):
    """The row over a page, as high as the tabs are: what `content` puts at its right end."""

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(GAP if title else 0, 0, 0, 0)
        self.row.setSpacing(GAP)
        self._title = plain_label(title)
        self._title.setVisible(bool(title))
        self.row.addWidget(self._title)
        self.row.addStretch(1)
        self._measure()

    def _measure(self) -> None:
        font = self.font()
        font.setBold(True)
        self._title.setFont(font)
        self.setMinimumHeight(scaled(self, HEIGHT))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()


class _Place(QWidget):
    """A bar with the page's own part, and the page below it."""

    def __init__(self, page: Page, own_bar: QWidget, content: QWidget, title: str = "") -> None:
        super().__init__()
        self.page = page
        self.bar = Bar(title)
        self.bar.row.addWidget(own_bar)
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
        super().__init__(page, own_bar, content, page.title)
        self.setAccessibleName(f"{page.title}, beside")
        self.close_button = TitleButton(theme, "close", f"Show {page.title} no longer beside", "Back among the pages")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.close_button.clicked.connect(self.back_asked)
        self.bar.row.addWidget(self.close_button)


class TornPlace(_Place):
    """A window of a page alone, which goes back among the others when it is closed (`back_asked`)."""

    back_asked = Signal()

    def __init__(self, page: Page, own_bar: QWidget, content: QWidget, owner: QWidget) -> None:
        super().__init__(page, own_bar, content)
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
