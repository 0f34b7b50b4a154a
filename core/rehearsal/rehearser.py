"""The rehearser: tries configurations in a child process, one after the other, each within a time limit."""

from collections import deque
from collections.abc import Callable, Container
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection

import msgspec
import psutil

from core.awake import Awake
from core.children.conversation import ChildLate, Conversation, Parent
from core.children.process import ChildBug, ChildLost, ChildProcess
from core.children.spare import room_for_spare
from core.clock import seconds_awake
from core.conduct import RULES, Conduct, threads_of_each
from core.formatting import format_bytes, format_duration
from core.models.custom.model_file import require_trusted
from core.models.declarations import PATIENCE
from core.rehearsal.configurations import Configuration, Measured, Rehearsal, Result, configurations, samples
from core.settings import LimitSettings, StudySettings
from core.training.request import TrialRequest, trial_request

CONFIGURATION_SECONDS = 30.0
"""Seconds that one configuration may take; to take longer is also a result."""
ALL_SECONDS = 60.0
"""Seconds after the loading of TensorFlow in which another configuration may begin."""
_MAX_SAMPLES = 12


class Loaded(msgspec.Struct, frozen=True, tag=True):
    """Keras is loaded. `free_memory` is the memory that is free without this process, in bytes."""

    free_memory: int


_decode_request = msgspec.msgpack.Decoder(TrialRequest).decode
_decode_answer: Callable[[bytes], Loaded | Measured] = msgspec.msgpack.Decoder(Loaded | Measured).decode


class Rehearser:
    """Rehearses a study. `rehearsal` holds the results so far; it is None before `begin`.

    The process is a fresh one, so that its memory is that of the configurations, and it ends with the rehearsal.
    """

    def __init__(self, target: Callable[..., None] | None = None, trusted: Container[str] = frozenset()) -> None:
        """Make the rehearser; its process runs `target`, which is `run_rehearser` except in tests.

        Model files run only if their digests are in `trusted`, the ones that the user agreed to.
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
        """Whether no rehearsal is under way."""
        return self.rehearsal is None or self.rehearsal.over

    def prepare(self, workers: int) -> None:
        """Start to load Keras, with as many threads as each of the workers would have. Raises ChildLost."""
        threads = threads_of_each(workers)
        if self._conversation is None or threads != self._threads or not self._conversation.alive:
            self._start(threads)

    def warm(self, workers: int) -> None:
        """Prepare ahead of time, if there is enough free memory."""
        if self.over and room_for_spare():
            with suppress(ChildLost):  # `begin` raises it
                self.prepare(workers)

    def begin(self, settings: StudySettings, sample_seconds: float) -> None:
        """Rehearse the study; for `sample_seconds` also at random points, for a better forecast.

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
        self._loaded_at = seconds_awake()
        self._ask_next()

    def look(self, seconds: float = 0.0) -> bool:
        """Poll: wait up to `seconds` for news; return whether there was any. Raises ChildBug."""
        if self._conversation is None or self.over:
            return False
        try:
            answer = self._conversation.answer(seconds)
        except ChildLate:
            self._fail(f"It was not through its first steps within {format_duration(CONFIGURATION_SECONDS)}")
            self._finish()  # later configurations would take as long
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
        """Ask for the next configuration, or end the rehearsal."""
        assert self.rehearsal is not None
        if not self._waiting and self._is_time_for_a_sample():
            self._set_results(*self.rehearsal.results, Result(self._samples.pop(0)))
            self._waiting.append(len(self.rehearsal.results) - 1)
        if not self._waiting or self._conversation is None or seconds_awake() - self._loaded_at > ALL_SECONDS:
            self._finish()
            return
        self._current = self._waiting.popleft()
        self._conversation.ask(self._request(self._current), CONFIGURATION_SECONDS if self._loaded else None)

    def _is_time_for_a_sample(self) -> bool:
        assert self.rehearsal is not None
        self._sampled_at = self._sampled_at or seconds_awake()
        left = seconds_awake() < self._sampled_at + self._sample_seconds
        return bool(self._samples) and left and not self.rehearsal.failed

    def _request(self, index: int) -> TrialRequest:
        assert self.rehearsal is not None
        settings = self.rehearsal.settings
        values = self.rehearsal.results[index].configuration.values
        endless = values | dict.fromkeys(values.keys() & {PATIENCE.name}, 0)  # in a rehearsal nothing improves
        return msgspec.structs.replace(
            trial_request(settings, index, endless, settings.seed, conduct=Conduct(rules=RULES)),
            limits=LimitSettings(),  # the rehearser has its own limits
        )

    # Answers

    def _take(self, answer: Loaded | Measured) -> None:
        assert self.rehearsal is not None
        assert self._conversation is not None
        if isinstance(answer, Loaded):
            self._loaded = True
            self._loaded_at = seconds_awake()
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
        """Give up a configuration that uses more memory than a trial may; return whether it did."""
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
        """Record why the configuration under way cannot be trained, and keep its measurements."""
        assert self.rehearsal is not None
        if self._current is not None:
            known = self.rehearsal.results[self._current].measured or Measured()
            self._note(msgspec.structs.replace(known, problem=problem, over=True))

    def _go_on_in_another(self) -> None:
        """Try the remaining configurations in a new process."""
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
    """Run in the child: rehearse the requested trials until the parent closes the connection.

    With folds and repeats only one is trained, but all splits of the data must be possible.
    """
    from core.datasets.prepare import split_problem
    from core.rehearsal.measuring import rehearse
    from core.training.trial import Training

    training = Training(threads)
    free = int(psutil.virtual_memory().available) + int(psutil.Process().memory_info().rss)
    parent: Parent[TrialRequest, Loaded | Measured] = Parent(connection, _decode_request)
    parent.tell(Loaded(free))
    problem: str | None = None
    awake = Awake()
    for request in parent.questions():
        awake.keep(True)  # until this process ends, which it does with the rehearsal
        if problem is None:
            problem = split_problem(request.data, request.split_seed) if request.data.folds else ""
        if problem:
            parent.tell(Measured(problem=problem, over=True))
            continue
        for measured in rehearse(training, msgspec.structs.replace(request, data=request.data.once)):
            parent.tell(measured)
