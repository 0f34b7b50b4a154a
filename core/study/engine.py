"""What the window needs of an engine; core.study.local_engine has the real one."""

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
    """The study in the file at `path` is to go on, up to `trials` in all.

    `known` is the number of its events that the caller has seen, None for all. The others, which another Afina
    recorded meanwhile, are published first. `with_changed_data`: the user accepts that its data file has changed.
    """

    path: Path
    trials: int
    known: int | None = None
    with_changed_data: bool = False


class Engine(Protocol):
    """Runs studies, one at a time; `start`, `resume` and `evaluate`, on the test part, block until the end.

    `watch` publishes what another Afina records, from the beginning, until that one has ended or `control` asks to
    stop. It may be called while a study runs.
    """

    def start(self, settings: StudySettings, path: Path, publish: Publish, control: StudyControl) -> object: ...

    def resume(self, request: ResumeRequest, publish: Publish, control: StudyControl) -> object: ...

    def evaluate(self, path: Path, publish: Publish, control: StudyControl, known: int | None = None) -> object: ...

    def watch(self, path: Path, publish: Publish, control: StudyControl) -> object: ...
