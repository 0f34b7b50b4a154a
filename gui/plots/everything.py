"""Everything: one switch for all plots, whether they show all values, or those that matter with marks for the rest."""

from PySide6.QtCore import QObject, Signal


class Everything(QObject):
    """Signal `changed` (a bool: whether everything is shown)."""

    changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = False

    @property
    def shown(self) -> bool:
        """Whether everything is shown."""
        return self._shown

    def show(self, shown: bool) -> None:
        """Show everything from now on, or what matters."""
        if shown is not self._shown:
            self._shown = shown
            self.changed.emit(shown)
