"""The headline over the plots, in words: what Start will do, what is going on, or what came out.

Titles and facts are rich text with "trial:15", "field", "warnings" and "why" as links; all else is plain.
"""

import html
from collections.abc import Iterable, Set
from dataclasses import dataclass

from core.events import StudyEnd, TrialState
from core.formatting import counted, in_letters, listed
from core.letters import in_brief, on_one_line
from core.phases import RETRY_INTERVAL, Job, Phase
from core.progress import StudyProgress
from core.settings import StudySettings
from core.words.baselines import guess_in_words
from core.words.captions import in_a_sentence
from core.words.data_changes import data_change_in_words
from core.words.evaluations import tested_in_short
from core.words.going_on import epochs_in_words
from core.words.noise import noise_in_words
from core.words.plan import describe_plan, describe_values
from core.words.trials import ties_in_words

FIELD, WARNINGS, WHY, TRIAL = "field", "warnings", "why", "trial:"
"""What a link of the headline leads to; a trial's number follows."""
_MOST = 700
"""Letters of a text in the headline."""
_TEST_WAITS = "Study → Evaluate on test part says what to expect of new data."


@dataclass(frozen=True)
class Told:
    """What the headline says.

    `facts` are one paragraph, or two that are a line each; `warning` stands before them, if there is one. `result` is
    the best objective and `metric` its name, both empty while there is none. `alarming`: the user has to deal with it.
    """

    title: str
    facts: tuple[str, ...] = ()
    result: str = ""
    metric: str = ""
    alarming: bool = False
    warning: str = ""


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
    warned = _linked(counted(draft.warnings, "warning"), WARNINGS) if draft.warnings else ""
    if draft.doubt:
        return Told("Trials will probably fail", (_joined(_escaped(draft.doubt), warned),), alarming=True)
    plan = describe_plan(draft.settings)
    return Told(
        f"Ready{f', with {warned}' if warned else ''}: {_escaped(plan.title)}",
        (_escaped(plan.facts),),
    )


def _not_ready(draft: Draft) -> Told:
    reason, remedy = _first_sentence(draft.problem)
    if len(reason) > _TITLE and ": " in reason:  # what comes first says enough in bold
        reason, rest = reason.split(": ", 1)
        remedy = _joined(f"{rest[0].upper()}{rest[1:]}.", remedy)
    more = f" and {draft.problems - 1} more" if draft.problems > 1 else ""
    warned = f"; {_linked(counted(draft.warnings, 'warning'), WARNINGS)}" if draft.warnings else ""
    facts = _escaped(remedy), f"{_linked('Show the field', FIELD)}{more}{warned}"
    return Told(f"Not ready:{_plain(_escaped(reason))}", tuple(filter(None, facts)))


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
    warning = _joined(_caveat(progress), _warning_on_data(progress), _no_better(progress))
    best = None if progress is None else progress.best
    if progress is None or best is None or best.objective is None:
        return Told(title, facts, alarming=alarming, warning=warning)
    return Told(title, facts, best.objective_in_words, progress.objective.label, alarming, warning)


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
            return "Stopping the evaluation", (_found(progress),), False
        case _, Phase.STOPPING:
            return _stopping(progress)
        case _, Phase.BLOCKED:
            return "Waiting for the study file", _blocked(trouble), True
        case _, Phase.HELD:
            return "Paused: a process was lost", (_held(trouble),), True
        case Job.EVALUATION, Phase.STARTING | Phase.RUNNING:
            facts = _joined(_found(progress), "Stop gives it up.")
            return f"Evaluating {_best_trial(progress)} on the test part", (facts,), False
        case Job.WATCH, _:
            return "Running in another window", (_joined("This one follows it.", _standing(progress)),), False
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
    return _sentence(trouble), f"{remedies} Nothing is lost: Afina tries again every {RETRY_INTERVAL:.0f} seconds."


def _held(trouble: str) -> str:
    return f"{_sentence(trouble)} Nothing is lost: Resume tries again, Stop ends the study."


def _starting(progress: StudyProgress | None, settings: StudySettings | None) -> _Said:
    """Tell the plan of a study that begins; of one that goes on, its best trial or else how far it came."""
    if progress is not None and progress.trials:
        return "Going on: TensorFlow is loading", (_standing(progress) or _came_so_far(progress),), False
    plan = None if settings is None else describe_plan(settings)
    facts = "" if plan is None else f"{_escaped(plan.title)}. {_escaped(plan.facts)}"
    return "Starting: TensorFlow is loading", (facts,), False


