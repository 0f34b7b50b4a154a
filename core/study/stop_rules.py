"""Stop rules: each takes the standing of a study and returns a reason to end, or None. Add a new rule to STOP_RULES."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from core.events import StudyEnd
from core.progress import StudyProgress
from core.words import ends


@dataclass(frozen=True)
class Standing:
    """The state of a study, as the stop rules need it.

    `seconds` counts the work since the study was started or resumed; `exhausted` says that the search has no point
    left; `asked` is the end that the user asked for, None if there is none. `unreadable` says why a trial could not
    read the data again, and is empty otherwise.
    """

    progress: StudyProgress
    seconds: float
    exhausted: bool
    asked: StudyEnd | None
    unreadable: str = ""


@dataclass(frozen=True)
class Stop:
    """The reason for a study to end. `sentence` makes the message to the user, once no trial is under way any more."""

    reason: StudyEnd
    sentence: Callable[[StudyProgress], str]


def target_reached(study: Standing) -> Stop | None:
    """End when a trial is good enough."""
    return Stop(StudyEnd.TARGET_REACHED, ends.target_reached) if study.progress.target_reached else None


def all_trials_done(study: Standing) -> Stop | None:
    """End when the budget is used up."""
    done = len(study.progress.finished) >= study.progress.budget
    return Stop(StudyEnd.FINISHED, ends.finished) if done else None


def failures_in_a_row(study: Standing) -> Stop | None:
    """End when as many trials in a row have failed as the settings allow."""
    reached = study.progress.failures_in_a_row >= study.progress.settings.limits.failures_in_a_row
    return Stop(StudyEnd.PAUSED, ends.paused_by_failures) if reached else None


def data_changed(study: Standing) -> Stop | None:
    """End when a trial would have to read a data file that has changed."""
    if not study.unreadable:
        return None
    return Stop(StudyEnd.PAUSED, partial(ends.paused_by_data, study.unreadable))


def space_exhausted(study: Standing) -> Stop | None:
    """End when every point has been tried and nothing is under way."""
    over = study.exhausted and not study.progress.under_way
    return Stop(StudyEnd.EXHAUSTED, ends.exhausted) if over else None


def asked_by_user(study: Standing) -> Stop | None:
    """End when the user asks for it, or closes the window."""
    if study.asked is None:
        return None
    return Stop(study.asked, ends.paused if study.asked is StudyEnd.PAUSED else ends.stopped)


def time_is_up(study: Standing) -> Stop | None:
    """End when the study has worked for as long as it may."""
    limit = study.progress.settings.budget.seconds
    return Stop(StudyEnd.TIME_UP, ends.time_up) if limit is not None and study.seconds >= limit else None


StopRule = Callable[[Standing], Stop | None]
STOP_RULES: tuple[StopRule, ...] = (
    target_reached,
    all_trials_done,
    failures_in_a_row,
    data_changed,
    space_exhausted,
    asked_by_user,
    time_is_up,
)
"""In the order of their precedence."""


def first_stop(study: Standing) -> Stop | None:
    """Return the stop of the first rule that applies; None while the study is to go on."""
    return next((stop for rule in STOP_RULES if (stop := rule(study)) is not None), None)
