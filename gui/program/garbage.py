"""Python's cyclic garbage is collected in the GUI thread only.

By default, the collector runs in the thread that happens to allocate. In the study's thread it could destroy Qt objects
of the window, and that sometimes crashes.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL = 500  # milliseconds
_GROWTH = 1.25
"""A full collection is worth its time when the number of objects has grown by this factor since the last one."""


class GarbageCollector(QObject):
    """Collects on a timer, each generation when Python itself would have collected it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._survivors = 0
        """The number of objects that the last full collection left."""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(_INTERVAL)

    @Slot()
    def settle(self) -> None:
        """Exclude all current objects from later collections: those of the window and of a large study just opened.

        To check 100,000 objects takes 60 ms. The objects of a study are freed without a collection when it is closed.
        """
        gc.freeze()

    @Slot(object)
    def hold(self, opening: object) -> None:
        """Collect nothing while a large study is opened (None: collect again): it makes many objects and no garbage."""
        if opening is None:
            self._timer.start(_INTERVAL)
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Let Python collect the garbage again."""
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
