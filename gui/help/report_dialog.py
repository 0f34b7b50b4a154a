"""The report of a problem: shown, changed and copied by the user, and never sent by the program."""

from PySide6.QtGui import QFontDatabase, QGuiApplication, QTextCursor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from gui.widgets.fields import hint_label, plain_label
from gui.widgets.measures import scaled

_WIDTH, _HEIGHT = 640, 520
_EXPLANATION = (
    "This helps to find a fault: versions, your system, the window, and what Afina noted last. A note is told in whole "
    "only if Afina chose all of its words; of others you see when and where in Afina they were made, and at most how "
    "they begin; of a fault, of which kind it is and where in the program it came up. Say above what happened, and "
    "take out what you do not want to tell."
)
_NOTHING_IS_SENT = "Afina sends nothing. Copy the text, and give it to whoever helps you."
_COPIED = "Copied."


class ReportDialog(QDialog):
    """Shows a report, which can be changed before it is copied."""

    help_page = "report"
    """The page of help on it."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Report a problem")
        self.resize(scaled(self, _WIDTH), scaled(self, _HEIGHT))
        self.text = QPlainTextEdit(report)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName("Report")
        self.text.setTabChangesFocus(True)
        self.told = hint_label(_NOTHING_IS_SENT)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy_button = QPushButton("&Copy to clipboard")
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.clicked.connect(self.copy)
        buttons.rejected.connect(self.reject)
        explanation = plain_label(_EXPLANATION)
        explanation.setWordWrap(True)
        column = QVBoxLayout(self)
        column.addWidget(explanation)
        column.addWidget(self.text, 1)
        column.addWidget(self.told)
        column.addWidget(buttons)
        self.text.moveCursor(QTextCursor.MoveOperation.EndOfLine)
        self.text.setFocus()

    def copy(self) -> None:
        """Put the text as it stands there into the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.told.setText(_COPIED)
