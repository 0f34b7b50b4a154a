"""Slot: a worker and the trial that it trains; enforces the trial's limits and replaces a lost worker."""

from contextlib import suppress
from time import monotonic

from core.children.process import ChildLost
from core.children.spare import room_for_spare
from core.clock import ActiveClock
from core.errors import TrainerLost
from core.events import BaselinesMeasured, EpochEnded, FailureReason, TrialEnded, TrialReport, TrialState
from core.formatting import format_duration
from core.phases import Stage
from core.settings import LimitSettings
from core.trainers.standby import StandBy
from core.trainers.worker import GiveUp, Pause, Reached, Reports, Resume, Worker
from core.training.request import TrialRequest, time_limit_message

PATIENCE = 1.5
"""Seconds that a worker has to give a trial up before it is killed and replaced."""
SHORT_PATIENCE = 0.2
"""The same while a loaded spare worker stands by: no need to wait until TensorFlow has traced or compiled."""
GRACE = 1.0
"""Seconds that a worker has to notice by itself that a trial's time is up before it is killed."""
SILENCE = 600.0
"""Seconds without a batch after which a worker counts as hung. The first batch of a large model takes a while."""
MEASURING = 60.0
"""Seconds that a worker may take for the baselines of one training where a trial may take less."""
_MEMORY_INTERVAL = 0.05


