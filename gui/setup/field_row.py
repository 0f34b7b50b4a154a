"""One field of the setup form: its name, its editor, the way back to its default, and its help in place."""

from contextlib import suppress

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from core.errors import InvalidSetting
from gui.widgets.elided_line import line_beside
from gui.widgets.fields import (
    ChoiceField,
    Sentence,
    TickField,
    error_label,
    give_tip,
    hint_label,
    plain_label,
    warning_label,
)
from gui.widgets.marks import ACCENT, FAINT, draw_way_back, painter_of
from gui.widgets.measures import scaled
from gui.widgets.number_fields import NumberField

NAME_WIDTH, FIELD_HEIGHT, GAP, NUMBER_WIDTH = 132, 26, 6, 72
SMALL_TARGET = 24
_HINT, _PROBLEM, _WARNING, _HELP = range(4)
_LABELS = hint_label, error_label, warning_label, hint_label
"""What is said below a field: the kinds from the top, and what makes a label of each."""
Editor = NumberField | ChoiceField | TickField


class WayBack(QAbstractButton):
    """An arrow that turns back, and perhaps what it leads to; hidden while nothing differs."""

    def __init__(self, *, by_tab: bool = False) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if by_tab else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def lead_to(self, what: str, *, shown: bool = True) -> None:
        """Say what a click brings back; with `shown` in words beside the arrow, else only to a reader."""
        text, name = what if shown else "", f"Back to {what}"
        if (text, name) == (self.text(), self.accessibleName()):
            return
        self.setText(text)
        self.setAccessibleName(name)
        give_tip(self, name, wrapped=False)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        side = scaled(self, SMALL_TARGET)
        words = self.fontMetrics().horizontalAdvance(self.text()) + 4 if self.text() else 0
        return QSize(side + words, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette, side = painter_of(self), self.palette(), scaled(self, SMALL_TARGET)
        draw_way_back(painter, QPointF(side / 2, self.height() / 2), palette.color(ACCENT))
        role = palette.ColorRole.WindowText if self.foregroundRole() is palette.ColorRole.WindowText else ACCENT
        painter.setPen(palette.color(role))
        painter.drawText(self.rect().adjusted(side - 2, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(palette.color(ACCENT))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 3, 3)


class HelpButton(QAbstractButton):
    """A question mark that shows and hides the help of a row, in place."""

    def __init__(self, caption: str) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"Help on {caption}")
        self.setToolTip("Explain this (Shift+F1)")

    def sizeHint(self) -> QSize:
        return QSize(scaled(self, SMALL_TARGET), scaled(self, SMALL_TARGET))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, font = painter_of(self), self.font()
        font.setBold(True)
        painter.setFont(font)
        role = ACCENT if self.isChecked() or self.underMouse() else FAINT
        painter.setPen(self.palette().color(role))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "?")


