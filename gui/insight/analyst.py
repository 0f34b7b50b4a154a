"""The analyst: keeps the answers of the analysis process up to date with the study, for all pages."""

from collections.abc import Callable, Hashable
from functools import partial
from typing import Literal, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from shiboken6 import isValid

from core.analysis.answers import Answer, BeliefAnswer, ImportanceAnswer, MapAnswer, TrustAnswer, Unanswerable
from core.analysis.asked import Asked, request_maker
from core.analysis.process import Analysis, Told
from core.analysis.questions import ImportanceQuestion, Question, TrustQuestion
from core.analysis.when import belief_from, importance_from, trust_from
from core.parameters import Value
from core.phases import Phase
from core.progress import StudyProgress
from core.search.proposal import needs_results
from core.search.settings import Surrogate
from gui.insight.past_answers import PastAnswers
from gui.session.asking import Asking
from gui.session.changes import Changes
from gui.session.session import Session
from gui.session.thread import Runner

Kind = Literal["belief", "map", "trust", "best", "importance"]
KINDS: tuple[Kind, ...] = ("belief", "map", "trust", "best", "importance")
"""What can be asked, in the order of asking."""

_SOON = 20
"""Milliseconds from a change to the questions that it makes, so that several changes make one."""
_PATIENCE = 2000
"""Milliseconds that the process may take to end before it is killed, and then its thread."""
_PROPOSED_WITHIN = 1000
"""Milliseconds that questions wait for the search's own fit; a study that is paused has none to wait for."""
_TOGETHER: tuple[Kind, ...] = ("belief", "map", "trust", "best")
"""What is shown of one moment only."""
_TOGETHER_WITHIN = 1000
"""Milliseconds that the answers of another moment wait for each other; then each is shown when it comes."""
_FAULT = "The analysis failed by a fault in Afina"
_FIRST = {
    "belief": belief_from,
    "map": belief_from,
    "trust": trust_from,
    "best": belief_from,
    "importance": importance_from,
}


class Wanted(NamedTuple):
    """What tells one question from another. `study` and `after` are those for which it is asked."""

    study: int
    after: int | None
    state: Hashable
    details: Hashable


