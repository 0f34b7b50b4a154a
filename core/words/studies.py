"""A study in a list of studies: its name, what it is about, its state, and when that was; plain text."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.events import StudyEnd
from core.formatting import format_number
from core.letters import in_brief, on_one_line
from core.settings import StudySettings
from core.store.glance import Glance

RUNNING_ELSEWHERE = "Running in another window"
UNREADABLE = "cannot be read"
_DONE, _HALTED, _FAILED, _RUNS, _WAITS = "✓", "■", "✗", "▶", "‖"
_ENDS = {
    StudyEnd.FINISHED: (_DONE, "finished, {}"),
    StudyEnd.EXHAUSTED: (_DONE, "all points tried, {}"),
    StudyEnd.TARGET_REACHED: (_DONE, "target reached, {}"),
    StudyEnd.TIME_UP: (_HALTED, "time was up {}"),
    StudyEnd.STOPPED: (_HALTED, "stopped {}"),
    StudyEnd.PAUSED: (_WAITS, "paused {}"),
    StudyEnd.FAILED: (_FAILED, "failed {}"),
}
_MOST = 200
"""Letters of a name; a stranger's study may have any."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""Not the system's words for them: Afina speaks English."""


@dataclass(frozen=True)
class StudyState:
    """A study's state: a `mark` that is seen at a glance, and the words."""

    mark: str
    words: str


def name_in_words(name: str, stem: str) -> str:
    """Return the study's name or, if it has none, its file's, on one line of bounded length."""
    return in_brief(on_one_line(name or stem), _MOST)


def model_in_words(settings: StudySettings) -> str:
    """Return what the study trains: "multilayer perceptron", or the name of the model file."""
    file = settings.model.file
    return settings.family.label.lower() if file is None else on_one_line(file.name)


def data_in_words(settings: StudySettings) -> str:
    """Return what the study trains on: the name of the data set or of the file."""
    return on_one_line(settings.data.source.label)


def best_in_words(glance: Glance) -> tuple[str, str]:
    """Return the best objective and its metric; both are empty when no trial has one."""
    if glance.best is None:
        return "", ""
    return format_number(glance.best), glance.settings.objective.label


def done_in_words(glance: Glance) -> str:
    """Return how far the study is: "14 of 40 trials"."""
    return f"{glance.ended} of {_trials(glance.budget)}"


def state_in_words(glance: Glance | None, *, running: bool) -> StudyState:
    """Return the state of a listed study; None: its file cannot be read."""
    if glance is None:
        return StudyState(_FAILED, UNREADABLE)
    if running:
        return StudyState(_RUNS, RUNNING_ELSEWHERE.lower())
    if glance.failed_in_a_row:
        return StudyState(_FAILED, f"{glance.failures} failures in a row" if glance.failures > 1 else "a trial failed")
    mark, words = _standing(glance)
    count = _trials(glance.ended) if mark == _DONE else f"after {glance.ended} of {glance.budget}"
    return StudyState(mark, words.format(count))


def _standing(glance: Glance) -> tuple[str, str]:
    """Return the mark and the words for a study that does not run."""
    reason = None if glance.end is None else glance.end.reason
    if reason in (None, StudyEnd.PAUSED) and glance.exhausted:
        reason = StudyEnd.EXHAUSTED  # it had only that left to find out
    return (_WAITS, "interrupted {}") if reason is None else _ENDS[reason]


def standstill_in_words(glance: Glance, moment: float, now: datetime, *, running: bool) -> str:
    """Return why an unfinished study stands still, and since when."""
    if running:
        return RUNNING_ELSEWHERE
    when = _since(moment, now)
    if glance.end is None:
        return f"Interrupted {when}: Afina was cut off"
    beginning, mark, reason = on_one_line(glance.end.message).partition(": ")
    why = f": {reason.partition('. ')[0].rstrip('.')}" if mark and beginning == "Paused" else ""
    return f"Paused {when}{why}"


def when_in_words(moment: float, now: datetime) -> str:
    """Return when that was, in seconds since 1970: "today, 09:12", "yesterday, 16:05", "27 Nov", "27 Nov 2024"."""
    then = datetime.fromtimestamp(moment)
    days = (now.date() - then.date()).days
    if days in (0, 1):
        return f"{'yesterday' if days else 'today'}, {then:%H:%M}"
    date = f"{then.day} {_MONTHS[then.month - 1]}"
    return date if then.year == now.year else f"{date} {then.year}"


def _since(moment: float, now: datetime) -> str:
    """Return when that was as part of a sentence, within the last week with the day: "on Friday, 02:17"."""
    then = datetime.fromtimestamp(moment)
    days = (now.date() - then.date()).days
    if 1 < days < timedelta(days=7).days:
        return f"on {_DAYS[then.weekday()]}, {then:%H:%M}"
    words = when_in_words(moment, now)
    return words if days in (0, 1) else f"on {words}"


def _trials(count: int) -> str:
    return "1 trial" if count == 1 else f"{count} trials"
