"""All trials of the study as the plots of the Parameters page show them: brushed or not, and in which colours."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from core.figures.brushing import Brush, left_by
from core.figures.seen_trials import SeenTrials, View, seen_trials
from core.figures.trial_columns import TrialColumns
from gui.session.changes import Changes
from gui.session.session import Session
from gui.widgets.turns import turns

AT_ONCE = 2500
"""The most trials that are taken in within one turn."""


class AllTrials(QObject):
    """Takes in the trials as they end, and holds what the plots of all trials share.

    `order` names the parameters that matter most, first of all. Signal `changed`: the plots are to be painted anew.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.columns: TrialColumns | None = None
        self.view = View(scale=session.linking.scale, hides_failed=session.linking.hides_failed)
        self.brushes: dict[str, Brush] = {}
        self.order: tuple[str, ...] = ()
        self._seen: SeenTrials | None = None
        self._waiting: dict[int, None] = {}
        session.changed.connect(self._on_changes)
        session.linking.filter_changed.connect(self._on_filter)
        session.linking.scale_changed.connect(self._on_scale)
        session.linking.brush_changed.connect(self._on_brush)
        self._start_over()

    @property
    def seen(self) -> SeenTrials | None:
        """What is shown; None without a study."""
        if self._seen is None and self.columns is not None:
            self._seen = seen_trials(self.columns, self.view, self._session.linking.brushed)
        return self._seen

    @property
    def results(self) -> int:
        """The number of trials that came to an end with an objective."""
        return 0 if self.columns is None else self.columns.results

    # What the user chooses

    def set_view(self, **chosen: Any) -> None:
        """Choose colours, or how many of the best are drawn one by one."""
        view = replace(self.view, **chosen)
        if view != self.view:
            self.view = view
            self._renew()

    def set_order(self, names: Sequence[str]) -> None:
        """Let these parameters come first."""
        if tuple(names) != self.order:
            self.order = tuple(names)
            self.changed.emit()

    def set_brush(self, name: str, brush: Brush | None) -> None:
        """Brush an axis, or take its brush away."""
        if brush is None:
            self.brushes.pop(name, None)
        else:
            self.brushes[name] = brush
        self._brush()

    def clear_brushes(self) -> None:
        """Take all brushes away."""
        self.brushes.clear()
        self._brush()

    def _brush(self) -> None:
        seen = self.seen
        if self.columns is not None and seen is not None:
            self._session.linking.brush(left_by(self.brushes, self.columns, seen.scale))
        self._renew()

    def _renew(self) -> None:
        self._seen = None
        self.changed.emit()

    @Slot(object)
    def _on_brush(self, numbers: object) -> None:
        """Take the brushes away when somebody else did so."""
        if numbers is None and self.brushes:
            self.brushes.clear()
            self._renew()

    @Slot()
    def _on_scale(self) -> None:
        self.set_view(scale=self._session.linking.scale)

    @Slot(bool)
    def _on_filter(self, hides: bool) -> None:
        self.set_view(hides_failed=hides)

    # The study

    @Slot(object)
    def _on_changes(self, changes: Changes) -> None:
        columns, progress = self.columns, self._session.progress
        if columns is None or columns.progress is not progress:
            self._start_over()
        elif columns.taken.intersection(changes.trials):  # one of them began again
            self._start_over(forgets=False)
        elif changes.in_rows:
            self._waiting.update(dict.fromkeys(changes.trials))
            turns().ask(self, self._take)

    def _start_over(self, *, forgets: bool = True) -> None:
        progress = self._session.progress
        self.columns = None if progress is None else TrialColumns(progress)
        self._waiting = {} if progress is None else dict.fromkeys(progress.trials)
        if forgets:
            self.brushes.clear()
            self.order = ()
            self._session.linking.brush(None)
        self._take()

    def _take(self) -> None:
        """Take some trials in; the rest of a large study in further turns."""
        now = list(islice(self._waiting, AT_ONCE))
        for number in now:
            del self._waiting[number]
        if self.columns is not None:
            self.columns.take(now)
        if self._waiting:
            turns().ask(self, self._take)
            return
        self._seen = None
        if self.brushes:
            self._brush()
        else:
            self.changed.emit()
