"""The headline over the plots, in words: what Start will do, what is going on, or what came out.

Titles and facts are rich text with "trial:15", "field", "warnings" and "why" as links; all else is plain.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from core.events import StudyEnd, TrialState
from core.formatting import counted, in_letters, listed
from core.phases import RETRY_INTERVAL, Job, Phase
from core.progress import StudyProgress
from core.settings import StudySettings
from core.words.best_trial import (
    TEST_WAITS,
    beside_guess,
    best_trial_link,
    found_in_words,
    no_better,
    noise_linked,
    shorter_forms,
    standing_in_words,
    standing_title,
    tested_in_words,
    values_in_words,
)
from core.words.captions import in_a_sentence
from core.words.data_changes import data_change_in_words
from core.words.going_on import epochs_in_words
from core.words.plan import describe_plan
from core.words.rich_text import (
    FIELD,
    WARNINGS,
    escaped,
    first_sentence,
    joined,
    linked,
    plain,
    sentence,
    trial_link,
    with_bold_beginning,
)


@dataclass(frozen=True)
class Told:
    """What the headline says.

    `facts` are one paragraph, or two that are a line each; `shorter` are what a single one becomes where there is too
    little room for it, the longest first. `warning` stands before them, if there is one. `result` is the best objective
    and `metric` its name, both empty while there is none. `alarming`: the user has to deal with it.
    """

    title: str
    facts: tuple[str, ...] = ()
    result: str = ""
    metric: str = ""
    alarming: bool = False
    warning: str = ""
    shorter: tuple[str, ...] = ()


# Before Start


@dataclass(frozen=True)
class Draft:
    """What the form holds: settings, or its first problem; how many things are wrong, and how many warned of.

    `doubt` says why the trials of these settings may fail.
    """

    settings: StudySettings | None = None
    problem: str = ""
    doubt: str = ""
    problems: int = 1
    warnings: int = 0


_FEW = 2
"""The most values whose names go without saying, because they stand in the line above."""
_TITLE = 50
"""Letters of a problem beyond which it does not fit into the title."""


def ready_in_words(draft: Draft) -> Told:
    """Tell what Start will do, or why it cannot."""
    if draft.settings is None:
        return _not_ready(draft)
    warned = linked(counted(draft.warnings, "warning"), WARNINGS) if draft.warnings else ""
    if draft.doubt:
        return Told("Trials will probably fail", (joined(escaped(draft.doubt), warned),), alarming=True)
    plan = describe_plan(draft.settings)
    return Told(
        f"Ready{f', with {warned}' if warned else ''}: {escaped(plan.title)}",
        (escaped(plan.facts),),
    )


def _not_ready(draft: Draft) -> Told:
    reason, remedy = first_sentence(draft.problem)
    if len(reason) > _TITLE and ": " in reason:  # what comes first says enough in bold
        reason, rest = reason.split(": ", 1)
        remedy = joined(f"{rest[0].upper()}{rest[1:]}.", remedy)
    more = f" and {draft.problems - 1} more" if draft.problems > 1 else ""
    warned = f"; {linked(counted(draft.warnings, 'warning'), WARNINGS)}" if draft.warnings else ""
    facts = escaped(remedy), f"{linked('Show the field', FIELD)}{more}{warned}"
    return Told(f"Not ready:{plain(escaped(reason))}", tuple(filter(None, facts)))


# Afterwards


def going_on_in_words(
    job: Job | None,
    phase: Phase | None,
    progress: StudyProgress | None,
    trouble: str,
    planned: StudySettings | None = None,
    skipping: Set[int] = frozenset(),
) -> Told:
    """Tell the current activity or the result.

    `trouble` says why the study waits for its file or for a process; `planned` are the settings of a study that is
    about to start; `skipping` are the trials that are being given up.
    """
    settings = planned if progress is None else progress.settings
    title, facts, alarming = _said(job, phase, progress, trouble, settings, skipping)
    warning = joined(_caveat(progress), _warning_on_data(progress), no_better(progress))
    best = None if progress is None else progress.best
    if progress is None or best is None or best.objective is None:
        return Told(title, facts, alarming=alarming, warning=warning)
    shorter = tuple(shorter_forms(facts[0], progress)) if len(facts) == 1 else ()
    return Told(title, facts, best.objective_in_words, progress.objective.label, alarming, warning, shorter)


_Said = tuple[str, tuple[str, ...], bool]
"""A title, facts, and whether they are alarming."""


def _said(
    job: Job | None,
    phase: Phase | None,
    progress: StudyProgress | None,
    trouble: str,
    settings: StudySettings | None,
    skipping: Set[int],
) -> _Said:
    match job, phase:
        case Job.EVALUATION, Phase.STOPPING:
            return "Stopping the evaluation", (found_in_words(progress),), False
        case _, Phase.STOPPING:
            return _stopping(progress)
        case _, Phase.BLOCKED:
            return "Waiting for the study file", _blocked(trouble), True
        case _, Phase.HELD:
            return "Paused: a process was lost", (_held(trouble),), True
        case Job.EVALUATION, Phase.STARTING | Phase.RUNNING:
            facts = joined(found_in_words(progress), "Stop gives it up.")
            return f"Evaluating {best_trial_link(progress)} on the test part", (facts,), False
        case Job.WATCH, _:
            return "Running in another window", (joined("This one follows it.", standing_in_words(progress)),), False
        case _, Phase.STARTING:
            return _starting(progress, settings)
        case _, Phase.PAUSING if progress is not None:
            return f"Pausing{_in_trials(progress.under_way)}", _known(progress, skipping), False
        case _, Phase.PAUSED if progress is not None:
            return _paused(progress, skipping), _known(progress, skipping), False
    if progress is None or progress.running:
        return _running(progress)
    return _ended(progress)


def _blocked(trouble: str) -> tuple[str, str]:
    """Return why, and on a line of its own, where no long path can push it out of sight, what can be done."""
    remedies = "Resume tries again; Save study as… uses another file."
    return sentence(trouble), f"{remedies} Nothing is lost: Afina tries again every {RETRY_INTERVAL:.0f} seconds."


def _held(trouble: str) -> str:
    return f"{sentence(trouble)} Nothing is lost: Resume tries again, Stop ends the study."


def _starting(progress: StudyProgress | None, settings: StudySettings | None) -> _Said:
    """Tell the plan of a study that begins; of one that goes on, its best trial or else how far it came."""
    if progress is not None and progress.trials:
        return "Going on: TensorFlow is loading", (standing_in_words(progress) or _came_so_far(progress),), False
    plan = None if settings is None else describe_plan(settings)
    facts = "" if plan is None else f"{escaped(plan.title)}. {escaped(plan.facts)}"
    return "Starting: TensorFlow is loading", (facts,), False


def _came_so_far(progress: StudyProgress) -> str:
    done, again = len(progress.finished), sorted(progress.interrupted())
    ended = f"{done:,} of {counted(progress.budget, 'trial')} {'has' if done == 1 else 'have'} ended, without a result."
    begin = f"{_named(again).capitalize()} {'begins' if len(again) == 1 else 'begin'} again." if again else ""
    return joined(ended if done else "", begin)


def _running(progress: StudyProgress | None) -> _Said:
    if progress is None:
        return "The study begins", (), False
    now = _now_tried(progress)
    if progress.best is not None:
        best, now = beside_guess(progress, values_in_words(progress)), joined(tested_in_words(progress), now)
        # A guess that is no worse comes first, and the values after it need the room of both lines.
        facts = (joined(best, now),) if best.startswith("<b>") else (best, now)
        return standing_title(progress), facts, False
    if not progress.finished:
        several = len(progress.under_way) > 1  # then the title says it
        awaited = "The best settings so far appear here as soon as a trial has finished."
        return _first(progress), (joined("" if several else now, awaited),), False
    return f"No result yet from {counted(len(progress.finished), 'trial')}", (now,), False


def _first(progress: StudyProgress) -> str:
    of_all, count = f"of {counted(progress.budget, 'trial')}", len(progress.under_way)
    if count > 1:
        return f"The first {in_letters(count)} {of_all} are under way"
    return f"The first {of_all} {'is under way' if count else 'is about to begin'}"


def _now_tried(progress: StudyProgress) -> str:
    """Return "Trial 13 now tries 0.05426 and 74."; of several trials only their numbers."""
    match [*progress.under_way]:
        case []:
            return "The next values are being chosen."
        case [only]:
            return _tried(progress, only, "now tries")
        case several:
            return f"Trials {listed([trial_link(number, '') for number in several])} are under way."


def _tried(progress: StudyProgress, number: int, tries: str = "tries") -> str:
    given = progress.trials[number].values
    varied = [p for p in progress.settings.family.parameters if p.name in progress.settings.varied and p.name in given]
    is_first = progress.best is None and len(progress.under_way) == 1  # later the best one's names stand above them
    named = is_first or len(varied) > _FEW  # more values than that nobody can tell apart
    values = [f"{f'{in_a_sentence(p)} ' if named else ''}{p.text(given[p.name])}" for p in varied]
    return f"{trial_link(number)} {tries} {listed([escaped(value) for value in values])}."


def _stopping(progress: StudyProgress | None) -> _Said:
    if progress is None:
        return "Stopping", (), False
    again = {0: "", 1: "Resume begins it again."}.get(len(progress.under_way), "Resume begins them again.")
    return f"Stopping{_in_trials(progress.under_way)}", (joined(again, standing_in_words(progress)),), False


def _known(progress: StudyProgress, skipping: Set[int]) -> tuple[str, ...]:
    """Return what is known of a study that stands still: its best trial or, before there is one, what is tried."""
    tried = (_tried(progress, number) for number in sorted(progress.under_way.keys() - skipping))
    return (standing_in_words(progress, noise_linked(progress)) or joined(*tried),)


def _paused(progress: StudyProgress, skipping: Set[int]) -> str:
    given_up = progress.under_way.keys() & skipping
    going_on = progress.under_way.keys() - skipping
    if going_on:
        return f"Paused{_in_trials(going_on)}{'' if given_up else _at_epoch(progress)}"
    if given_up:
        return f"Paused; {_named(given_up)} {'is' if len(given_up) == 1 else 'are'} being given up"
    last = progress.trials[progress.finished[-1]] if progress.finished else None
    if last is not None and last.state is TrialState.SKIPPED:
        return f"Paused; trial {last.number} was given up"
    return f"Paused after {len(progress.finished):,} of {progress.budget:,} trials"


def _in_trials(numbers: Iterable[int]) -> str:
    """Return " in trial 3" or " in trials 3 and 5"; nothing where there is none."""
    named = _named(numbers)
    return f" in {named}" if named else ""


def _named(numbers: Iterable[int]) -> str:
    trials = [str(number) for number in sorted(numbers)]
    return f"{'trial' if len(trials) == 1 else 'trials'} {listed(trials)}" if trials else ""


def _at_epoch(progress: StudyProgress) -> str:
    epochs = epochs_in_words(progress)
    if not epochs:
        return ""
    if not any(trial.epochs_done for trial in progress.under_way.values()):
        return ", before the first epoch"
    return f", {epochs[0].lower()}{epochs[1:]}"


def _ended(progress: StudyProgress) -> _Said:
    end = progress.end
    if end is not None and end.reason is StudyEnd.PAUSED:  # its message says why
        title, why = first_sentence(end.message)
        standing = standing_in_words(progress, noise_linked(progress))
        return escaped(title), (joined(escaped(why), _way_on(progress), standing),), False
    title = _came_to(progress)
    if progress.best is None:
        told = _way_on(progress) if end is None else escaped(end.message)
        return f"{title}: no trial has a result", (told,), False
    waits = progress.settings.data.test_fraction and progress.test is None
    best = f"{title}: {best_trial_link(progress)} is the best"
    whole = f"{best} of {progress.budget:,}" if len(progress.finished) == progress.budget else best
    return whole, (joined(found_in_words(progress, noise_linked(progress)), TEST_WAITS if waits else ""),), False


def _way_on(progress: StudyProgress) -> str:
    return "Resume goes on." if progress.resumable else ""


def _came_to(progress: StudyProgress) -> str:
    """Return how the study ended: "Finished", "Stopped after 12 of 20"."""
    if progress.end is None:
        word = "Interrupted"
    elif progress.end.reason is StudyEnd.EXHAUSTED:
        word = "All points tried"
    else:
        word = progress.end.reason.value.capitalize()
    done = len(progress.finished)
    return word if done == progress.budget else f"{word} after {done:,} of {progress.budget:,}"


# What the user has to know


def _caveat(progress: StudyProgress | None) -> str:
    """Return rich text on why the study could not go on identically; empty when it could."""
    if progress is None or not progress.caveats:
        return ""
    return with_bold_beginning(progress.caveats[-1][1])


def _warning_on_data(progress: StudyProgress | None) -> str:
    """Return rich text on a data file that has changed while the study runs or ran; empty for one that has not."""
    if progress is None or not progress.data_change:
        return ""
    if progress.end is not None and progress.data_change in progress.end.message:
        return ""  # it is why the study ended
    return with_bold_beginning(data_change_in_words(progress, progress.data_change))
