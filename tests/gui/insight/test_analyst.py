"""The analyst: what it asks for which page, and which answers it shows."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from core.analysis import beliefs
from core.analysis.answers import Answer, BeliefAnswer, ImportanceAnswer, MapAnswer, TrustAnswer, Unanswerable
from core.analysis.fitted import fitted
from core.analysis.process import Analysis, Told
from core.analysis.questions import BeliefQuestion, ImportanceQuestion, MapQuestion, Question, TrustQuestion
from core.children.process import ChildBug
from core.events import Event, TrialEnded, TrialStarted, TrialState
from core.parameters import Value
from core.search.proposal import PointOrigin
from core.settings import BudgetSettings, tutorial_settings
from core.study.loop import study_started
from gui.insight import analyst as analyst_module
from gui.insight import past_answers
from gui.insight.analyst import KINDS, Analyst
from gui.session.session import Session
from tests.core.analysis.made_requests import ONE, request
from tests.gui.plots.plot_studies import ListEngine
from tests.scripted import ScriptedTrainer, scripted_engine
from tests.windows import LONG_STUDY, feed

VALUES: dict[str, Value] = {"learning_rate": 0.01, "batch_size": 10, "epochs": 10}


class HeldAnalysis(Analysis):
    """Answers nothing by itself: a test gives the answers."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: dict[int, Question] = {}
        self.dropped: list[int] = []
        self.given: deque[Told | ChildBug] = deque()
        self.ran = False
        self._ended = threading.Event()

    def ask(self, number: int, question: Callable[[], Question]) -> None:
        self.questions[number] = question()

    def drop(self, number: int) -> None:
        self.dropped.append(number)

    def told(self) -> Told | None:
        news = self.given.popleft() if self.given else None
        if isinstance(news, ChildBug):
            raise news
        return news

    def run(self) -> None:
        self.ran = True
        self._ended.wait()

    def end(self) -> None:
        self._ended.set()


def started(number: int) -> TrialStarted:
    return TrialStarted(
        trial=number, values={**VALUES, "learning_rate": 0.001 * number}, seed=number, origin=PointOrigin.INITIAL
    )


def ended(number: int) -> TrialEnded:
    return TrialEnded(trial=number, state=TrialState.COMPLETE, epoch=10, seconds=1.0, objective=15.0 + number % 7)


def trials(first: int, last: int) -> list[Event]:
    return [event for number in range(first, last + 1) for event in (started(number), ended(number))]


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    made = Session(ListEngine())
    feed(made, study_started(tutorial_settings()), *trials(1, 10))
    return made


@pytest.fixture
def analysis() -> HeldAnalysis:
    return HeldAnalysis()


@pytest.fixture
def analyst(session: Session, analysis: HeldAnalysis) -> Iterator[Analyst]:
    made = Analyst(session, session, analysis)
    yield made
    made.close()


def asked(analysis: HeldAnalysis, count: int, qtbot: QtBot) -> Question:
    """Wait until so many questions were asked in all; return the last one."""
    qtbot.waitUntil(lambda: len(analysis.questions) == count)
    return analysis.questions[count]


def until_quiet(analyst: Analyst, qtbot: QtBot) -> None:
    """Wait until what is to be asked is asked."""
    qtbot.waitUntil(lambda: not analyst._soon.isActive())


def belief(total: int = 10) -> BeliefAnswer:
    return beliefs.belief(BeliefQuestion(request(ONE, total)))


def give(analysis: HeldAnalysis, number: int, answer: Answer, qtbot: QtBot, *, over: bool = True) -> None:
    """Let the analysis answer, and wait until the answer is taken."""
    analysis.given.append(Told(number, answer))
    if over:
        analysis.given.append(Told(number, over=True))
    qtbot.waitUntil(lambda: not analysis.given)


