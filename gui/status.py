"""The status bar: state, trial, epoch, progress, time left, best so far."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QWidget

from core.formatting import format_duration, format_number
from core.progress import StudyProgress
from gui.session import RunState, Session
from gui.turns import turns

INTERVAL = 120
"""Milliseconds between two texts; nobody reads faster."""
_PROGRESS_STEPS = 1000


class StatusBar(QStatusBar):
    """Shows where the study is. All widgets are permanent, so that passing messages do not hide them for long."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.state = _field("State of the study", 150)
        self.trial = _field("Trial", 100)
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
        progress, current = self._session.progress, self._session.progress.current
        self.state.setText(self._state_text())
        done = len(progress.finished)
        number = current.number if current is not None else done
        self.trial.setText(f"Trial {number} of {progress.budget}" if progress.budget else "")
        self.epoch.setText(f"Epoch {current.epoch} of {current.epochs}" if current is not None else "")
        self._show_bar(progress)
        seconds = self._session.seconds_left()
        self.left.setText("" if seconds is None else f"About {format_duration(max(1.0, seconds))} left")
        best = progress.best
        self.best.setText("" if best is None or best.objective is None else f"Best {format_number(best.objective)}")

    def _show_bar(self, progress: StudyProgress) -> None:
        if self._session.run_state is RunState.STARTING or self._session.opening is not None:
            self.bar.setRange(0, 0)  # nobody knows how long loading takes
            return
        self.bar.setRange(0, _PROGRESS_STEPS)
        trials = float(len(progress.finished))
        if progress.current is not None:
            trials += len(progress.current.losses) / progress.current.epochs
        self.bar.setValue(round(_PROGRESS_STEPS * trials / progress.budget) if progress.budget else 0)

    def _state_text(self) -> str:
        progress = self._session.progress
        if self._session.opening is not None:
            return "Opening a study…"
        match self._session.run_state:
            case RunState.IDLE if progress.settings is None:
                return "Ready"
            case RunState.IDLE:
                return progress.end.reason.value.capitalize() if progress.end is not None else "Interrupted"
            case RunState.STARTING:
                return "Loading TensorFlow…"
            case RunState.RUNNING:
                if progress.current is None:
                    return "Choosing a point"
                return "Skipping…" if progress.current.number == self._session.skipping else "Training"
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


def _field(name: str, width: int) -> QLabel:
    label = QLabel()
    label.setAccessibleName(name)
    label.setMinimumWidth(width)
    label.setContentsMargins(6, 0, 6, 0)
    return label
