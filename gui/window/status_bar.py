"""The status bar: state, trial, epoch, progress, time left, best so far."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QWidget

from core.formatting import format_duration, format_number
from core.progress import StudyProgress
from core.settings import StudySettings
from core.words.beliefs import describe_belief
from gui.session.run_state import RunState
from gui.session.session import Session
from gui.widgets.turns import turns

INTERVAL = 120
"""Milliseconds between two texts; nobody reads faster."""
_PROGRESS_STEPS = 1000


class StatusBar(QStatusBar):
    """Shows where the study is. All widgets are permanent, so that passing messages do not hide them for long."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._counted: tuple[StudySettings | None, int | None] = None, None
        self.state = _field("State of the study", 150)
        self.trial = _field("Trial", 100)
        self.points = _field("Points of the search space", 130)
        self.points.hide()
        self.epoch = _field("Epoch", 105)
        self.left = _field("Time left", 130)
        self.best = _field("Best so far", 170)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress of the study")
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(10)
        self.bar.setMinimumWidth(120)
        # All permanent: a passing message then hides none of them.
        self.addPermanentWidget(self.state)
        self.addPermanentWidget(self.trial)
        self.addPermanentWidget(self.points)
        self.addPermanentWidget(self.epoch)
        self.addPermanentWidget(self.bar, 1)
        self.addPermanentWidget(self.left)
        self.addPermanentWidget(self.best)
        self._timer = QTimer(self, singleShot=True, interval=INTERVAL)
        self._timer.timeout.connect(lambda: turns().ask(self, self._show))
        session.changed.connect(self._show_soon)
        session.run_state_changed.connect(self._show)
        session.opening_changed.connect(self._show)
        self._show()

    def _show_soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _show(self) -> None:
        progress = self._session.progress
        self.state.setText(self._state_text())
        self.trial.setText("" if progress is None else _trials_in_words(progress))
        self.points.setText("" if progress is None else self._points_in_words(progress))
        self.points.setVisible(bool(self.points.text()))
        self.epoch.setText("" if progress is None else _epochs_in_words(progress))
        self._show_bar(progress)
        seconds = self._session.seconds_left()
        self.left.setText("" if seconds is None else f"About {format_duration(max(1.0, seconds))} left")
        best = None if progress is None else progress.best
        self.best.setText("" if best is None or best.objective is None else f"Best {best.objective_in_words}")
        self.best.setToolTip("" if progress is None else _best_in_words(progress))

    def _points_in_words(self, progress: StudyProgress) -> str:
        """Return how many points of a finite space are left; they are counted once a study."""
        settings = progress.settings
        if settings is not self._counted[0]:
            self._counted = settings, settings.points
        return points_left_in_words(len(progress.trials), self._counted[1])

    def _show_bar(self, progress: StudyProgress | None) -> None:
        if self._session.run_state in (RunState.STARTING, RunState.JUDGING) or self._session.opening is not None:
            self.bar.setRange(0, 0)  # nobody knows how long loading takes
            return
        self.bar.setRange(0, _PROGRESS_STEPS)
        if progress is None:
            self.bar.setValue(0)
            return
        trials = float(len(progress.finished))
        trials += sum(trial.share_done for trial in progress.under_way.values())
        self.bar.setValue(round(_PROGRESS_STEPS * trials / progress.budget))

    def _state_text(self) -> str:
        progress = self._session.progress
        if self._session.opening is not None:
            return "Opening a study…"
        match self._session.run_state:
            case RunState.IDLE if progress is None:
                return "No study yet"
            case RunState.IDLE:
                assert progress is not None
                return progress.end.reason.value.capitalize() if progress.end is not None else "Interrupted"
            case RunState.JUDGING:
                return "Evaluating…"
            case RunState.STARTING:
                return "Loading TensorFlow…"
            case RunState.RUNNING:
                if progress is None or not progress.under_way:
                    return "Choosing a point"
                return "Skipping…" if progress.under_way.keys() & self._session.skipping else "Training"
            case RunState.PAUSING:
                return "Pausing…"
            case RunState.PAUSED:
                return "Paused"
            case RunState.BLOCKED:
                return "Waiting for the file"
            case RunState.STOPPING:
                return "Stopping…"
            case RunState.FOLLOWING:
                return "Following"


def _trials_in_words(progress: StudyProgress) -> str:
    first, last = min(progress.under_way, default=len(progress.finished)), max(progress.under_way, default=0)
    match len(progress.under_way):
        case 0 | 1:
            return f"Trial {first} of {progress.budget}"
        case 2:
            return f"Trials {first} and {last} of {progress.budget}"
        case count:
            return f"{count} trials, {first} to {last} of {progress.budget}"


def points_left_in_words(tried: int, points: int | None) -> str:
    """Return "3 of 300 points tried, 297 left", empty where they are without end."""
    return "" if points is None else f"{tried:,} of {points:,} points tried, {points - tried:,} left"


def _epochs_in_words(progress: StudyProgress) -> str:
    under_way, settings = list(progress.under_way.values()), progress.settings
    if len(under_way) > 2 or not under_way:
        return ""
    if len(under_way) == 1 and settings.data.fits > 1:
        trial = under_way[0]
        return f"{settings.data.fit_in_words(len(trial.fits))}, epoch {trial.epoch} of {trial.epochs}"
    count = {trial.epochs for trial in under_way}
    done = " and ".join(str(trial.epoch) for trial in under_way)
    return f"{'Epoch' if len(under_way) == 1 else 'Epochs'} {done}" + (f" of {count.pop()}" if len(count) == 1 else "")


def _best_in_words(progress: StudyProgress) -> str:
    """Return which trials are best: as observed, and with the noise of training taken out."""
    best, belief = progress.best, progress.belief
    if best is None or best.objective is None:
        return ""
    objective = progress.objective
    observed = (
        f"{objective.title} {objective.when}, the {objective.extreme} is the best\n"
        f"Best observed: trial {best.number}, {format_number(best.objective)}"
    )
    return observed if belief is None else f"{observed}\nBy the surrogate's mean: {describe_belief(belief)}"


def _field(name: str, width: int) -> QLabel:
    label = QLabel()
    label.setAccessibleName(name)
    label.setMinimumWidth(width)
    label.setContentsMargins(6, 0, 6, 0)
    return label
