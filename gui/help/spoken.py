"""A page as a screen reader walks it: its headings and paragraphs one by one, which Qt tells as one long text."""

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QTextBlock, QWindow
from PySide6.QtWidgets import QTextEdit, QWidget


class SpokenPage:
    """The parts of the text that a view shows; `renew` when that is another one."""

    def __init__(self, view: QTextEdit) -> None:
        self._view = view
        self._parts: list[_Part] = []

    def renew(self) -> None:
        """Let a reader find the headings and paragraphs of the text that is there now."""
        for part in self._parts:
            part.setParent(None)
            part.deleteLater()
        self._parts = []
        block = self._view.document().begin()
        while block.isValid():
            if block.text().strip():
                self._parts.append(_Part(self._view, block))
            block = block.next()


class _Part(QWidget):
    """One heading or paragraph. It is never seen: Qt finds only what belongs to a widget."""

    def __init__(self, view: QTextEdit, block: QTextBlock) -> None:
        super().__init__(view.viewport())
        self.hide()
        self.view, self.number = view, block.blockNumber()
        self.text = " ".join(block.text().split())
        self.is_heading = block.blockFormat().headingLevel() > 0
        self.spoken = _Spoken(self)
        QAccessible.registerAccessibleInterface(self.spoken)  # Qt deletes it with the widget
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.ObjectCreated))

    def place(self) -> QRect:
        """Return where the part is on the screen."""
        document, view = self.view.document(), self.view
        rect = document.documentLayout().blockBoundingRect(document.findBlockByNumber(self.number)).toAlignedRect()
        scrolled = QPoint(-view.horizontalScrollBar().value(), -view.verticalScrollBar().value())
        return rect.translated(view.viewport().mapToGlobal(scrolled))


class _Spoken(QAccessibleInterface):
    """What a reader is told of a part."""

    def __init__(self, part: _Part) -> None:
        super().__init__()
        self._part = part

    def isValid(self) -> bool:
        return shiboken6.isValid(self._part)

    def object(self) -> QObject:
        return self._part

    def window(self) -> QWindow | None:  # type: ignore[override]
        return self._part.view.window().windowHandle()

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._part.view.viewport())

    def child(self, index: int, /) -> None:  # type: ignore[override]
        return None

    def childAt(self, x: int, y: int, /) -> None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface, /) -> int:
        return -1

    def rect(self) -> QRect:
        return self._part.place()

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.Heading if self._part.is_heading else QAccessible.Role.StaticText

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.readOnly = True
        return state

    def text(self, kind: QAccessible.Text, /) -> str:
        return self._part.text if kind is QAccessible.Text.Name else ""

    def setText(self, kind: QAccessible.Text, text: str, /) -> None:
        """Change nothing: a page can only be read."""
