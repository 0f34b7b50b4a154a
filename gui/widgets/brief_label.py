"""A label of rich text that never takes more lines than it is given: of what is too long the last sentences go."""

import re
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QFont, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from gui.widgets.fields import breakable, without_tags, wrapped_tip

_PIECES = re.compile(r"<[^>]*>|&[^;]*;|.", re.DOTALL)
_ENDS = tuple(".?!")
_ENOUGH = 0.5
"""Whole sentences must be so much of what would fit: rather than less, a part of the next one is shown."""
_WORD_END = 15
"""So many letters before the place of a cut, a space is looked for."""
_LINK = re.compile(r"<a [^>]*>(.*?)</a>")
_LINKS = Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard


_FOR_A_WHILE = Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason
"""Reasons for which the focus goes and comes back."""


class BriefLabel(QLabel):
    """Shows paragraphs of rich text, each cut to a number of lines; the whole is in the tool tip and read out.

    `name` tells a reader what the text is. With the focus, one of the links is marked: Tab goes from link to link,
    Enter follows it, and it stays the one while texts come and go that have it.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paragraphs: tuple[str, ...] = ()
        self._lines = 1
        self._first_whole = False
        self._shorter: tuple[str, ...] = ()
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setAccessibleDescription(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def whole(self) -> str:
        """The rich text as it would be with room enough."""
        return "<br>".join(self._paragraphs)

    def say(
        self,
        paragraphs: tuple[str, ...],
        lines: int = 1,
        *,
        first_whole: bool = False,
        shorter: tuple[str, ...] = (),
    ) -> None:
        """Show these paragraphs, each on so many lines at most.

        `first_whole`: where these do not hold the first sentence, it takes the lines of all paragraphs. `shorter` are
        texts that stand for a single paragraph which does not fit, the longest first; the last one is cut.
        """
        said = paragraphs, lines, first_whole, shorter
        if said == (self._paragraphs, self._lines, self._first_whole, self._shorter):
            return
        self._paragraphs, self._lines, self._first_whole, self._shorter = said
        self.setAccessibleName(without_tags(self.whole))
        self.fit()

    def fit(self) -> None:
        """Cut the text to the room that there is."""
        cut = self._cut()
        shown = breakable("<br>".join(cut))
        if shown != self.text():
            marked = self.selectedText() if self.hasFocus() else ""
            self.setText(shown)
            flags = _LINKS if self.has_links else Qt.TextInteractionFlag.NoTextInteraction
            if self.textInteractionFlags() != flags:
                self.setTextInteractionFlags(flags)
            if marked:
                self._mark_again(marked)
        is_whole = cut == list(self._paragraphs)
        self.setToolTip(wrapped_tip("" if is_whole else self.accessibleName()))

    def _cut(self) -> list[str]:
        if self._shorter:
            return [self._first_that_fits((*self._paragraphs, *self._shorter))]
        cut = [cut_to_lines(text, self.font(), self.width(), self._lines) for text in self._paragraphs]
        if not self._first_whole or len(cut) < 2 or "…" not in cut[0]:
            return cut
        return [cut_to_lines(self._paragraphs[0], self.font(), self.width(), self._lines * len(cut))]

    def _first_that_fits(self, texts: tuple[str, ...]) -> str:
        cut = ""
        for text in texts:
            cut = cut_to_lines(text, self.font(), self.width(), self._lines)
            if cut == text:
                break
        return cut

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.text():
            self.setText("")  # or the links would keep the colour that they had
            self.fit()

    # Links

    @property
    def has_links(self) -> bool:
        """Whether there is a link in sight."""
        return "<a " in self.text()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.has_links and not self.hasSelectedText():
            self.focusNextPrevChild(event.reason() is not Qt.FocusReason.BacktabFocusReason)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _FOR_A_WHILE:
            self.setSelection(0, 0)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Go on to the next link, or beyond the last, and mark it as a selection: Qt's own mark is a dotted line."""
        if not super().focusNextPrevChild(forwards):
            return False
        if self.hasFocus() and self.hasSelectedText():
            self.setSelection(self.selectionStart(), len(self.selectedText()))
        return True

    def _mark_again(self, marked: str) -> None:
        """Mark the link of these words in another text or, if it is gone, the first one."""
        self.setSelection(0, 0)  # or Qt has not read the text yet
        if marked in (without_tags(words) for words in _LINK.findall(self.text())):
            for _ in _LINK.findall(self.text()):
                self.focusNextPrevChild(True)
                if self.selectedText() == marked:
                    return
        elif self.has_links:
            self.focusNextPrevChild(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()


def cut_to_lines(rich: str, font: QFont, width: int, lines: int) -> str:
    """Return rich text that takes at most so many lines of that width.

    The last sentences are left out; where too little would be left, the text is cut and ends with an ellipsis.
    """
    if _surely_fits(rich, font, width, lines):
        return rich
    from PySide6.QtGui import QTextDocument  # to make its class takes longer than the window has at its start

    document = QTextDocument()
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.setTextWidth(width)
    most = (lines + 0.5) * QFontMetricsF(font).lineSpacing()

    def fits(text: str) -> bool:
        document.setHtml(breakable(text))
        return document.size().height() <= most

    if fits(rich):
        return rich
    pieces = _PIECES.findall(rich)
    letters = [place for place, piece in enumerate(pieces) if not piece.startswith("<")]
    low, high = 0, len(letters)
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(_closed(pieces, letters[middle], "…")) else (low, middle)
    whole = [place for place in _ends_of_sentences(pieces, letters) if place <= letters[low]]
    if whole and letters.index(whole[-1]) >= _ENOUGH * low:
        return _closed(pieces, whole[-1])
    spaces = [place for place in letters[max(1, low - _WORD_END) : low + 1] if pieces[place] == " "]
    return _closed(pieces, spaces[-1] if spaces else letters[low], "…")


def _surely_fits(rich: str, font: QFont, width: int, lines: int) -> bool:
    """Return whether the text fits even if all of it is bold; a line can end as early as its next word is long."""
    bold = QFont(font)
    bold.setBold(True)
    advance, words = QFontMetricsF(bold).horizontalAdvance, without_tags(rich)
    spare = (lines - 1) * advance(max(words.split(), key=len, default="")) if lines > 1 else 0
    return advance(words) + spare <= lines * (width - 1)


def _ends_of_sentences(pieces: list[str], letters: list[int]) -> list[int]:
    """Return the places of the spaces between sentences."""
    return [place for before, place in pairwise(letters) if pieces[place] == " " and pieces[before] in _ENDS]


def _closed(pieces: list[str], end: int, mark: str = "") -> str:
    """Return the pieces up to a place, the mark, and the ends of the tags that are open there."""
    ends: list[str] = []
    for piece in pieces[:end]:
        if piece.startswith("</"):
            ends.pop()
        elif piece.startswith("<"):
            ends.append(f"</{piece[1:-1].split()[0]}>")
    return "".join([*pieces[:end], mark, *reversed(ends)])
