"""The choice of a text's encoding: one of the usual ones, or any other by its name."""

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from core.errors import InvalidSetting
from core.letters import in_brief
from gui.widgets.fields import ChoiceField

_USUAL = (
    ("utf-8", "UTF-8"),
    ("utf-8-sig", "UTF-8 with a mark"),
    ("utf-16", "UTF-16"),
    ("cp1252", "Windows-1252 (Western)"),
    ("cp1250", "Windows-1250 (Central)"),
    ("cp1251", "Windows-1251 (Cyrillic)"),
    ("latin-1", "Latin-1"),
    ("iso8859-15", "Latin-9"),
    ("mac_roman", "Mac Roman"),
    ("cp850", "DOS 850 (Western)"),
    ("cp932", "Shift JIS (Japanese)"),
    ("gb18030", "GB 18030 (Chinese)"),
    ("big5", "Big5 (Chinese)"),
    ("cp949", "Korean"),
)


def known_encoding(name: str) -> str:
    """Return the name of an encoding of texts. Raises InvalidSetting."""
    try:
        "a".encode(name)
    except (LookupError, ValueError):  # no codec, or none of texts
        raise InvalidSetting(
            "encoding",
            f"“{in_brief(name, 60)}” is not the name of an encoding; UTF-8, cp1252 and ISO-8859-15 are such names",
        ) from None
    return name


class EncodingField(ChoiceField):
    """An editable choice: `value` is the name of a codec, or raises InvalidSetting."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Encoding", _USUAL, parent)
        self.setEditable(True)
        self.setInsertPolicy(ChoiceField.InsertPolicy.NoInsert)
        self.typed.setAccessibleName("Encoding")

    @property
    def typed(self) -> QLineEdit:
        """The line in which a name is typed."""
        line = self.lineEdit()
        assert line is not None  # an editable choice has one
        return line

    def value(self) -> str:
        text = self.currentText().strip()
        named = {label: value for value, label in _USUAL}
        return named.get(text) or known_encoding(text)

    def set_value(self, value: str) -> None:
        self.setEditText(dict(_USUAL).get(value, value))
        self.typed.setCursorPosition(0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # each step would read the file again
