"""The protocol of an engine, as the window uses it; core.study.local_engine implements it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.events import Event
from core.settings import StudySettings
from core.study.control import StudyControl

Publish = Callable[[Sequence[Event]], None]


@dataclass(frozen=True)
class ResumeRequest:
    """A request to go on with the study in the file at `path`, up to `trials` trials in all.

    `known` is the number of events that the caller has seen, None for all. The engine first publishes the others, which
    another Afina recorded in the meantime. `with_changed_data`: the user accepts that the data file has changed.
    """

    path: Path
    trials: int
    known: int | None = None
    with_changed_data: bool = False


class Engine(Protocol):
    """Runs one study at a time. `start`, `resume` and `evaluate` (on the test part) block until the end.

    `watch` publishes the events that another Afina records, from the first one, until that Afina has ended or
    `control` asks to stop. It may be called while a study runs.
    """

    def start(self, settings: StudySettings, path: Path, publish: Publish, control: StudyControl) -> object: ...

    def resume(self, request: ResumeRequest, publish: Publish, control: StudyControl) -> object: ...

    def evaluate(self, path: Path, publish: Publish, control: StudyControl, known: int | None = None) -> object: ...

    def watch(self, path: Path, publish: Publish, control: StudyControl) -> object: ...
