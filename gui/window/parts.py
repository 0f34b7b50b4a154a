"""The parts of the window, as they are made: what stands in the docks and in the centre."""

from PySide6.QtWidgets import QMainWindow

from core.settings import StudySettings
from core.words.trial_line import plan_in_a_line
from gui.insight.analyst import Analyst
from gui.pages.rail import Rail
from gui.program.folders import Folders
from gui.program.preferences import Preferences
from gui.session.session import Session
from gui.setup.form import SettingsForm
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
from gui.window.trials_part import TrialsPart


class Parts:
    """Makes them. The titles of form and table have room for buttons; `rail` is the folded form."""

    def __init__(
        self, window: QMainWindow, session: Session, theme: Theme, preferences: Preferences, actions: Actions
    ) -> None:
        self.form = SettingsForm(theme, preferences.presets_folder)
        self.headline = Headline(session, theme, actions)
        self.plots = Plots(window, session, theme, preferences)
        trials = TrialsPart(session, theme)
        self.table, self.table_title, self.fold_table_button = trials.table, trials.title, trials.fold_button
        self.table_card, self.table_place = trials.card, trials.place
        self.form_title, self.help_title = TitleLine("Setup", 12, 14), TitleLine("Help", 14, 4)
        self.fold_form_button = TitleButton(theme, "fold-left", "Fold the setup", "To the window's edge")
        self.form_title.add(FormButtons(actions, theme))
        self.form_title.add(self.fold_form_button)
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
