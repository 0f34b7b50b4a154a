"""Linking: how plots and table look at the same trials, besides the trial that is selected."""

from collections.abc import Set

from PySide6.QtCore import QObject, Signal

from core.figures.view import ScaleChoice
from core.progress import StudyProgress
from core.words.trials import failed_or_skipped


class Linking(QObject):
    """What is pointed at, brushed or hidden, in all plots at once.

    `hovered` is the trial under the pointer, or under the focus of a plot's keys. `brushed` holds the numbers of the
    trials that the brushes leave, None without a brush. `hides_failed` is whether failed and skipped trials are hidden.
    `scale` is how the user wants the objective's axis divided on the pages Belief and Parameters: it is one for both.
    `told_in_line` is whether a line of the window tells of the trial that is pointed at: plots then show no tip of it.
    `brushed` and `hovered` are forgotten when another study comes.
    """

    hover_changed = Signal(object)
    brush_changed = Signal(object)
    filter_changed = Signal(bool)
    scale_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hovered: int | None = None
        self.brushed: Set[int] | None = None
        self.hides_failed = self.told_in_line = False
        self.scale = ScaleChoice.AUTOMATIC

    def hover(self, number: int | None) -> None:
        """Point at a trial, or at none."""
        if number != self.hovered:
            self.hovered = number
            self.hover_changed.emit(number)

    def brush(self, numbers: Set[int] | None) -> None:
        """Leave these trials, or all again."""
        if numbers != self.brushed:
            self.brushed = numbers
            self.brush_changed.emit(numbers)

    def hide_failed(self, hide: bool) -> None:
        """Hide failed and skipped trials, or show them again."""
        if hide is not self.hides_failed:
            self.hides_failed = hide
            self.filter_changed.emit(hide)

    def choose_scale(self, scale: ScaleChoice) -> None:
        """Divide the objective's axis so."""
        if scale is not self.scale:
            self.scale = scale
            self.scale_changed.emit()

    def hidden(self, progress: StudyProgress | None) -> frozenset[int]:
        """Return the numbers of the trials of a study that are hidden now."""
        return failed_or_skipped(progress) if self.hides_failed else frozenset()

    def forget(self) -> None:
        """Forget what concerns the trials of a study that is not shown any more."""
        self.hover(None)
        self.brush(None)
