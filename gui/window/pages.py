"""Which pages the window has, in the order of their tabs: a line each."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtWidgets import QMainWindow, QWidget

from gui.insight.analyst import Analyst
from gui.insight.failed_box import FailedBox
from gui.pages.late import LatePage
from gui.pages.page import Page
from gui.pages.pages import Pages
from gui.program.folders import Folders
from gui.session.run_state import Command
from gui.session.session import Session
from gui.widgets.theme import Theme
from gui.window.live_page import LivePage
from gui.window.plots import tell_of_files

COMMANDS: Mapping[str, Command] = {
    "live": Command.LIVE_PAGE,
    "belief": Command.BELIEF_PAGE,
    "parameters": Command.PARAMETERS_PAGE,
}
"""What leads to each page, by its name."""


def make_pages(
    window: QMainWindow, live: LivePage, session: Session, theme: Theme, analyst: Analyst, folders: Folders
) -> list[Page]:
    """Return the pages."""

    def late(
        title: str, make: Callable[[Session, Theme, Analyst, Folders], QWidget], common: QWidget | None = None
    ) -> LatePage:
        page = LatePage(title, partial(make, session, theme, analyst, folders), common)
        page.made.connect(partial(_tell_of_its_files, window))
        return page

    return [
        Page("live", "Live", live),
        Page("belief", "Belief", late("Belief", _belief), folds=True),
        Page("parameters", "Parameters", late("Parameters", _parameters, FailedBox(session)), folds=True),
    ]


def _belief(session: Session, theme: Theme, analyst: Analyst, folders: Folders) -> QWidget:
    from gui.insight.belief_page import BeliefPage

    return BeliefPage(session, theme, analyst, folders)


def _parameters(session: Session, theme: Theme, analyst: Analyst, folders: Folders) -> QWidget:
    from gui.insight.parameters_page import ParametersPage

    return ParametersPage(session, theme, analyst, folders)


def connect_pages(pages: Pages) -> None:
    """Let a pair that is chosen on one page be shown on the map of another."""
    widgets = {page.name: page.widget for page in pages.all}
    belief, parameters = widgets.get("belief"), widgets.get("parameters")
    if isinstance(belief, LatePage) and isinstance(parameters, LatePage):
        parameters.made.connect(partial(_connect_pair, pages, belief))


def _connect_pair(pages: Pages, belief: LatePage, content: QWidget) -> None:
    from gui.insight.belief_page import BeliefPage
    from gui.insight.parameters_page import ParametersPage

    def show(one: str, other: str) -> None:
        pages.choose("belief")
        page = belief.ensure()
        if isinstance(page, BeliefPage):
            page.show_pair(one, other)

    if isinstance(content, ParametersPage):
        content.pair_chosen.connect(show)


def _tell_of_its_files(window: QMainWindow, content: QWidget) -> None:
    """Let the window tell of the files that the plots of a page have written, or could not write."""
    from gui.insight.plot import InsightPlot

    for plot in content.findChildren(InsightPlot):
        tell_of_files(window, plot)
