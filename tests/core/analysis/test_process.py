"""The analysis process: what it works at first, what it drops, and what happens when it is lost."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from time import monotonic, sleep

import psutil
import pytest

from core.analysis import process
from core.analysis.answers import Answer, BeliefAnswer, TrustAnswer, Unanswerable
from core.analysis.process import Analysis, Ask, Drop, Told, work
from core.analysis.questions import BeliefQuestion, ImportanceQuestion, Question, TrustQuestion
from core.children.process import ChildBug
from tests import children
from tests.core.analysis.made_requests import ONE, request

REQUEST = request(ONE, 12)
BELIEF, TRUST, IMPORTANCE = BeliefQuestion(REQUEST), TrustQuestion(REQUEST), ImportanceQuestion(REQUEST)
Make = Callable[..., Analysis]


@pytest.fixture
def make() -> Iterator[Make]:
    """Make an analysis that is served in a thread, and ended at the end."""
    made: list[tuple[Analysis, threading.Thread]] = []

    def one(target: Callable[[Connection], None] | None = None) -> Analysis:
        analysis = Analysis(target)
        thread = threading.Thread(target=analysis.run)
        thread.start()
        made.append((analysis, thread))
        return analysis

    yield one
    for analysis, thread in made:
        analysis.end()
        thread.join()


def told(analysis: Analysis) -> Told:
    """Return the next news."""
    deadline = monotonic() + 60
    while (news := analysis.told()) is None:
        assert monotonic() < deadline
        sleep(0.005)
    return news


def all_told(analysis: Analysis, questions: int) -> list[Told]:
    """Return all news until so many questions are over."""
    news: list[Told] = []
    while sum(one.over for one in news) < questions:
        news.append(told(analysis))
    return news


def test_that_questions_are_answered_and_over(make: Make) -> None:
    analysis = make()
    analysis.ask(1, lambda: BELIEF)
    analysis.ask(2, lambda: TRUST)
    first, second, third, fourth = all_told(analysis, 2)
    assert isinstance(first.answer, BeliefAnswer)
    assert isinstance(third.answer, TrustAnswer)
    assert (second, fourth) == (Told(1, over=True), Told(2, over=True))


def test_that_no_process_runs_before_a_question_or_after_the_end() -> None:
    before = len(psutil.Process().children())
    analysis = Analysis()
    thread = threading.Thread(target=analysis.run)
    thread.start()
    assert len(psutil.Process().children()) == before
    analysis.ask(1, lambda: BELIEF)
    all_told(analysis, 1)
    assert len(psutil.Process().children()) > before
    analysis.end()
    thread.join()
    assert not [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]


def test_that_a_process_that_is_lost_once_is_asked_again(make: Make, tmp_path: Path) -> None:
    analysis = make(partial(children.lose_analysis, folder=tmp_path, times=1))
    analysis.ask(1, lambda: BELIEF)
    news = all_told(analysis, 1)
    assert isinstance(news[0].answer, BeliefAnswer)


def test_that_there_is_a_reason_when_the_process_is_lost_twice_and_then_another_process(
    make: Make, tmp_path: Path
) -> None:
    analysis = make(partial(children.lose_analysis, folder=tmp_path, times=2))
    analysis.ask(1, lambda: BELIEF)
    (news,) = all_told(analysis, 1)
    assert isinstance(news.answer, Unanswerable)
    assert news.answer.reason == (
        "The analysis could not be made, its process was lost twice: it ended itself with exit code 3"
    )
    analysis.ask(2, lambda: BELIEF)
    assert isinstance(all_told(analysis, 1)[0].answer, BeliefAnswer)


def test_that_a_question_that_nobody_wants_keeps_the_process_for_a_moment_only(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "PATIENCE", 0.05)
    analysis = make(partial(children.analyse_for_ever, folder=tmp_path))
    analysis.ask(1, lambda: BELIEF)
    while not (tmp_path / "begun").exists():
        sleep(0.005)
    analysis.drop(1)
    analysis.ask(2, lambda: TRUST)
    news = all_told(analysis, 1)
    assert [one.number for one in news] == [2, 2]
    assert isinstance(news[0].answer, TrustAnswer)


def test_that_a_fault_of_ours_is_raised_where_the_answer_is_awaited(make: Make) -> None:
    analysis = make(children.analyse_with_a_fault)
    analysis.ask(1, lambda: BELIEF)
    with pytest.raises(ChildBug, match="a fault of ours"):
        all_told(analysis, 1)


def test_that_a_fault_in_making_a_question_is_raised_there_too(make: Make) -> None:
    def broken() -> Question:
        raise RuntimeError("no request")

    analysis = make()
    analysis.ask(1, broken)
    with pytest.raises(ChildBug, match="no request"):
        all_told(analysis, 1)
    analysis.ask(2, lambda: TRUST)
    assert isinstance(all_told(analysis, 1)[0].answer, TrustAnswer)


def test_that_a_process_without_questions_ends_and_another_answers_the_next(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "IDLE", 0.05)
    analysis = make()
    for number in (1, 2):
        analysis.ask(number, lambda: BELIEF)
        assert isinstance(all_told(analysis, 1)[0].answer, BeliefAnswer)
        deadline = monotonic() + 60
        while analysis._conversation is not None:
            assert monotonic() < deadline
            sleep(0.005)


def test_that_a_process_that_hangs_can_be_abandoned(make: Make, tmp_path: Path) -> None:
    analysis = make(partial(children.analyse_for_ever, folder=tmp_path))
    analysis.ask(1, lambda: BELIEF)
    while not (tmp_path / "begun").exists():
        sleep(0.005)
    analysis.end()
    analysis.abandon()
    deadline = monotonic() + 60
    while analysis._conversation is not None:
        assert monotonic() < deadline
        sleep(0.005)


class Worked:
    """Works at questions whose answers are made up: each one's number, step by step."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, steps: dict[type, int]) -> None:
        self.orders: SimpleQueue[Ask | Drop | None] = SimpleQueue()
        self.at_step: dict[int, Callable[[], None]] = {}
        """What happens at which step, counted over all questions."""
        self.told: list[Told] = []
        self._steps = 0
        self._of = steps
        monkeypatch.setattr(process, "answers", self._answers)

    def _answers(self, question: Question) -> Iterator[Answer | None]:
        for step in range(self._of[type(question)]):
            self._steps += 1
            self.at_step.get(self._steps, lambda: None)()
            yield Unanswerable(f"{type(question).__name__} {step}")

    def run(self, until: Callable[[], bool]) -> list[tuple[int, bool]]:
        """Work until that is so; return of what was told the numbers, and whether they were over."""
        thread = threading.Thread(target=work, args=(self.orders, self.told.append))
        thread.start()
        deadline = monotonic() + 60
        while not until():
            assert monotonic() < deadline
            sleep(0.002)
        self.orders.put(None)
        thread.join()
        return [(one.number, one.over) for one in self.told if one.answer is not None or one.over]


STEPS: dict[type, int] = {BeliefQuestion: 1, TrustQuestion: 1, ImportanceQuestion: 3}


def test_that_importance_waits_while_others_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    worked = Worked(monkeypatch, STEPS)
    worked.orders.put(Ask(1, IMPORTANCE))
    worked.at_step[1] = lambda: worked.orders.put(Ask(2, BELIEF))
    said = worked.run(lambda: Told(1, over=True) in worked.told)
    assert said == [(1, False), (2, False), (2, True), (1, False), (1, False), (1, True)]


def test_that_what_is_dropped_is_not_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    worked = Worked(monkeypatch, STEPS)
    worked.orders.put(Ask(1, IMPORTANCE))
    worked.at_step[1] = lambda: worked.orders.put(Drop(1))
    said = worked.run(lambda: Told(1, over=True) in worked.told)
    assert said == [(1, False), (1, True)]
