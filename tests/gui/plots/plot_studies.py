"""Studies for the plots' tests: events are written by hand and fed to a session that has no engine."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.events import EpochEnded, Event, FailureReason, StudyStarted, TrialEnded, TrialStarted, TrialState
from core.figures.figure import Figure
from core.models.families.linear import FAMILY as LINEAR
from core.models.settings import ModelSettings
from core.parameters import Range, Value
from core.search.proposal import PointOrigin
from core.settings import BudgetSettings, StudySettings
from core.study.control import StudyControl
from core.study.engine import Publish, ResumeRequest
from gui.plots.convergence import ConvergencePlot
from gui.plots.plot import Plot
from gui.plots.scale_list import ScaleList
from gui.program.folders import Folders
from gui.program.preferences import Preferences
from gui.session.session import Session
from gui.widgets.theme import Theme
from tests.windows import feed

PlotType = TypeVar("PlotType", bound=Plot)
MakePlot = Callable[[Session, Theme], Plot]


class ListEngine:
    """An engine that publishes a list of events and is done."""

    def __init__(self, events: Sequence[Event] = ()) -> None:
        self._events = events

    def start(self, settings: StudySettings, path: Path, publish: Publish, control: StudyControl) -> None:
        publish(self._events)

    def resume(self, request: ResumeRequest, publish: Publish, control: StudyControl) -> None:
        raise AssertionError

    def evaluate(self, path: Path, publish: Publish, control: StudyControl, known: int | None = None) -> None:
        raise AssertionError

    def watch(self, path: Path, publish: Publish, control: StudyControl) -> None:
        raise AssertionError


def settings_with(ranges: Mapping[str, Range] | None = None, trials: int = 20) -> StudySettings:
    """Return the tutorial's settings with some ranges replaced."""
    all_ranges = {p.name: p.first_range() for p in LINEAR.parameters} | dict(ranges or {})
    return StudySettings(model=ModelSettings(ranges=all_ranges), budget=BudgetSettings(trials=trials))


class Study:
    """Feeds a session; each method applies events and tells the session's listeners."""

    def __init__(self, session: Session, settings: StudySettings | None = None) -> None:
        self.session = session
        self.feed(StudyStarted(settings=settings or StudySettings(), time=0.0, versions={}))

    def feed(self, *events: Event) -> None:
        feed(self.session, *events)

    def begin(self, trial: int, losses: Sequence[float] = (), **values: Value) -> None:
        """Start a trial and train an epoch for each validation loss."""
        self.feed(*_begun(trial, losses, PointOrigin.INITIAL, values))

    def complete(
        self, trial: int, losses: Sequence[float], origin: PointOrigin = PointOrigin.INITIAL, **values: Value
    ) -> None:
        """Run a trial whose objective is its last validation loss."""
        end = TrialEnded(trial=trial, state=TrialState.COMPLETE, epoch=len(losses), seconds=1, objective=losses[-1])
        self.feed(*_begun(trial, losses, origin, values), end)

    def fail(self, trial: int, message: str = "The loss became NaN", **values: Value) -> None:
        """Run a trial that diverges."""
        end = TrialEnded(
            trial=trial,
            state=TrialState.FAILED,
            epoch=2,
            seconds=1,
            reason=FailureReason.DIVERGED,
            message=message,
        )
        self.feed(*_begun(trial, [900.0], PointOrigin.INITIAL, values), end)


def _begun(trial: int, losses: Sequence[float], origin: PointOrigin, values: Mapping[str, Value]) -> list[Event]:
    given: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 32, "epochs": 4, "optimizer": "sgd"}
    started = TrialStarted(trial=trial, values=given | dict(values), seed=trial, origin=origin)
    return [
        started,
        *(
            EpochEnded(trial=trial, epoch=epoch, loss=loss * 0.9, val_loss=loss, metrics={}, seconds=epoch)
            for epoch, loss in enumerate(losses, 1)
        ),
    ]


def shown(plot: PlotType, qtbot: QtBot) -> PlotType:
    """Show the plot and wait until nothing is left to paint."""
    qtbot.addWidget(plot)
    plot.resize(600, 400)
    with qtbot.waitExposed(plot):
        plot.show()
    settle(plot, qtbot)
    return plot


def settle(plot: Plot, qtbot: QtBot) -> None:
    """Wait until the plot has painted all that it was told."""
    qtbot.waitUntil(lambda: not plot.waiting_to_paint)


def place(plot: Plot, x: float, y: float) -> QPoint:
    """Return where axis positions are on the canvas."""
    canvas: Any = plot.canvas
    at: QPoint = canvas.mapFromScene(canvas.view.mapViewToScene(QPointF(x, y)))
    return at


def click(plot: Plot, x: float, y: float) -> None:
    """Click at these axis positions."""
    QTest.mouseClick(plot.canvas.viewport(), Qt.MouseButton.LeftButton, pos=place(plot, x, y))


def drawn(plot: Plot) -> Figure:
    """Return the figure that the plot has drawn."""
    assert plot._figure is not None
    return plot._figure


def scale_list(plot: Plot) -> ScaleList:
    """Return the list in which the scale of a plot is chosen."""
    assert plot.switches.scale is not None
    return plot.switches.scale


def edge(plot: ConvergencePlot) -> float:
    """Return where the marks of what has no place in the view are."""
    return plot._edge(drawn(plot))


def count_calls(plot: Plot, method: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that gets longer with each call of a method."""
    calls: list[str] = []
    original = getattr(plot, method)

    def counted(*arguments: object) -> None:
        calls.append(method)
        original(*arguments)

    monkeypatch.setattr(plot, method, counted)
    return calls


def folders_in(folder: Path) -> Folders:
    """Return what asks for files, with preferences in this folder."""
    settings = QSettings(str(folder / "preferences.ini"), QSettings.Format.IniFormat)
    return Folders(Preferences(settings, folder))


def let_save(plot: Plot, folder: Path) -> None:
    """Let the plot be saved, with preferences in this folder."""
    plot.save_wanted.connect(partial(plot.ask_and_save, folders_in(folder)))
