"""StudyProgress: the state of a study so far, folded from its events."""

import statistics
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar, assert_never

import msgspec

from core.conduct import Conduct
from core.datasets.data_file import DataFile
from core.errors import InvalidSetting
from core.events import (
    Baseline,
    BaselinesMeasured,
    DataFileChanged,
    EpochEnded,
    Epochs,
    Record,
    StudyEnded,
    StudyNamed,
    StudyResumed,
    StudyStarted,
    TrialEnded,
    TrialStarted,
    TrialState,
    TrialTested,
    is_exhausted,
)
from core.means import mean_of
from core.objective import ObjectiveSettings
from core.ranking import Ranking
from core.search.proposal import Belief
from core.settings import MAX_TRIALS, StudySettings, possible_trials
from core.tables.fingerprint import Fingerprint
from core.trial_progress import Curves, TrialProgress

Kept = TypeVar("Kept")
Baselines = Mapping[int, Mapping[Baseline, Mapping[str, float]]]
"""The metrics of simple predictions, by the number of the training in a trial."""

MORE_TRIALS = 20
"""The trials that are added to a study unless the user names another number."""
_MAX_DURATIONS, _MIN_FOR_MEAN = 50, 30
"""The time left is estimated from the last `_MAX_DURATIONS` durations: from their mean if there are `_MIN_FOR_MEAN`."""

_TELLING = 0.1
"""The share of a trial from which on its first epoch alone tells how long the trial takes."""


