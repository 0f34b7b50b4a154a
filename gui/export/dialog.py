"""The export dialog: tick formats, see their texts, copy one or save them all into a folder."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.errors import ExportError
from core.export.exporters import EXPORTERS, JSON, Exporter
from core.export.saving import Exports, Outcome, check_targets
from core.files import proper_stem
from core.formatting import counted, listed
from core.letters import revealed
from core.progress import StudyProgress
from core.settings import files_in_use
from core.targets import SUFFIX
from core.words.beliefs import believed_best
from core.words.exports import outcome_in_words, trial_in_words
from gui.export.format_rows import FormatRows
from gui.export.writing import Writing
from gui.program.messages import ask
from gui.widgets.elided_line import ElidedLine
from gui.widgets.fields import ChoiceField, hint_label, plain_label, plain_tip
from gui.widgets.theme import Theme
from gui.widgets.thin_bar import ThinBar

PREVIEW_LINES = 500
"""The maximum number of lines shown; all lines are copied and saved."""
_SIZE = 760, 620
_BAR, _SAID = (120, 6), 3
"""The width and height of the bar in pixels, and the lines that are kept free for what is said."""
_ENDINGS = frozenset({*(exporter.suffix for exporter in EXPORTERS.values()), SUFFIX, ".txt"})
"""What is taken for the ending of a name; “my study 1.5” has none."""


class ExportDialog(QDialog):
    """Exports a study's results.

    Signals: `saved`, when a file was written; `failed` (a Failure): a bug of ours came up while saving. `folder` is
    where files are saved, and `formats` are the names of the formats that are wanted, for the next time. A format of a
    single trial exports the best trial, or another one that is offered: the best by the surrogate, or the one
    `selected` in the window. Neither the file of the `study` nor one that it uses is ever overwritten, and no other
    file without a question.
    """

    help_page = "export"
    """The page of help on it."""
    saved = Signal()
    failed = Signal(object)

    def __init__(
        self,
        progress: StudyProgress,
        study_name: str,
        folder: Path,
        theme: Theme,
        parent: QWidget | None = None,
        selected: int | None = None,
        study: Path | None = None,
        formats: Iterable[str] = (),
    ) -> None:
        super().__init__(parent)
        self._progress = progress
        self._kept = files_in_use(study, progress.settings)
        self._study_name = study_name
        self._theme = theme
        self._text = ""
        self._is_error = False
        self._writing: Writing | None = None
        self.setWindowTitle(f"Export {revealed(study_name, kept='')}")
        self.resize(*_SIZE)

        self.trial = ChoiceField("Trial", _offered(progress, selected))
        self.about = hint_label()
        self.rows = FormatRows([*formats] or [JSON.name])
        self.shown = ChoiceField("Preview", [(name, exporter.label) for name, exporter in EXPORTERS.items()])
        self.preview = QPlainTextEdit()
        self.nothing = plain_label()
        self.folder_line = ElidedLine()
        self.folder_button = QPushButton("Choose &folder…")
        self.status = plain_label()
        self.copy_button = QPushButton("&Copy to clipboard")
        self.save_button = QPushButton("&Save")
        self._close_button = QPushButton("Close")
        self.bar = ThinBar(_BAR[1], 1)
        self._preview_or_nothing = QStackedWidget()
        self._lay_out()
        self.set_folder(folder)
        first = next((name for name in EXPORTERS if name in self.rows.wanted), JSON.name)
        self.shown.set_value(first)

        self.copy_button.clicked.connect(self.copy)
        self.save_button.clicked.connect(self.save)
        self.folder_button.clicked.connect(self._ask_for_folder)
        self.trial.currentIndexChanged.connect(self._choose_trial)
        self.shown.currentIndexChanged.connect(self._show_preview)
        self.rows.ticked.connect(self._on_ticked)
        self.rows.renamed.connect(lambda: self._say(""))
        theme.changed.connect(self._colour_status)
        self._show_state()
        self.rows.boxes[first].setFocus()

    # What is chosen

    @property
    def formats(self) -> list[str]:
        """The names of the formats that are wanted, in their order."""
        return [name for name in EXPORTERS if name in self.rows.wanted]

    @property
    def exporter(self) -> Exporter:
        """The format whose text is shown."""
        return EXPORTERS[self.shown.value()]

    @property
    def number(self) -> int | None:
        """The number of the chosen trial; None for the trial that is the best at the time of the export."""
        return int(self.trial.value()) if self.trial.value() else None

    def set_folder(self, folder: Path) -> None:
        """Save into this folder."""
        self.folder = folder
        self.folder_line.setText(revealed(str(folder), kept=""))

    @Slot()
    def _choose_trial(self) -> None:
        self._say("")
        self._show_state()

    def _on_ticked(self, exporter: Exporter) -> None:
        self._say("")
        self.shown.set_value(exporter.name)
        self._show_state()

    def _ask_for_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Save into which folder?", str(self.folder))
        if name:
            self._say("")
            self.set_folder(Path(name))

    # What is done

    def copy(self) -> None:
        """Copy the whole text, including the lines that the preview leaves out."""
        self._show_state()
        QGuiApplication.clipboard().setText(self._text)
        self._say("Copied to the clipboard")

    def save(self) -> None:
        """Save the ticked formats; ask first, and once, about files that they would replace."""
        self._show_state()
        try:
            exports = self._exports()
            check_targets(exports, self._kept)
        except ExportError as error:
            self._say(outcome_in_words([], [str(error)]), is_error=True)
            return
        there = [path.name for _exporter, path in exports if os.path.lexists(path)]
        if not there:
            self._write(exports)
            return
        them = "it" if len(there) == 1 else "them"
        verb = "exists" if len(there) == 1 else "exist"
        ask(
            self,
            f"Replace {counted(len(there), 'file')}?",
            f"{listed(there)} {verb} already in {revealed(str(self.folder), kept='')}. What is in {them} will be lost.",
            "Replace",
            lambda: self._write(exports),
        )

    def _exports(self) -> Exports:
        """Return the ticked formats with their files. Raises ExportError if these cannot be."""
        if not self.folder.is_dir():
            raise ExportError(f"There is no folder {revealed(str(self.folder), kept='')}: choose another one")
        exports = []
        for exporter in self.rows.chosen:
            name = self.rows.names[exporter.name].text().strip()
            if not name or Path(name).name != name or name in (".", ".."):
                what = f"“{name}” is no name of a file" if name else "A file needs a name"
                raise ExportError(f"{exporter.label} cannot be saved: {what}")
            has_ending = Path(name).suffix.lower() in _ENDINGS
            exports.append((exporter, self.folder / (name if has_ending else f"{name}{exporter.suffix}")))
        return exports

    def _write(self, exports: Exports) -> None:
        """Write the files; what is large is written in a thread, and until that is done the dialog is `busy`."""
        self._writing = Writing(exports, self._progress, self.number, self._kept, self)
        self._writing.done.connect(self._on_written)
        self._writing.failed.connect(self.failed)
        self._show_busy(f"Saving {listed([path.name for _exporter, path in exports])}…")
        self._writing.begin()

    @property
    def busy(self) -> bool:
        """Whether files are being written."""
        return self._writing is not None

    def _on_written(self, outcome: Outcome) -> None:
        if self._writing is not None:
            self._writing.deleteLater()
        self._writing = None
        self._show_busy("")
        self._say(outcome_in_words(outcome.written, outcome.problems), is_error=bool(outcome.problems))
        if outcome.written:
            self.saved.emit()

    def reject(self) -> None:
        """Close, unless files are being written."""
        if not self.busy:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Wait for files that are being written, then close: the program may be about to end."""
        while self._writing is not None:
            self._writing.wait()
        super().closeEvent(event)

    # Display

    def _show_busy(self, sentence: str) -> None:
        """Say what is being done and disable all controls until it is done; an empty sentence enables them again."""
        self._say(sentence)
        for widget in (self.trial, self.shown, self.folder_button, self._close_button):
            widget.setEnabled(not sentence)
        if sentence:
            self.bar.show_busy()
        self.bar.setVisible(bool(sentence))
        self._show_state()

    def _show_state(self) -> None:
        """Show all that depends on the study, which may be running, and on what is chosen."""
        progress, number = self._progress, self.number
        reasons = {name: exporter.why_not(progress, number) for name, exporter in EXPORTERS.items()}
        promises = {
            name: exporter.promise(progress, number) for name, exporter in EXPORTERS.items() if not reasons[name]
        }
        self.rows.show_state(reasons, promises, busy=self.busy)
        stem, of_one = proper_stem(self._study_name), "best" if number is None else f"trial-{number}"
        self.rows.propose_names(
            {
                name: f"{stem}-{'trials' if exporter.of_all_trials else of_one}{exporter.suffix}"
                for name, exporter in EXPORTERS.items()
            }
        )
        trial = progress.best if number is None else progress.trials[number]
        self.about.say("" if trial is None else trial_in_words(progress, trial))
        chosen = self.rows.chosen
        self.save_button.setText(_to_save(chosen, progress, number))
        self.save_button.setEnabled(bool(chosen) and not self.busy)
        self.save_button.setToolTip(plain_tip("" if chosen else "Tick what is to be saved"))
        self._show_preview()

    @Slot()
    def _show_preview(self) -> None:
        """Make the text anew and show it."""
        try:
            self._text = self.exporter.text(self._progress, number=self.number)
        except ExportError as error:
            self._text = ""
            self.nothing.setText(str(error))
        shown = _beginning(self._text)
        if shown != self.preview.toPlainText():
            self.preview.setPlainText(shown)
        self._preview_or_nothing.setCurrentWidget(self.preview if self._text else self.nothing)
        self.copy_button.setEnabled(bool(self._text) and not self.busy)

    def _say(self, sentence: str, *, is_error: bool = False) -> None:
        self._is_error = is_error
        self.status.setText(sentence)
        select, not_yet = Qt.TextInteractionFlag.TextSelectableByMouse, Qt.TextInteractionFlag.NoTextInteraction
        self.status.setTextInteractionFlags(select if sentence else not_yet)
        self._colour_status()

    def _colour_status(self) -> None:
        colours = self._theme.colours
        palette = self.status.palette()
        palette.setColor(QPalette.ColorRole.WindowText, colours.failed if self._is_error else colours.text)
        self.status.setPalette(palette)

    def _lay_out(self) -> None:
        self._set_up_parts()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addLayout(_row(_caption("&Trial", self.trial), self.trial, None))
        layout.addWidget(self.about)
        layout.addSpacing(8)
        layout.addWidget(self.rows)
        layout.addSpacing(8)
        layout.addLayout(_row(_caption("&Preview", self.shown), self.shown, None, self.copy_button))
        layout.addWidget(self._preview_or_nothing, 1)
        layout.addSpacing(4)
        layout.addLayout(_row(plain_label("Save into"), self.folder_line, self.folder_button))
        layout.addWidget(self.bar)
        layout.addLayout(_row(self.status, self.save_button, self._close_button))

    def _set_up_parts(self) -> None:
        self.preview.setReadOnly(True)
        self.preview.setAccessibleName("Text of the preview")
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.preview.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.preview.setTabChangesFocus(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.setFrameShape(QFrame.Shape.StyledPanel)
        self.nothing.setBackgroundRole(QPalette.ColorRole.Base)
        self.nothing.setAutoFillBackground(True)
        self._preview_or_nothing.addWidget(self.preview)
        self._preview_or_nothing.addWidget(self.nothing)
        self.status.setWordWrap(True)
        policy = self.status.sizePolicy()
        policy.setHorizontalStretch(1)
        self.status.setSizePolicy(policy)
        self.status.setMinimumHeight(_SAID * self.status.fontMetrics().lineSpacing())
        self.save_button.setDefault(True)
        for button in (self.copy_button, self.folder_button, self._close_button):
            button.setAutoDefault(False)
        self._close_button.clicked.connect(self.accept)
        self.bar.show_busy()  # nobody knows how long it takes
        self.bar.setAccessibleName("Saving")
        self.bar.setFixedWidth(_BAR[0])
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.bar.hide()


def _caption(text: str, of: QWidget) -> QWidget:
    caption = plain_label(text)
    caption.setBuddy(of)
    return caption


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Return widgets beside each other; None is the free room."""
    row = QHBoxLayout()
    row.setSpacing(12)
    for widget in widgets:
        if widget is None:
            row.addStretch()
        else:
            row.addWidget(widget)
    return row


def _offered(progress: StudyProgress, selected: int | None) -> list[tuple[str, str]]:
    """Return pairs of a trial's number, as text, and its label; for the best trial, the number is empty."""
    best, belief = progress.best, believed_best(progress)
    offered = {"": "Best" if best is None else f"Best: trial {best.number}"}
    if belief is not None:
        offered[str(belief.trial)] = f"Best with luck smoothed out: trial {belief.trial}"
    trial = None if selected is None else progress.trials.get(selected)
    if trial is not None and trial.objective is not None and trial is not best:
        offered.setdefault(str(selected), f"Selected: trial {selected}")
    return list(offered.items())


def _to_save(chosen: Sequence[Exporter], progress: StudyProgress, number: int | None) -> str:
    """Return the text of the button that saves, which says how many files it writes, and that data go with a script."""
    with_data = any(exporter.data_file(progress, number) for exporter in chosen)
    what = f" {len(chosen)} files" if len(chosen) > 1 else " script" if with_data else ""
    return f"&Save{what} and data" if with_data else f"&Save{what}"


def _beginning(text: str) -> str:
    lines = text.splitlines()
    if len(lines) <= PREVIEW_LINES:
        return "\n".join(lines)
    left_out = len(lines) - PREVIEW_LINES
    return "\n".join([*lines[:PREVIEW_LINES], f"… and {left_out:,} more lines"])