def test_that_nothing_is_asked_that_nobody_wants(analyst: Analyst, analysis: HeldAnalysis, qtbot: QtBot) -> None:
    until_quiet(analyst, qtbot)
    assert not analysis.questions
    assert not analysis.ran
    analyst.want("belief", True)
    assert isinstance(asked(analysis, 1, qtbot), BeliefQuestion)
    assert analyst.busy


def test_that_each_kind_that_is_wanted_is_asked_for(analyst: Analyst, analysis: HeldAnalysis, qtbot: QtBot) -> None:
    analyst.want("importance", True)
    analyst.want("trust", True)
    analyst.want("map", True)
    analyst.want("belief", True)
    asked(analysis, 3, qtbot)
    analyst.set_pair(("learning_rate", "batch_size"))
    asked(analysis, 4, qtbot)
    kinds = [type(question) for question in analysis.questions.values()]
    assert kinds == [BeliefQuestion, TrustQuestion, ImportanceQuestion, MapQuestion]


def test_that_an_answer_is_shown_and_stays_until_the_next(
    analyst: Analyst, analysis: HeldAnalysis, session: Session, qtbot: QtBot
) -> None:
    analyst.want("belief", True)
    asked(analysis, 1, qtbot)
    first = belief()
    with qtbot.waitSignal(analyst.changed):
        analysis.given.extend([Told(1, first), Told(1, over=True)])
    qtbot.waitUntil(lambda: not analyst.busy)
    assert analyst.belief == first
    feed(session, *trials(11, 11))
    question = asked(analysis, 2, qtbot)
    assert isinstance(question, BeliefQuestion)
    assert len(question.request.observations) == 11
    assert analyst.belief == first


def test_that_what_came_meanwhile_is_asked_when_the_answer_is_there(
    analyst: Analyst, analysis: HeldAnalysis, session: Session, qtbot: QtBot
) -> None:
    analyst.want("belief", True)
    asked(analysis, 1, qtbot)
    for number in range(11, 15):
        feed(session, *trials(number, number))
    analyst.set_through({"learning_rate": 0.02, "batch_size": 7})
    analyst.set_through({"learning_rate": 0.03, "batch_size": 7})
    until_quiet(analyst, qtbot)
    assert len(analysis.questions) == 1
    assert not analysis.dropped
    give(analysis, 1, belief(), qtbot)
    question = asked(analysis, 2, qtbot)
    assert isinstance(question, BeliefQuestion)
    assert question.through == {"learning_rate": 0.03, "batch_size": 7}
    assert len(question.request.observations) == 14


def test_that_a_question_for_another_state_is_dropped(analyst: Analyst, analysis: HeldAnalysis, qtbot: QtBot) -> None:
    analyst.want("belief", True)
    asked(analysis, 1, qtbot)
    analyst.set_after(8)
    question = asked(analysis, 2, qtbot)
    assert analysis.dropped == [1]
    assert isinstance(question, BeliefQuestion)
    assert len(question.request.observations) == 8
    analysis.given.append(Told(1, belief()))  # it was on its way
    give(analysis, 2, first := belief(9), qtbot)
    assert analyst.belief == first


def test_that_a_question_is_dropped_when_nobody_wants_it_any_more(
    analyst: Analyst, analysis: HeldAnalysis, qtbot: QtBot
) -> None:
    analyst.want("belief", True, by="page")
    analyst.want("belief", True, by="findings")
    asked(analysis, 1, qtbot)
    analyst.want("belief", False, by="page")
    until_quiet(analyst, qtbot)
    assert not analysis.dropped
    analyst.want("belief", False, by="findings")
    qtbot.waitUntil(lambda: analysis.dropped == [1])
    assert not analyst.busy


def test_that_past_answers_are_kept(analyst: Analyst, analysis: HeldAnalysis, qtbot: QtBot) -> None:
    analyst.want("belief", True)
    analyst.set_after(8)
    asked(analysis, 1, qtbot)
    give(analysis, 1, eighth := belief(8), qtbot)
    analyst.set_after(9)
    asked(analysis, 2, qtbot)
    give(analysis, 2, ninth := belief(9), qtbot)
    analyst.set_after(8)
    assert analyst.belief == eighth
    analyst.set_after(9)
    assert analyst.belief == ninth
    assert len(analysis.questions) == 2


