"""The export dialog: choose a format, see the text, copy it or save it."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.errors import ExportError
from core.export.chosen import chosen_trial
from core.export.exporters import EXPORTERS, JSON, Exporter
from core.export.saving import check_target, put_data_beside, save_text
from core.files import proper_stem
from core.letters import revealed
from core.progress import StudyProgress
from core.settings import files_in_use
from core.words.beliefs import believed_best
from gui.session.thread import Runner
from gui.widgets.fields import ChoiceField, give_tip, plain_label
from gui.widgets.theme import Theme

PREVIEW_LINES = 500
"""The maximum number of lines shown; all lines are copied and saved."""
_SUFFIX_WORDS = {".json": "JSON files", ".csv": "CSV files", ".py": "Python files"}


@dataclass(frozen=True)
class _Saving:
    """An export to `path` whose data a thread writes; at the end, `data` gets the path of their file."""

    path: Path
    runner: Runner
    data: list[Path | None]


class ExportDialog(QDialog):
    """Exports a study's results.

    Signal `failed` (a Failure): a bug of ours came up while saving. `folder` is the folder of the last saved file, for
    the next time. `exporter` is the chosen format. A format of a single trial exports the best trial, or another one
    that is offered: the best by the surrogate, or the one `selected` in the window. Neither the file of the `study` nor
    one that it uses is ever overwritten.
    """

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
    ) -> None:
        super().__init__(parent)
        self.folder = folder
        self.exporter = JSON
        self._progress = progress
        self._kept = files_in_use(study, progress.settings)
        self._study_name = study_name
        self._theme = theme
        self._text = ""
        self._is_error = False
        self.setWindowTitle(f"Export {revealed(study_name, kept='')}")
        self.resize(760, 560)

        offered = _offered(progress, selected)
        self.trial = ChoiceField("Trial", offered)
        self._trial_row = QWidget()
        self._trial_row.setVisible(len(offered) > 1)
        self.choices: dict[str, QRadioButton] = {}
        self.preview = QPlainTextEdit()
        self.nothing = plain_label()
        self.promise = plain_label()
        self.status = plain_label()
        self.copy_button = QPushButton("&Copy to clipboard")
        self.save_button = QPushButton("&Save…")
        self._close_button = QPushButton("Close")
        self.bar = QProgressBar()
        self._saving: _Saving | None = None
        self._preview_or_nothing = QStackedWidget()
        self._lay_out()
        self.choices[JSON.name].setChecked(True)
        self.choices[JSON.name].setFocus()

        self.copy_button.clicked.connect(self.copy)
        self.save_button.clicked.connect(self._ask_and_save)
        self.trial.currentIndexChanged.connect(self._choose_trial)
        theme.changed.connect(self._colour_status)
        self.choose(JSON)

    def choose(self, exporter: Exporter) -> None:
        """Choose this format and show its text."""
        self.exporter = exporter
        self.choices[exporter.name].setChecked(True)
        self._say("")
        self._show_text()

    @property
    def number(self) -> int | None:
        """The number of the chosen trial; None for the trial that is the best at the time of the export."""
        return int(self.trial.value()) if self.trial.value() else None

    @Slot()
    def _choose_trial(self) -> None:
        self._say("")
        self._show_text()

    def copy(self) -> None:
        """Copy the whole text, including the lines that the preview leaves out."""
        self._show_text()
        QGuiApplication.clipboard().setText(self._text)
        self._say("Copied to the clipboard")

    def save_to(self, path: Path) -> None:
        """Save the text and the data that it needs, and say so; or say why this failed.

        A thread writes the data, which may have millions of rows. Until it is done, the dialog is `busy`.
        """
        if not self.exporter.refers_to_data:
            self._save_text(path, None)
            return
        try:
            check_target(path, self._kept)
            settings, *_trial = chosen_trial(self._progress, self.number)
        except ExportError as error:
            self._say(str(error), is_error=True)
            return
        data: list[Path | None] = []
        runner = Runner(lambda: data.append(put_data_beside(path, settings.data)), self)
        self._saving = _Saving(path, runner, data)
        self._show_busy(f"Saving {path.name} and its data…")
        runner.finished.connect(self._data_written)
        runner.start()

    @property
    def busy(self) -> bool:
        """Whether data are being written."""
        return self._saving is not None

    def _data_written(self) -> None:
        """Save the text after its data, or say why the data could not be written."""
        saving, self._saving = self._saving, None
        if saving is None:  # the dialog was closed, and has waited for it
            return
        self._show_busy("")
        failure = saving.runner.failure
        if failure is None:
            self._save_text(saving.path, *saving.data)
        else:
            self._say(failure.message, is_error=True)
            if failure.error is None:
                self.failed.emit(failure)
        saving.runner.deleteLater()

    def _save_text(self, path: Path, data: Path | None) -> None:
        try:
            first, *others = save_text(self.exporter, self._progress, path, data, self.number, self._kept)
        except ExportError as error:
            self._say(str(error), is_error=True)
            return
        self.folder = path.parent
        self._show_text()
        beside = f", with {others[0].name} beside it" if others else ""
        self._say(f"Saved to {first.name}{beside}")

    def reject(self) -> None:
        """Close, unless data are being written."""
        if not self.busy:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Wait for data that are being written, then close: the program may be about to end."""
        if self._saving is not None:
            self._saving.runner.wait()
            self._data_written()
        super().closeEvent(event)

    def suggested_name(self) -> str:
        """Return the name of the file that the save dialog offers."""
        of_one = "best" if self.number is None else f"trial-{self.number}"
        content = "trials" if self.exporter.of_all_trials else of_one
        return f"{proper_stem(self._study_name)}-{content}{self.exporter.suffix}"

    def _ask_and_save(self) -> None:
        suffix = self.exporter.suffix
        dialog = QFileDialog(self, f"Save {self.exporter.label}", str(self.folder))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{_SUFFIX_WORDS[suffix]} (*{suffix})", "All files (*)"])
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(self.suggested_name())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.save_to(Path(dialog.selectedFiles()[0]))

    # Display

    def _show_busy(self, sentence: str) -> None:
        """Say what is being done and disable all controls until it is done; an empty sentence enables them again."""
        self._say(sentence)
        for widget in (*self.choices.values(), self.trial, self.copy_button, self.save_button, self._close_button):
            widget.setEnabled(not sentence)
        self.bar.setVisible(bool(sentence))

    def _show_text(self) -> None:
        """Make the text anew and show it: the study may be running."""
        self.trial.setDisabled(self.exporter.of_all_trials or self.busy)
        try:
            self._text = self.exporter.text(self._progress, number=self.number)
            promise = self.exporter.promise(self._progress, self.number)
        except ExportError as error:
            self._text = promise = ""
            self.nothing.setText(str(error))
        self.promise.setText(promise)
        self.promise.setVisible(bool(promise))
        shown = _beginning(self._text)
        if shown != self.preview.toPlainText():
            self.preview.setPlainText(shown)
        self._preview_or_nothing.setCurrentWidget(self.preview if self._text else self.nothing)
        for button in (self.copy_button, self.save_button):
            button.setEnabled(bool(self._text))
            give_tip(button, "" if self._text else self.nothing.text(), wrapped=False)

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
        self.preview.setReadOnly(True)
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.preview.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.preview.setTabChangesFocus(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.setFrameShape(QFrame.Shape.StyledPanel)
        self.nothing.setBackgroundRole(QPalette.ColorRole.Base)
        self.nothing.setAutoFillBackground(True)
        self.promise.setWordWrap(True)
        self.status.setWordWrap(True)
        self._preview_or_nothing.addWidget(self.preview)
        self._preview_or_nothing.addWidget(self.nothing)
        which = plain_label("&Trial")
        which.setBuddy(self.trial)
        row = QHBoxLayout(self._trial_row)
        row.setContentsMargins(0, 0, 0, 8)
        row.setSpacing(12)
        row.addWidget(which)
        row.addWidget(self.trial)
        row.addStretch()
        caption = plain_label("&Preview")
        caption.setBuddy(self.preview)
        self.preview.setAccessibleName("Preview")
        self.save_button.setDefault(True)
        self._close_button.setAutoDefault(False)
        self._close_button.clicked.connect(self.accept)
        self.bar.setRange(0, 0)  # nobody knows how long it takes
        self.bar.setAccessibleName("Saving")
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(120, 10)
        self.bar.hide()

        buttons = QHBoxLayout()
        buttons.addWidget(self.bar)
        buttons.addWidget(self.status, 1)
        buttons.addSpacing(12)
        for button in (self.copy_button, self.save_button, self._close_button):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self._trial_row)
        layout.addLayout(self._make_choices())
        layout.addSpacing(8)
        layout.addWidget(caption)
        layout.addWidget(self._preview_or_nothing, 1)
        layout.addWidget(self.promise)
        layout.addSpacing(4)
        layout.addLayout(buttons)

    def _make_choices(self) -> QGridLayout:
        """Return a grid with one row per format: its name and its purpose."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(1, 1)
        group = QButtonGroup(self)
        for row, exporter in enumerate(EXPORTERS.values()):
            choice = QRadioButton(exporter.label)
            choice.setAccessibleDescription(exporter.help)
            choice.clicked.connect(lambda _checked, chosen=exporter: self.choose(chosen))
            group.addButton(choice)
            self.choices[exporter.name] = choice
            help_text = plain_label(exporter.help)
            help_text.setWordWrap(True)
            grid.addWidget(choice, row, 0)
            grid.addWidget(help_text, row, 1)
        return grid


def _offered(progress: StudyProgress, selected: int | None) -> list[tuple[str, str]]:
    """Return pairs of a trial's number, as text, and its label; for the best trial, the number is empty."""
    best, belief = progress.best, believed_best(progress)
    offered = {"": "Best" if best is None else f"Best: trial {best.number}"}
    if belief is not None:
        offered[str(belief.trial)] = f"Best by the surrogate's mean: trial {belief.trial}"
    trial = None if selected is None else progress.trials.get(selected)
    if trial is not None and trial.objective is not None and trial is not best:
        offered.setdefault(str(selected), f"Selected: trial {selected}")
    return list(offered.items())


def _beginning(text: str) -> str:
    lines = text.splitlines()
    if len(lines) <= PREVIEW_LINES:
        return "\n".join(lines)
    left_out = len(lines) - PREVIEW_LINES
    return "\n".join([*lines[:PREVIEW_LINES], f"… and {left_out:,} more lines"])
