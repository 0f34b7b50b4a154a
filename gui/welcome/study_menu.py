"""What can be done with a study that is listed, without opening it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from core.study.catalogue import Listed


@dataclass(frozen=True)
class StudyActions:
    """What a list asks for. `is_own` tells whether a file lies in the folder of studies, which is always listed."""

    open: Callable[[Path], object]
    resume: Callable[[Path], object]
    name: Callable[[Path, str], object]
    copy: Callable[[Path], object]
    forget: Callable[[Path], object]
    bin: Callable[[Path], object]
    is_own: Callable[[Path], bool]


def can_be_named(listed: Listed) -> bool:
    """Return whether the study's file can be written, as far as is known."""
    return listed.glance is not None and not listed.running


def name_of(listed: Listed) -> str:
    """Return the user's name for the study, empty for none."""
    return "" if listed.glance is None else listed.glance.name


def study_menu(listed: Listed, actions: StudyActions, parent: QWidget) -> QMenu:
    """Return the menu of a study."""
    menu = QMenu(parent)
    menu.setAccessibleName(name_of(listed) or listed.path.stem)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    path = listed.path
    menu.addAction("&Open").triggered.connect(lambda: actions.open(path))
    resume = menu.addAction("&Resume")
    resume.triggered.connect(lambda: actions.resume(path))
    resume.setEnabled(listed.glance is not None and listed.glance.resumable and not listed.running)
    menu.addSeparator()
    name = menu.addAction("&Name…")
    name.triggered.connect(lambda: actions.name(path, name_of(listed)))
    name.setEnabled(can_be_named(listed))
    copy = menu.addAction("&Copy…")
    copy.triggered.connect(lambda: actions.copy(path))
    copy.setEnabled(listed.glance is not None)
    menu.addSeparator()
    if not actions.is_own(path):
        menu.addAction("Remove from the &list").triggered.connect(lambda: actions.forget(path))
    away = menu.addAction("Move to the &bin…")
    away.triggered.connect(lambda: actions.bin(path))
    away.setEnabled(not listed.running)
    return menu
