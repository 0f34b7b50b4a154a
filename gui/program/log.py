"""The program's log: a few files for the people who help a user, and the last lines for the crash report."""

import getpass
import logging
import re
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue

from PySide6.QtCore import QStandardPaths

from core.letters import revealed

_FILES, _MAX_BYTES = 3, 500_000  # bytes
_LINES = 40
"""The number of last lines that are kept for a crash report."""
_OWN_LOGGERS = ("core", "gui")
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def log_folder() -> Path:
    """Return the folder of the log, inside the system's folder for a program's local data."""
    local = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(local or Path.home()) / "logs"


def impersonal() -> Callable[[str], str]:
    """Return a function that removes the user's name and home folder from a text."""
    replacements: list[tuple[re.Pattern[str], str]] = []
    with suppress(RuntimeError, OSError):
        home = Path.home()
        forms = {
            text for path in (home, home.resolve()) for text in (str(path), path.as_posix(), repr(str(path))[1:-1])
        }
        longest_first = sorted((form for form in forms if len(Path(form).parts) > 1), key=len, reverse=True)
        replacements += [(re.compile(rf"{re.escape(form)}(?!\w)", re.IGNORECASE), "~") for form in longest_first]
    with suppress(ImportError, KeyError, OSError):  # a user without a name
        name = re.escape(getpass.getuser())
        replacements.append((re.compile(rf"(?<![^\W_]){name}(?![^\W_])", re.IGNORECASE), "<user>"))

    def without_person(text: str) -> str:
        for pattern, instead in replacements:
            text = pattern.sub(instead, text)
        return text

    return without_person


class Log:
    """Keeps the log records from its creation to `close`.

    The warnings of all loggers and the information of Afina's own loggers go to files in the folder, if it is
    writable. The warnings also go to the standard error stream, if there is one. A separate thread writes, so a slow
    disk delays nothing else.
    """

    def __init__(self, folder: Path) -> None:
        form = _ImpersonalFormatter(_FORMAT)
        self._recent = _Recent(form)
        queue: SimpleQueue[logging.LogRecord] = SimpleQueue()
        self._sender = QueueHandler(queue)
        self._writer = QueueListener(queue, *_files(folder, form), _console(), respect_handler_level=True)
        root = logging.getLogger()
        self._levels_before = {name: logging.getLogger(name).level for name in _OWN_LOGGERS}
        for name in _OWN_LOGGERS:
            logging.getLogger(name).setLevel(logging.INFO)
        root.addHandler(self._recent)
        root.addHandler(self._sender)
        self._writer.start()

    def recent(self) -> list[str]:
        """Return the last lines."""
        return list(self._recent.lines)

    def close(self) -> None:
        """Write the remaining records, and restore the loggers."""
        root = logging.getLogger()
        root.removeHandler(self._recent)
        root.removeHandler(self._sender)
        for name, level in self._levels_before.items():
            logging.getLogger(name).setLevel(level)
        self._writer.stop()
        for handler in (self._recent, self._sender, *self._writer.handlers):
            handler.close()


class _Formatter(logging.Formatter):
    """Writes a record in a form in which a stranger's text cannot pass for another one, nor hide a part of it."""

    def format(self, record: logging.LogRecord) -> str:
        return revealed(super().format(record)).replace("\n", "\n    ")


class _ImpersonalFormatter(_Formatter):
    """Writes a record without the user's name and home folder."""

    def __init__(self, form: str) -> None:
        super().__init__(form)
        self._impersonal = impersonal()

    def format(self, record: logging.LogRecord) -> str:
        return self._impersonal(super().format(record))


class _Recent(logging.Handler):
    """Keeps the last lines in memory."""

    def __init__(self, form: logging.Formatter) -> None:
        super().__init__()
        self.lines: deque[str] = deque(maxlen=_LINES)
        self.setFormatter(form)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class _QuietFiles(RotatingFileHandler):
    """Files that may become unwritable at any time; it ignores errors: they are no reason for a message or an end."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass


def _files(folder: Path, form: logging.Formatter) -> list[logging.Handler]:
    """Return a list with the handler that writes to the folder; an empty list if the folder is not writable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = _QuietFiles(folder / "afina.log", maxBytes=_MAX_BYTES, backupCount=_FILES - 1, encoding="utf-8")
    except OSError:
        return []
    handler.setFormatter(form)
    return [handler]


def _console() -> logging.Handler:
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    handler.setFormatter(_Formatter("%(levelname)s %(name)s: %(message)s"))
    return handler
