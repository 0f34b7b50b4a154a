"""An open finding: what is claimed, its numbers, what can be done, and the evidence at the right."""

import html

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from core.analysis.findings.finding import Finding, Known
from core.words.findings import act_in_words, badge_in_words, said
from gui.insight.evidence_view import EvidenceView
from gui.insight.finding_buttons import LineButton, PaneButton
from gui.widgets.brief_label import BriefLabel
from gui.widgets.elided_line import line_beside
from gui.widgets.fields import give_tip
from gui.widgets.measures import scaled, type_of
from gui.widgets.theme import Theme

_HEIGHT, _LEFT, _TOP, _BELOW, _GAP = 150, 14, 5, 9, 14
_HEADING = 14
_NARROW = 660
"""Below this width there is no room for the evidence."""
_LEAST, _LOW = 64, 130
"""The least height, and the height below which there is none for the evidence either."""
_LINES = 3


class FindingPane(QWidget):
    """Shows one finding.

    Signals: `act_wanted` and `act_pointed` (a change; None when it is not pointed at any more), `page_wanted` (the name
    of a page), `hide_wanted`.
    """

    act_wanted = Signal(object)
    act_pointed = Signal(object)
    page_wanted = Signal(str)
    hide_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._finding: Finding | None = None
        self._page = ""
        self.heading, self.sentence = BriefLabel("Finding", self), BriefLabel("Its numbers", self)
        self.act, self.show_page = PaneButton(theme, self), PaneButton(theme, self)
        self.hide_finding = LineButton(theme, self)
        self.hide_finding.say("Hide this finding")
        self.why_not = line_beside()
        self.evidence = EvidenceView(theme, self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._lay_out()
        self.act.clicked.connect(self._on_act)
        self.act.pointed.connect(self._on_pointed)
        self.show_page.clicked.connect(self._on_page)
        self.hide_finding.clicked.connect(self.hide_wanted)
        theme.changed.connect(self.update)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.act, self.show_page, self.hide_finding):
            buttons.addWidget(button)
        buttons.addWidget(self.why_not, 1)
        buttons.addStretch()
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self.heading)
        words.addWidget(self.sentence)
        words.addStretch(1)
        words.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(_LEFT, _TOP, _LEFT, _BELOW)
        row.setSpacing(_GAP)
        row.addLayout(words, 1)
        row.addWidget(self.evidence, 0, Qt.AlignmentFlag.AlignTop)
        self._measure()

    def _measure(self) -> None:
        self.heading.setFont(type_of(self.font(), _HEADING, bold=True))
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return False  # its words are cut to the height that it has

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), scaled(self, _HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return the least size: in a low window with large letters it gives way, so that the window need not grow."""
        return QSize(super().minimumSizeHint().width(), scaled(self, _LEAST))

    # What is shown

    def show_finding(self, finding: Finding, known: Known, why_not: str) -> None:
        """Show a finding; `why_not` says why it cannot be acted on now, and is empty where it can."""
        from core.figures.evidence import evidence  # what draws is loaded when it is first needed

        words = said(finding, known.progress)
        self._finding, self._page = finding, words.page
        self.heading.say((html.escape(words.heading),), 2)
        self.sentence.say((words.sentence.replace(" %", "&nbsp;%"),), _LINES)
        self.heading.setAccessibleDescription(f"Finding, {badge_in_words(finding.badge)}")
        self.act.setVisible(finding.change is not None)
        if finding.change is not None:
            self.act.say(act_in_words(finding.change))
        self.show_page.say(f"Show in {words.page.capitalize()}")
        self.say_why_not(why_not)
        self.evidence.show_evidence(evidence(finding, known))
        self.evidence.setAccessibleName("Evidence")

    def say_why_not(self, why_not: str) -> None:
        """Let the act be possible, or say why it is not."""
        has_act = self._finding is not None and self._finding.change is not None
        self.act.setEnabled(not why_not)
        give_tip(self.act, why_not or "Sets up a new study with these settings and that range; nothing is started")
        self.why_not.setText(f"{why_not}." if why_not and has_act else "")
        self.why_not.setVisible(bool(self.why_not.text()))

    # The user

    def _on_act(self) -> None:
        if self._finding is not None and self._finding.change is not None:
            self.act_wanted.emit(self._finding.change)

    def _on_pointed(self, is_pointed: bool) -> None:
        change = None if self._finding is None else self._finding.change
        self.act_pointed.emit(change if is_pointed else None)

    def _on_page(self) -> None:
        self.page_wanted.emit(self._page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        has_room = self.width() >= scaled(self, _NARROW) and self.height() >= scaled(self, _LOW)
        self.evidence.setVisible(has_room)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()
            for label in (self.heading, self.sentence):
                label.fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, 0, self.width(), 1, QColor(self._theme.colours.border))
