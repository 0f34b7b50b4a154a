"""What is told to whoever mends a problem: versions, system, window and the last lines of the log, without data."""

import re
from collections.abc import Iterable, Iterator

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from core.letters import revealed
from gui.program.log import impersonal
from gui.program.messages import versions
from gui.widgets.font_size import font_size
from gui.widgets.theme import Theme

QUESTIONS = "What I did:\n\nWhat I expected:\n\nWhat happened instead:\n\n"
_QUOTING = "core.children", "core.presets", "core.settings_file", "core.tables", "gui.data_import", "gui.setup"
"""The rooms whose lines can quote what stands in the user's files, or what a model file has printed."""
_LEFT_OUT = "(left out, since it can quote your files)"
_LINE = re.compile(r"(\S+ \S+ (\w+) ([\w.]+): )(.*)", re.DOTALL)
"""A line of the log: its beginning, its level, its logger and what is told, which can be several lines."""


def report(window: QWidget, theme: Theme, recent: Iterable[str]) -> str:
    """Return the whole report; `recent` are the last lines of the log."""
    told = "\n".join(_without_data(recent)) or "(none)"
    text = f"{versions()}\n{_window_in_words(window, theme)}\n\nThe last lines of the log:\n{told}\n"
    return QUESTIONS + impersonal()(revealed(text))


def _window_in_words(window: QWidget, theme: Theme) -> str:
    scale = round(100 * window.devicePixelRatioF())
    letters = font_size().percent
    look = f"{'dark' if theme.dark else 'light'} (set to {theme.appearance})"
    place = QGuiApplication.platformName()
    return f"Window {window.width()} × {window.height()} at {scale} %, letters {letters} %, {look}, on {place}"


def _without_data(recent: Iterable[str]) -> Iterator[str]:
    """Yield the lines of the log; of those that can quote data only that there was one."""
    for line in recent:
        found = _LINE.fullmatch(line)
        if found is None:
            continue
        beginning, level, logger, told = found.groups()
        quotes = any(logger == room or logger.startswith(f"{room}.") for room in _QUOTING)
        if quotes:
            yield beginning + _LEFT_OUT
        else:
            yield beginning + (told if level == "ERROR" else told.partition("\n")[0])
