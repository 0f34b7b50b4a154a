"""The three plots of the window: what they share, and what of them is remembered."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMainWindow, QWidget

from core.words.importance import those_that_matter
from gui.insight.analyst import Analyst
from gui.plots.convergence import ConvergencePlot
from gui.plots.everything import Everything
from gui.plots.frame import Frame
from gui.plots.loss import LossPlot
from gui.plots.plot import Plot
from gui.plots.points import PointsPlot
from gui.program.folders import Folders
from gui.program.messages import show_error
from gui.program.preferences import Preferences
from gui.session.session import Session
from gui.widgets.theme import Theme

if TYPE_CHECKING:
    from gui.insight.plot import InsightPlot

_PASSING = 8000
"""Milliseconds for which the status bar says where an image was saved."""


class Plots:
    """Makes the plots, with one switch for whether everything is shown in them."""

    def __init__(self, window: QMainWindow, session: Session, theme: Theme, preferences: Preferences) -> None:
        self._preferences = preferences
        everything = Everything(window)
        self.loss = LossPlot(session, theme, everything)
        self.convergence = ConvergencePlot(session, theme, everything)
        self.points = PointsPlot(session, theme, everything)
        self._with_scales: dict[str, Plot] = {"loss": self.loss, "objective": self.convergence}
        folders = Folders(preferences)
        for plot in (self.loss, self.convergence, self.points):
            plot.save_wanted.connect(partial(plot.ask_and_save, folders))
            tell_of_files(window, plot)

    def follow(self, analyst: Analyst) -> None:
        """Let the points start with the two parameters that matter most, once that can be told."""
        self._analyst = analyst
        analyst.changed.connect(self._start_with_what_matters)

    def _start_with_what_matters(self) -> None:
        self.points.start_with(those_that_matter(self._analyst.importance))

    def first_stop(self) -> QWidget | None:
        """Return where a key leads that leads to the plots: not to the list above the first one, but into it."""
        plots = self.loss, self.convergence, self.points
        return next((plot.stage for plot in plots if plot.stage.isVisible()), None)

    def restore(self) -> None:
        """Divide the axes as the user chose last."""
        for name, plot in self._with_scales.items():
            plot.scale_choice = self._preferences.scale(name)

    def remember(self) -> None:
        """Keep what the user has chosen for the next start."""
        for name, plot in self._with_scales.items():
            self._preferences.set_scale(name, plot.scale_choice)


def tell_of_files(window: QMainWindow, plot: "Frame | InsightPlot") -> None:
    """Let the window tell that a plot has written a file, or could not."""
    plot.saved.connect(lambda sentence: window.statusBar().showMessage(sentence, _PASSING))
    plot.failed.connect(lambda sentence: show_error(window, "The plot cannot be saved", sentence))
