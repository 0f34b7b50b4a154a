"""The one place that shows messages: sentences for expected errors, the crash box for bugs of ours."""

import logging
import platform
import sys
import threading
import traceback
from types import TracebackType

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from core import APP_NAME, VERSION

log = logging.getLogger(__name__)


def show_error(parent: QWidget | None, title: str, sentence: str) -> None:
    """Show what went wrong and what to do, without blocking the window."""
    box = QMessageBox(QMessageBox.Icon.Warning, APP_NAME, title, QMessageBox.StandardButton.Ok, parent)
    box.setInformativeText(sentence)
    _show(box)


def ask(parent: QWidget, title: str, sentence: str, accept: str) -> bool:
    """Ask a question that can be declined; return whether the answer was the one labelled `accept`."""
    box = QMessageBox(QMessageBox.Icon.Question, APP_NAME, title, QMessageBox.StandardButton.Cancel, parent)
    box.setInformativeText(sentence)
    yes = box.addButton(accept, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(yes)
    box.exec()
    return box.clickedButton() is yes


def _show(box: QMessageBox) -> None:
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setModal(True)
    box.open()


class CrashReporter(QObject):
    """Takes every exception that nobody caught, from any thread, and shows one box with a copyable report.

    Only the first one is shown while its box is open: a fault in a paint event would bury the user otherwise.
    """

    _reported = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.window: QWidget | None = None
        self._box: QMessageBox | None = None
        self._reported.connect(self._show_report, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over the hooks for uncaught exceptions."""
        sys.excepthook = self._hook
        threading.excepthook = lambda args: self._hook(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def uninstall(self) -> None:
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def report(self, details: str) -> None:
        """Log and show a bug, given its traceback. May be called from any thread."""
        log.error("A bug:\n%s", details)
        self._reported.emit(details)

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self.report("".join(traceback.format_exception(kind, error, trace)))

    @Slot(str)
    def _show_report(self, details: str) -> None:
        if self._box is not None:
            return
        report = f"{APP_NAME} {VERSION}, Python {platform.python_version()}, PySide6 {pyside_version}, "
        report += f"{platform.system()} {platform.machine()}\n\n{details}"
        box = QMessageBox(QMessageBox.Icon.Critical, APP_NAME, f"{APP_NAME} made a mistake", parent=self.window)
        box.setInformativeText(
            "This is a fault in Afina, not in what you did. Recorded trials are safe in the study file, and you can "
            "go on working. To report it, copy the details below."
        )
        box.setDetailedText(report)
        copy = box.addButton("Copy details", QMessageBox.ButtonRole.ActionRole)
        copy.clicked.disconnect()  # would close the box
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
        box.addButton(QMessageBox.StandardButton.Close)
        box.finished.connect(self._box_closed)
        self._box = box
        _show(box)

    @Slot()
    def _box_closed(self) -> None:
        self._box = None
