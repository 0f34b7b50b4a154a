"""Checks the order of a study's events; a file with events in an impossible order is damaged."""

import math
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import assert_never

from core.conditions import names_applying
from core.errors import DamagedStudy, InvalidSetting
from core.events import (
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
)
from core.objective import is_metric_name
from core.parameters import Fixed, FloatParameter, Value
from core.settings import MAX_SEED, MAX_TRIALS, StudySettings

_MAX_INTEGER = 2**63 - 1
"""The largest whole number that can always be used in arithmetic with floats."""
_MAX_SENTENCE = 10_000
"""More characters than any path and the words around it."""
_HEDGED = 3
"""The number of acquisition functions that gp_hedge chooses among."""
_Later = (
    TrialStarted
    | EpochEnded
    | Epochs
    | TrialEnded
    | BaselinesMeasured
    | TrialTested
    | DataFileChanged
    | StudyNamed
    | StudyResumed
    | StudyEnded
)
"""All records that can follow the start of a study."""


class OrderCheck:
    """Takes the events of a study one by one and raises DamagedStudy at the first that cannot follow the others."""

    def __init__(self) -> None:
        self._known: _Known | None = None
        self._fits = 1
        self._epochs: dict[int, tuple[int, int]] = {}
        """Trials that have begun and not ended, each with its current fit and the last epoch in that fit."""
        self._ended: set[int] = set()
        self._complete: set[int] = set()

    def check(self, event: Record) -> None:
        if isinstance(event, StudyStarted):
            _require(self._known is None, "a second study starts in it")
            _require(event.conduct.can_be, "it is conducted as no study can be")
            _check_name(event.name)
            self._known, self._fits = _Known(event.settings), event.settings.data.fits
        elif self._known is None:
            raise DamagedStudy("its first record does not start a study")
        else:
            self._check_later(event, self._known)

    def _check_later(self, event: _Later, known: "_Known") -> None:
        match event:
            case TrialStarted(trial=number):
                self._check_start(event, known)
                self._epochs[number] = 1, 0
            case EpochEnded(trial=number, fit=fit, epoch=epoch):
                self._check_epochs(number, fit, epoch, (event.loss, event.val_loss, event.seconds))
                self._epochs[number] = fit, epoch
            case Epochs(trial=number, fit=fit):
                self._check_row(event)
                self._epochs[number] = fit, event.last
            case TrialEnded(trial=number):
                self._check_end(event)
                del self._epochs[number]
                self._ended.add(number)
                if event.state is TrialState.COMPLETE:
                    self._complete.add(number)
            case TrialTested(trial=number):
                _require(number in self._complete, f"trial {number} is tested without being complete")
                _check_test(event, known.settings)
            case BaselinesMeasured(trial=number):
                _require(number in self._epochs, f"baselines are measured in trial {number}, which is not under way")
                _check_baselines(event, self._fits)
            case DataFileChanged() | StudyNamed() | StudyResumed() | StudyEnded():
                _check_study(event, known.settings)
            case _:
                assert_never(event)

    def _check_row(self, row: Epochs) -> None:
        columns = (row.losses, row.val_losses, row.seconds, *row.metrics.values())
        fitting = set(map(len, columns)) == {len(row)} and len(row) > 0
        _require(fitting, f"trial {row.trial} has a row of epochs that is not whole")
        self._check_epochs(row.trial, row.fit, row.first, chain(*columns[:3]), sum(map(sum, columns[:3])))

    def _check_epochs(
        self, number: int, fit: int, first: int, numbers: Iterable[float], total: float = math.inf
    ) -> None:
        """Check epochs and all their numbers. A finite `total`, the sum of the numbers, saves checking each one."""
        last_fit, last = self._epochs.get(number, (0, 0))
        follows = fit == last_fit and first == last + 1
        begins = (fit, first) == (last_fit + 1, 1) and last > 0 and fit <= self._fits
        _require(follows or begins, f"epoch {first} of trial {number} is out of order")
        finite = math.isfinite(total) or all(map(math.isfinite, numbers))
        _require(finite, f"epoch {first} of trial {number} has a loss that is not a number")

    def _check_end(self, event: TrialEnded) -> None:
        number, objective = event.trial, event.objective
        _require(number in self._epochs, f"trial {number} ends without having begun")
        _require(event.state not in (TrialState.RUNNING, TrialState.INTERRUPTED), f"trial {number} has no end")
        complete = event.state is TrialState.COMPLETE
        _require(complete is (objective is not None), f"trial {number} has no fitting objective")
        _require(objective is None or math.isfinite(objective), f"trial {number} has no objective")
        without = not complete or self._fits == 1  # older files have no scores for a single training
        fitting = len(event.scores) == complete * self._fits or (without and not event.scores)
        _require(fitting and all(map(math.isfinite, event.scores)), f"trial {number} has no fitting scores")
        _require(0 <= event.epoch <= _MAX_INTEGER, f"trial {number} ends in an epoch that cannot be")

    def _check_start(self, event: TrialStarted, known: "_Known") -> None:
        number = event.trial
        _require(1 <= number <= MAX_TRIALS, f"there cannot be a trial {number}")
        _require(number not in self._ended, f"trial {number} begins after its end")
        _require(0 <= event.seed <= MAX_SEED, f"trial {number} has a seed that cannot be")
        hedge = event.hedge
        if hedge is not None:
            fitting = 1 <= len(hedge.gains) <= _HEDGED and len(hedge.gains) == len(hedge.candidates)
            _require(fitting, f"trial {number} has a state of the search that cannot be")
        known.check_values(number, event.values)


