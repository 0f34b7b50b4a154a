"""What is new since the widgets last looked."""

from dataclasses import dataclass

from core.events import EpochEnded, Event, StudyEnded, TrialEnded, TrialStarted, TrialTested


@dataclass(frozen=True)
class Changes:
    """What is new in the progress since the last `changed` signal.

    `replaced`: another study, forget all that was drawn; the rest is then empty. The others hold trial numbers,
    each once, in the order in which they were touched. `tested`: the best trial was judged on the test part.
    """

    replaced: bool = False
    started: tuple[int, ...] = ()
    epochs: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()
    best: bool = False
    tested: TrialTested | None = None
    study_ended: StudyEnded | None = None


class Touched:
    """Collects what a row of events touches."""

    def __init__(self) -> None:
        self._started: dict[int, None] = {}
        self._epochs: dict[int, None] = {}
        self._ended: dict[int, None] = {}
        self._tested: TrialTested | None = None
        self._study_ended: StudyEnded | None = None
        self._any = False

    def __bool__(self) -> bool:
        return self._any

    def add(self, event: Event) -> None:
        self._any = True
        match event:
            case EpochEnded(trial=number):
                self._epochs[number] = None
            case TrialStarted(trial=number):
                self._started[number] = None
            case TrialEnded(trial=number):
                self._ended[number] = None
            case TrialTested():
                self._tested = event
            case StudyEnded():
                self._study_ended = event

    def changes(self, *, best: bool) -> Changes:
        return Changes(
            started=tuple(self._started),
            epochs=tuple(self._epochs),
            ended=tuple(self._ended),
            best=best,
            tested=self._tested,
            study_ended=self._study_ended,
        )