def test_that_nothing_is_believed_too_early(analyst: Analyst, analysis: HeldAnalysis, qtbot: QtBot) -> None:
    analyst.want("belief", True)
    asked(analysis, 1, qtbot)
    give(analysis, 1, belief(), qtbot)
    analyst.set_after(4)
    assert analyst.belief is None
    assert analyst.reason == ""
    assert not analyst.busy


def test_that_the_last_ended_trial_is_the_present(analyst: Analyst) -> None:
    analyst.set_after(10)
    assert analyst.after is None
    analyst.set_after(9)
    assert analyst.after == 9


def test_that_an_interim_answer_is_shown_and_the_question_goes_on(
    analyst: Analyst, analysis: HeldAnalysis, qtbot: QtBot
) -> None:
    analyst.want("importance", True)
    asked(analysis, 1, qtbot)
    first = ImportanceAnswer((), (), 10, 0)
    give(analysis, 1, first, qtbot, over=False)
    assert analyst.importance == first
    assert analyst.busy
    analyst.want("importance", False)
    qtbot.waitUntil(lambda: analysis.dropped == [1])
    analyst.want("importance", True)  # it was not complete
    asked(analysis, 2, qtbot)


def test_that_there_is_a_reason_where_there_is_no_answer(
    analyst: Analyst, analysis: HeldAnalysis, session: Session, qtbot: QtBot
) -> None:
    analyst.want("belief", True)
    asked(analysis, 1, qtbot)
    give(analysis, 1, Unanswerable("All results are equal"), qtbot)
    assert (analyst.belief, analyst.reason) == (None, "All results are equal")
    feed(session, *trials(11, 11))
    asked(analysis, 2, qtbot)
    give(analysis, 2, belief(), qtbot)
    assert analyst.reason == ""


def test_that_another_study_clears_all(
    analyst: Analyst, analysis: HeldAnalysis, session: Session, qtbot: QtBot
) -> None:
    analyst.want("belief", True)
    analyst.set_through({"learning_rate": 0.02, "batch_size": 7})
    analyst.set_pair(("learning_rate", "batch_size"))
    asked(analysis, 1, qtbot)
    give(analysis, 1, belief(), qtbot)
    analyst.set_averaged(True)
    asked(analysis, 2, qtbot)
    with qtbot.waitSignal(analyst.changed):
        session.clear()
    assert (analyst.belief, analyst.through, analyst.pair, analyst.after) == (None, None, None, None)
    qtbot.waitUntil(lambda: analysis.dropped == [2])
    assert not analyst.busy


def test_that_what_is_under_way_is_asked_about_but_changes_no_trust(
    analyst: Analyst, analysis: HeldAnalysis, session: Session, qtbot: QtBot
) -> None:
    analyst.want("trust", True)
    analyst.want("belief", True)
    asked(analysis, 2, qtbot)
    give(analysis, 1, belief(), qtbot)
    give(analysis, 2, trusted(), qtbot)
    feed(session, started(11))
    question = asked(analysis, 3, qtbot)
    assert isinstance(question, BeliefQuestion)
    assert len(question.request.pending) == 1


def trusted() -> TrustAnswer:
    return TrustAnswer((), (), (), (), (), (), (), (), (), 0.5, 0.1, 0.8, 0)


def test_that_after_a_fault_the_same_is_not_asked_for_ever(
    analyst: Analyst, analysis: HeldAnalysis, session: Session, qtbot: QtBot
) -> None:
    analyst.want("belief", True)
    asked(analysis, 1, qtbot)
    with qtbot.captureExceptions() as raised:
        analysis.given.append(ChildBug("a fault of ours"))
        qtbot.waitUntil(lambda: bool(raised))
    assert analyst.reason
    feed(session, *trials(11, 11))
    until_quiet(analyst, qtbot)
    assert len(analysis.questions) == 1
    analyst.set_after(8)
    asked(analysis, 2, qtbot)


