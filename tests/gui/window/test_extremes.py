"""Studies with numbers and sizes at the ends of what a file can hold, in the real window: shown, never its end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from core.figures.dimensions import OBJECTIVE
from core.figures.view import ScaleChoice
from gui.plots.drawing.images import to_image, to_svg
from gui.plots.plot import Plot
from gui.widgets.theme import Appearance
from gui.window.main_window import MainWindow
from tests.extremes import STUDIES, forge
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import lay_out, open_study, open_window, progress_of

FAST = (
    "folds: of both signs",
    "objectives: tiny",
    "objectives: huge and tiny",
    "a range of 620 decades",
    "a range from end to end",
    "a range subnormal",
    "a range of many choices",
    "durations without end",
    "far numbers",
    "nested conditions",
)
"""Those that end a window that draws what it is given, and one of each other kind."""
OTHERS = [name for name in STUDIES if name not in FAST and not name.startswith(("folds:", "highest:"))]
"""Slow in sum; the bench shows those left out, too."""


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path / "own", qtbot, monkeypatch) as opened:
        yield opened


def look_around(plot: Plot) -> None:
    """Zoom far in and far out, and make pictures of it."""
    for factor in (0.1, 10.0):
        for _ in range(40):
            plot.canvas.view.scaleBy((factor, factor))
            if _ % 8 == 0:
                lay_out(plot)
        plot.reset_view()
        lay_out(plot)
    to_image(plot.canvas.plotItem)
    to_svg(plot.canvas.plotItem)


def shows(window: MainWindow, name: str, folder: Path, qtbot: QtBot) -> None:
    path = folder / "a.afina"
    events = STUDIES[name]()
    forge(path, events)
    open_study(window, path, qtbot)
    assert not [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    progress = progress_of(window.session)
    assert window.table.model.rowCount() == len(progress.trials)
    assert window.form.settings() == progress.settings_in_force
    window.session.select(next(iter(progress.trials), None))
    for plot in (window.loss_plot, window.convergence_plot, window.points_plot):
        qtbot.waitUntil(lambda plot=plot: not plot.waiting_to_paint)  # type: ignore[misc]
        look_around(plot)
    for plot in (window.convergence_plot, window.loss_plot):
        plot.scale_choice = ScaleChoice.LOG
    window.points_plot.show_parameters(next(iter(progress.settings.varied)), OBJECTIVE)
    window.theme.set_appearance(Appearance.DARK)
    lay_out(window)


@pytest.mark.parametrize("name", FAST)
def test_that_the_window_shows_and_survives(window: MainWindow, name: str, tmp_path: Path, qtbot: QtBot) -> None:
    shows(window, name, tmp_path, qtbot)


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_that_the_window_shows_and_survives_each_of_the_others(
    window: MainWindow, name: str, tmp_path: Path, qtbot: QtBot
) -> None:
    shows(window, name, tmp_path, qtbot)
