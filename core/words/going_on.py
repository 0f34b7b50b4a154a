"""The activity of a study in words: for the headline, the status bar, and the terminal of a study without a window."""

import html
import math
from collections.abc import Set
from dataclasses import dataclass

from core.events import StudyEnd
from core.formatting import format_duration, format_number
from core.letters import in_brief, on_one_line
from core.phases import RELOAD_INTERVAL, RETRY_INTERVAL, Job, Phase
from core.progress import StudyProgress
from core.settings import StudySettings
from core.words.beliefs import believed_best, describe_belief
from core.words.data_changes import data_change_in_words
from core.words.evaluations import scores_in_words
from core.words.plan import describe_plan, describe_values
from core.words.trials import ties_in_words

OPENING = "Opening a study…"
NO_STUDY = "New study"
CHANGED_SINCE = " The form has changed since: Start begins a new study with it."
SAVED_ELSEWHERE = (
    "The study will be saved in another file, “… rescued”, beside it or, where that cannot be, in another folder."
)
_MOST = 700
"""Letters of a text in the headline."""
_TEST_WAITS = " Study → Evaluate on test part says what to expect of new data."
_SHORT_WORDS = {
    Phase.PAUSING: "Pausing…",
    Phase.PAUSED: "Paused",
    Phase.BLOCKED: "Waiting for the file",
    Phase.HELD: "Paused",
    Phase.STOPPING: "Stopping…",
}

_AT = {
    Phase.PAUSING: "Paused at ",
    Phase.PAUSED: "Paused at ",
    Phase.BLOCKED: "Waiting at ",
    Phase.HELD: "Waiting at ",
}
"""What stands in the window's title before the share that is done."""


@dataclass(frozen=True)
class Told:
    """Rich text. `warning`, which is shown first, says what the user has to deal with; empty if there is nothing."""

    text: str
    warning: str = ""


# The title of the window


def title_in_words(name: str, job: Job | None, phase: Phase | None, progress: StudyProgress | None) -> str:
    """Return what is going on and the study's name: "62 % – wine"; only the name when nothing runs."""
    if job is None or progress is None:
        return name
    if job is Job.EVALUATION:
        return f"Evaluating – {name}"
    percent = f"{math.floor(100 * progress.share_done)} %"
    return f"{_AT.get(phase or Phase.RUNNING, '')}{percent} – {name}"


# Opening a study


def log_missing_in_words(name: str) -> str:
    """Return the sentence on a study whose log is not beside its file."""
    return (
        f"{name} was copied while the study ran, or its log, {name}-wal, was lost: there may be more in the study than "
        "is shown. Its original has all"
    )


# The headline


def ready_in_words(settings: StudySettings | None, problem: str, doubt: str) -> Told:
    """Tell what Start will do, or why it cannot, while no study is open; `doubt` says why its trials may fail."""
    if settings is None:
        return Told(f"<b>Not ready.</b> {_escaped(problem)}")
    if doubt:
        return Told("", warning=f"<b>Trials will probably fail.</b> {_escaped(doubt)}")
    plan = describe_plan(settings)
    return Told(f"<b>Ready: {_escaped(plan.title)}.</b> {_escaped(plan.facts)}")


def invitation_in_words(study: str) -> str:
    """Return rich text with a link to the study of that name, which did not reach its end."""
    return f'<br>The last study did not come to its end: open <a href="study">{_escaped(study)}</a> to resume it.'


def going_on_in_words(job: Job | None, phase: Phase | None, progress: StudyProgress | None, trouble: str) -> Told:
    """Tell the current activity or the result; `trouble` says why the study waits for its file or for a process."""
    if phase is Phase.BLOCKED:
        retry = f"Nothing is lost: Afina tries again every {RETRY_INTERVAL:.0f} seconds."
        return Told(
            f" {retry} Resume tries at once; Save study as… goes on in another file.",
            warning=f"<b>Waiting for the study file.</b> {_escaped(trouble.rstrip('.'))}.",
        )
    if phase is Phase.HELD:
        return Told(
            f" Nothing is lost: Resume tries again, Stop ends the study. {_found(progress)}".rstrip(),
            warning=f"<b>Paused.</b> {_escaped(trouble.rstrip('.'))}.",
        )
    return Told(_activity_or_result(job, phase, progress), warning=f"{_caveat(progress)}{_warning_on_data(progress)}")


