"""What is told to whoever mends a problem: versions, system, window and what can be told of the log."""

from collections.abc import Iterable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from core.letters import revealed
from gui.program.log import impersonal
from gui.program.messages import versions
from gui.program.sifting import sifted
from gui.widgets.font_size import font_size
from gui.widgets.theme import Theme

QUESTIONS = "What I did:\n\nWhat I expected:\n\nWhat happened instead:\n\n"


def report(window: QWidget, theme: Theme, recent: Iterable[str]) -> str:
    """Return the whole report; `recent` are the last lines of the log."""
    told = "\n".join(sifted(recent)) or "(none)"
    text = f"{versions()}\n{_window_in_words(window, theme)}\n\nThe last lines of the log:\n{told}\n"
    return QUESTIONS + impersonal()(revealed(text))


def _window_in_words(window: QWidget, theme: Theme) -> str:
    scale = round(100 * window.devicePixelRatioF())
    letters = font_size().percent
    look = f"{'dark' if theme.dark else 'light'} (set to {theme.appearance})"
    place = QGuiApplication.platformName()
    return f"Window {window.width()} × {window.height()} at {scale} %, letters {letters} %, {look}, on {place}"
