"""The best trial in the words of the headline: all that matters of it and, with little room, what matters most."""

from collections.abc import Iterator

from core.progress import StudyProgress
from core.words.baselines import guess_in_words
from core.words.evaluations import tested_in_short
from core.words.noise import noise_in_words
from core.words.plan import describe_values
from core.words.rich_text import WHY, joined, linked, trial_link
from core.words.trials import ties_in_words

TEST_WAITS = "Study → Evaluate on test part says what to expect of new data."
_EACH_COUNTS = "Each of its trainings counts by its own best epoch."


def standing_title(progress: StudyProgress) -> str:
    """Return "Trial 6 is the best of 12 so far"; there must be a best one."""
    assert progress.best is not None
    return f"{trial_link(progress.best.number)} is the best of {len(progress.finished):,} so far"


def standing_in_words(progress: StudyProgress | None, noise: str = "") -> str:
    """Return which trial is the best so far, with its values and what is noise; empty when there is none."""
    if progress is None or progress.best is None:
        return ""
    return beside_guess(progress, f"{standing_title(progress)}: {_details(progress, noise)}", noise)


def found_in_words(progress: StudyProgress | None, noise: str = "") -> str:
    """Return what is known of the best trial, what matters first; empty when there is none."""
    if progress is None or progress.best is None:
        return ""
    return beside_guess(progress, values_in_words(progress, noise), tested_in_words(progress), noise)


def values_in_words(progress: StudyProgress, noise: str = "") -> str:
    """Return the best trial's values as a sentence, and what is special about it."""
    return _values_first(progress, _details(progress, noise))


def _values_first(progress: StudyProgress, details: str) -> str:
    """Return what begins with the values as the beginning of a sentence."""
    return f"{details[0].upper()}{details[1:]}" if _begins_with_a_word(progress) else details


def tested_in_words(progress: StudyProgress) -> str:
    """Return what the best trial scores on the test part; empty while that is not known."""
    return "" if progress.test is None else tested_in_short(progress.test, progress.test.metrics)


def beside_guess(progress: StudyProgress, *sentences: str) -> str:
    """Return the sentences on the best trial, and after them what guessing scores; before them if that is no worse.

    It is a score on the validation rows, and says so where it follows one on the test part. Of a study that does not
    run, `no_better` warns.
    """
    guess = guess_in_words(progress)
    if guess is None or not (guess.beaten or progress.running):
        return joined(*sentences)
    if not guess.beaten:
        return joined(f"<b>{guess.text}</b>", *sentences)
    tested = tested_in_words(progress)
    after_test = tested and tested in sentences
    return joined(*sentences, _in_validation(guess.text) if after_test else guess.text)


def _in_validation(guess: str) -> str:
    return f"{guess.removesuffix('.')} in validation."


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
        details += f" {_EACH_COUNTS}"
    return details


def noise_linked(progress: StudyProgress, *, brief: bool = False) -> str:
    """Return what is noise, with links; empty where nothing is known of it. In `brief`, not which trials are as good.

    It is told of studies that stand still: with each trial that ends it may change, and the line is needed. The word
    leads where "Why?" does, which is cut off first where there is little room.
    """
    said = noise_in_words(progress, lambda number: trial_link(number, ""), linked("noise", WHY), brief=brief)
    return f"{said} {linked('Why?', WHY)}" if said else ""


def best_trial_link(progress: StudyProgress | None) -> str:
    """Return "trial 15", which leads to the best one."""
    return "the best trial" if progress is None or progress.best is None else trial_link(progress.best.number, "trial ")


def no_better(progress: StudyProgress | None) -> str:
    """Return rich text on a best trial that is no better than a guess; empty while the study may still find better."""
    guess = None if progress is None or progress.running else guess_in_words(progress)
    return "" if guess is None or guess.beaten else f"<b>{guess.text}</b>"


# With little room


def shorter_forms(facts: str, progress: StudyProgress) -> Iterator[str]:
    """Yield the facts on the best trial with one thing after the other left out or said in brief.

    How sure the result is, by noise and by the test part, matters more than its values, which the table has, too.
    """
    for said, briefly in _what_may_go(progress):
        less = _replaced(facts, said, briefly)
        if less != facts:
            facts = less
            yield facts
    if linked("Why?", WHY) in facts:
        noise, brief = noise_linked(progress), noise_linked(progress, brief=True)
        bare = _without_values(facts, progress)
        yield from (_replaced(facts, noise, brief), bare, _replaced(bare, noise, brief))
    elif progress.test is not None:
        yield _without_values(facts, progress)


def _what_may_go(progress: StudyProgress) -> Iterator[tuple[str, str]]:
    """Yield what may go with what stands for it then, the least important first."""
    yield TEST_WAITS, ""
    guess = guess_in_words(progress)
    if guess is not None and guess.beaten:
        yield _in_validation(guess.text), ""
        yield guess.text, ""
    if progress.test is not None:
        yield tested_in_words(progress), tested_in_short(progress.test, [*progress.test.metrics][:1])
    yield _EACH_COUNTS, ""


def _without_values(facts: str, progress: StudyProgress) -> str:
    values = describe_values(progress)
    if not values:
        return facts
    return _replaced(_replaced(facts, f": {values}.", "."), f"{_values_first(progress, values)}.", "")


def _replaced(facts: str, said: str, briefly: str) -> str:
    return " ".join(facts.replace(said, briefly).split())
