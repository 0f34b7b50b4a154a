"""LocalEngine: starts and resumes studies on this computer, and keeps its processes warm between them."""

import threading
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from core.awake import Awake
from core.datasets.changes import accepted_change, change_of, require_startable
from core.errors import NotEvaluated, StoreBlocked
from core.events import Event, StudyEnded, TrialTested
from core.models.custom.model_file import require_trusted
from core.progress import StudyProgress
from core.search.proposal import Searcher
from core.search.searchers import InlineSearcher, SearchProcess
from core.settings import StudySettings, TrainerKind
from core.store.lock import in_use
from core.store.reader import StudyReader, read_study
from core.store.writer import Store
from core.study.control import StudyControl, StudyPhase
from core.study.engine import Publish, ResumeRequest
from core.study.evaluation import evaluate, evaluation_request
from core.study.loop import Study, study_started
from core.study.recorder import Recorder
from core.trainers.inline import InlineTrainer
from core.trainers.trainer import Trainer
from core.trainers.workers import WorkerTrainer

TRAINERS: dict[TrainerKind, Callable[[], Trainer]] = {
    TrainerKind.WORKER: WorkerTrainer,
    TrainerKind.INLINE: InlineTrainer,
}
SEARCHERS: dict[TrainerKind, Callable[[], Searcher]] = {
    TrainerKind.WORKER: SearchProcess,
    TrainerKind.INLINE: InlineSearcher,
}

WATCH_INTERVAL = 0.25
"""Seconds between two checks of a study that another Afina runs."""


class LocalEngine:
    """Runs one study at a time on this computer.

    `warm` or the first study starts its processes, which are kept for the next study. All methods but `close` may be
    called from any thread, by one thread at a time.
    """

    def __init__(
        self,
        trainers: Mapping[TrainerKind, Callable[[], Trainer]] = TRAINERS,
        searchers: Mapping[TrainerKind, Callable[[], Searcher]] = SEARCHERS,
        trusted: Container[str] = frozenset(),
        awake: Awake | None = None,
    ) -> None:
        """Make the engine; a model file runs only if its digest is in `trusted`: the user agreed to those.

        `awake` keeps the computer from falling asleep while a study is at work; a test has its own.
        """
        self._trusted = trusted
        self._awake = awake or Awake()
        self._executed = ""
        """The digest of the model file that the training processes have executed."""
        self._trainers = trainers
        self._searchers = searchers
        self._kind = TrainerKind.WORKER
        self._warming = threading.Lock()
        self._trainer: Trainer | None = None
        self._searcher: Searcher | None = None

    def warm(self, kind: TrainerKind = TrainerKind.WORKER) -> None:
        """Start the trainer and the searcher of that kind, so that they are loaded when the study begins."""
        with self._warming:  # the window's thread and the study's thread may both call this
            if kind is not self._kind:
                self.close()
            self._kind = kind
            if self._trainer is None:
                self._trainer = self._trainers[kind]()
            if self._searcher is None:
                self._searcher = self._searchers[kind]()

    def start(
        self, settings: StudySettings, path: Path, publish: Publish, control: StudyControl, name: str = ""
    ) -> StudyEnded:
        """Run a new study, of that name, in a new file until it ends. Raises AfinaError."""
        require_trusted(settings.model.file, self._trusted)
        require_startable(settings.data)
        first = study_started(settings, name)
        with Store.create(path, first) as store, self._closed_when_fallen(), self._awake_at_work(control):
            return self._study([first], store, publish, control).start()

    def resume(self, request: ResumeRequest, publish: Publish, control: StudyControl) -> StudyEnded:
        """Go on with the study until it ends. Raises AfinaError.

        Raises DataChanged if the data file has changed and the request does not accept that.
        """
        with Store.open(request.path) as store:
            events = read_study(request.path)
            settings = _settings_of(events)
            require_trusted(settings.model.file, self._trusted)
            file = settings.data.file
            data = None if file is None else accepted_change(file, accepted=request.with_changed_data)
            with self._closed_when_fallen(), self._awake_at_work(control):
                study = self._study(events, store, publish, control)
                publish(_unknown(events, request.known))
                return study.resume(request.trials, data)

    def evaluate(
        self, path: Path, publish: Publish, control: StudyControl, known: int | None = None
    ) -> TrialTested | None:
        """Evaluate the best trial of the study in the file on the test part; record and publish the result.

        Returns None when the user stopped it. While the file cannot be written, it waits, as a study does. `known` is
        as in ResumeRequest. Raises AfinaError.
        """
        with Store.open(path) as store, self._closed_when_fallen(), self._awake_at_work(control):
            events = read_study(path)
            publish(_unknown(events, known))
            progress = StudyProgress.of(events)
            request = evaluation_request(progress)
            change = change_of(request.data.file) if request.data.file is not None else ""
            if change:
                raise NotEvaluated(change)
            require_trusted(progress.settings.model.file, self._trusted)
            recorder = Recorder(store, control)
            tested = evaluate(request, self._trainer_for(progress), control)
            if tested is not None:
                recorder.record([tested])
                publish([tested])
            control.phase = StudyPhase.ENDED
            return tested

    def watch(self, path: Path, publish: Publish, control: StudyControl) -> None:
        """Publish the events that another Afina records in the file, until it has ended or `control` asks to stop.

        Nothing is written. Raises StoreError.
        """
        with StudyReader(path) as reader:
            control.phase = StudyPhase.TRAINING
            while control.end_asked is None:
                running = in_use(path)  # asked first: events recorded before it ends are read below
                with suppress(StoreBlocked):  # locked for a moment; the next look reads all
                    events = reader.new_events()
                    if events:
                        publish(events)
                if not running:
                    break
                control.wait(WATCH_INTERVAL)
            control.phase = StudyPhase.ENDED

    def _study(self, events: Sequence[Event], store: Store, publish: Publish, control: StudyControl) -> Study:
        trainer = self._trainer_for(StudyProgress.of(events[:1]))
        assert self._searcher is not None
        return Study(events, store, trainer, self._searcher, publish, control)

    def _trainer_for(self, progress: StudyProgress) -> Trainer:
        settings = progress.settings
        digest = settings.model.file.digest if settings.model.file is not None else ""
        if self._executed not in ("", digest):
            self.close()  # a model file may have changed more in its process than its own models
        self._executed = digest
        self.warm(settings.trainer)
        assert self._trainer is not None
        self._trainer.resize(settings.workers, progress.conduct.threads)
        return self._trainer

    @contextmanager
    def _awake_at_work(self, control: StudyControl) -> Iterator[None]:
        """Keep the computer awake while the study is at work: not while it is paused, or waits for its file."""
        control.follow_work(self._awake.keep)
        try:
            yield
        finally:
            self._awake.keep(False)

    @contextmanager
    def _closed_when_fallen(self) -> Iterator[None]:
        """End the processes after an error: a trial may still be under way in them."""
        try:
            yield
        except NotEvaluated:
            raise  # the training has ended
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the processes."""
        trainer, self._trainer = self._trainer, None
        searcher, self._searcher = self._searcher, None
        if trainer is not None:
            trainer.close()
        if searcher is not None:
            searcher.close()


def _settings_of(events: Sequence[Event]) -> StudySettings:
    return StudyProgress.of(events[:1]).settings


def _unknown(events: Sequence[Event], known: int | None) -> Sequence[Event]:
    """Return the events after the first `known`: none when all are known."""
    return [] if known is None else events[known:]