class Slot:
    """One of a WorkerTrainer's slots; it trains one trial at a time.

    When the worker dies, hangs or passes a limit, the trial under way is reported as failed. The spare worker takes its
    place, so that the next trial does not wait for TensorFlow.
    """

    def __init__(self, standby: StandBy) -> None:
        self.worker: Worker = standby.take()
        self._standby = standby
        self._failed_loads = 0
        self._gone = False
        """Whether the worker is lost and has no successor; then the next call tries to get one."""
        self._request: TrialRequest | None = None
        self._limits = LimitSettings()
        self._stage = Stage.PREPARING
        self._paused = False
        self._measuring = False
        """Whether the worker measures baselines, whose time is counted for itself."""
        self._given_up: TrialState | None = None
        self._given_up_at = 0.0
        self._epoch = 0
        self._seconds = 0.0
        self._trained = ActiveClock()
        self._silent = ActiveClock()
        self._memory_seen_at = 0.0

    @property
    def trial(self) -> int | None:
        """The number of the trial under way."""
        return None if self._request is None else self._request.trial

    @property
    def stage(self) -> Stage:
        """What the trial under way does."""
        return self._stage if self.worker.ready else Stage.LOADING

    def is_loaded(self) -> bool:
        """Return whether the worker has loaded Keras.

        Raises TrainerLost when it cannot load it; the next call tries anew.
        """
        if self._gone:
            self._replace()
        if not self.worker.ready:
            try:
                self.worker.receive(0)
            except ChildLost as error:
                self._replace_unloaded(error)
        return self.worker.ready

    def start(self, request: TrialRequest) -> None:
        """Begin to train the trial; none may be under way.

        Raises TrainerLost; then `reports` tries to get a worker for it.
        """
        self._request, self._limits = request, request.limits
        self._epoch, self._seconds, self._given_up, self._paused = 0, 0.0, None, False
        self._stage = Stage.PREPARING
        self._measuring = request.baselines
        self._trained.restart()
        self._silent.restart()
        outgrown = self.worker.ready and self.worker.has_grown() and (self._standby.ready or not room_for_spare())
        if outgrown or self._gone or not self.worker.alive:
            self._replace()
        try:
            self.worker.send(request)
        except ChildLost:  # it died at this moment; the request waits in the new worker's pipe
            self._replace()
            self._send_again()

    def reports(self) -> list[TrialReport]:
        """Return the new reports of the trial under way. Its TrialEnded is the last one.

        Raises TrainerLost when no worker can take the trial; the next call tries anew.
        """
        reports = self._received()
        if reports and isinstance(reports[-1], TrialEnded):
            self._request = None
        return reports

    def _received(self) -> list[TrialReport]:
        if self._gone:
            if self._given_up is not None:
                return [self._ended(self._given_up)]
            self._replace()
            self._send_again()
        reports: list[TrialReport] = []
        loaded = self.worker.ready
        try:
            while (message := self.worker.receive(0)) is not None:
                self._failed_loads = 0
                self._silent.restart()
                if isinstance(message, Reached):
                    self._stage = message.stage
                elif isinstance(message, Reports):
                    reports += message.reports
                    self._note(reports[-1])
                    if isinstance(reports[-1], TrialEnded):
                        return reports
        except ChildLost as error:
            if not loaded and self._given_up is None:
                self._replace_unloaded(error)
                self._send_again()
                return reports
            return [*reports, self._lost(FailureReason.WORKER_LOST, f"The training process was lost: {error}")]
        overstepped = self._overstepped()
        return [*reports, overstepped] if overstepped is not None else reports

    def _note(self, last: TrialReport) -> None:
        """Note how far the trial is, by its last report."""
        if isinstance(last, EpochEnded):
            self._stage = Stage.TRAINING
        if isinstance(last, EpochEnded | TrialEnded):
            self._epoch, self._seconds = last.epoch, last.seconds
        if self._measuring:
            assert self._request is not None
            self._trained.restart()
            self._measuring = isinstance(last, BaselinesMeasured) and last.fit < self._request.fits

    def _overstepped(self) -> TrialEnded | None:
        """Replace a worker that does not answer or has passed a limit, and return the end of its trial; else None."""
        self._tick()
        trained, silent = self._trained.seconds, self._silent.seconds
        if self._given_up is not None:
            patience = SHORT_PATIENCE if self._standby.ready else PATIENCE
            if monotonic() - self._given_up_at > patience:
                return self._lost(FailureReason.HUNG, "")
            return None
        limit = self._limits.trial_seconds
        if limit is not None and trained > (max(limit, MEASURING) if self._measuring else limit) + GRACE:
            return self._lost(FailureReason.TIME_LIMIT, time_limit_message(limit))
        if silent > SILENCE:
            return self._lost(FailureReason.HUNG, f"Nothing has been heard of it for {format_duration(silent)}")
        megabytes = self._limits.trial_megabytes
        if megabytes is not None and monotonic() - self._memory_seen_at > _MEMORY_INTERVAL:
            self._memory_seen_at = monotonic()
            used = self.worker.memory() / 2**20
            if used > megabytes:
                message = f"It used {used:,.0f} MB of memory; a trial may use {megabytes:,} MB"
                return self._lost(FailureReason.MEMORY_LIMIT, message)
        return None

    def _tick(self) -> None:
        """Count the time until now, unless the worker was paused, or not loaded yet."""
        self._trained.tick(running=self.worker.ready and not self._paused)
        self._silent.tick(running=not self._paused)

    def pause(self) -> None:
        self._tick()
        self._paused = True
        self._command(Pause())

    def resume(self) -> None:
        self._tick()
        self._paused = False
        self._command(Resume())

    def give_up(self, state: TrialState) -> None:
        """End the trial under way; a worker that does not end it in time is killed."""
        if self._request is not None:
            self._given_up, self._given_up_at = state, monotonic()
            self._command(GiveUp(self._request.trial, state))

    def close(self) -> None:
        self.worker.close()

    def _command(self, command: Pause | Resume | GiveUp) -> None:
        with suppress(ChildLost):  # the next call of `reports` finds out
            self.worker.send(command)

    def _replace(self) -> None:
        """Replace the worker by the spare one or a new one. Raises TrainerLost."""
        self._gone = True
        successor = self._standby.take()
        self.worker.close()
        self.worker, self._gone = successor, False

    def _replace_unloaded(self, error: ChildLost) -> None:
        """Replace a worker that died before Keras was loaded; the second time raise TrainerLost: a third would die."""
        self._failed_loads += 1
        if self._failed_loads > 1:
            self._gone, self._failed_loads = True, 0
            raise TrainerLost(f"The training process could not start: {error}") from error
        self._replace()

    def _send_again(self) -> None:
        """Send the trial under way to the worker that replaced a lost one. Raises TrainerLost."""
        assert self._request is not None
        self._stage = Stage.PREPARING
        try:
            self.worker.send(self._request)
        except ChildLost as error:
            self._gone = True
            raise TrainerLost(f"The training process could not be restarted: {error}") from error
        if self._paused:
            self._command(Pause())

    def _lost(self, reason: FailureReason, message: str) -> TrialEnded:
        """Replace the worker, or leave that to the next trial, and return the end of its trial."""
        with suppress(TrainerLost):
            self._replace()
        if self._given_up is not None:
            return self._ended(self._given_up)
        return self._ended(TrialState.FAILED, reason, message)

    def _ended(self, state: TrialState, reason: FailureReason | None = None, message: str = "") -> TrialEnded:
        assert self._request is not None
        return TrialEnded(
            trial=self._request.trial,
            state=state,
            epoch=self._epoch + 1,
            seconds=max(self._seconds, self._trained.seconds),
            reason=reason,
            message=message,
        )
