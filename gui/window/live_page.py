"""The page Live: the plots of what is trained, one over two."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.insight.brushed_note import BrushedNote
from gui.insight.failed_box import FailedBox
from gui.session.session import Session
from gui.widgets.card import Card
from gui.widgets.quiet_handles import QuietSplitter
from gui.widgets.theme import Theme
from gui.window.plots import Plots
from gui.window.sizes import GAP

EQUAL = [1000, 1000]
_BETWEEN = 24
"""Pixels between what stands beside the tabs."""


class Split(QuietSplitter):
    """Cards in equal parts, as far from each other as all cards are."""

    def __init__(self, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GAP)

    def addWidget(self, widget: QWidget) -> None:
        super().addWidget(widget)
        widget.raise_()  # Qt puts it first, and a reader would begin with the last
        self.setStretchFactor(self.count() - 1, 1)


class LivePage(Split):
    """All live plots together; `lower_plots` holds the two below. `bar` stands beside the tabs."""

    def __init__(self, session: Session, theme: Theme, plots: Plots) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.bar = QWidget()
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_BETWEEN)
        row.addWidget(BrushedNote(session, theme))
        row.addWidget(FailedBox(session))
        self.lower_plots = Split(Qt.Orientation.Horizontal)
        self.lower_plots.addWidget(Card(theme, plots.convergence))
        self.lower_plots.addWidget(Card(theme, plots.points))
        self.addWidget(Card(theme, plots.loss))
        self.addWidget(self.lower_plots)

    def share_equally(self) -> None:
        """Give all plots the same room."""
        for splitter in (self, self.lower_plots):
            splitter.setSizes(EQUAL)