class StudyProgress:
    """A pure fold of a study's events, made from the first event.

    `trials` maps each number to its trial, in the order in which the trials began; `under_way` has only the trials that
    train now. `finished` lists the numbers of the trials that ended, in the order of their ends; `without_result` has
    those that failed or were skipped. `ranking` decides
    which trial is `best`; `tied` is the number of trials with the best objective, the best trial included. `belief`
    is the surrogate's last estimate of the best trial, without the noise. `tests` are the evaluations on the test
    part. `failures_in_a_row` counts the latest trials in a row that failed since the study began or was last resumed.
    `target_reached` says whether a trial was good enough to end the study, and `target_passed` whether the study was
    resumed after that: who goes on wants more than the target, which then ends nothing any more. `data_change` is a
    sentence on how the data file is found to have changed while the study runs or ran, and empty if it is as it was;
    `data_changes` has all such findings, an empty one where the file was as before again, each with the number of the
    trial that began last. `caveats` are sentences on why the study could not go on identically, with that number, too.
    `name` is the user's name for the study, empty for none.
    """

    def __init__(self, started: StudyStarted) -> None:
        self.settings = started.settings
        self.versions = started.versions
        self.conduct: Conduct = started.conduct
        self.started_at = started.time
        self.name = started.name
        self.budget = started.settings.budget.trials
        self.ranking = Ranking(started.settings.objective)
        self.trials: dict[int, TrialProgress] = {}
        self.finished: list[int] = []
        self.without_result: set[int] = set()
        self.best: TrialProgress | None = None
        self._bests: list[int | None] = []
        """The number of the best trial, after each that ended."""
        self._results: list[int] = []
        """The number of trials with an objective, after each that ended."""
        self.tied = 0
        self.belief: Belief | None = None
        self.tests: list[TrialTested] = []
        self.under_way: dict[int, TrialProgress] = {}
        self.failures_in_a_row = 0
        self.target_reached = self.target_passed = False
        self.data_changes: list[tuple[int, str]] = []
        self.data_change = ""
        self.caveats: list[tuple[int, str]] = []
        self.running = True
        self.end: StudyEnded | None = None
        self._latest: deque[TrialProgress] = deque(maxlen=_MAX_DURATIONS)
        """The complete trials that ended last."""
        self._data: Fingerprint | None = None
        self._baselines: dict[Fingerprint | None, dict[int, dict[Baseline, dict[str, float]]]] = {}
        """The scores of simple predictions on each of the data that the study was trained on."""

    @classmethod
    def of(cls, records: Iterable[Record]) -> "StudyProgress":
        """Return the progress folded from the records, of which the first starts the study. Raises ValueError."""
        progress = None
        for record in records:
            progress = folded(progress, record)
        if progress is None:
            raise ValueError("A study has at least its start")
        return progress

    def apply(self, event: Record) -> None:
        """Fold in one event, or several epochs at once."""
        match event:
            case EpochEnded():
                self._add_epoch(event)
            case Epochs():
                self._add_epochs(event)
            case TrialStarted():
                self._begin_trial(event)
            case TrialTested() | BaselinesMeasured():
                self._add_scores(event)
            case TrialEnded():
                self._end_trial(event)
            case DataFileChanged():
                self.data_change = event.change
                self.data_changes.append((self._last_begun, event.change))
            case StudyNamed():
                self.name = event.name
            case StudyStarted():
                raise ValueError("A study starts only once")
            case StudyResumed():
                self._go_on(event)
            case StudyEnded():
                self.mark_interrupted()
                self.end = event
            case _:
                assert_never(event)

    @property
    def _last_begun(self) -> int:
        """The number of the trial that began last, 0 before the first."""
        return next(reversed(self.trials), 0)

    def mark_interrupted(self) -> None:
        """Mark each trial without an end as interrupted: nothing runs any more."""
        self.running = False
        for trial in self.under_way.values():
            trial.state = TrialState.INTERRUPTED
        self.under_way.clear()

    def _go_on(self, event: StudyResumed) -> None:
        self.mark_interrupted()
        self.budget = possible_trials(event.trials)
        self._data, self.data_change = event.data, ""
        if event.caveat:
            self.caveats.append((self._last_begun, event.caveat))
        self.target_passed |= self.target_reached
        self.failures_in_a_row, self.target_reached = 0, False
        self.running = True
        self.end = None

    def _add_epoch(self, event: EpochEnded) -> None:
        trial = self.trials[event.trial]
        metrics = {name: (value,) for name, value in event.metrics.items()}
        _training_of(trial, event.fit).add((event.loss,), (event.val_loss,), metrics)
        trial.epoch = event.epoch
        trial.seconds = event.seconds
        if trial.first_epoch_at is None:
            trial.first_epoch_at = event.seconds

    def _add_epochs(self, epochs: Epochs) -> None:
        """Add several epochs at once, with the same result as one after the other."""
        trial = self.trials[epochs.trial]
        _training_of(trial, epochs.fit).add(epochs.losses, epochs.val_losses, epochs.metrics)
        trial.epoch = epochs.last
        trial.seconds = epochs.seconds[-1]
        if trial.first_epoch_at is None:
            trial.first_epoch_at = epochs.seconds[0]

    def _add_scores(self, event: TrialTested | BaselinesMeasured) -> None:
        if isinstance(event, TrialTested):
            metrics = self.objective.first(event.metrics)  # earlier versions recorded them as Keras has them
            self.tests.append(msgspec.structs.replace(event, metrics=metrics))
        else:
            data = self.trials[event.trial].data
            self._baselines.setdefault(data, {})[event.fit] = event.scores

    def _begin_trial(self, event: TrialStarted) -> None:
        planned = self.settings.data.fits
        trial = TrialProgress(event.trial, event.values, event.seed, event.origin, planned, self._data, event.hedge)
        self.trials[event.trial] = self.under_way[event.trial] = trial
        self.without_result.discard(event.trial)
        self.belief = event.belief or self.belief

    def _end_trial(self, event: TrialEnded) -> None:
        trial = self.trials[event.trial]
        trial.state = event.state
        trial.objective = event.objective
        trial.scores = event.scores
        trial.reason = event.reason
        trial.message = event.message
        trial.epoch = event.epoch
        trial.seconds = event.seconds
        self.finished.append(event.trial)
        if event.objective is None:
            self.without_result.add(event.trial)
        if event.state is TrialState.COMPLETE:
            self._latest.append(trial)
        self.under_way.pop(event.trial, None)
        self.failures_in_a_row = self.failures_in_a_row + 1 if event.state is TrialState.FAILED else 0
        self.target_reached |= self._is_good_enough(trial)
        self._rank(trial)
        self._bests.append(None if self.best is None else self.best.number)
        self._results.append(self.results_after(None) + (event.objective is not None))

    def ended_after(self, after: int | None) -> list[TrialProgress]:
        """Return the first so many trials that ended, or all, in the order of their ends."""
        return [self.trials[number] for number in self.finished[:after]]

    def results_after(self, after: int | None) -> int:
        """Return the number of results, trials with an objective, among the first so many that ended, or among all."""
        return _after(self._results, after) or 0

    def first_with(self, results: int) -> int | None:
        """Return after how many ended trials there were so many results; None if there are fewer."""
        place = bisect_left(self._results, results)
        return place + 1 if place < len(self._results) else None

    def best_after(self, after: int | None) -> int | None:
        """Return the number of the best trial after so many had ended, or after all."""
        return _after(self._bests, after)

    def _is_good_enough(self, trial: TrialProgress) -> bool:
        target, objective = self.settings.budget.target, trial.objective
        if target is None or objective is None or self.target_passed:
            return False
        return not self.objective.is_better(target, objective)

    def _rank(self, trial: TrialProgress) -> None:
        ties = self.ranking.ties(trial, self.best)
        if self.ranking.is_better(trial, self.best):
            self.tied = self.tied + 1 if ties else 1
            self.best = trial
        elif ties:
            self.tied += 1

    @property
    def objective(self) -> ObjectiveSettings:
        """The objective that the study optimises."""
        return self.settings.objective

    def settings_of(self, trial: TrialProgress) -> StudySettings:
        """Return the study's settings with the data on which the trial is trained."""
        file = self._file_with(trial.data)
        if file is self.settings.data.file:
            return self.settings
        return msgspec.structs.replace(self.settings, data=msgspec.structs.replace(self.settings.data, file=file))

    @property
    def data_file(self) -> DataFile | None:
        """The data file, with the fingerprint of the data on which new trials are trained; None for built-in data."""
        return self._file_with(self._data)

    def _file_with(self, accepted: Fingerprint | None) -> DataFile | None:
        """Return the data file as imported or, if the user accepted a change, with that fingerprint."""
        file = self.settings.data.file
        return file if file is None or accepted is None else msgspec.structs.replace(file, fingerprint=accepted)

    @property
    def test(self) -> TrialTested | None:
        """The last evaluation of the best trial on the test part."""
        return None if self.best is None else self.test_of(self.best)

    def test_of(self, trial: TrialProgress) -> TrialTested | None:
        """Return the last evaluation of the trial on the test part."""
        return next((test for test in reversed(self.tests) if test.trial == trial.number), None)

    def baselines_of(self, trial: TrialProgress) -> Baselines:
        """Return the scores of simple predictions on the data of the trial, as far as they are measured."""
        return self._baselines.get(trial.data, {})

    def baseline_metrics(self, trial: TrialProgress) -> dict[Baseline, dict[str, list[float]]]:
        """Return the metrics of simple predictions that every training of the trial has, with a number for each."""
        if self.lacks_baselines_of(trial):
            return {}
        first, *others = self.baselines_of(trial).values()
        return {
            baseline: {
                name: [number, *(scores[baseline][name] for scores in others)]
                for name, number in metrics.items()
                if all(name in scores.get(baseline, {}) for scores in others)
            }
            for baseline, metrics in first.items()
        }

    def lacks_baselines_of(self, trial: TrialProgress) -> bool:
        """Return whether simple predictions are still to be measured on the data of the trial."""
        return len(self.baselines_of(trial)) < self.settings.data.fits

    def count(self, state: TrialState) -> int:
        return sum(trial.state is state for trial in self.trials.values())

    @property
    def resumable(self) -> bool:
        """Whether trials of the budget are left to run."""
        return len(self.finished) < self.budget and not self.exhausted

    @property
    def exhausted(self) -> bool:
        """Whether the search has no point left to try."""
        return is_exhausted(self.settings, len(self.finished), self.end)

    @property
    def added_trials(self) -> int:
        """The trials of the budget that were added to those of the settings."""
        return max(0, self.budget - self.settings.budget.trials)

    def budget_with(self, more: int) -> int:
        """Return the budget with so many more trials. Raises InvalidSetting when that is no budget for a study."""
        if more < 1:
            raise InvalidSetting("trials", f"More trials ({more}) must be at least 1")
        if self.budget + more > MAX_TRIALS:
            raise InvalidSetting(
                "trials",
                f"{more:,} more trials would be {self.budget + more:,} in all; a study has at most {MAX_TRIALS:,}",
            )
        return self.budget + more

    @property
    def settings_in_force(self) -> StudySettings:
        """The study's settings, with the number of trials that it may make by now."""
        budget = msgspec.structs.replace(self.settings.budget, trials=self.budget)
        return msgspec.structs.replace(self.settings, budget=budget)

    @property
    def share_done(self) -> float:
        """The share of the budget that is done, from 0 to 1; trials under way count by their epochs."""
        under_way = sum(trial.share_done for trial in self.under_way.values())
        return min(1.0, (len(self.finished) + under_way) / self.budget)

    def interrupted(self) -> list[int]:
        """Return the numbers of the interrupted trials, which run again first when the study is resumed."""
        return [number for number, trial in self.trials.items() if trial.state is TrialState.INTERRUPTED]

    def seconds_left(self, budget: int | None = None) -> float | None:
        """Estimate the time left, in seconds; None while nothing is known. `budget` replaces the study's own.

        Each trial to come is assumed to last as long as the latest complete trials: their median while they are fewer
        than `_MIN_FOR_MEAN`, because one slow trial does not change it much; then their mean, because the sum of the
        durations is wanted. A trial under way that is slower than these goes on at its own pace.
        """
        left = (budget or self.budget) - len(self.finished)
        under_way = list(self.under_way.values())
        done = [trial.seconds for trial in self._latest]
        done = done or [_at_its_pace(trial) for trial in under_way if _has_pace(trial)]
        if not done:
            return None
        typical = _typical(done)
        share = _typical([trial.share_done for trial in self._latest]) if self._latest and under_way else 1.0
        rests = [_rest(trial, typical, share) for trial in under_way]
        training = typical * (left - len(under_way)) + sum(rests)
        return max(0.0, training / max(1, min(self.settings.workers, left)), *rests)