def _activity_or_result(job: Job | None, phase: Phase | None, progress: StudyProgress | None) -> str:
    match job, phase:
        case Job.EVALUATION, Phase.STARTING | Phase.RUNNING:
            best = None if progress is None else progress.best
            which = "" if best is None else best.number
            beginning = f"<b>Evaluating trial {which} on the test part.</b> Stop gives it up."
        case Job.WATCH, _:
            beginning = "<b>Running in another window.</b> This one follows it."
        case _, Phase.PAUSED:
            several = progress is not None and len(progress.under_way) > 1
            beginning = f"<b>Paused.</b> Resume goes on with the same {'trials' if several else 'trial'}."
        case _, Phase.STARTING:
            beginning = "<b>Starting.</b> The first trial begins as soon as TensorFlow is loaded."
        case _:
            return _running_or_ended(progress)
    return f"{beginning} {_found(progress)}"


def _caveat(progress: StudyProgress | None) -> str:
    """Return rich text on why the study could not go on identically; empty when it could."""
    if progress is None or not progress.caveats:
        return ""
    _trial, caveat = progress.caveats[-1]
    return f"{_with_bold_beginning(caveat)} "


def _warning_on_data(progress: StudyProgress | None) -> str:
    """Return rich text on a data file that has changed while the study runs or ran; empty for one that has not."""
    if progress is None or not progress.data_change:
        return ""
    if progress.end is not None and progress.data_change in progress.end.message:
        return ""  # it is why the study ended
    return f"{_with_bold_beginning(data_change_in_words(progress, progress.data_change))} "


def _running_or_ended(progress: StudyProgress | None) -> str:
    if progress is None or progress.running:
        return _found(progress) or "The best settings so far appear here as soon as the first trial has finished."
    if progress.end is None:
        return f"<b>Interrupted.</b> Resume goes on where it ended. {_found(progress)}"
    reason, message, best = progress.end.reason, progress.end.message, progress.best
    if reason is StudyEnd.PAUSED:  # its message says why
        settings = "" if best is None else f" Its settings: {describe_values(progress)}."
        return f"{_with_bold_beginning(message)}{settings} Resume goes on."
    title = "All points tried" if reason is StudyEnd.EXHAUSTED else reason.value.capitalize()
    if best is None:
        return f"<b>{title}.</b> {_escaped(message)}"
    count = f"{len(progress.finished)} of {progress.budget} trials"
    waits = progress.settings.data.test_fraction and progress.test is None
    return f"<b>{title}</b> after {count}. {_found(progress)}{_TEST_WAITS if waits else ''}"


def _found(progress: StudyProgress | None) -> str:
    """Return rich text on the best trial; empty when there is none."""
    best = None if progress is None else progress.best
    if progress is None or best is None or best.objective is None:
        return ""
    metric = _escaped(progress.objective.label)
    found = f"Best {metric} <b>{best.objective_in_words}</b> at trial {best.number}: "
    found += f"{describe_values(progress)}.{ties_in_words(progress)}"
    if best.each_counts_alone(progress.objective):
        found += " Each of its trainings counts by its own best epoch."
    belief = believed_best(progress)
    if belief is not None:
        found += f" By the surrogate's mean it is {describe_belief(belief)}."
    if progress.test is not None:
        found += f" On the test part: <b>{_escaped(scores_in_words(progress.test))}</b>."
    return found


def _with_bold_beginning(message: str) -> str:
    """Return the message as rich text, in bold up to its first colon or else its first full stop."""
    first, mark, rest = message.partition(": ")
    if not mark:
        first, mark, rest = message.partition(". ")
    return f"<b>{_escaped((first + mark).rstrip())}</b> {_escaped(rest)}"


# The status bar


def state_in_words(
    job: Job | None, phase: Phase | None, progress: StudyProgress | None, skipping: Set[int] = frozenset()
) -> str:
    """Return a short word: "Training"; `skipping` are the trials that are being given up."""
    if job is None:
        return _end_in_a_word(progress)
    if job is Job.WATCH:
        return "Following"
    if phase in _SHORT_WORDS:
        return _SHORT_WORDS[phase]
    if job is Job.EVALUATION:
        return "Evaluating…"
    if phase is Phase.STARTING:
        return "Loading TensorFlow…"
    if progress is None or not progress.under_way:
        return "Choosing a point"
    return "Skipping…" if progress.under_way.keys() & skipping else "Training"


