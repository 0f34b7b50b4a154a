"""The part of the window that is the table of trials: its card, and its title with what belongs to it."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.insight.brushed_note import BrushedNote
from gui.session.session import Session
from gui.trials.table import TrialsTable
from gui.widgets.card import Card
from gui.widgets.theme import Theme
from gui.widgets.title_button import TitleButton
from gui.widgets.title_line import TitleLine


class TrialsPart:
    """Makes them: `place` holds the card and has the margins of the window's edges."""

    def __init__(self, session: Session, theme: Theme) -> None:
        self.table = TrialsTable(session, theme)
        self.title = TitleLine("Trials", 14, 14, height=26)
        self.fold_button = TitleButton(theme, "fold-down", "Fold the trials", "To a line (Ctrl+Shift+T)")
        self.title.add(BrushedNote(session, theme))
        self.title.add(self.table.more)
        self.title.add(self.fold_button)
        self.table.told.connect(self.title.remark.setText)
        self.card = Card(theme, self.table)
        self.card.setAccessibleName("Trials")
        self.place = QWidget()
        column = QVBoxLayout(self.place)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)
