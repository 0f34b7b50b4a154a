"""Python's cyclic garbage is collected in the GUI thread only.

The collector runs in whichever thread happens to allocate; from the study's thread it could destroy Qt objects that
belong to the window, which crashes now and then.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL = 500  # milliseconds


class GarbageCollector(QObject):
    """Collects on a timer, each generation when Python itself would have."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(_INTERVAL)

    def stop(self) -> None:
        """Leave the garbage to Python again."""
        self._timer.stop()
        gc.enable()

    def _collect(self) -> None:
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return