def _end_in_a_word(progress: StudyProgress | None) -> str:
    if progress is None:
        return "No study yet"
    return progress.end.reason.value.capitalize() if progress.end is not None else "Interrupted"


def trials_in_words(progress: StudyProgress) -> str:
    """Return which trials are under way: "Trials 3 and 5 of 20"."""
    first, last = min(progress.under_way, default=len(progress.finished)), max(progress.under_way, default=0)
    match len(progress.under_way):
        case 0 | 1:
            return f"Trial {first} of {progress.budget}"
        case 2:
            return f"Trials {first} and {last} of {progress.budget}"
        case count:
            return f"{count} trials, {first} to {last} of {progress.budget}"


def points_left_in_words(tried: int, points: int | None) -> str:
    """Return "3 of 300 points tried, 297 left"; empty for an infinite space, where `points` is None."""
    return "" if points is None else f"{tried:,} of {points:,} points tried, {points - tried:,} left"


def epochs_in_words(progress: StudyProgress) -> str:
    """Return the epochs of the trials under way: "Epochs 3 and 5 of 10"; empty for none and for more than two."""
    under_way, settings = list(progress.under_way.values()), progress.settings
    if len(under_way) > 2 or not under_way:
        return ""
    if len(under_way) == 1 and settings.data.fits > 1:
        trial = under_way[0]
        return f"{settings.data.fit_in_words(len(trial.fits))}, epoch {trial.epoch} of {trial.epochs}"
    count = {trial.epochs for trial in under_way}
    done = " and ".join(str(trial.epoch) for trial in under_way)
    return f"{'Epoch' if len(under_way) == 1 else 'Epochs'} {done}" + (f" of {count.pop()}" if len(count) == 1 else "")


def time_left_in_words(seconds: float | None) -> str:
    """Return "About 3 min left"; empty while the time is not known."""
    return "" if seconds is None else f"About {format_duration(max(1.0, seconds))} left"


def best_so_far(progress: StudyProgress | None) -> str:
    """Return "Best 15.71"; empty when there is no best trial."""
    best = None if progress is None else progress.best
    return "" if best is None or best.objective is None else f"Best {best.objective_in_words}"


def observed_and_believed(progress: StudyProgress | None) -> str:
    """Return the best trial as observed and, on a second line, the best without the noise of training."""
    best = None if progress is None else progress.best
    if progress is None or best is None or best.objective is None:
        return ""
    objective, belief = progress.objective, progress.belief
    observed = (
        f"{objective.title} {objective.when}, the {objective.extreme} is the best\n"
        f"Best observed: trial {best.number}, {format_number(best.objective)}"
    )
    return observed if belief is None else f"{observed}\nBy the surrogate's mean: {describe_belief(belief)}"


# The terminal


def phase_in_a_line(phase: Phase) -> str:
    """Return the text before the progress bar of a study in that phase."""
    return "Loading TensorFlow" if phase is Phase.STARTING else "Trials"


def best_in_a_line(progress: StudyProgress | None) -> str:
    """Return "best val loss 15.71 (trial 17)"; empty when there is no best trial."""
    best = None if progress is None else progress.best
    if progress is None or best is None or best.objective is None:
        return ""
    return f"best {progress.objective.name} {format_number(best.objective)} (trial {best.number})"


def waiting_in_a_line(trouble: str, go_on: str) -> str:
    """Return the line on a study that waits because its file cannot be written; `go_on` is what the user can do."""
    again = f"Afina tries again every {RETRY_INTERVAL:.0f} seconds"
    return (
        f"Waiting: {trouble.rstrip('.')}. Nothing is lost; {again}. To go on in another file: {go_on}. "
        "To end, with the study saved in another file: Ctrl-C."
    )


def held_in_a_line(trouble: str, go_on: str) -> str:
    """Return the line on a study that stands still because a process is lost; `go_on` is what the user can do."""
    again = f"Afina tries again after {RELOAD_INTERVAL:.0f} seconds; at once"
    return f"Paused: {trouble.rstrip('.')}. Nothing is lost; {again}: {go_on}. To end: Ctrl-C."


def _escaped(text: str) -> str:
    """Return anybody's text as HTML, without hidden letters, and short enough for the plots to keep their room."""
    return html.escape(in_brief(on_one_line(text), _MOST))
