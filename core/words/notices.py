"""Notices: what a user who is elsewhere is told when a study is done or needs them; plain text."""

import textwrap
from dataclasses import dataclass

from core.events import StudyEnd, TrialTested
from core.letters import on_one_line
from core.progress import StudyProgress
from core.words.evaluations import evaluation_in_words, part_in_words

_MOST = 300
"""Characters of a notice's text; a system shows no more of it anyway."""


@dataclass(frozen=True)
class Notice:
    """`word` says in the window's title what has happened, `text` says it in a sentence or two."""

    word: str
    text: str

    def title(self, name: str) -> str:
        """Return the notice's title, with the name of the study."""
        return _plain(f"{self.word}: {name}")


def end_in_a_notice(progress: StudyProgress) -> Notice | None:
    """Tell of the end of a study; None for a study that the user stopped, or that failed, which has its own notice."""
    end = progress.end
    if end is None or end.reason in (StudyEnd.STOPPED, StudyEnd.FAILED):
        return None
    return Notice("Paused" if end.reason is StudyEnd.PAUSED else "Done", _plain(end.message))


def evaluation_in_a_notice(tested: TrialTested) -> Notice:
    """Tell of the result on the test part."""
    return Notice(
        "Evaluated", _plain(f"Trial {tested.trial} on {part_in_words(tested)}: {evaluation_in_words(tested)}")
    )


def trouble_in_a_notice(trouble: str) -> Notice:
    """Tell of a study that waits, and why."""
    return Notice("Waiting", _plain(trouble))


def failure_in_a_notice(title: str, message: str) -> Notice:
    """Tell of a study that could not go on; `message` is empty when the reason is a bug of ours."""
    return Notice("Failed", _plain(f"{title}. {message}"))


def _plain(text: str) -> str:
    """Return the text on one line of bounded length, without hidden letters."""
    return textwrap.shorten(on_one_line(text), _MOST, placeholder="…")