def test_that_the_fit_that_proposes_is_the_fit_that_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    session, analysis = Session(scripted_engine(ScriptedTrainer(seconds=0.005))), HeldAnalysis()
    analyst = Analyst(session, session, analysis)
    analyst.want("belief", True)
    settings = msgspec.structs.replace(LONG_STUDY, budget=BudgetSettings(trials=12))
    session.start(settings, tmp_path / "study.afina")

    def is_over() -> bool:
        for number in analysis.questions.keys() - answered:
            answered.add(number)
            analysis.given.extend([Told(number, Unanswerable("")), Told(number, over=True)])
        return session.job is None and not analyst.busy

    answered: set[int] = set()
    qtbot.waitUntil(is_over)
    made = [question.request for question in analysis.questions.values() if isinstance(question, BeliefQuestion)]
    assert any(one.learnt for one in made)
    for one in made:
        if one.learnt:
            assert fitted(msgspec.structs.replace(one, learnt=())).surrogate.learnt == pytest.approx(one.learnt)
    analyst.close()


def test_that_the_real_analysis_answers_and_ends_with_the_analyst(session: Session, qtbot: QtBot) -> None:
    analyst = Analyst(session, session)
    analyst.set_pair(("learning_rate", "batch_size"))
    for kind in KINDS:
        analyst.want(kind, True)
    qtbot.waitUntil(lambda: analyst.importance is not None and analyst.importance.resamples > 0)
    assert isinstance(analyst.belief, BeliefAnswer)
    assert isinstance(analyst.map, MapAnswer)
    assert isinstance(analyst.trust, TrustAnswer)
    analyst.deleteLater()
    with qtbot.waitSignal(analyst.destroyed):
        pass


def shares(resamples: int, trials: int = 10) -> ImportanceAnswer:
    return ImportanceAnswer((), (), trials, resamples)


def test_that_intervals_stay_until_the_next_ones_come(
    analyst: Analyst, analysis: HeldAnalysis, session: Session, qtbot: QtBot
) -> None:
    analyst.want("importance", True)
    asked(analysis, 1, qtbot)
    give(analysis, 1, settled := shares(40), qtbot)
    feed(session, *trials(11, 11))
    asked(analysis, 2, qtbot)
    for resamples in (0, 10, 20):
        give(analysis, 2, shares(resamples, 11), qtbot, over=False)
        assert analyst.importance == settled
    give(analysis, 2, shares(40, 11), qtbot)
    assert analyst.importance == shares(40, 11)


def look_back(analyst: Analyst, analysis: HeldAnalysis, qtbot: QtBot) -> None:
    """Have belief and trust of now answered, and ask for those after 8 trials: by questions 3 and 4."""
    analyst.want("belief", True)
    analyst.want("trust", True)
    asked(analysis, 2, qtbot)
    give(analysis, 1, belief(), qtbot)
    give(analysis, 2, trusted(), qtbot)
    analyst.set_after(8)
    asked(analysis, 4, qtbot)


def test_that_what_is_shown_of_a_past_moment_comes_all_at_once(
    analyst: Analyst, analysis: HeldAnalysis, qtbot: QtBot
) -> None:
    look_back(analyst, analysis, qtbot)
    now = belief()
    give(analysis, 3, past := belief(8), qtbot)
    assert (analyst.belief, analyst.moment) == (now, None)
    give(analysis, 4, trusted(), qtbot)
    assert (analyst.belief, analyst.moment) == (past, 8)