def _came_so_far(progress: StudyProgress) -> str:
    done, again = len(progress.finished), sorted(progress.interrupted())
    ended = f"{done:,} of {counted(progress.budget, 'trial')} {'has' if done == 1 else 'have'} ended, without a result."
    begin = f"{_named(again).capitalize()} {'begins' if len(again) == 1 else 'begin'} again." if again else ""
    return _joined(ended if done else "", begin)


def _running(progress: StudyProgress | None) -> _Said:
    if progress is None:
        return "The study begins", (), False
    now = _now_tried(progress)
    if progress.best is not None:
        best, now = _beside_guess(progress, _values(progress)), _joined(_tested(progress), now)
        # A guess that is no worse comes first, and the values after it need the room of both lines.
        facts = (_joined(best, now),) if best.startswith("<b>") else (best, now)
        return _standing_title(progress), facts, False
    if not progress.finished:
        several = len(progress.under_way) > 1  # then the title says it
        awaited = "The best settings so far appear here as soon as a trial has finished."
        return _first(progress), (_joined("" if several else now, awaited),), False
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
            return f"Trials {listed([_trial(number, '') for number in several])} are under way."


def _tried(progress: StudyProgress, number: int, tries: str = "tries") -> str:
    given = progress.trials[number].values
    varied = [p for p in progress.settings.family.parameters if p.name in progress.settings.varied and p.name in given]
    is_first = progress.best is None and len(progress.under_way) == 1  # later the best one's names stand above them
    named = is_first or len(varied) > _FEW  # more values than that nobody can tell apart
    values = [f"{f'{in_a_sentence(p)} ' if named else ''}{p.text(given[p.name])}" for p in varied]
    return f"{_trial(number)} {tries} {listed([_escaped(value) for value in values])}."


def _stopping(progress: StudyProgress | None) -> _Said:
    if progress is None:
        return "Stopping", (), False
    again = {0: "", 1: "Resume begins it again."}.get(len(progress.under_way), "Resume begins them again.")
    return f"Stopping{_in_trials(progress.under_way)}", (_joined(again, _standing(progress)),), False


def _known(progress: StudyProgress, skipping: Set[int]) -> tuple[str, ...]:
    """Return what is known of a study that stands still: its best trial or, before there is one, what is tried."""
    tried = (_tried(progress, number) for number in sorted(progress.under_way.keys() - skipping))
    return (_standing(progress, _noise(progress)) or _joined(*tried),)


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
        title, why = _first_sentence(end.message)
        standing = _standing(progress, _noise(progress))
        return _escaped(title), (_joined(_escaped(why), _way_on(progress), standing),), False
    title = _came_to(progress)
    if progress.best is None:
        told = _way_on(progress) if end is None else _escaped(end.message)
        return f"{title}: no trial has a result", (told,), False
    waits = progress.settings.data.test_fraction and progress.test is None
    best = f"{title}: {_best_trial(progress)} is the best"
    whole = f"{best} of {progress.budget:,}" if len(progress.finished) == progress.budget else best
    return whole, (_joined(_found(progress, _noise(progress)), _TEST_WAITS if waits else ""),), False


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


# The best trial


def _standing_title(progress: StudyProgress) -> str:
    assert progress.best is not None
    return f"{_trial(progress.best.number)} is the best of {len(progress.finished):,} so far"


def _standing(progress: StudyProgress | None, noise: str = "") -> str:
    """Return which trial is the best so far, with its values and what is noise; empty when there is none."""
    if progress is None or progress.best is None:
        return ""
    return _beside_guess(progress, f"{_standing_title(progress)}: {_details(progress, noise)}", noise)


def _found(progress: StudyProgress | None, noise: str = "") -> str:
    """Return what is known of the best trial, what matters first; empty when there is none."""
    if progress is None or progress.best is None:
        return ""
    return _beside_guess(progress, _values(progress, noise), _tested(progress), noise)


def _values(progress: StudyProgress, noise: str = "") -> str:
    details = _details(progress, noise)
    return f"{details[0].upper()}{details[1:]}" if _begins_with_a_word(progress) else details


