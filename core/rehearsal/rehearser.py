"""The rehearser: tries configurations in a child process, one after the other, each within a limit of time."""

from collections import deque
from collections.abc import Callable, Container
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from time import monotonic

import msgspec
import psutil

from core.children.conversation import ChildLate, Conversation, Parent
from core.children.process import ChildBug, ChildLost, ChildProcess
from core.children.spare import room_for_spare
from core.formatting import format_bytes, format_duration
from core.models.custom.model_file import require_trusted
from core.models.declarations import PATIENCE
from core.rehearsal.configurations import Configuration, Measured, Rehearsal, Result, configurations, samples
from core.settings import LimitSettings, StudySettings
from core.trainers.workers import threads_of_each
from core.training.request import TrialRequest, trial_request

CONFIGURATION_SECONDS = 30.0
"""How long one configuration may take; more is an answer, too."""
ALL_SECONDS = 60.0
"""How long after TensorFlow was loaded another one is begun."""
_MAX_SAMPLES = 12


class Loaded(msgspec.Struct, frozen=True, tag=True):
    """Keras is loaded. `free_memory` is what is free but for this process, in bytes."""

    free_memory: int


_decode_request = msgspec.msgpack.Decoder(TrialRequest).decode
_decode_answer: Callable[[bytes], Loaded | Measured] = msgspec.msgpack.Decoder(Loaded | Measured).decode


