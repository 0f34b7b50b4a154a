"""The changes of the study since the widgets last looked."""

from dataclasses import dataclass

from core.events import BaselinesMeasured, Change, EpochEnded, Event, TrialEnded, TrialStarted, TrialTested
from core.progress import StudyProgress

ROWS = frozenset({Change.STUDY, Change.TRIALS, Change.BEST})
"""The changes of the trials themselves, not only of their curves."""


@dataclass(frozen=True)
class Changes:
    """The changes of the progress since the last `changed` signal.

    `replaced`: another study, so forget all that was drawn; the other fields are then empty. `what`: all kinds of
    change that the events make. `trials`: the numbers of the trials that began, reported epochs, ended or were
    interrupted, each once, in the order in which they were first touched. `tested`: the result of an evaluation of the
    best trial on the test part.
    """

    replaced: bool = False
    what: frozenset[Change] = frozenset()
    trials: tuple[int, ...] = ()
    tested: TrialTested | None = None

    @property
    def in_rows(self) -> bool:
        """Whether more has changed than the curves of trials under way."""
        return self.replaced or not self.what.isdisjoint(ROWS)


class Touched:
    """Collects the changes that a series of events makes."""

    def __init__(self) -> None:
        self._what: frozenset[Change] = frozenset()
        self._trials: dict[int, None] = {}
        self._tested: TrialTested | None = None

    def __bool__(self) -> bool:
        return bool(self._what)

    def add(self, event: Event, before: StudyProgress | None) -> None:
        """Note an event just before it is folded into the progress."""
        self._what |= event.changes
        if isinstance(event, TrialStarted | EpochEnded | TrialEnded):
            self._trials[event.trial] = None
        elif isinstance(event, TrialTested):
            self._tested = event
        elif before is not None and not isinstance(event, BaselinesMeasured):
            self._trials.update(dict.fromkeys(before.under_way))  # they may be interrupted now

    def changes(self) -> Changes:
        return Changes(what=self._what, trials=tuple(self._trials), tested=self._tested)
