"""The parts of a form: labels, sentences, and choices that the mouse wheel does not change.

Texts may come from anybody, so labels and tool tips show mark-up as it is written. Qt would take some for rich text.
"""

import html
import re
import sys
from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QStandardItemModel, QWheelEvent
from PySide6.QtGui import Qt as QtText
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QStyle,
    QStyleOptionButton,
    QStyleOptionFocusRect,
    QWidget,
)

from gui.widgets.marks import (
    FAILED,
    WARNING,
    draw_error,
    draw_frame,
    draw_tick,
    draw_warning,
    painter_of,
)

MANY = 1000
"""The number of options from which on a box is not as wide as the widest: to measure them all takes too long."""
_LENGTH_OF_MANY = 20  # characters

VALUE_FOR_NAME = sys.platform.startswith("linux")
"""Whether Qt tells a reader the value of a list in the place of its name, which must then be in the description."""

LOCKED = "Cannot be changed while a study is open"
"""What a reader hears of a list or a tick that can only be read: Qt has no state for that."""

_LONG_WORD = r"[^\s/<>&;-]{%d}(?=[^\s/<>&;-])"
"""A piece of a word of so many letters, neither of a tag nor of an entity of HTML."""

_TAG = re.compile(r"<[^>]*>")

_LONGEST_CHOICE = 50
"""Letters of a choice that a box shows at least; a longer one, such as the name of a column, is cut off at the end."""


def show_whole_names(box: QComboBox) -> None:
    """Name the list of a box, and make it wide enough for its names, even if the box itself is too narrow."""
    view = box.view()
    view.setAccessibleName(box.accessibleName())
    view.setMinimumWidth(view.sizeHintForColumn(0) + view.verticalScrollBar().width())


def wrapped_tip(text: str) -> str:
    """Return the plain text as a tool tip that breaks its lines."""
    return f"<p>{breakable(html.escape(text))}</p>" if text else ""


def plain_tip(text: str) -> str:
    """Return the plain text as a tool tip on the lines that it has."""
    if not QtText.mightBeRichText(text):
        return text
    return f"<span>{html.escape(text)}</span>".replace("\n", "<br>")


def give_tip(widget: QWidget, text: str, *, wrapped: bool = True) -> None:
    """Give the widget a tool tip, and a reader the same text without the mark-up that a tip needs."""
    if wrapped:
        widget.setToolTip(wrapped_tip(text))
    else:
        widget.setToolTip(plain_tip(text))
    if text != widget.accessibleDescription():
        widget.setAccessibleDescription(text)


def describe_by_tip(widget: QWidget) -> None:
    """Let a reader hear the tool tip that the widget has, without mark-up: on a button that is its action's."""
    tip = widget.toolTip()
    text = without_tags(tip) if QtText.mightBeRichText(tip) else tip
    if text != widget.accessibleDescription():
        widget.setAccessibleDescription(text)


def without_tags(rich: str) -> str:
    """Return rich text as a reader is to hear it."""
    return html.unescape(_TAG.sub("", rich.replace("<br>", "\n"))).replace("\u200b", "")


def breakable(text: str, length: int = 36) -> str:
    """Return the text, or HTML, with invisible places in long words, after so many letters, where a line may end.

    A label is never narrower than its longest word: that could push the buttons of a dialog off the screen.
    """
    return re.sub(_LONG_WORD % length, "\\g<0>\u200b", text)


