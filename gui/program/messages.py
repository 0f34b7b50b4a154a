"""The one place that shows messages: sentences for expected errors, and the crash box for bugs of ours."""

import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QObject, Qt, Signal, Slot, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QMessageBox, QSpacerItem, QWidget

from core import APP_NAME, VERSION
from core.letters import in_brief, revealed
from gui.program.log import impersonal
from gui.program.sifting import sifted, sifted_bug
from gui.widgets.fields import breakable

log = logging.getLogger(__name__)

_WIDTH = 440
"""The maximum width of a sentence in a box, in pixels; a longer one is wrapped."""
_MOST_IN_TITLE, _MOST = 200, 1200
"""Characters of the texts in a box: the screen must have room for its buttons, too."""
_PACKAGES = ("tensorflow-cpu", "tensorflow", "keras", "scikit-optimize", "scikit-learn", "numpy", "scipy")


def show_error(parent: QWidget | None, title: str, sentence: str) -> None:
    """Show what went wrong and what to do, without blocking the window."""
    _show(_make_box(QMessageBox.Icon.Warning, parent, title, sentence, QMessageBox.StandardButton.Ok))


def show_news(parent: QWidget | None, title: str, sentence: str) -> None:
    """Show what was done, without blocking the window."""
    _show(_make_box(QMessageBox.Icon.Information, parent, title, sentence, QMessageBox.StandardButton.Ok))


def offer_remedy(parent: QWidget, title: str, sentence: str, remedy: str, apply: Callable[[], object]) -> None:
    """Show what went wrong, and a button with a possible remedy, without blocking the window."""
    _show_choice(QMessageBox.Icon.Warning, parent, title, sentence, {remedy: apply})


def ask(parent: QWidget, title: str, sentence: str, accept: str, act: Callable[[], object]) -> QMessageBox:
    """Ask, without blocking the window, whether to act; return the box."""
    return offer(parent, title, sentence, {accept: act})


def offer(parent: QWidget, title: str, sentence: str, acts: Mapping[str, Callable[[], object]]) -> QMessageBox:
    """Ask, without blocking the window, which of several acts to do; the first is the default. Return the box."""
    return _show_choice(QMessageBox.Icon.Question, parent, title, sentence, acts)


def _show_choice(
    icon: QMessageBox.Icon, parent: QWidget, title: str, sentence: str, acts: Mapping[str, Callable[[], object]]
) -> QMessageBox:
    box = _make_box(icon, parent, title, sentence, QMessageBox.StandardButton.Cancel)
    buttons = {box.addButton(text, QMessageBox.ButtonRole.AcceptRole): act for text, act in acts.items()}
    box.setDefaultButton(next(iter(buttons)))

    def act_on_choice() -> None:
        for button, act in buttons.items():
            if box.clickedButton() is button:
                act()

    box.finished.connect(act_on_choice)
    _show(box)
    return box


def _make_box(
    icon: QMessageBox.Icon,
    parent: QWidget | None,
    title: str,
    sentence: str,
    buttons: QMessageBox.StandardButton = QMessageBox.StandardButton.NoButton,
) -> QMessageBox:
    title, sentence = breakable(in_brief(title, _MOST_IN_TITLE)), breakable(in_brief(sentence, _MOST))
    box = QMessageBox(icon, APP_NAME, title, buttons, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(sentence)
    layout = box.layout()
    if isinstance(layout, QGridLayout):  # Qt would make a tall box of a long sentence
        width = min(_WIDTH, box.fontMetrics().horizontalAdvance(max(title, sentence, key=len)))
        layout.addItem(QSpacerItem(width, 0), layout.rowCount(), 0, 1, layout.columnCount())
    return box


def _show(box: QMessageBox) -> None:
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setModal(True)
    box.open()


def versions() -> str:
    """Return the versions of the programs and the platform, for a report."""
    from importlib import metadata  # nothing else needs it, and the window's first picture does not wait for it

    named = [f"{APP_NAME} {VERSION}", f"Python {platform.python_version()}"]
    named += [f"PySide6 {pyside_version}", f"Qt {qVersion()}"]
    for package in _PACKAGES:
        try:
            named.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            continue
    return f"{', '.join(named)}\n{platform.platform()}"


class CrashReporter(QObject):
    """Takes every uncaught exception, from any thread, and shows one box with a copyable report.

    Only one box is open at a time, and the hooks report an exception once for each place where it was raised:
    otherwise a fault in a paint event would open boxes without end. While `quiet` is true, bugs are only logged.
    `recent` returns the last lines of the log.
    """

    _reported = Signal(str)

    def __init__(self, recent: Callable[[], Sequence[str]] = tuple, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.window: QWidget | None = None
        self.quiet = False
        self.recent = recent
        self._box: QMessageBox | None = None
        self._known: set[tuple[type[BaseException], str, int]] = set()
        self._hooks_before = sys.excepthook, threading.excepthook
        self._reported.connect(self._show_report, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over the hooks for uncaught exceptions."""
        self._hooks_before = sys.excepthook, threading.excepthook
        sys.excepthook = self._hook
        threading.excepthook = lambda args: self._hook(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def uninstall(self) -> None:
        """Restore the hooks."""
        sys.excepthook, threading.excepthook = self._hooks_before

    def report(self, details: str) -> None:
        """Log and show a bug, given its traceback. May be called from any thread."""
        log.error("A bug:\n%s", details)
        self._reported.emit(details)

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        frames = traceback.extract_tb(trace)
        place = (kind, frames[-1].filename, frames[-1].lineno or 0) if frames else (kind, "", 0)
        if place not in self._known:
            self._known.add(place)
            self.report("".join(traceback.format_exception(kind, error, trace)))

    @Slot(str)
    def _show_report(self, details: str) -> None:
        if self._box is not None or self.quiet:
            return
        report = self._make_report(details)
        box = _make_box(
            QMessageBox.Icon.Critical,
            self.window,
            f"{APP_NAME} made a mistake",
            "This is a fault in Afina, not in what you did. Recorded trials are safe in the study file, and you can "
            "go on working. To report it, copy the details below.",
        )
        box.setDetailedText(report)
        copy = box.addButton("Copy details", QMessageBox.ButtonRole.ActionRole)
        copy.clicked.disconnect()  # would close the box
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
        box.addButton(QMessageBox.StandardButton.Close)
        box.finished.connect(self._box_closed)
        self._box = box
        _show(box)

    def _make_report(self, details: str) -> str:
        """Return what helps to find the fault and holds nothing of the user's: as "Report a problem" does."""
        lines = "\n".join(sifted(self.recent()))
        text = f"{versions()}\n\n{sifted_bug(details)}\n\nThe last lines of the log:\n{lines}\n"
        return impersonal()(revealed(text))

    @Slot()
    def _box_closed(self) -> None:
        self._box = None
