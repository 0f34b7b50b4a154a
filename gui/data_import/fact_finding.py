"""FactFinding: looks in the background at the table in use, for what the form says about its columns."""

import logging
from collections import deque

from PySide6.QtCore import QObject, Signal

from core.children.process import ChildLost
from core.datasets.changes import QUICK
from core.datasets.data_file import DataFile
from core.tables.description import TargetProfile
from core.tables.facts import TableFacts, facts_of
from core.tables.inspection import DescribeTarget, Progress, ReadTable, TableAnswer, TableRead
from gui.data_import.inspecting import Inspection

log = logging.getLogger(__name__)

_KEPT = 8
"""The number of tables whose facts are kept, so that going back to one reads nothing."""


class FactFinding(QObject):
    """Keeps the facts of the tables that were in use. Signal `changed` (a DataFile or None, TableFacts or None).

    It is emitted when another table is in use, with what is known of it, and when more is known. What cannot be read
    has no facts; why it cannot be is told elsewhere.
    """

    changed = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._file: DataFile | None = None
        self._known: deque[tuple[tuple[object, ...], TableFacts | None]] = deque(maxlen=_KEPT)
        self._inspection: Inspection | None = None
        self._table: TableRead | None = None

    def use(self, file: DataFile | None) -> None:
        """Tell from now on of this table; of none if it is None."""
        if file is self._file:
            return
        again = file is not None and self._file is not None and _key(file) == _key(self._file)
        self._file = file
        if not again:
            self.close()
        self.changed.emit(file, None if file is None else self._facts_of(file))

    def keep(self, file: DataFile, facts: TableFacts | None) -> None:
        """Keep what was found when the table was read."""
        self._known.appendleft((_key(file), facts))

    def look(self) -> None:
        """Look at the table in use, which is as it was imported, unless that was done. Large ones are left alone."""
        file = self._file
        if file is None or self._inspection is not None or file.fingerprint.size > QUICK or self._is_known(file):
            return
        try:
            self._inspection = Inspection(None, self)
        except ChildLost as error:
            log.info("%s is not looked at: %s", file.file_path.name, error)
            return
        self._inspection.answered.connect(self._on_answered)
        self._inspection.ask(ReadTable(file.path, file.layout, file.all_readings))

    def close(self) -> None:
        """End the look under way."""
        inspection, self._inspection, self._table = self._inspection, None, None
        if inspection is not None:
            inspection.close()
            inspection.deleteLater()

    def _is_known(self, file: DataFile) -> bool:
        return any(key == _key(file) for key, _facts in self._known)

    def _facts_of(self, file: DataFile) -> TableFacts | None:
        return next((facts for key, facts in self._known if key == _key(file)), None)

    def _on_answered(self, answer: TableAnswer) -> None:
        file = self._file
        match answer:
            case Progress() | TableRead(partial=True):
                return
            case TableRead() if file is not None and self._inspection is not None:
                if answer.fingerprint != file.fingerprint:  # it has changed since, and is looked at when it is back
                    self.close()
                    return
                self._table = answer
                self._inspection.ask(DescribeTarget(file.target, file.task))
            case TargetProfile() if file is not None and self._table is not None:
                profile = self._table.profile
                self._end(file, facts_of(profile.rows, profile.columns, answer))
            case _ if file is not None:
                self._end(file, None)

    def _end(self, file: DataFile, facts: TableFacts | None) -> None:
        self.close()
        self.keep(file, facts)
        self.changed.emit(file, facts)


def _key(file: DataFile) -> tuple[object, ...]:
    """Return what the facts of a table depend on: all but the roles of its columns."""
    return file.path, file.fingerprint, file.layout, file.readings, file.target, file.task
