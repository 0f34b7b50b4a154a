"""Shows pages of help, with links between them; nothing from outside the program is ever loaded or opened."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)
from PySide6.QtWidgets import QFrame, QTextBrowser

from gui.help.pages import INDEX, PART, Pages, group_of, page_names, title_of
from gui.help.spoken import SpokenPage
from gui.widgets.marks import ACCENT, FAINT
from gui.widgets.measures import BODY, HEADLINE, scaled, type_of
from gui.widgets.slim_scroll import SlimBar

_MARGIN = 14
_LINE = 118
"""Per cent of the font's own line height."""
_BEFORE_HEADING, _AFTER_HEADING, _AFTER_TITLE, _AROUND_TEXT, _INDENT = 14, 3, 8, 6, 16
_KEYS, _KEY_GAP, _BETWEEN_KEYS = 92, 3, 8
"""Pixels of the column of keys, above and below each, and beside it."""
_KEYS_IN_WORDS = "Tab goes from link to link, Alt+← back, Esc closes"
_Place = tuple[str, int]
"""The name of a page, and how far it is scrolled."""


class HelpView(QTextBrowser):
    """One page at a time, and the way back to those before.

    Signals: `part_asked` (a name): a link leads to that part of the window; `turned`: another page is shown.
    `leads_to` tells whether there is such a part to lead to; where there is none the page on it is shown instead.
    """

    part_asked = Signal(str)
    turned = Signal()

    def __init__(self, pages: Pages, leads_to: Callable[[str], bool]) -> None:
        super().__init__()
        self._pages, self._leads_to = pages, leads_to
        self._before: list[_Place] = []
        self.page = INDEX
        self._spoken = SpokenPage(self)
        self.setAccessibleDescription(_KEYS_IN_WORDS)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setOpenLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBar(SlimBar(self))
        self.anchorClicked.connect(self._follow)

    # Turning pages

    def open(self, page: str, heading: str = "") -> None:
        """Show a page, from that heading on if it has one; the one before can be gone back to."""
        if page != self.page and not self.document().isEmpty():
            self._before.append((self.page, self.verticalScrollBar().value()))
        self._show(page)
        self._scroll_to(heading)
        self.turned.emit()

    @property
    def can_go_back(self) -> bool:
        """Whether there was a page before."""
        return bool(self._before)

    def go_back(self) -> None:
        """Show the page before, where it was left."""
        if self._before:
            page, place = self._before.pop()
            self._show(page)
            self.verticalScrollBar().setValue(place)
            self.turned.emit()

    def _follow(self, target: QUrl) -> None:
        """Follow a link to a page or to a part of the window, and to nothing else."""
        text = target.toString()
        name = text.removeprefix(PART).removesuffix(".md")
        if text.startswith(PART) and self._leads_to(name):
            self.part_asked.emit(name)
        elif name in page_names():
            self.open(name)

    def loadResource(self, _kind: int, _name: QUrl | str) -> Any:
        """Load nothing: pages are text."""
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Left and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.go_back()
        else:
            super().keyPressEvent(event)

    # How a page looks

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange) and not self.document().isEmpty():
            place = self.verticalScrollBar().value()
            self._show(self.page)
            self.verticalScrollBar().setValue(place)

    def _show(self, page: str) -> None:
        self.page = page
        self.setAccessibleName(f"Help: {title_of(page)}")
        document = self.document()
        document.setDefaultFont(self.font())
        document.setDocumentMargin(scaled(self, _MARGIN))
        document.setIndentWidth(scaled(self, _INDENT))
        document.setMarkdown(self._pages.markdown(page))
        block = document.begin()
        while block.isValid():
            self._dress(block)
            block = block.next()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._dress_table(frame)
        self._say_group(group_of(page))
        self._spoken.renew()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _dress(self, block: QTextBlock) -> None:
        """Give a title, a heading or a paragraph its letters, its distances and the colour of its links."""
        level = block.blockFormat().headingLevel()
        cursor = QTextCursor(block)
        spaced = QTextBlockFormat()
        spaced.setLineHeight(_LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        spaced.setTopMargin(scaled(self, (_AROUND_TEXT, 0, _BEFORE_HEADING)[min(level, 2)]))
        spaced.setBottomMargin(scaled(self, (_AROUND_TEXT, _AFTER_TITLE, _AFTER_HEADING)[min(level, 2)]))
        cursor.mergeBlockFormat(spaced)
        if level:
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.setCharFormat(_letters(type_of(self.font(), HEADLINE if level == 1 else BODY, bold=True)))
        self._colour_links(block)

    def _colour_links(self, block: QTextBlock) -> None:
        coloured = QTextCharFormat()
        coloured.setForeground(self.palette().color(ACCENT))
        coloured.setFontUnderline(True)
        for piece in block.textFormats():
            if piece.format.isAnchor():
                cursor = QTextCursor(self.document())
                cursor.setPosition(block.position() + piece.start)
                cursor.setPosition(block.position() + piece.start + piece.length, QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(coloured)

    def _dress_table(self, table: QTextTable) -> None:
        """Show keys at the left and, faint, what they do; the headings of the columns go without saying."""
        table.removeRows(0, 1)
        look = QTextTableFormat()
        look.setBorder(0)
        look.setCellSpacing(0)
        look.setCellPadding(scaled(self, _KEY_GAP))
        look.setColumnWidthConstraints(
            [
                QTextLength(QTextLength.Type.FixedLength, scaled(self, _KEYS)),
                QTextLength(QTextLength.Type.VariableLength, 0),
            ]
        )
        look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        table.setFormat(look)
        faint = QTextCharFormat()
        faint.setForeground(self.palette().color(FAINT))
        for row in range(table.rows()):
            cell = table.cellAt(row, 1)
            cursor = cell.firstCursorPosition()
            cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(faint)

    def _say_group(self, group: str) -> None:
        """Say above the title in faint letters to what the page belongs and, if that can be shown, lead there."""
        cursor = QTextCursor(self.document())
        leads = self._leads_to(self.page)
        if not group and not leads:
            return
        cursor.insertBlock()
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        spaced = QTextBlockFormat()
        spaced.setBottomMargin(scaled(self, _AFTER_TITLE))
        cursor.setBlockFormat(spaced)
        letters = _letters(self.font())
        letters.setForeground(self.palette().color(FAINT))
        cursor.insertText(group, letters)
        if leads:
            letters.setForeground(self.palette().color(ACCENT))
            letters.setFontUnderline(True)
            letters.setAnchor(True)
            letters.setAnchorHref(f"{PART}{self.page}")
            cursor.insertText("\u2003", _letters(self.font()))
            cursor.insertText("Show\u00a0it", letters)

    def _scroll_to(self, heading: str) -> None:
        """Show the page from the heading with these words, else from its top."""
        self.verticalScrollBar().setValue(0)
        block = self.document().begin()
        while heading and block.isValid():
            if block.blockFormat().headingLevel() and block.text().casefold() == heading.casefold():
                top = self.document().documentLayout().blockBoundingRect(block).top()
                self.verticalScrollBar().setValue(round(top) - scaled(self, _AROUND_TEXT))
                return
            block = block.next()


def _letters(font: QFont) -> QTextCharFormat:
    letters = QTextCharFormat()
    letters.setFont(font)
    return letters