class Rehearser:
    """Rehearses a study. `rehearsal` is what is known so far, None before `begin`.

    The process is a fresh one, so that what memory it needs is the configurations' own, and ends with the rehearsal.
    """

    def __init__(self, target: Callable[..., None] | None = None, trusted: Container[str] = frozenset()) -> None:
        """Make it; `target` is what the process runs, `run_rehearser` unless a test has something worse.

        Model files run only if their digests are among the `trusted` ones, to which the user agreed.
        """
        self._target = target or run_rehearser
        self._trusted = trusted
        self._conversation: Conversation[TrialRequest, Loaded | Measured] | None = None
        self._threads = 0
        self._loaded = False
        self._losses = 0
        self._waiting: deque[int] = deque()
        self._samples: list[Configuration] = []
        self._sample_seconds = 0.0
        self._current: int | None = None
        self._loaded_at = self._sampled_at = 0.0
        self.rehearsal: Rehearsal | None = None

    @property
    def pid(self) -> int | None:
        return None if self._conversation is None else self._conversation.pid

    @property
    def over(self) -> bool:
        """Whether nothing is being rehearsed."""
        return self.rehearsal is None or self.rehearsal.over

    def prepare(self, workers: int) -> None:
        """Start to load Keras, as each of so many workers would have it. Raises ChildLost."""
        threads = threads_of_each(workers)
        if self._conversation is None or threads != self._threads or not self._conversation.alive:
            self._start(threads)

    def warm(self, workers: int) -> None:
        """Do so ahead of time, if there is memory for that."""
        if self.over and room_for_spare():
            with suppress(ChildLost):  # `begin` will say so
                self.prepare(workers)

    def begin(self, settings: StudySettings, sample_seconds: float) -> None:
        """Rehearse the study, for so long also at random points, for a better forecast.

        Raises ChildLost, and ModelUntrusted for a model file that the user has not agreed to.
        """
        require_trusted(settings.model.file, self._trusted)
        if not self.over:
            self.close()
        self.prepare(settings.workers)
        chosen = configurations(settings)
        self.rehearsal = Rehearsal(settings=settings, results=tuple(map(Result, chosen)))
        self._waiting = deque(range(len(chosen)))
        self._samples = samples(settings, _MAX_SAMPLES)
        self._sample_seconds = sample_seconds
        self._losses, self._sampled_at = 0, 0.0
        self._loaded_at = monotonic()
        self._ask_next()

    def look(self, seconds: float = 0.0) -> bool:
        """Wait up to that long for news; return whether there were some. Raises ChildBug."""
        if self._conversation is None or self.over:
            return False
        try:
            answer = self._conversation.answer(seconds)
        except ChildLate:
            self._fail(f"It was not through its first steps within {format_duration(CONFIGURATION_SECONDS)}")
            self._finish()  # what comes later would take as long
        except ChildLost as error:
            self._lost(error)
        except ChildBug:
            self._finish()
            raise
        else:
            if answer is None:
                return self._look_at_memory()
            self._take(answer)
        return True

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self._conversation is not None:
            self._conversation.close()
        self._conversation = None

    def _start(self, threads: int) -> None:
        self.close()
        self._threads, self._loaded = threads, False
        target = partial(self._target, threads=threads)
        self._conversation = Conversation(lambda: ChildProcess(target, "afina-rehearsal"), _decode_answer)

    # Asking

    def _ask_next(self) -> None:
        """Ask for the next configuration, or end."""
        assert self.rehearsal is not None
        if not self._waiting and self._is_time_for_a_sample():
            self._set_results(*self.rehearsal.results, Result(self._samples.pop(0)))
            self._waiting.append(len(self.rehearsal.results) - 1)
        if not self._waiting or self._conversation is None or monotonic() - self._loaded_at > ALL_SECONDS:
            self._finish()
            return
        self._current = self._waiting.popleft()
        self._conversation.ask(self._request(self._current), CONFIGURATION_SECONDS if self._loaded else None)

    def _is_time_for_a_sample(self) -> bool:
        assert self.rehearsal is not None
        self._sampled_at = self._sampled_at or monotonic()
        left = monotonic() < self._sampled_at + self._sample_seconds
        return bool(self._samples) and left and not self.rehearsal.failed

    def _request(self, index: int) -> TrialRequest:
        assert self.rehearsal is not None
        settings = self.rehearsal.settings
        values = self.rehearsal.results[index].configuration.values
        endless = values | dict.fromkeys(values.keys() & {PATIENCE.name}, 0)  # nothing improves in a rehearsal
        return msgspec.structs.replace(
            trial_request(settings, index, endless, settings.seed),
            limits=LimitSettings(),  # the rehearser's own hold
        )

    # Answers

    def _take(self, answer: Loaded | Measured) -> None:
        assert self.rehearsal is not None
        assert self._conversation is not None
        if isinstance(answer, Loaded):
            self._loaded = True
            self._loaded_at = monotonic()
            self._conversation.expect(CONFIGURATION_SECONDS)
            self.rehearsal = msgspec.structs.replace(self.rehearsal, free_memory=answer.free_memory)
            return
        self._note(answer)
        if answer.over:
            self._ask_next()

    def _note(self, measured: Measured) -> None:
        assert self.rehearsal is not None
        assert self._current is not None
        results = list(self.rehearsal.results)
        results[self._current] = Result(results[self._current].configuration, measured)
        self._set_results(*results)

    def _set_results(self, *results: Result) -> None:
        assert self.rehearsal is not None
        self.rehearsal = msgspec.structs.replace(self.rehearsal, results=results)

    def _look_at_memory(self) -> bool:
        """Give up a configuration that takes more than a trial may; return whether there was one."""
        assert self.rehearsal is not None
        assert self._conversation is not None
        limit = self.rehearsal.settings.limits.trial_megabytes
        if not limit or self._conversation.memory() <= limit * 2**20:
            return False
        self._fail(f"It used more than the {format_bytes(limit * 2**20)} of memory that a trial may use")
        self._go_on_in_another()
        return True

    def _lost(self, error: ChildLost) -> None:
        self._fail(f"The process was lost: {error}")
        self._losses += 1
        if self._loaded and self._losses < 2:
            self._go_on_in_another()
        else:
            self._finish()

    def _fail(self, problem: str) -> None:
        """Take down why the configuration under way cannot be trained, beside what is known of it."""
        assert self.rehearsal is not None
        if self._current is not None:
            known = self.rehearsal.results[self._current].measured or Measured()
            self._note(msgspec.structs.replace(known, problem=problem, over=True))

    def _go_on_in_another(self) -> None:
        """Try what is left in a new process."""
        if not self._waiting:
            self._finish()
            return
        try:
            self._start(self._threads)
        except ChildLost:
            self._finish()
        else:
            self._ask_next()

    def _finish(self) -> None:
        self.close()
        self._current = None
        if self.rehearsal is not None:
            self.rehearsal = msgspec.structs.replace(self.rehearsal, over=True)


def run_rehearser(connection: Connection, threads: int | None = None) -> None:
    """Be the process: rehearse what the parent asks for until it closes the connection.

    Of folds and repeats one is trained, but the data must be such that they can be split into all of them.
    """
    from core.datasets.prepare import split_problem
    from core.rehearsal.measuring import rehearse
    from core.training.trial import Training

    training = Training(threads)
    free = int(psutil.virtual_memory().available) + int(psutil.Process().memory_info().rss)
    parent: Parent[TrialRequest, Loaded | Measured] = Parent(connection, _decode_request)
    parent.tell(Loaded(free))
    problem: str | None = None
    for request in parent.questions():
        if problem is None:
            problem = split_problem(request.data, request.split_seed) if request.data.folds else ""
        if problem:
            parent.tell(Measured(problem=problem, over=True))
            continue
        for measured in rehearse(training, msgspec.structs.replace(request, data=request.data.once)):
            parent.tell(measured)
