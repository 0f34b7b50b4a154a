"""The note on a data set: its source, and the points to consider before using it."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from core.datasets.builtin import Dataset


class NoteDialog(QDialog):
    """Shows a data set's note. Raises DataError if there is none."""

    help_page = "data_set"
    """The page of help on it."""

    def __init__(self, dataset: Dataset, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"About {dataset.label}")
        self.resize(680, 620)
        text = QTextBrowser()
        text.setAccessibleName(f"Note on {dataset.label}")
        text.document().setDocumentMargin(16)
        text.setMarkdown(dataset.read_note())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(text)
        layout.addWidget(buttons)