class Analyst(QObject):
    """Asks the analysis process what pages want to know, and holds the latest answers.

    Signal `changed`: an answer, or what is asked, is new.

    `after` is the number of ended trials after which the beliefs are, None to follow the study; `through` is the point
    of the slices and of the map, None for the best trial; `averaged` is whether the slices are means over the other
    parameters; `pair` has the parameters of the map, the one across first. `best` is the belief through the best
    trial, whatever `through` and `averaged` are: the page's answer and findings are about that. An answer stays until
    the next one for the same study comes; where there is none, `reason` says why, unless it is only too early. No
    process runs until something is wanted.

    `moment` is the `after` of what is shown. It follows `after` when all that is wanted of the other moment is there,
    or after a second; then what is still to come is missing, not old. Importance takes longer and may be of another
    moment, `importance_moment`; its interim answers are shown only where there is none with all intervals yet.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None, analysis: Analysis | None = None) -> None:
        super().__init__(parent)
        self.after: int | None = None
        self.moment: int | None = None
        self.importance_moment: int | None = None
        self.through: dict[str, Value] | None = None
        self.averaged = False
        self.pair: tuple[str, str] | None = None
        self.belief: BeliefAnswer | None = None
        self.map: MapAnswer | None = None
        self.trust: TrustAnswer | None = None
        self.best: BeliefAnswer | None = None
        self.importance: ImportanceAnswer | None = None
        self._session = session
        self._wanters: dict[Kind, set[Hashable]] = {kind: set() for kind in KINDS}
        self._reasons: dict[Kind, str] = dict.fromkeys(KINDS, "")
        self._answered: dict[Kind, Wanted | None] = dict.fromkeys(KINDS)
        self._asked: dict[Kind, tuple[int, Wanted]] = {}
        self._latest: dict[Kind, Answer] = {}
        """The latest answer to each question that is not over."""
        self._ready: dict[Kind, Answer | None] = {}
        """What will be shown when all of its moment is there; None for nothing."""
        self._past = PastAnswers()
        self._present: dict[Kind, Wanted] = {}
        """Of which question about the present the answer is kept."""
        self._study = 0
        self._questions = 0
        self._closed = False
        self._broken = False
        """Whether a bug has ended the process: then the same questions would only end it again."""
        self._analysis = analysis or Analysis()
        self._runner = Runner(self._analysis.run, self)
        self._asking: Asking[Told] = Asking(self._take, _never, self._note_bug, self)
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(self._ask)
        self._proposed = QTimer(self, singleShot=True, interval=_PROPOSED_WITHIN)
        self._proposed.timeout.connect(self._ask)
        self._together = QTimer(self, singleShot=True, interval=_TOGETHER_WITHIN)
        self._together.timeout.connect(self._turn_to_moment)
        self._waited = 0
        """After how many ended trials the search's fit was waited for last."""
        session.changed.connect(self._on_changed)
        self.destroyed.connect(partial(_finish, self._analysis, self._runner))

    @property
    def reason(self) -> str:
        """Why an answer that is wanted cannot be given; empty if all can."""
        return next((self._reasons[kind] for kind in KINDS if self._wanters[kind] and self._reasons[kind]), "")

    def reason_of(self, kind: Kind) -> str:
        """Return why this answer cannot be given; empty if it can."""
        return self._reasons[kind]

    @property
    def busy(self) -> bool:
        """Whether answers are awaited."""
        return bool(self._asked)

    def want(self, kind: Kind, wanted: bool, by: Hashable = None) -> None:
        """Say whether these answers are wanted; each page that says so `by` itself is heard for itself."""
        wanters = self._wanters[kind]
        if (by in wanters) is not wanted:
            (wanters.add if wanted else wanters.discard)(by)
            self._soon.start()

    def set_after(self, number: int | None) -> None:
        """Look at the study as it was after so many ended trials, or follow it."""
        progress = self._session.progress
        if number is not None and progress is not None and number >= len(progress.finished):
            number = None
        if number != self.after:
            self.after = number
            for kind in self._ready:  # they are of a moment that will not be shown
                self._answered[kind] = None
            self._ready.clear()
            self._together.start()
            self._renew()

    def set_through(self, values: dict[str, Value] | None) -> None:
        """Let slices and map go through a point, or through the best trial again."""
        if values != self.through:
            self.through = None if values is None else dict(values)
            self._renew()

    def set_averaged(self, averaged: bool) -> None:
        """Let the slices be means over the other parameters, or go through a point again."""
        if averaged is not self.averaged:
            self.averaged = averaged
            self._renew()

    def set_pair(self, pair: tuple[str, str] | None) -> None:
        """Set the parameters of the map; without, there is none."""
        if pair != self.pair:
            self.pair = pair
            self._renew()

    def close(self) -> None:
        """End the process; nothing is asked any more."""
        if self._closed:
            return
        self._closed = True
        for kind in KINDS:
            self._wanters[kind].clear()
        self._session.changed.disconnect(self._on_changed)
        self._soon.stop()
        self._proposed.stop()
        self._together.stop()
        self._asking.stop()
        self._asked.clear()
        _finish(self._analysis, self._runner)

    # Questions

    def _renew(self) -> None:
        self._broken = False
        self._ask()
        self.changed.emit()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.replaced:
            self._forget()
            self.changed.emit()
        if changes.in_rows and not self._soon.isActive() and (changes.replaced or any(self._wanters.values())):
            self._soon.start()

    def _forget(self) -> None:
        self._study += 1
        self._waited = 0
        self._broken = False
        self.after = self.moment = self.importance_moment = self.through = self.pair = None
        self._past.clear()
        self._ready.clear()
        self._together.stop()
        for kind in KINDS:
            self._drop_unless(kind, None)
            self._clear(kind)

    def _clear(self, kind: Kind) -> None:
        setattr(self, kind, None)
        self._reasons[kind] = ""
        self._answered[kind] = None

    @Slot()
    def _ask(self) -> None:
        """Ask what is wanted and not known; take back what is not wanted any more."""
        self._ask_anew()
        if not self._asked:
            self._asking.stop()
        self._turn_if_complete()

    def _ask_anew(self) -> None:
        progress = self._session.progress
        if progress is None:
            for kind in KINDS:
                self._drop_unless(kind, None)
            return
        count = progress.results_after(self.after)
        waits = self._waits_for_the_search(progress)
        asked = request_maker(progress, self.after, self._session.learnt)
        for kind in KINDS:
            wanted = self._wanted(kind, progress, count)
            self._drop_unless(kind, wanted)
            if wanted is None or wanted == self._answered[kind]:
                continue
            if (kind, wanted) in self._past:
                self._recall(kind, wanted)
            elif kind not in self._asked and (kind == "importance" or not waits):
                self._send(kind, wanted, asked)

    def _drop_unless(self, kind: Kind, wanted: Wanted | None) -> None:
        """Take back the question under way, unless it is for the same study and moment as what is wanted."""
        if kind not in self._asked:
            return
        number, asked = self._asked[kind]
        if wanted is None or (asked.study, asked.after) != (wanted.study, wanted.after):
            self._analysis.drop(number)
            del self._asked[kind]
            self._latest.pop(kind, None)

    def _recall(self, kind: Kind, wanted: Wanted) -> None:
        """Show an answer that is kept."""
        self._answered[kind] = wanted
        self._show(kind, self._past.recall((kind, wanted)))
        self.changed.emit()

    def _waits_for_the_search(self, progress: StudyProgress) -> bool:
        """Return whether the search is about to propose a point: its fit is then shown, and need not be made twice."""
        ended, under_way = len(progress.finished), len(progress.under_way)
        number = next(reversed(progress.trials), 0) + 1
        proposes = (
            self.after is None
            and self._session.state().is_study_in(Phase.RUNNING)
            and under_way < progress.settings.workers
            and ended + under_way < progress.budget
            and needs_results(progress.settings.search, number)
            and progress.settings.search.surrogate is Surrogate.GAUSSIAN_PROCESS
        )
        if not proposes:
            self._proposed.stop()
            return False
        if self._waited != ended:
            self._waited = ended
            self._proposed.start()
        return self._proposed.isActive()

    def _wanted(self, kind: Kind, progress: StudyProgress, count: int) -> Wanted | None:
        """Return what is to be asked, None where nothing is; an answer that would be too early is forgotten."""
        if count < _FIRST[kind](len(progress.settings.varied)) or (kind == "map" and self.pair is None):
            self._go_without(kind)
            return None
        if not self._wanters[kind]:
            return None
        state: Hashable = len(progress.finished) if self.after is None else self.after
        details: Hashable = None
        if kind in ("belief", "map"):  # the other answers do not depend on what is under way
            if self.after is None:
                state = state, tuple(progress.under_way), next(reversed(progress.trials), 0)
            through = None if self.through is None else tuple(self.through.items())
            details = through, self.averaged if kind == "belief" else self.pair
        return Wanted(self._study, self.after, state, details)

    def _go_without(self, kind: Kind) -> None:
        """Show no answer of this kind at the moment that is looked at."""
        if kind in _TOGETHER and self.moment != self.after:
            self._ready[kind] = None
        elif getattr(self, kind) is not None or self._reasons[kind]:
            self._clear(kind)
            self.changed.emit()

    def _question(self, kind: Kind, asked: Callable[[], Asked]) -> Callable[[], Question]:
        through, averaged = self.through, self.averaged
        match kind:
            case "belief":
                return lambda: asked().belief(through, averaged=averaged)
            case "map":
                assert self.pair is not None
                across, up = self.pair
                return lambda: asked().map(across, up, through)
            case "trust":
                return lambda: TrustQuestion(asked().request)
            case "best":
                return lambda: asked().belief()
            case "importance":
                return lambda: ImportanceQuestion(asked().request)

    def _send(self, kind: Kind, wanted: Wanted, asked: Callable[[], Asked]) -> None:
        if self._broken:
            self._reasons[kind] = _FAULT
            return
        self._questions += 1
        self._asked[kind] = self._questions, wanted
        self._analysis.ask(self._questions, self._question(kind, asked))
        if not self._runner.isRunning():
            self._runner.start()
        if not self._asking.active:
            self._asking.start(self._analysis.told)

    # Answers

    def _take(self, told: Told) -> None:
        kind = next((kind for kind, (number, _) in self._asked.items() if number == told.number), None)
        if kind is None:  # it was taken back
            return
        wanted = self._asked[kind][1]
        if told.answer is not None:
            self._latest[kind] = told.answer
            if not self._has_better(kind, wanted):
                self._answered[kind] = None
                self._show(kind, told.answer)
        if told.over:
            del self._asked[kind]
            self._answered[kind] = wanted
            answer = self._latest.pop(kind, None)
            if answer is not None:
                self._show(kind, answer)
                self._keep(kind, wanted, answer)
            self._ask()
        self.changed.emit()

    def _has_better(self, kind: Kind, wanted: Wanted) -> bool:
        """Return whether what is shown is complete, of the moment that is looked at: it stays until the next is, too.

        Only importance has interim answers. To show them would take the intervals away after each trial.
        """
        shown = self._answered[kind]
        if kind != "importance" or self.importance is None or shown is None:
            return False
        return shown.after == wanted.after

    def _show(self, kind: Kind, answer: Answer) -> None:
        """Show an answer about the moment that is looked at, or keep it ready until the others are there."""
        if kind in _TOGETHER and self.moment != self.after:
            self._ready[kind] = answer
            return
        self._reasons[kind] = answer.reason if isinstance(answer, Unanswerable) else ""
        setattr(self, kind, None if isinstance(answer, Unanswerable) else answer)
        if kind == "importance":
            self.importance_moment = self.after

    def _turn_if_complete(self) -> None:
        """Show the moment that is looked at, if all that is wanted of it is there, or nothing of another is shown."""
        if self.moment == self.after:
            self._together.stop()
            return
        is_empty = all(getattr(self, kind) is None and not self._reasons[kind] for kind in _TOGETHER)
        if is_empty or all(kind in self._ready for kind in _TOGETHER if self._wanters[kind]):
            self._turn_to_moment()

    @Slot()
    def _turn_to_moment(self) -> None:
        """Show what there is of the moment that is looked at, and nothing of another."""
        self._together.stop()
        self.moment = self.after
        ready, self._ready = self._ready, {}
        for kind in _TOGETHER:
            answer, answered = ready.get(kind), self._answered[kind]
            self._clear(kind)
            if answer is not None:
                self._answered[kind] = answered
                self._show(kind, answer)
        self.changed.emit()

    def _keep(self, kind: Kind, wanted: Wanted, answer: Answer) -> None:
        """Keep the answer, which is complete; of those about the present, the last one of its kind."""
        if isinstance(answer, Unanswerable):
            return
        if wanted.after is None:
            self._past.forget((kind, self._present.get(kind)))
            self._present[kind] = wanted
        self._past.keep((kind, wanted), answer)

    def _note_bug(self) -> Told:
        """Give up all questions: a bug has ended the process."""
        self._broken = True
        for kind in self._asked:
            self._reasons[kind] = _FAULT
        self._asked.clear()
        self._latest.clear()
        self._asking.stop()
        self.moment = self.after
        self._ready.clear()
        self.changed.emit()
        return Told(0)


def _never(_told: Told) -> bool:
    return False


_left: list[Runner] = []
"""Threads that did not end in time: a QThread that is destroyed while it runs would end the program."""


def _finish(analysis: Analysis, runner: Runner, *_: object) -> None:
    """End the process and wait until it and the thread are gone, but not for long: the user is closing the window."""
    if not isValid(runner) or not runner.isRunning():
        return
    analysis.end()
    if runner.wait(_PATIENCE):
        return
    analysis.abandon()
    if not runner.wait(_PATIENCE):
        runner.setParent(None)
        _left.append(runner)
