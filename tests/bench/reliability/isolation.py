"""A process for what may crash or hang: it is asked for one thing at a time, and replaced when it died."""

import multiprocessing
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any


class Died(Exception):
    """The process ended, of itself or of a signal."""


class Hung(Exception):
    """The answer did not come in time."""


class Raised(Exception):
    """The function raised something."""


class Isolation:
    """Calls functions of modules in another process. `prepare` is called there first, in each new one."""

    def __init__(self, prepare: Callable[[], object] | None = None) -> None:
        self._prepare = prepare
        self._process: Any = None
        self._pipe: Connection | None = None

    def call(self, seconds: float, function: Callable[..., Any], *arguments: object) -> Any:
        """Return what the function returns; raise Died, Hung or Raised."""
        if self._pipe is None:
            self._start()
        assert self._pipe is not None
        try:
            self._pipe.send((function, arguments))
            if not self._pipe.poll(seconds):
                self.close()
                raise Hung(f"no answer in {seconds:g} s")
            raised, answer = self._pipe.recv()
        except (EOFError, OSError):
            self._process.join(10)
            code = self._process.exitcode
            self.close()
            raise Died(f"exit code {code}") from None
        if raised:
            raise Raised(answer)
        return answer

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there, self._prepare), daemon=True)
        self._process.start()
        there.close()
        self.call(120, _nothing)

    def close(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._process.kill()
            self._process.join()
            self._pipe = None

    def __enter__(self) -> "Isolation":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _nothing() -> None:
    """Is called to wait until the process is there."""


def _serve(pipe: Connection, prepare: Callable[[], object] | None) -> None:
    if prepare is not None:
        prepare()
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            return
        try:
            answer = (False, function(*arguments))
        except Exception:  # noqa: BLE001 - whatever it is, the asker is told
            answer = (True, traceback.format_exc())
        pipe.send(answer)
