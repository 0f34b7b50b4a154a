"""What is new since the widgets last looked."""

from dataclasses import dataclass

from core.events import Change, EpochEnded, Event, TrialEnded, TrialStarted, TrialTested
from core.progress import StudyProgress

ROWS = frozenset({Change.STUDY, Change.TRIALS, Change.BEST})
"""What changes the trials themselves, not only their curves."""


@dataclass(frozen=True)
class Changes:
    """What is new in the progress since the last `changed` signal.

    `replaced`: another study, forget all that was drawn; the rest is then empty. `what`: all that the events change.
    `trials`: the numbers of those that began, reported epochs, ended or were interrupted, each once, in the order in
    which they were touched. `tested`: the best trial was evaluated on the test part.
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
    """Collects what a row of events touches."""

    def __init__(self) -> None:
        self._what: frozenset[Change] = frozenset()
        self._trials: dict[int, None] = {}
        self._tested: TrialTested | None = None

    def __bool__(self) -> bool:
        return bool(self._what)

    def add(self, event: Event, before: StudyProgress | None) -> None:
        """Take note of an event that is folded into the progress next."""
        self._what |= event.changes
        if isinstance(event, TrialStarted | EpochEnded | TrialEnded):
            self._trials[event.trial] = None
        elif isinstance(event, TrialTested):
            self._tested = event
        elif before is not None:
            self._trials.update(dict.fromkeys(before.under_way))  # they may be interrupted now

    def changes(self) -> Changes:
        return Changes(what=self._what, trials=tuple(self._trials), tested=self._tested)
