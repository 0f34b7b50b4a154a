"""The draft: a setup that was not started is kept in a file, for the next start after a crash or a closed window."""

import logging
import os
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
from PySide6.QtCore import QObject, QTimer, Slot

from core.datasets.data_file import DataFile
from core.errors import InvalidSetting
from core.files import NotAFile, TooLarge, read_file, write_file
from core.json_faults import read_json
from core.models.custom.model_file import ModelFile
from core.settings import tutorial_settings
from core.tables.description import MissingValues
from gui.session.thread import Runner
from gui.setup.form import SettingsForm
from gui.setup.section import State

log = logging.getLogger(__name__)
Some = TypeVar("Some")

DELAY = 1000
"""Milliseconds from the last change to its being kept."""
_MAX_BYTES = 20_000_000
_FILE, _MISSING, _MODEL = "data.file", "data.missing", "model.file"


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What stands in the form, as JSON: its texts and ticks, and what is no plain value."""

    format: Literal["afina-draft-1"]
    fields: dict[str, object]
    data_file: DataFile | None = None
    missing: MissingValues | None = None
    model_file: ModelFile | None = None

    @classmethod
    def of(cls, state: State) -> "Kept":
        """Return what stands in a form."""
        return cls(
            format="afina-draft-1",
            fields={path: value for path, value in state.items() if path not in (_FILE, _MISSING, _MODEL)},
            data_file=_of_kind(DataFile, state.get(_FILE)),
            missing=_of_kind(MissingValues, state.get(_MISSING)),
            model_file=_of_kind(ModelFile, state.get(_MODEL)),
        )

    def state(self) -> State:
        """Return it as the form takes it."""
        return {**self.fields, _FILE: self.data_file, _MISSING: self.missing, _MODEL: self.model_file}


def _of_kind(kind: type[Some], value: object) -> Some | None:
    return value if isinstance(value, kind) else None


class Draft(QObject):
    """Keeps in a file what stands in the form while it is neither started nor the tutorial's experiment.

    `restored`: the form shows what was kept at the last start.
    """

    def __init__(self, form: SettingsForm, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._form = form
        self._path = path
        self._is_default = True
        self.restored = False
        self._kept: State | None = None
        """What was kept last, by this window; None for nothing."""
        self._writer = Runner(self._write, self)
        self._timer = QTimer(self, singleShot=True, interval=DELAY)
        self._timer.timeout.connect(self._keep)

    def restore(self) -> None:
        """Show what was kept, if there is anything; from then on, note what changes."""
        kept = read_draft(self._path)
        if kept is not None and self._show(kept):
            self.restored, self._is_default, self._kept = True, False, kept.state()
        self._form.settings_changed.connect(self._on_changed)

    def _show(self, kept: Kept) -> bool:
        try:
            self._form.set_state(kept.state())
        except Exception:  # a strange file beside the preferences must not keep Afina from starting
            log.info("The draft cannot be shown", exc_info=True)
            self._form.reset()
            return False
        return True

    def close(self) -> None:
        """Keep at once what has changed, and what another window has taken away."""
        self._timer.stop()
        self._writer.wait()
        if self._has_news() or (self._kept is not None and not os.path.exists(self._path)):  # noqa: PTH110  Path.exists raises where it may not look
            self._write()

    @Slot(object)
    def _on_changed(self, settings: object) -> None:
        if not self._form.is_locked:
            self._is_default = settings == tutorial_settings()
        self._timer.start()

    def _has_news(self) -> bool:
        """Note what is to be kept; return whether the file is another one then. What others kept in it stays else."""
        before, self._kept = self._kept, None if self._is_default else self._form.draft()
        return before != self._kept

    @Slot()
    def _keep(self) -> None:
        """Write in a thread, because a disk may be slow."""
        if self._writer.isRunning():
            self._timer.start()
        elif self._has_news():
            self._writer.start()

    def _write(self) -> None:
        """Write the file, or remove it if nothing is to be kept; that this is not possible is logged."""
        try:
            if self._kept is None:
                self._path.unlink(missing_ok=True)
            else:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                write_file(self._path, msgspec.json.encode(Kept.of(self._kept)))
        except (OSError, UnicodeError) as error:
            log.info("The draft cannot be kept: %r", error)


def read_draft(path: Path) -> Kept | None:
    """Return what was kept in the file; None if there is no file, or none that can be used, which is logged."""
    try:
        text = read_file(path, _MAX_BYTES)
    except FileNotFoundError:
        return None
    except (NotAFile, TooLarge, OSError) as error:
        log.info("The draft cannot be read: %r", error)
        return None
    try:
        return read_json(text, Kept, "fields of a draft", lambda _place: "")
    except InvalidSetting as error:
        log.info("The draft cannot be used: %s", error.message)
        return None
