"""ModelFiles: choosing the user's own model file, consent, inspection in a process, and putting it into the form."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, assert_never

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from core.children.process import ChildLost
from core.errors import ModelFileError
from core.files import write_file
from core.models.custom.inspection import Executing, InspectModel, ModelAnswer, ModelInspectors, ModelRead, ModelRefused
from core.models.custom.model_file import NOT_TEXT, TEMPLATE, ModelFile, digest_of, read_source
from core.settings import StudySettings, files_in_use
from gui.program.folders import Folders
from gui.program.messages import offer, show_error
from gui.program.preferences import Preferences, Purpose
from gui.session.asking import Asking
from gui.session.run_state import Command
from gui.session.session import Session
from gui.setup.consent_dialog import ConsentDialog, Origin
from gui.setup.form import SettingsForm

MODEL_FILES = "Python files (*.py)"
_FAULT = ModelRefused("The file could not be read because of a fault in Afina")
_OPENED = "the study or the settings that you opened"
_TEMPLATE_NOTE = "Change it as you like, save it, and press Reload"


class AnyModelInspector(Protocol):
    """The interface of an inspector: core.models.custom.inspection.ModelInspector, or one of a test."""

    def answer(self) -> ModelAnswer | None: ...

    def close(self) -> None: ...


class AnyModelInspectors(Protocol):
    """The source of inspectors: core.models.custom.inspection.ModelInspectors, or one of a test."""

    def prepare(self) -> None: ...

    def inspect(self, question: InspectModel) -> AnyModelInspector: ...

    def close(self) -> None: ...


class ModelFiles(QObject):
    """Brings model files into the form. No code of a file runs before the user has agreed to exactly this text.

    `chosen`: a file takes the place of the form's model, unless it is refused.
    """

    chosen = Signal()

    def __init__(
        self,
        window: QWidget,
        session: Session,
        form: SettingsForm,
        preferences: Preferences,
        inspectors: AnyModelInspectors | None = None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._form = form
        self._preferences, self._folders = preferences, Folders(preferences)
        self._inspectors: AnyModelInspectors = ModelInspectors() if inspectors is None else inspectors
        self._inspector: AnyModelInspector | None = None
        self._path_before: Path | None = None
        self._asking: Asking[ModelAnswer] = Asking(
            self._on_answer, lambda answer: isinstance(answer, Executing), lambda: _FAULT, self
        )
        row = form.model.file_row
        row.choose_requested.connect(self.choose)
        row.reload_requested.connect(self.reload)
        row.template_requested.connect(self.choose_template)
        row.cancel_requested.connect(self.cancel)
        form.model.family.currentIndexChanged.connect(self._on_family_changed)
        session.opened.connect(self.cancel)  # the study has a model of its own

    @Slot()
    def _on_family_changed(self) -> None:
        """Load Keras while the user looks for a model file; for a family of Afina's, end its process."""
        if self._form.model.is_custom:
            self._inspectors.prepare()
        else:
            self._inspectors.close()

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """What is done at which command."""
        return {
            Command.CHOOSE_MODEL: self.choose,
        }

    # Choosing

    @Slot()
    def choose(self) -> None:
        path = self._folders.ask_to_open(self._window, "Choose a model file", Purpose.MODELS, MODEL_FILES)
        if path is not None:
            self.load(path)

    @Slot()
    def reload(self) -> None:
        """Read the file again, from the same path."""
        if self._form.model.file_row.path is not None:
            self.load(self._form.model.file_row.path)

    def load(self, path: Path) -> None:
        """Read the file, ask for consent if the user has never agreed to its text, and inspect it."""
        self.cancel()
        self._session.clear()  # the settings of a study that is open cannot be changed
        self._form.model.choose_own()
        self.chosen.emit()
        path = path.absolute()
        self._folders.note(Purpose.MODELS, path.parent)
        try:
            if not str(path).isprintable():
                raise ModelFileError(NOT_TEXT)
            source = read_source(path)
        except ModelFileError as error:
            self._form.model.file_row.show_path(path)
            self._form.model.refuse_file(str(error))
            return
        self._agree(path.name, Origin(str(path)), source, lambda: self._begin(path, source))

    @Slot()
    def choose_template(self) -> None:
        path, _ = self._folders.ask_to_save(self._window, "Save a template", Purpose.MODELS, "model.py", MODEL_FILES)
        if path is not None:
            self.save_template(path if path.suffix else path.with_suffix(".py"))

    def save_template(self, path: Path) -> None:
        """Write the template and choose it; show an error if this fails. Afina's own text needs no consent."""
        try:
            write_file(path, TEMPLATE.read_bytes(), through_link=True, kept=self._kept_files())
        except OSError as error:
            show_error(self._window, "The template cannot be saved", f"{path}: {error.strerror or error}")
            return
        self._preferences.trust_model(digest_of(read_source(TEMPLATE)))
        self.load(path)

    def _kept_files(self) -> list[Path]:
        """Return the files of the open study and those in the form, the chosen model file among them."""
        chosen = self._form.model.file_row.path
        kept = [*self._session.files, *files_in_use(None, self._form.settings())]
        return kept if chosen is None else [*kept, chosen]

    # Agreeing

    def when_agreed(self, settings: StudySettings, act: Callable[[], object], came_with: str = _OPENED) -> None:
        """Call `act`; if necessary, only after the user has agreed that the settings' model file may run.

        `came_with` says what the settings were read from.
        """
        file = settings.model.file
        if file is None:
            act()
        else:
            self._agree(file.name, Origin(file.path, came_with, text_there(file)), file.source, act)

    def when_up_to_date(self, settings: StudySettings, act: Callable[[], object]) -> None:
        """Call `act`; if the model file has changed since it was read, tell the user and let them choose first.

        A text that was never agreed to was not read here: it came with a study, and the question about it says more.
        """
        file = settings.model.file
        if file is None or file.digest not in self._preferences.trusted_models or not has_changed(file):
            act()
            return
        offer(
            self._window,
            f"{file.name} has changed",
            f"{file.path} is no longer what Afina has read. Reload it to see its parameters as they are now before "
            "you start, or start with the text that was read.",
            {"Reload": lambda: self.load(Path(file.path)), "Start with what was read": act},
        )

    def _agree(self, name: str, origin: Origin, source: str, act: Callable[[], object]) -> None:
        digest = digest_of(source)
        if digest in self._preferences.trusted_models:
            act()
            return
        dialog = ConsentDialog(name, origin, source, self._window)

        def agreed() -> None:
            self._preferences.trust_model(digest)
            act()

        dialog.accepted.connect(agreed)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # Inspecting

    def _begin(self, path: Path, source: str) -> None:
        settings = self._form.settings()
        data = self._form.data_settings()
        row = self._form.model.file_row
        self._path_before = row.path
        row.show_path(path)
        question = InspectModel(
            path=str(path), source=source, data=data, seed=settings.seed if settings is not None else 0
        )
        try:
            self._inspector = self._inspectors.inspect(question)
        except ChildLost as error:
            self._form.model.refuse_file(f"No process can be started to read the model file: {error}")
            return
        self._form.model.show_reading("loading Keras")
        self._asking.start(self._inspector.answer)

    def _on_answer(self, answer: ModelAnswer) -> None:
        match answer:
            case Executing():
                self._form.model.show_reading("looking for its parameters")
            case ModelRead():
                self._end()
                notes = (*answer.notes, _TEMPLATE_NOTE) if _is_template(answer.file.source) else answer.notes
                self._form.set_model_file(answer.file, answer.problem, ". ".join(notes))
            case ModelRefused():
                self._end()
                self._form.model.refuse_file(answer.sentence)
            case _:
                assert_never(answer)

    @Slot()
    def cancel(self) -> None:
        """Cancel the inspection; the row shows the file that it showed before."""
        if self._inspector is not None:
            self._form.model.file_row.show_path(self._path_before)
            self._end()

    def _end(self) -> None:
        self._stop_inspecting()
        self._on_family_changed()
        self._form.model.show_reading("")

    def close(self) -> None:
        """End all processes, even one that is inspecting, because the window closes."""
        self._stop_inspecting()
        self._inspectors.close()

    def _stop_inspecting(self) -> None:
        self._asking.stop()
        if self._inspector is not None:
            self._inspector.close()
            self._inspector = None

    @property
    def reading(self) -> bool:
        """Whether a file is being inspected."""
        return self._inspector is not None


def _is_template(source: str) -> bool:
    return source == read_source(TEMPLATE)


def has_changed(file: ModelFile) -> bool:
    """Return whether the file is still there and its text differs from the text that was read."""
    return _read(file.path) not in (None, file.source)


def text_there(file: ModelFile) -> str | None:
    """Return the text of the file at the path that a stranger's model file had; None if there is none to read.

    A path into the network is not followed: to look there would tell the stranger who opened the study.
    """
    return None if file.path.startswith(("//", "\\\\")) else _read(file.path)


def _read(path: str) -> str | None:
    try:
        return read_source(Path(path))
    except ModelFileError:
        return None  # the file is gone: only the text that was read is left
