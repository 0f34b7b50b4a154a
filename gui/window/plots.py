"""The three plots of the window: what they share, and what of them is remembered."""

from PySide6.QtWidgets import QMainWindow, QWidget

from gui.plots.convergence import ConvergencePlot
from gui.plots.everything import Everything
from gui.plots.image_files import ImageFiles
from gui.plots.loss import LossPlot
from gui.plots.plot import Plot
from gui.plots.points import PointsPlot
from gui.program.folders import Folders
from gui.program.messages import show_error
from gui.program.preferences import Preferences
from gui.session.session import Session
from gui.widgets.theme import Theme

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
            images = ImageFiles(plot, folders)
            images.saved.connect(lambda sentence: window.statusBar().showMessage(sentence, _PASSING))
            images.failed.connect(lambda sentence: show_error(window, "The image cannot be saved", sentence))

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