def _typical(numbers: Sequence[float]) -> float:
    return statistics.median(numbers) if len(numbers) < _MIN_FOR_MEAN else mean_of(numbers)


def _has_pace(trial: TrialProgress) -> bool:
    """Return whether the epochs of a trial tell how long it will take: the first one may have compiled for long."""
    return trial.epochs_done > 1 or trial.share_done >= _TELLING


def _at_its_pace(trial: TrialProgress, share: float = 1.0) -> float:
    """Return how long a trial with an epoch takes at its own pace, if it ends after that share of its epochs.

    Its first epoch, which compiles, says nothing of the others.
    """
    first, done = trial.first_epoch_at, trial.epochs_done
    if first is None or done < 2:
        return trial.seconds * share / trial.share_done
    whole = done * share / trial.share_done
    return first + (trial.seconds - first) * (whole - 1) / (done - 1)


def _rest(trial: TrialProgress, typical: float, share: float) -> float:
    """Estimate the seconds left of a trial where others took the typical time and, ended early or not, that share.

    One that goes on for longer than they did is expected to train all its epochs, at its own pace.
    """
    if not _has_pace(trial) and trial.seconds <= typical:
        return typical - trial.seconds
    whole = _at_its_pace(trial, share if trial.share_done < share else 1.0)
    return max(typical, whole) - trial.seconds


def _after(values: Sequence[Kept], after: int | None) -> Kept | None:
    """Return the value that there is for each trial that ended, of the first so many the last, or of all."""
    place = len(values) if after is None else min(after, len(values))
    return values[place - 1] if place else None


def folded(progress: StudyProgress | None, event: Record) -> StudyProgress:
    """Return the progress with the event folded in; the event that starts a study makes the progress."""
    if progress is None:
        if not isinstance(event, StudyStarted):
            raise ValueError("A study begins with its start")
        return StudyProgress(event)
    progress.apply(event)
    return progress


def _training_of(trial: TrialProgress, number: int) -> Curves:
    """Return the curves of the training of that number; a new training begins with its first epoch."""
    if number > len(trial.fits):
        trial.fits.append(Curves())
    return trial.fits[-1]
