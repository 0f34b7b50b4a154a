"""The analysis process: it answers questions in a process of its own, the quick ones first, and drops what is stale.

A fit holds Python's lock for long stretches; in a process the window does not feel it.
"""

import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue

import msgspec
import psutil

from core.analysis.answers import Answer, Unanswerable
from core.analysis.questions import BeliefQuestion, ImportanceQuestion, MapQuestion, Question, TrustQuestion
from core.children.conversation import Conversation, Parent
from core.children.process import ChildBug, ChildLost, ChildProcess
from core.clock import seconds_awake
from core.errors import SearchRefused

log = logging.getLogger(__name__)

SILENCE = 600.0
"""Seconds without an answer after which the process counts as hung."""
PATIENCE = 2.0
"""Seconds that a dropped question may still keep the process; then another process takes its place, which loads for
about as long."""
IDLE = 180.0
"""Seconds without a question after which the process ends, and gives its memory back; the next one starts another."""
_LOOK = 0.02
"""Seconds between two looks for new questions while answers are awaited."""
_FURTHER_BACK = 5
"""By how much nicer the process is than other children: training goes first."""


class Ask(msgspec.Struct, frozen=True, tag=True):
    """Asks a question, to which each answer names the number."""

    number: int
    question: Question


class Drop(msgspec.Struct, frozen=True, tag=True):
    """Takes back the question of that number."""

    number: int


class Told(msgspec.Struct, frozen=True):
    """News of the question of that number: an answer, that it is `over`, or only that it is being worked at."""

    number: int
    answer: Answer | None = None
    over: bool = False


_decode_order: Callable[[bytes], Ask | Drop] = msgspec.msgpack.Decoder(Ask | Drop).decode
_decode_told: Callable[[bytes], Told] = msgspec.msgpack.Decoder(Told).decode


class Analysis:
    """Questions to the analysis process, and its answers; the process starts with the first question.

    `run` serves them and needs a thread: to write a question down, to send it and to start the process may take longer
    than a window can wait. The other methods return at once, and may be called in any thread.
    """

    def __init__(self, target: Callable[[Connection], None] | None = None) -> None:
        """Make it; its process runs `target`, which is `run_analysis` except in tests."""
        self._target = target or run_analysis
        self._orders: SimpleQueue[tuple[int, Callable[[], Question] | None] | None] = SimpleQueue()
        self._news: SimpleQueue[Told | ChildBug] = SimpleQueue()
        self._conversation: Conversation[Ask | Drop, Told] | None = None
        self._asked: dict[int, Ask] = {}
        self._dropped: dict[int, float] = {}
        """The dropped questions that may still keep the process, and when that is too long."""
        self._current = 0
        self._lost = False

    def ask(self, number: int, question: Callable[[], Question]) -> None:
        """Ask the question that the function makes; `number` must be new."""
        self._orders.put((number, question))

    def drop(self, number: int) -> None:
        """Take back a question: there will be no more answers to it, unless they are on their way."""
        self._orders.put((number, None))

    def told(self) -> Told | None:
        """Return the next news, None if there is none. Raises ChildBug."""
        try:
            news = self._news.get_nowait()
        except Empty:
            return None
        if isinstance(news, ChildBug):
            raise news
        return news

    def end(self) -> None:
        """Let `run` return, and the process end, soon."""
        self._orders.put(None)

    def abandon(self) -> None:
        """Kill the process, so that `run`, which may wait for it, goes on; for when `end` takes too long."""
        conversation = self._conversation
        with suppress(psutil.Error, ValueError):  # it may be gone
            if conversation is not None and (pid := conversation.pid):
                psutil.Process(pid).kill()

    def run(self) -> None:
        """Serve questions until `end`."""
        try:
            while self._serve():
                pass
        finally:
            self._close()

    def _serve(self) -> bool:
        """Take in one order, if there is one, and one answer; without a question, wait for an order."""
        awaits = bool(self._asked or self._dropped)
        try:
            order = self._orders.get(block=not awaits, timeout=None if self._conversation is None else IDLE)
        except Empty:
            if awaits:
                self._listen()
            else:
                self._close()
            return True
        if order is None:
            return False
        number, question = order
        if question is not None:
            self._begin(number, question)
        elif self._asked.pop(number, None) is not None:
            self._dropped[number] = seconds_awake() + PATIENCE
            self._send(Drop(number))
        return True

    def _begin(self, number: int, question: Callable[[], Question]) -> None:
        try:
            self._asked[number] = Ask(number, question())
        except Exception:  # noqa: BLE001  it is raised where the answer is awaited: in this thread nobody sees it
            self._news.put(ChildBug(traceback.format_exc()))
        else:
            self._send(self._asked[number])

    def _send(self, order: Ask | Drop) -> None:
        try:
            if self._conversation is None:
                self._conversation = Conversation(self._start, _decode_told)
            self._conversation.ask(order, SILENCE)
        except ChildLost as error:
            self._give_up(f"The analysis process could not start: {error}")

    def _start(self) -> ChildProcess:
        return ChildProcess(self._target, "afina-analysis")

    def _listen(self) -> None:
        assert self._conversation is not None
        try:
            told = self._conversation.answer(_LOOK)
        except ChildLost as error:
            if self._lost:
                self._give_up(f"The analysis could not be made, its process was lost twice: {error}")
            else:
                self._lost = True
                self._ask_again()
        except ChildBug as bug:
            self._close()
            self._news.put(bug)
        else:
            if told is not None:
                self._take(told)
            elif self._dropped.get(self._current, float("inf")) < seconds_awake():
                self._ask_again()

    def _take(self, told: Told) -> None:
        if self._conversation is not None:
            self._conversation.expect(SILENCE)
        self._current = told.number
        if told.over or told.answer is not None:  # that it is worked at says nothing: it may be what ends the process
            self._lost = False
        if told.over:
            self._dropped.pop(told.number, None)
        if told.number in self._asked and (told.over or told.answer is not None):
            self._news.put(told)
            if told.over:
                del self._asked[told.number]

    def _ask_again(self) -> None:
        """Ask in a new process what is still wanted."""
        assert self._conversation is not None
        self._dropped.clear()
        try:
            self._conversation.restart()
        except ChildLost as error:
            self._give_up(f"The analysis process could not start: {error}")
        for question in list(self._asked.values()):
            self._send(question)

    def _give_up(self, reason: str) -> None:
        for number in self._asked:
            self._news.put(Told(number, Unanswerable(reason), over=True))
        self._close()

    def _close(self) -> None:
        if self._conversation is not None:
            self._conversation.close()
        self._conversation = None
        self._lost = False
        self._asked.clear()
        self._dropped.clear()


