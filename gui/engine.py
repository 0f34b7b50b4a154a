"""The engine room: starts and resumes studies with the real trainers; the one door from the window to training."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from core.control import StudyControl
from core.events import Event
from core.settings import StudySettings

Publish = Callable[[Sequence[Event]], None]


class Engine(Protocol):
    """What a session needs of the engine; `start` and `resume` block until the study has ended."""

    def start(self, settings: StudySettings, path: Path, publish: Publish, control: StudyControl) -> None: ...

    def resume(self, path: Path, trials: int, publish: Publish, control: StudyControl) -> None: ...
