"""What the window needs of an engine; core.study.local_engine has the real one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from core.events import Event
from core.settings import StudySettings
from core.study.control import StudyControl

Publish = Callable[[Sequence[Event]], None]


class Engine(Protocol):
    """Runs studies, one at a time; `start`, `resume` and `judge`, which looks at the test part, block until the end.

    `follow` publishes what another Afina records, from the beginning, until that one has ended or `control` asks to
    stop. It may be called while a study runs.
    """

    def start(self, settings: StudySettings, path: Path, publish: Publish, control: StudyControl) -> object: ...

    def resume(
        self,
        path: Path,
        trials: int,
        publish: Publish,
        control: StudyControl,
        known: int | None = None,
        *,
        with_changed_data: bool = False,
    ) -> object: ...

    def judge(self, path: Path, publish: Publish, control: StudyControl, known: int | None = None) -> object: ...

    def follow(self, path: Path, publish: Publish, control: StudyControl) -> object: ...
