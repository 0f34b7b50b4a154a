"""The trials of a study as columns of numbers, for plots that show all of them at once."""

from collections.abc import Iterable, Sequence

import numpy as np

from core.events import TrialState
from core.figures.arrays import Flags, Floats, GrowingTable
from core.figures.parameter_axis import ParameterAxis, parameter_axes
from core.parameters import FloatRange, IntegerRange, Value
from core.progress import StudyProgress
from core.search.proposal import PointOrigin
from core.trial_progress import TrialProgress

ORIGINS = tuple(PointOrigin)
_DONE, _FAILED, _SKIPPED = range(3)
_TRIAL, _OBJECTIVE, _STATE, _ORIGIN, _FIRST = range(5)


class TrialColumns:
    """Columns with one number for each trial that has ended, in the order in which they were taken in.

    It takes each trial in once. After one of them began again, new columns are needed.
    """

    def __init__(self, progress: StudyProgress) -> None:
        self.progress = progress
        self.axes: dict[str, ParameterAxis] = parameter_axes(progress.settings)
        self.taken: set[int] = set()
        self._place_of = {name: _FIRST + index for index, name in enumerate(self.axes)}
        self._table = GrowingTable(_FIRST + len(self.axes))

    def __len__(self) -> int:
        return len(self._table)

    def take(self, numbers: Iterable[int]) -> None:
        """Take in those of these trials that have ended and are not taken yet."""
        known = self.progress.trials
        new = [known[number] for number in dict.fromkeys(numbers) if number in known and number not in self.taken]
        ended = [trial for trial in new if trial.has_ended]
        if not ended:
            return
        self.taken.update(trial.number for trial in ended)
        self._table.append(
            np.array([trial.number for trial in ended], float),
            np.array([trial.objective for trial in ended], float),  # NaN for None
            np.array([_state(trial) for trial in ended], float),
            np.array([ORIGINS.index(trial.origin) for trial in ended], float),
            *(places_on(axis, [trial.values.get(name) for trial in ended]) for name, axis in self.axes.items()),
        )

    @property
    def results(self) -> int:
        """The number of trials with a result."""
        return int((~np.isnan(self.objectives)).sum())

    @property
    def trials(self) -> Floats:
        """The numbers of the trials."""
        return self._table.column(_TRIAL)

    @property
    def objectives(self) -> Floats:
        """The results; NaN of trials without."""
        return self._table.column(_OBJECTIVE)

    @property
    def failed(self) -> Flags:
        """Which of the trials failed."""
        failed: Flags = self._table.column(_STATE) == _FAILED
        return failed

    @property
    def origins(self) -> Floats:
        """Who proposed each trial, as places in ORIGINS."""
        return self._table.column(_ORIGIN)

    def places(self, name: str) -> Floats:
        """Return where the trials are on the axis of a parameter, from 0 to 1; NaN of those that are not on it."""
        return self._table.column(self._place_of[name])


def _state(trial: TrialProgress) -> int:
    if trial.objective is not None:
        return _DONE
    return _FAILED if trial.state is TrialState.FAILED else _SKIPPED


def places_on(axis: ParameterAxis, values: Sequence[Value | None]) -> Floats:
    """Return the places of values, all at once where they are numbers: there may be ten thousands."""
    if not axis.lanes and isinstance(axis.given, FloatRange | IntegerRange) and not axis.given.step:
        return _of_numbers(axis, values)
    known: dict[Value | None, float] = {value: axis.place(value) for value in set(values)}
    return np.array([known[value] for value in values])


def _of_numbers(axis: ParameterAxis, values: Sequence[Value | None]) -> Floats:
    first, last = ends_of(axis)
    given = axis.given
    assert isinstance(given, FloatRange | IntegerRange)
    numbers = np.array([None if isinstance(value, str) else value for value in values], float)
    low, high = float(given.low), float(given.high)
    if axis.is_log:
        numbers = np.log10(numbers, out=np.full(len(numbers), np.nan), where=numbers > 0)
        low, high = (float(np.log10(end)) for end in (low, high))
    places = first + (last - first) * (numbers - low) / (high - low)
    missing = np.array([value is None for value in values])
    return np.where(missing, axis.place(None), places)


def ends_of(axis: ParameterAxis) -> tuple[float, float]:
    """Return the places of the lowest and the highest value of an axis of numbers."""
    given = axis.given
    if isinstance(given, FloatRange | IntegerRange):
        return axis.place(given.low), axis.place(given.high)
    numbers = [value for value in getattr(given, "values", ()) if not isinstance(value, str)]
    return axis.place(min(numbers)), axis.place(max(numbers))


def lanes_at(axis: ParameterAxis, places: Floats) -> Floats:
    """Return the numbers of the lanes at places: -1 for "–", NaN outside all lanes."""
    lanes = np.full(len(places), np.nan)
    if axis.lanes:
        lanes = np.floor((places - axis.begin) / axis.lane_width + 1e-9)
    if axis.can_lack:
        lanes = np.where(places < axis.begin, -1.0, lanes)
    return np.where(np.isnan(places), np.nan, lanes)


def ordered(axes: Iterable[str], order: Iterable[str]) -> list[str]:
    """Return the names of the axes, first those in the given order, as far as it names any."""
    known = list(axes)
    return list(dict.fromkeys([*(name for name in order if name in known), *known]))