class FieldRow(QWidget):
    """A name, an editor, a unit or a button beside it; at the right the way back and the help.

    `caption` names it in sentences, `label` stands before the editor ("&" marks a letter; "" where a heading stands
    above it, which has a place for `help`, too). `default` is the raw content of the editor that is no change: a text,
    the value of a choice, or a tick; None: all is as good. Signal `changed`: the user, or the program, changed the
    editor's content.
    """

    changed = Signal()

    def __init__(
        self,
        caption: str,
        editor: Editor,
        beside: str | QWidget = "",
        *,
        default: object = None,
        help_text: str = "",
        label: str | None = None,
        name_width: int = NAME_WIDTH,
        field_width: int = NUMBER_WIDTH,
    ) -> None:
        super().__init__()
        self._name_width, self._field_width = name_width, field_width
        self.caption = caption
        self.editor = editor
        self._default = default
        self._is_locked = False
        self._help_text = help_text
        self.help, self.way_back = HelpButton(caption), WayBack(by_tab=True)
        self._said: dict[int, Sentence] = {}
        self._is_named = not isinstance(editor, TickField)
        self._is_headed = label == ""
        self._name = plain_label()
        if self._is_named:
            self._name.setText(caption if label is None else label)
            self._name.setVisible(bool(self._name.text()))
            self._name_editor()
        self._lay_out(beside)
        self._connect()
        if help_text:
            editor.setAccessibleDescription(help_text)
        self.show_way_back()

    def _name_editor(self) -> None:
        """Let the label name the editor, for a reader, too; where there is none, a heading does so."""
        if self._name.text():
            self._name.setBuddy(self.editor)
            if isinstance(self.editor, ChoiceField):
                self.editor.set_labelled(self._name.text().replace("&", ""))

    def _lay_out(self, beside: str | QWidget) -> None:
        line = QHBoxLayout()
        line.setSpacing(GAP)
        line.setContentsMargins(0, 3, 0, 3)
        line.addWidget(self._name)
        line.addWidget(self.editor)
        if beside:
            line.addWidget(line_beside(beside) if isinstance(beside, str) else beside)
        if not isinstance(self.editor, ChoiceField):
            line.addStretch()
        line.addWidget(self.way_back)
        if not self._is_headed:
            line.addWidget(self.help)
        self.help.setVisible(bool(self._help_text))
        self._below = QVBoxLayout()
        self._below.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addLayout(self._below)
        self._measure()

    def _measure(self) -> None:
        """Take the measures that grow with the type."""
        width = scaled(self, self._name_width)
        self._name.setFixedWidth(width - GAP)
        self._below.setContentsMargins(0 if self._name.isHidden() else width, 0, 0, 0)
        self.editor.setMinimumHeight(scaled(self, FIELD_HEIGHT))
        if isinstance(self.editor, NumberField):
            self.editor.setFixedWidth(max(scaled(self, self._field_width), self.editor.shortest_width()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def _connect(self) -> None:
        match self.editor:
            case NumberField():
                self.editor.textChanged.connect(self._on_change)
            case ChoiceField():
                self.editor.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
                self.editor.currentIndexChanged.connect(self._on_change)
            case TickField():
                self.editor.toggled.connect(self._on_change)
        self.help.toggled.connect(self._show_help)
        self.way_back.clicked.connect(self.go_back)

    def add_below(self, widget: QWidget) -> None:
        self._below.addWidget(widget)

    # The content

    @property
    def raw(self) -> object:
        """What stands in the editor: a text, the value of a choice, or a tick."""
        match self.editor:
            case NumberField():
                return self.editor.text()
            case ChoiceField():
                return self.editor.value()
            case TickField():
                return self.editor.isChecked()

    def set_raw(self, raw: object) -> None:
        """Show what stood in the editor; what cannot be shown changes nothing."""
        match self.editor, raw:
            case NumberField(), str():
                self.editor.setText(raw)
            case ChoiceField(), str():
                with suppress(ValueError):  # no longer offered
                    self.editor.set_value(raw)
            case TickField(), bool():
                self.editor.setChecked(raw)

    @property
    def differs(self) -> bool:
        """Whether the row is in use and its editor does not hold the default."""
        return not self.isHidden() and self._default is not None and not self._is_default()

    def _is_default(self) -> bool:
        if not isinstance(self.editor, NumberField):
            return self.raw == self._default
        if self.editor.text() == str(self._default):
            return True
        try:
            return bool(self.editor.value() == self.editor.read(str(self._default)))
        except InvalidSetting:
            return False

    def go_back(self) -> None:
        """Give the editor its default."""
        if self.differs:
            self.set_raw(self._default)

    def set_default(self, default: object) -> None:
        """Take something else for no change."""
        self._default = default
        self.show_way_back()

    # What is told

    def _on_change(self) -> None:
        self.show_way_back()
        self.changed.emit()

    def show_way_back(self) -> None:
        """Offer the way back while the editor does not hold the default."""
        differs = self._default is not None and not self._is_locked and not self._is_default()
        if not differs and self.way_back.hasFocus():
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.way_back.setVisible(differs)
        if differs:
            self.way_back.lead_to(self._default_in_words(), shown=isinstance(self.editor, NumberField))

    def _default_in_words(self) -> str:
        match self.editor:
            case NumberField():
                return str(self._default) or self.editor.placeholderText() or "nothing"
            case ChoiceField():
                return self.editor.label_of(str(self._default))
            case TickField():
                return "on" if self._default else "off"

    def say_hint(self, sentence: str) -> None:
        """Say something on the field below it; an empty sentence hides it."""
        self._say(_HINT, sentence)

    def _say(self, kind: int, sentence: str) -> None:
        """Say a sentence of that kind; labels are made when they have something to say."""
        label = self._said.get(kind)
        if label is None:
            if not sentence:
                return
            label = self._said[kind] = _LABELS[kind]()
            self._below.insertWidget(sum(other < kind for other in self._said), label)
        label.say(sentence)

    def _show_help(self, shown: bool) -> None:
        self._say(_HELP, self._help_text if shown else "")
        self.show_way_back()

    def toggle_help(self) -> None:
        """Show the help of the row, or hide it."""
        if self._help_text:
            self.help.toggle()

    def show_problem(self, sentence: str, part: str = "") -> None:
        """Show the problem; an empty sentence hides it. `part` is for rows with several editors."""
        self._say(_PROBLEM, sentence)
        if not isinstance(self.editor, TickField):
            self.editor.show_problem(sentence)

    def show_warning(self, sentence: str) -> None:
        """Show a warning, which keeps nothing from starting; an empty sentence hides it."""
        self._say(_WARNING, sentence)

    def set_locked(self, locked: bool) -> None:
        """Let the editor only be read, or be changed."""
        self._is_locked = locked
        self.editor.set_locked(locked)
        self.show_way_back()

    @property
    def focus_place(self) -> QWidget:
        """The widget that takes the focus when the row is shown."""
        return self.editor