def test_that_what_takes_long_of_a_past_moment_is_missing_and_not_old(
    analyst: Analyst, analysis: HeldAnalysis, qtbot: QtBot
) -> None:
    look_back(analyst, analysis, qtbot)
    give(analysis, 3, past := belief(8), qtbot)
    qtbot.waitUntil(lambda: analyst.moment == 8)
    assert (analyst.belief, analyst.trust) == (past, None)
    give(analysis, 4, trusted(), qtbot)
    assert analyst.trust == trusted()


def test_that_a_moment_that_was_left_before_it_came_is_asked_again(
    analyst: Analyst, analysis: HeldAnalysis, qtbot: QtBot
) -> None:
    look_back(analyst, analysis, qtbot)
    give(analysis, 3, belief(8), qtbot)
    analyst.set_after(None)
    assert analyst.belief == belief()
    analyst.set_after(8)
    give(analysis, asked_last(analysis), trusted(), qtbot)
    assert (analyst.belief, analyst.trust, analyst.moment) == (belief(8), trusted(), 8)


def asked_last(analysis: HeldAnalysis) -> int:
    return max(analysis.questions)


def test_that_the_present_comes_back_at_once(analyst: Analyst, analysis: HeldAnalysis, qtbot: QtBot) -> None:
    analyst.want("belief", True)
    asked(analysis, 1, qtbot)
    give(analysis, 1, now := belief(), qtbot)
    analyst.set_after(8)
    give(analysis, 2, belief(8), qtbot)
    analyst.set_after(None)
    assert (analyst.belief, analyst.moment) == (now, None)
    assert len(analysis.questions) == 2


def test_that_no_more_answers_are_looked_for_when_no_question_is_left(
    analyst: Analyst, analysis: HeldAnalysis, qtbot: QtBot
) -> None:
    analyst.want("belief", True)
    asked(analysis, 1, qtbot)
    assert analyst._asking.active
    analyst.want("belief", False)
    qtbot.waitUntil(lambda: not analyst._asking.active)


def test_that_past_answers_are_kept_as_far_as_there_is_room(
    analyst: Analyst, analysis: HeldAnalysis, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(msgspec.msgpack.encode(belief(9)))
    monkeypatch.setattr(past_answers, "MOST", 6 * size)  # one such answer, not two
    analyst.want("belief", True)
    for number, after in enumerate((8, 9), 1):
        analyst.set_after(after)
        asked(analysis, number, qtbot)
        give(analysis, number, belief(after), qtbot)
    assert len(analyst._past) == 1
    assert 0 < analyst._past.bytes <= 6 * size
    assert ("belief", analyst._answered["belief"]) in analyst._past


def test_that_after_a_fault_each_place_says_so(analyst: Analyst, analysis: HeldAnalysis, qtbot: QtBot) -> None:
    analyst.want("belief", True)
    asked(analysis, 1, qtbot)
    with qtbot.captureExceptions() as raised:
        analysis.given.append(ChildBug("a fault of ours"))
        qtbot.waitUntil(lambda: bool(raised))
    analyst.want("trust", True)
    until_quiet(analyst, qtbot)
    assert analyst.reason_of("trust") == analyst.reason_of("belief") != ""


class Deaf(HeldAnalysis):
    """Does not end when it is told to, only when it is killed, or not even then."""

    def __init__(self, *, dies: bool) -> None:
        super().__init__()
        self._dies = dies

    def end(self) -> None:
        pass

    def abandon(self) -> None:
        if self._dies:
            self.let_go()

    def let_go(self) -> None:
        super().end()


@pytest.mark.parametrize("dies", [True, False])
def test_that_closing_does_not_wait_for_ever(
    dies: bool, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analyst_module, "_PATIENCE", 20)
    deaf = Deaf(dies=dies)
    analyst = Analyst(session, session, deaf)
    analyst.want("belief", True)
    asked(deaf, 1, qtbot)
    analyst.close()
    assert bool(analyst_module._left) is not dies
    deaf.let_go()
    for runner in analyst_module._left:
        runner.wait()
    analyst_module._left.clear()
