"""The centre of the window: headline and findings in one frame, the pages, and the trials in a line."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.pages.page import Page
from gui.pages.pages import Pages
from gui.pages.trials_line import TrialsLine
from gui.session.session import Session
from gui.widgets.theme import Theme
from gui.window.findings_slot import FindingsSlot
from gui.window.headline import Headline
from gui.window.sizes import GAP

_TOP, _BELOW_FINDINGS, _ABOVE_LINE, _BELOW_LINE = 6, 3, 4, 3


class Centre(QWidget):
    """Places what is in the centre. `head` is the frame of headline and findings."""

    def __init__(self, session: Session, theme: Theme, headline: Headline, pages: Sequence[Page]) -> None:
        super().__init__()
        self.headline = headline
        self.findings = FindingsSlot(theme)
        self.head = QWidget()
        frame = QVBoxLayout(self.head)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.setSpacing(0)
        frame.addWidget(headline)
        frame.addWidget(self.findings)
        self.pages = Pages(theme, pages)
        self.trials_line = TrialsLine(session, theme)
        self._line_place = QWidget()
        below = QVBoxLayout(self._line_place)
        below.setContentsMargins(0, _ABOVE_LINE, 0, _BELOW_LINE)
        below.addWidget(self.trials_line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, _TOP, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addSpacing(_BELOW_FINDINGS)
        column.addWidget(self.pages, 1)
        column.addWidget(self._line_place)
        self.keep_off(left=False)
        self.show_line(shown=False)

    def keep_off(self, *, left: bool) -> None:
        """Keep off the right edge, and off the left one, too, where nothing is beside it."""
        self.setContentsMargins(GAP if left else 0, 0, GAP, 0)

    def show_line(self, *, shown: bool) -> None:
        """Show the trials in a line, or not."""
        self._line_place.setVisible(shown)
