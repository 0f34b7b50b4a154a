"""Python's cyclic garbage is collected in the GUI thread only.

The collector runs in whichever thread happens to allocate; from the study's thread it could destroy Qt objects that
belong to the window, which crashes now and then.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL = 500  # milliseconds
_GROWTH = 1.25
"""A full collection is worth its time when there are so many more objects than after the last one."""


class GarbageCollector(QObject):
    """Collects on a timer, each generation when Python itself would have."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._survivors = 0
        """How many objects the last full collection left."""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(_INTERVAL)

    @Slot()
    def settle(self) -> None:
        """Leave all that is there now out of the collections to come: the window, and a large study that was opened.

        A look through 100,000 objects takes 60 ms. A study's own go by themselves when it is closed.
        """
        gc.freeze()

    @Slot(object)
    def hold(self, opening: object) -> None:
        """Collect nothing while a large study is read (None: no longer): what comes then is no garbage, and plenty."""
        if opening is None:
            self._timer.start(_INTERVAL)
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Leave the garbage to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _collect(self) -> None:
        due = [count > threshold for count, threshold in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if due[2] and len(gc.get_objects(2)) > _GROWTH * self._survivors:
            gc.collect(2)
            self._survivors = len(gc.get_objects(2))
        elif due[1] or due[2]:
            gc.collect(1)
        elif due[0]:
            gc.collect(0)
