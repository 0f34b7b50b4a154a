"""Naming: a study that nobody is running gets a name and, if the user wishes, its file is called by that name, too."""

import time
from pathlib import Path

from core.errors import InvalidSetting
from core.events import StudyNamed
from core.files import free_path, proper_stem
from core.store.writer import Store
from core.study_name import checked_name
from core.targets import SUFFIX


def name_study(path: Path, name: str) -> StudyNamed:
    """Record the study's name in its file; an empty one takes the name away. Raises AfinaError."""
    event = StudyNamed(name=checked_name(name), time=time.time())
    with Store.open(path) as store:
        store.record([event])
    return event


def path_called(name: str, path: Path, numbered: str) -> Path:
    """Return the path that the study's file has when it is called by that name: the present one, or a free one.

    `numbered` is the pattern that adds a number to a name that is taken. Raises InvalidSetting if nothing of the name
    can stand in that of a file.
    """
    if name and not name.strip(" ."):
        raise InvalidSetting("name", f"No file can be called “{name}”: use a letter in the name, or keep the file's")
    wanted = path.with_name(f"{proper_stem(name)}{SUFFIX}")
    return path if not name or wanted == path else free_path(wanted, numbered)