def run_analysis(connection: Connection) -> None:
    """Run the analysis process: work at the parent's questions until it closes the connection."""
    if sys.platform != "win32":
        os.nice(_FURTHER_BACK)
    parent: Parent[Ask | Drop, Told] = Parent(connection, _decode_order)
    orders: SimpleQueue[Ask | Drop | None] = SimpleQueue()
    # It always reads, whatever is computed: a parent that cannot send does not listen either.
    threading.Thread(target=_read, args=(parent, orders), daemon=True).start()
    work(orders, parent.tell)


def _read(parent: Parent[Ask | Drop, Told], orders: SimpleQueue[Ask | Drop | None]) -> None:
    with suppress(EOFError, OSError):
        for order in parent.questions():
            orders.put(order)
    orders.put(None)


def work(orders: SimpleQueue[Ask | Drop | None], tell: Callable[[Told], None]) -> None:
    """Work at the questions step by step until there comes None; between two steps look for new orders.

    Importance takes long, so it goes on only while nothing else is asked.
    """
    tasks: dict[tuple[bool, int], Iterator[Answer | None]] = {}
    current = 0
    while True:
        while not tasks or not orders.empty():
            order = orders.get()
            match order:
                case None:
                    return
                case Ask(number, question):
                    tasks[isinstance(question, ImportanceQuestion), number] = answers(question)
                case Drop(number):
                    if tasks.pop((False, number), None) or tasks.pop((True, number), None):
                        tell(Told(number, over=True))
        task = min(tasks)
        if task[1] != current:
            current = task[1]
            tell(Told(current))
        try:
            answer = next(tasks[task])
        except StopIteration:
            del tasks[task]
            tell(Told(current, over=True))
        else:
            if answer is not None:
                tell(Told(current, answer))


def answers(question: Question) -> Iterator[Answer | None]:
    """Yield the answers to a question, each better than the one before; None is a step without a new one."""
    # What computes is heavy and loaded here alone: the window imports this module, too.
    from core.analysis.fitted import NothingToTell

    try:
        yield from _steps(question)
    except (NothingToTell, SearchRefused) as reason:
        yield Unanswerable(str(reason))
    except MemoryError:
        yield Unanswerable("There is not enough memory for this. Close other programs, and try again")
    except (ArithmeticError, ValueError):  # LinAlgError is a ValueError
        log.exception("The question could not be answered")
        yield Unanswerable("Nothing can be fitted to these results, so there is no answer")


def _steps(question: Question) -> Iterator[Answer | None]:
    match question:
        case BeliefQuestion():
            from core.analysis.beliefs import belief

            yield belief(question)
        case MapQuestion():
            from core.analysis.maps import belief_map

            yield belief_map(question)
        case TrustQuestion():
            from core.analysis.trust import trust

            yield trust(question)
        case ImportanceQuestion():
            from core.analysis.importance import importance_steps

            yield from importance_steps(question)
