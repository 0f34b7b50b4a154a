"""The parts of the window, as they are made: what stands in the docks and in the centre."""

from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from core.settings import StudySettings
from core.words.trial_line import plan_in_a_line
from gui.insight.analyst import Analyst
from gui.pages.rail import Rail
from gui.program.folders import Folders
from gui.program.preferences import Preferences
from gui.session.session import Session
from gui.setup.form import SettingsForm
from gui.trials.table import TrialsTable
from gui.widgets.card import Card
from gui.widgets.theme import Theme
from gui.widgets.title_button import TitleButton
from gui.widgets.title_line import TitleLine
from gui.window.actions import Actions
from gui.window.centre import Centre
from gui.window.form_buttons import FormButtons
from gui.window.headline import Headline
from gui.window.live_page import LivePage
from gui.window.pages import connect_pages, make_pages
from gui.window.plots import Plots


class Parts:
    """Makes them. The titles of form and table have room for buttons; `rail` is the folded form."""

    def __init__(
        self, window: QMainWindow, session: Session, theme: Theme, preferences: Preferences, actions: Actions
    ) -> None:
        self.form = SettingsForm(theme, preferences.presets_folder)
        self.headline = Headline(session, theme, actions)
        self.plots = Plots(window, session, theme, preferences)
        self.table = TrialsTable(session, theme)
        self.form_title, self.table_title = TitleLine("Setup", 12, 14), TitleLine("Trials", 14, 14, height=26)
        self.help_title = TitleLine("Help", 14, 4)
        self.fold_form_button = TitleButton(theme, "fold-left", "Fold the setup", "To the window's edge")
        self.fold_table_button = TitleButton(theme, "fold-down", "Fold the trials", "To a line (Ctrl+Shift+T)")
        self.form_title.add(FormButtons(actions, theme))
        self.form_title.add(self.fold_form_button)
        self.table_title.add(self.table.more)
        self.table_title.add(self.fold_table_button)
        self.table.told.connect(self.table_title.remark.setText)
        self.table_card = Card(theme, self.table)
        self.table_card.setAccessibleName("Trials")
        self.table_place = _around(self.table_card)
        self.live = LivePage(session, theme, self.plots)
        self.analyst = Analyst(session, window)
        self.plots.follow(self.analyst)
        pages = make_pages(window, self.live, session, theme, self.analyst, Folders(preferences))
        self.centre = Centre(session, theme, self.headline, pages)
        connect_pages(self.centre.pages)
        self.rail = Rail(theme)
        self.form.settings_changed.connect(self._tell_rail)
        self._tell_rail(self.form.settings())

    def _tell_rail(self, settings: StudySettings | None) -> None:
        self.rail.say(plan_in_a_line(settings) if settings is not None else self.form.problem())


def _around(card: Card) -> QWidget:
    """Return the card in a place that has the margins of the window's edges."""
    around = QWidget()
    column = QVBoxLayout(around)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(card)
    return around