class _Known:
    """The settings' requirements on the values of trials, looked up only once: a study may have 10,000 trials."""

    def __init__(self, settings: StudySettings) -> None:
        self.settings = settings
        self._conditions, self._newer = settings.family.conditions, settings.family.newer
        self._parameters = [p for p in settings.family.parameters if p.name in settings.model.ranges]
        self._names = settings.model.ranges.keys()
        self._needed = self._names - self._conditions.keys() - self._newer
        self._checked: set[tuple[str, type, Value]] = set()
        """Values that have passed the check: the same values come again with every trial."""

    def check_values(self, number: int, values: Mapping[str, Value]) -> None:
        _require(self._needed <= values.keys() <= self._names, f"trial {number} has other parameters")
        for parameter in self._parameters:
            name = parameter.name
            if name not in values or (checked := (name, type(values[name]), values[name])) in self._checked:
                continue
            try:
                parameter.check(Fixed(values[name]))
            except InvalidSetting as error:
                raise DamagedStudy(f"trial {number} has a value that cannot be: {error.message}") from None
            if not isinstance(parameter, FloatParameter):
                self._checked.add(checked)
        model = self.settings.model
        for rule in model.rules:
            _require(rule.holds(values), f"trial {number} breaks the rule {model.text_of(rule)}")
        if self._conditions:
            applicable = names_applying(self._conditions, values, self._conditions)
            given = values.keys() & self._conditions
            fitting = applicable - self._newer <= given <= applicable
            _require(fitting, f"trial {number} has parameters that do not apply")


def _check_study(event: DataFileChanged | StudyNamed | StudyResumed | StudyEnded, settings: StudySettings) -> None:
    """Check an event of the study itself."""
    match event:
        case DataFileChanged():
            _require(settings.data.file is not None, "a data file changes in it that it does not have")
            _require(len(event.change) <= _MAX_SENTENCE, "a change of its data file takes too many words")
        case StudyNamed():
            _check_name(event.name)
        case StudyResumed():
            _require(1 <= event.trials <= _MAX_INTEGER, "it is resumed for a number of trials that cannot be")
            _require(len(event.caveat) <= _MAX_SENTENCE, "it is resumed with too many words")
        case StudyEnded():
            pass
        case _:
            assert_never(event)


def _check_name(name: str) -> None:
    _require(len(name) <= _MAX_SENTENCE, "its name takes too many words")


def _check_test(event: TrialTested, settings: StudySettings) -> None:
    number, metrics = event.trial, event.metrics
    _require(settings.data.test_fraction > 0, f"trial {number} is tested without a test part")
    _require(all(map(is_metric_name, metrics)), f"trial {number} has a metric on the test part that cannot be")
    whole = "loss" in metrics and set(map(len, metrics.values())) == {settings.data.repeats}
    fitting = whole and all(map(math.isfinite, chain(*metrics.values())))
    _require(fitting, f"trial {number} has no fitting results of its test")
    _require(0 <= event.rows <= _MAX_INTEGER, f"trial {number} is tested on a number of rows that cannot be")
    known = event.intervals.keys() <= metrics.keys()
    sound = known and all(math.isfinite(low) and low <= high < math.inf for low, high in event.intervals.values())
    _require(sound, f"trial {number} has an interval on the test part that cannot be")


def _check_baselines(event: BaselinesMeasured, fits: int) -> None:
    scores = event.scores.values()
    fitting = 1 <= event.fit <= fits and all(map(is_metric_name, chain(*scores)))
    finite = all(map(math.isfinite, chain.from_iterable(score.values() for score in scores)))
    _require(fitting and finite, f"trial {event.trial} has baselines that cannot be")


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise DamagedStudy(otherwise)
