"""The question before a model file runs for the first time: it is a program."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

_EXPLANATION = (
    "This file is a program. To find its parameters and to train its models, Afina runs it, and while it runs it can "
    "do everything that you can do on this computer: read, change and delete your files, and use the network."
)
_ADVICE = (
    "Run it only if you wrote it, or if you know and trust whoever did. Afina asks once for each version of a file."
)
_SIZE = 640, 220
_WITH_TEXT = 560


class ConsentDialog(QDialog):
    """Asks whether the text of a model file may run; Cancel is the default. The file at `path` may be gone."""

    def __init__(self, name: str, path: str, source: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Run {name}?")
        self.setModal(True)
        heading = QLabel(f"Run {name}?")
        font = QFont(heading.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.15)
        heading.setFont(font)
        self.text = QPlainTextEdit(source)
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(f"Text of {name}")
        self.text.hide()
        self.show_text = QPushButton("&Show the file")
        self.show_text.setCheckable(True)
        self.show_text.setAutoDefault(False)
        self.show_text.toggled.connect(self._show_text)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.run = buttons.addButton("&Run it", QDialogButtonBox.ButtonRole.AcceptRole)
        self.run.setAutoDefault(False)
        buttons.addButton(self.show_text, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        for label in (heading, QLabel(_EXPLANATION), QLabel(_ADVICE), QLabel(path)):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            layout.addWidget(label)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(self.text, 1)
        layout.addStretch()
        layout.addWidget(buttons)
        self.resize(*_SIZE)
        cancel.setFocus()

    def _show_text(self, shown: bool) -> None:
        self.text.setVisible(shown)
        self.show_text.setText("Hide the file" if shown else "&Show the file")
        self.resize(self.width(), _WITH_TEXT if shown else _SIZE[1])