class PlainLabel(QLabel):
    """A label that shows its text as it is written; only in a label with a buddy "&" marks a letter."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._text = text
        super().setText(breakable(text))

    def text(self) -> str:
        return self._text

    def say(self, text: str) -> None:
        """Show another text; without one hide the label."""
        if text != self.text():
            self.setText(text)
            self.setVisible(bool(text))


def plain_label(text: str = "") -> QLabel:
    """Return a label that shows its text as it is written."""
    return PlainLabel(text)


def literal(text: str) -> str:
    """Return the text for a button, a box or a menu, where "&" would mark a letter and a tab begin a shortcut."""
    return text.replace("&", "&&").replace("\t", " ")


class Sentence(PlainLabel):
    """One or more lines of plain text in one of the palette's colours, hidden while empty."""

    def __init__(self, role: QPalette.ColorRole, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setWordWrap(True)
        self.setForegroundRole(role)
        if not text:
            self.hide()


def hint_label(text: str = "") -> Sentence:
    """Return a sentence in faint text."""
    return Sentence(QPalette.ColorRole.PlaceholderText, text)


def problem_label() -> Sentence:
    """Return an empty sentence in the colour of problems."""
    return Sentence(QPalette.ColorRole.BrightText)


class MarkedSentence(Sentence):
    """A sentence with the mark of an error or of a warning before it, hidden while empty."""

    def __init__(self, role: QPalette.ColorRole, draw_mark: Callable[[QPainter, QPointF, QPalette], None]) -> None:
        super().__init__(role)
        self._draw_mark = draw_mark
        self.setContentsMargins(20, 2, 0, 2)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._draw_mark(painter_of(self), QPointF(8, 2 + self.fontMetrics().height() / 2), self.palette())


def error_label() -> MarkedSentence:
    """Return an empty sentence for what keeps a study from starting."""
    return MarkedSentence(FAILED, draw_error)


def warning_label() -> MarkedSentence:
    """Return an empty sentence for what does not."""
    return MarkedSentence(WARNING, draw_warning)


class ChoiceField(QComboBox):
    """A choice of one of several values, each shown by its label, never cut off but for the name of a stranger.

    The wheel never changes it: it scrolls what the box stands in.
    """

    def __init__(self, name: str, options: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._locked = self._is_wrong = False
        self._help = self._label = ""
        self._values: list[str] = []
        self.set_options(options)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_options(self, options: Iterable[tuple[str, str]]) -> None:
        """Offer these pairs of value and label instead."""
        pairs = list(options)
        self._values = [value for value, _label in pairs]
        self.clear()
        if len(pairs) > MANY:
            self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            self.setMinimumContentsLength(_LENGTH_OF_MANY)
            self.setModel(QStringListModel([label for _value, label in pairs], self))
        else:
            self.addItems([label for _value, label in pairs])

    def set_labelled(self, label: str) -> None:
        """Take into account that a label names the choice, for a reader, too; so the description need not."""
        self._label = label
        self._describe()

    def setAccessibleName(self, name: str) -> None:
        """Name the choice, in its description, too, where a reader would not hear it otherwise."""
        super().setAccessibleName(name)
        self._describe()

    def setAccessibleDescription(self, description: str) -> None:
        self._help = description
        self._describe()

    def _describe(self) -> None:
        is_heard = self.accessibleName() == self._label or not VALUE_FOR_NAME
        name = "" if is_heard else self.accessibleName()
        told = name, LOCKED if self._locked else "", self._help
        super().setAccessibleDescription(". ".join(filter(None, told)))

    def value(self) -> str:
        return self._values[self.currentIndex()]

    def set_value(self, value: str) -> None:
        self.setCurrentIndex(self._values.index(value))

    def label_of(self, value: str) -> str:
        """Return the label of a value; the value itself if it is not offered."""
        return self.itemText(self._values.index(value)) if value in self._values else value

    def set_unusable(self, reasons: Mapping[str, str]) -> None:
        """Grey out the values that have a reason, which becomes their tool tip; all others can be chosen.

        A value that is already chosen stays chosen: the code that reads the field says what is wrong.
        """
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for place, value in enumerate(self._values):
            reason = reasons.get(value, "")
            model.item(place).setEnabled(not reason)
            model.item(place).setToolTip(wrapped_tip(reason))

    def set_option(self, value: str, label: str) -> None:
        """Offer a value at the end, or give it another label if it is offered already."""
        if value in self._values:
            self.setItemText(self._values.index(value), label)
        else:
            self._values.append(value)
            self.addItem(label)

    def sizeHint(self) -> QSize:
        hint, widest = super().sizeHint(), _LONGEST_CHOICE * self.fontMetrics().averageCharWidth()
        return QSize(min(hint.width(), widest), hint.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def show_problem(self, sentence: str) -> None:
        """Mark the choice as wrong, or as right when the sentence is empty."""
        if bool(sentence) is not self._is_wrong:
            self._is_wrong = bool(sentence)
            self.update()

    def set_locked(self, locked: bool) -> None:
        """Let the choice only be read, within a hairline, or be changed."""
        self._locked = locked
        if locked:
            self.hidePopup()  # a choice that is open would still be made
        typed = self.lineEdit()
        if typed is not None:
            typed.setReadOnly(locked)
        self._describe()
        self.update()

    def showPopup(self) -> None:
        if not self._locked:
            self.view().setAccessibleName(self.accessibleName())
            super().showPopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._locked:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._locked:
            super().paintEvent(event)
            if self._is_wrong:
                draw_frame(self, FAILED)
            return
        draw_frame(self)
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, self.width() - 12)
        painter.drawText(self.rect().adjusted(6, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter, text)
        if self.hasFocus():
            option = QStyleOptionFocusRect()
            option.initFrom(self)
            self.style().drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, option, painter, self)


class TickField(QCheckBox):
    """A box to tick with its text."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(literal(text), parent)
        self._locked = False
        self._help = ""

    def setAccessibleDescription(self, description: str) -> None:
        self._help = description
        self._describe()

    def _describe(self) -> None:
        super().setAccessibleDescription(". ".join(filter(None, (LOCKED if self._locked else "", self._help))))

    def set_locked(self, locked: bool) -> None:
        """Let the box only be read, or be ticked."""
        self._locked = locked
        self._describe()
        self.update()

    def nextCheckState(self) -> None:
        if not self._locked:
            super().nextCheckState()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._locked:
            super().paintEvent(event)
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter, style = painter_of(self), self.style()
        box = style.subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        if self.isChecked():
            draw_tick(painter, QRectF(box).center(), self.palette().color(QPalette.ColorRole.WindowText))
        option.rect = style.subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, self)
        style.drawControl(QStyle.ControlElement.CE_CheckBoxLabel, option, painter, self)