def _tested(progress: StudyProgress) -> str:
    return "" if progress.test is None else tested_in_short(progress.test)


def _beside_guess(progress: StudyProgress, *sentences: str) -> str:
    """Return the sentences on the best trial, and after them what guessing scores; before them if that is no worse.

    It is a score on the validation rows, and says so where it follows one on the test part. Of a study that does not
    run, `_no_better` warns.
    """
    guess = guess_in_words(progress)
    if guess is None or not (guess.beaten or progress.running):
        return _joined(*sentences)
    if not guess.beaten:
        return _joined(f"<b>{guess.text}</b>", *sentences)
    after_test = bool(_tested(progress)) and _tested(progress) in sentences
    return _joined(*sentences, f"{guess.text.removesuffix('.')} in validation." if after_test else guess.text)


def _begins_with_a_word(progress: StudyProgress) -> bool:
    """Return whether the first varied parameter is called by a word of ours; a name from a file stays as it is."""
    first = next((p for p in progress.settings.family.parameters if p.name in progress.settings.varied), None)
    return first is not None and first.label != first.name


def _details(progress: StudyProgress, noise: str = "") -> str:
    """Return the values of the best trial and what is special about it; `noise` tells of those that tie with it."""
    best = progress.best
    assert best is not None
    values = describe_values(progress) or "no value was varied"
    details = f"{values}.{'' if noise else ties_in_words(progress)}"
    if best.each_counts_alone(progress.objective):
        details += " Each of its trainings counts by its own best epoch."
    return details


def _noise(progress: StudyProgress) -> str:
    """Return what is noise, with links; empty where nothing is known of it.

    It is told of studies that stand still: with each trial that ends it may change, and the line is needed. The word
    leads where "Why?" does, which is cut off first where there is little room.
    """
    said = noise_in_words(progress, lambda number: _trial(number, ""), _linked("noise", WHY))
    return f"{said} {_linked('Why?', WHY)}" if said else ""


def _best_trial(progress: StudyProgress | None) -> str:
    return "the best trial" if progress is None or progress.best is None else _trial(progress.best.number, "trial ")


# What the user has to know


def _no_better(progress: StudyProgress | None) -> str:
    """Return rich text on a best trial that is no better than a guess; empty while the study may still find better."""
    guess = None if progress is None or progress.running else guess_in_words(progress)
    return "" if guess is None or guess.beaten else f"<b>{guess.text}</b>"


def _caveat(progress: StudyProgress | None) -> str:
    """Return rich text on why the study could not go on identically; empty when it could."""
    if progress is None or not progress.caveats:
        return ""
    return _with_bold_beginning(progress.caveats[-1][1])


def _warning_on_data(progress: StudyProgress | None) -> str:
    """Return rich text on a data file that has changed while the study runs or ran; empty for one that has not."""
    if progress is None or not progress.data_change:
        return ""
    if progress.end is not None and progress.data_change in progress.end.message:
        return ""  # it is why the study ended
    return _with_bold_beginning(data_change_in_words(progress, progress.data_change))


# Rich text


def _trial(number: int, word: str = "Trial ") -> str:
    return _linked(f"{word}{number}", f"{TRIAL}{number}")


def _linked(words: str, to: str) -> str:
    return f'<a href="{to}">{words}</a>'


def _plain(words: str) -> str:
    """Return the rest of a title in letters that are not bold."""
    return f'<span style="font-weight: normal"> {words}</span>'


def _with_bold_beginning(message: str) -> str:
    """Return the message as rich text, in bold up to its first colon or else its first full stop."""
    first, mark, rest = message.partition(": ")
    if not mark:
        first, mark, rest = message.partition(". ")
    return f"<b>{_escaped((first + mark).rstrip())}</b> {_escaped(rest)}"


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _sentence(text: str) -> str:
    return f"{_escaped(text.rstrip('.'))}."


def _first_sentence(text: str) -> tuple[str, str]:
    """Return the text up to its first full stop, without that, and the rest."""
    first, _, rest = text.partition(". ")
    return first.rstrip("."), rest


def _escaped(text: str) -> str:
    """Return anybody's text as HTML, without hidden letters, and not longer than anybody reads."""
    return html.escape(in_brief(on_one_line(text), _MOST))
