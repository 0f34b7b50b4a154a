"""The welcome page: at the left the ways to begin, at the right the studies, unfinished ones first."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.study.catalogue import Listed
from gui.welcome.beginnings import Beginnings
from gui.welcome.column import Column
from gui.welcome.reading import Reading
from gui.welcome.studies_table import StudiesTable
from gui.welcome.study_card import StudyCard
from gui.welcome.study_menu import StudyActions
from gui.widgets.card import Card
from gui.widgets.fields import hint_label, plain_label
from gui.widgets.measures import HEADLINE, SMALL, scaled, type_of
from gui.widgets.theme import Theme

_CARDS = 3
"""The unfinished studies that have a card; further ones come first in the table."""
_WIDEST, _MARGIN, _LEAST_MARGIN, _GAP = 1400, 61, 20, 54
_FIND = 180
_REFRESH = 2000
"""Milliseconds between two looks at studies that run elsewhere."""
_LOOKING = "Looking for studies…"
_UNFINISHED, _NONE = "Unfinished", "No studies yet"


class WelcomePage(QScrollArea):
    """What is shown while no study is open. `now` returns the time by which days are told."""

    def __init__(
        self,
        theme: Theme,
        folder: Path,
        recent: Callable[[], list[Path]],
        actions: StudyActions,
        now: Callable[[], datetime] = datetime.now,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self.now = now
        self._shown: tuple[object, ...] = ()
        self._complete = self._to_begin = self._elsewhere = False
        self.reading = Reading(folder, recent, self)
        self.reading.found.connect(self._on_found)
        self.beginnings = Beginnings(theme)
        self.cards = [StudyCard(theme, actions) for _ in range(_CARDS)]
        self.table = StudiesTable(theme, actions)
        self.find_field = _Find()
        self.foot = hint_label(_LOOKING)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setAccessibleName("Studies")
        self._make_content(theme)
        self._measure()
        self._timer = QTimer(self, interval=_REFRESH)
        self._timer.timeout.connect(self.reading.start)
        self.find_field.textChanged.connect(self.table.show_found)
        self.find_field.returnPressed.connect(self.table.open_selected)
        self.find_field.left.connect(self.table.setFocus)
        self.table.filtered.connect(self._show_foot)
        finding = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        finding.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        finding.activated.connect(self.find_field.setFocus)

    def _make_content(self, theme: Theme) -> None:
        content = QWidget()
        self._row = QHBoxLayout(content)
        self._row.setSpacing(_GAP)
        self._row.addWidget(self.beginnings)
        self._studies = self._make_studies(theme)
        self._row.addWidget(self._studies, 1)
        self.setWidget(content)

    def _make_studies(self, theme: Theme) -> QWidget:
        studies = Column()
        self._unfinished, self._recent = plain_label(_UNFINISHED), plain_label("Recent")
        line = QHBoxLayout()
        line.addWidget(self._recent)
        line.addStretch()
        line.addWidget(self.find_field)
        self._list = QWidget()
        column = QVBoxLayout(self._list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(line)
        self._table_card = Card(theme, self.table)
        self._table_card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        column.addWidget(self._table_card)
        whole = QVBoxLayout(studies)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(self._unfinished)
        for card in self.cards:
            whole.addWidget(card)
        self._between = QWidget()
        self._between.setFixedHeight(12)
        whole.addWidget(self._between)
        whole.addWidget(self._list)
        whole.addWidget(self.foot)
        whole.addStretch(1)
        self._unfinished.hide()
        self._between.hide()
        self._list.hide()
        return studies

    @property
    def parts(self) -> list[QWidget]:
        """The parts of the page between which the focus goes, in the order of the eye."""
        return [self.beginnings, self._studies]

    # Studies

    def refresh(self) -> None:
        """Look for studies anew."""
        self.reading.start()

    def _on_found(self, studies: Sequence[Listed], complete: bool) -> None:
        self._complete = complete
        self._timer.setInterval(_REFRESH)
        running = any(listed.running for listed in studies)
        if running and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()
        now = self.now()
        key = (now.date(), complete, *studies)
        if key != self._shown:
            self._shown = key
            self._show_studies(studies, now)

    def _show_studies(self, studies: Sequence[Listed], now: datetime) -> None:
        latest = sorted(studies, key=lambda listed: -listed.when)
        unfinished = sorted((listed for listed in latest if listed.unfinished), key=lambda listed: not listed.running)
        carded, further = unfinished[:_CARDS], unfinished[_CARDS:]
        rows = [*further, *(listed for listed in latest if not listed.unfinished)]
        filled = next((listed for listed in carded if not listed.running), None)
        for place, card in enumerate(self.cards):
            listed = carded[place] if place < len(carded) else None
            card.show_study(listed, now)
            card.resume_button.filled = listed is not None and listed is filled
        self.table.show_studies(rows, now)
        self._elsewhere = any(listed.path.parent != self._folder for listed in studies)
        nothing = self._complete and not studies
        self._unfinished.setText(_NONE if nothing else _UNFINISHED)
        self._unfinished.setVisible(bool(carded) or nothing)
        self._between.setVisible(bool(carded and rows))
        self._list.setVisible(bool(rows))
        self._show_foot()
        self._take_focus()

    def _show_foot(self) -> None:
        self.foot.say(self._foot())

    def _foot(self) -> str:
        if not self._list.isHidden() and not self.table.count:
            return f"No study here has “{self.find_field.text()}” in its name, its data or its state."
        if self._list.isHidden() and self._unfinished.isHidden():
            return _LOOKING
        if self._unfinished.text() == _NONE:
            return f"They will be in {_in_words(self._folder)}. New study begins one, and so does the tutorial."
        where = f"In {_in_words(self._folder)}{' and elsewhere' if self._elsewhere else ''}."
        return where if self._list.isHidden() else f"{where} Enter opens a study; its menu names, copies or removes it."

    # Focus and sizes

    def _take_focus(self) -> None:
        """Let the keys begin at what is most likely wanted, unless the user has gone to something already."""
        inside = QApplication.focusWidget()
        begins = inside in (None, self.beginnings.new_button) or not self.isAncestorOf(inside)
        if not self._to_begin or not self.isVisible() or not self._shown:
            return
        self._to_begin = not self._complete
        if not begins:
            return
        resumes = (card.resume_button for card in self.cards if card.resume_button.filled)
        first = self.table if not self._list.isHidden() else self.beginnings.new_button
        next(resumes, first).setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._to_begin = True
        self._place()
        self._take_focus()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()
        elif event.type() == QEvent.Type.ActivationChange and self.isVisible() and self.isActiveWindow():
            self.refresh()  # another window may have gone on with a study

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _measure(self) -> None:
        for title in (self._unfinished, self._recent):
            title.setFont(type_of(self.font(), HEADLINE, bold=True))
        self.foot.setFont(type_of(self.font(), SMALL))
        self.find_field.setFixedWidth(scaled(self, _FIND))

    def _place(self) -> None:
        """Let the content stand in the middle, and leave it room in a small window."""
        width, height = self.viewport().width(), self.viewport().height()
        beside = max((width - scaled(self, _WIDEST)) // 2, min(_MARGIN, max(_LEAST_MARGIN, (width - 1080) // 3)))
        above = min(48, max(_LEAST_MARGIN, (height - 560) // 4))
        self._row.setContentsMargins(beside, above, beside, 16)
        self._row.setSpacing(min(_GAP, beside))

    def close_reading(self) -> None:
        """Let the thread end: the window closes."""
        self._timer.stop()
        self.reading.close()


class _Find(QLineEdit):
    """Takes the words to find; Esc takes them away. `left`: ↓ was pressed, to go on to what was found."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Find a study")
        self.setAccessibleName("Find a study")
        self.setClearButtonEnabled(True)
        self.setAcceptDrops(False)  # a file that is dropped here is opened

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down:
                self.left.emit()
            case Qt.Key.Key_Escape:
                self.clear()
            case _:
                super().keyPressEvent(event)


def _in_words(folder: Path) -> str:
    """Return the folder's path, as seen from the user's own folder."""
    try:
        return folder.relative_to(Path.home()).as_posix()
    except (ValueError, RuntimeError):
        return str(folder)
