"""A model file in the window: chosen, agreed to, inspected, reloaded; nothing of it runs unasked."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox
from pytestqt.qtbot import QtBot

from core.models.custom.declared import Declared
from core.models.custom.inspection import Executing, InspectModel, ModelAnswer, ModelRead, ModelRefused
from core.models.custom.model_file import TEMPLATE, ModelFile
from core.ranges import Fixed, FloatRange, IntegerRange
from core.rules import Relation, Rule
from core.search.searchers import InlineSearcher
from core.settings import TrainerKind, tutorial_settings
from core.store.writer import Store
from core.study.local_engine import LocalEngine
from core.study.loop import study_started
from gui.session.run_state import Command
from gui.setup.consent_dialog import ConsentDialog
from gui.window.main_window import MainWindow
from tests.disks import full_disk, names
from tests.model_files import CUSTOM, custom_file, custom_settings
from tests.scripted import ScriptedTrainer
from tests.windows import lock, open_study, open_window, progress_of


class CannedInspector:
    """Answers only what it is given."""

    def __init__(self, question: InspectModel) -> None:
        self.question = question
        self.answers: deque[ModelAnswer] = deque()
        self.closed = False

    def answer(self) -> ModelAnswer | None:
        return self.answers.popleft() if self.answers else None

    def close(self) -> None:
        self.closed = True


class CannedInspectors:
    """Keeps the inspectors that were begun, and whether a process would be at hand."""

    def __init__(self) -> None:
        self.begun: list[CannedInspector] = []
        self.prepared = False

    def prepare(self) -> None:
        self.prepared = True

    def inspect(self, question: InspectModel) -> CannedInspector:
        self.prepared = False
        self.begun.append(CannedInspector(question))
        return self.begun[-1]

    def close(self) -> None:
        self.prepared = False


class Model:
    """The window, its model files, and the inspectors that it has begun."""

    def __init__(self, window: MainWindow, path: Path, qtbot: QtBot, canned: CannedInspectors) -> None:
        self.window, self.path, self.qtbot, self.canned = window, path, qtbot, canned
        self.inspectors = canned.begun
        self.files, self.section, self.row = window.model_files, window.form.model, window.form.model.file_row

    def dialog(self) -> ConsentDialog | None:
        """Return the question that is open."""
        open_ones = [dialog for dialog in self.window.findChildren(ConsentDialog) if dialog.isVisible()]
        return open_ones[0] if open_ones else None

    def agree(self) -> None:
        dialog = self.dialog()
        assert dialog is not None
        self.qtbot.mouseClick(dialog.run, Qt.MouseButton.LeftButton)

    def answer(self, *answers: ModelAnswer) -> None:
        """Let the inspection that is under way come to this."""
        self.inspectors[-1].answers.extend(answers)
        self.qtbot.waitUntil(lambda: not self.files.reading)

    def load(self, file: ModelFile | None = None) -> None:
        """Choose the file, agree to it and let it be read."""
        self.files.load(self.path)
        if self.dialog() is not None:
            self.agree()
        self.answer(Executing(), ModelRead(file=file or custom_file(self.path)))


def _trainer() -> ScriptedTrainer:
    return ScriptedTrainer(lambda request: [1.0, 0.5 / request.trial])


@pytest.fixture
def model(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    canned = CannedInspectors()
    trusted: set[str] = set()
    engine = LocalEngine(dict.fromkeys(TrainerKind, _trainer), dict.fromkeys(TrainerKind, InlineSearcher), trusted)
    path = tmp_path / "model.py"
    path.write_text(CUSTOM)
    with open_window(engine, tmp_path, qtbot, monkeypatch) as window:
        monkeypatch.setattr(window.preferences, "_trusted", trusted)
        monkeypatch.setattr(window.model_files, "_inspectors", canned)
        yield Model(window, path, qtbot, canned)


def test_that_without_a_file_the_form_says_what_to_do(model: Model) -> None:
    model.section.choose_own()

    assert model.window.form.settings() is None
    assert "Choose a model file" in model.row.problem.text()
    assert not model.row.reload.isEnabled()
    assert not model.window.form.space.rows


def test_that_keras_is_loaded_for_the_next_try_as_long_as_the_model_is_a_file(model: Model) -> None:
    model.section.choose_own()
    assert model.canned.prepared

    model.load()
    assert model.canned.prepared

    model.section.family.set_value("linear")
    assert not model.canned.prepared


def test_that_nothing_runs_before_the_user_agrees_and_cancel_is_the_default(model: Model) -> None:
    model.files.load(model.path)

    dialog = model.dialog()
    assert dialog is not None
    assert dialog.findChildren(QDialogButtonBox)[0].button(QDialogButtonBox.StandardButton.Cancel).isDefault()
    assert dialog.text.toPlainText() == CUSTOM
    dialog.reject()
    assert model.inspectors == []
    assert model.window.form.settings() is None


def test_that_the_text_that_was_agreed_to_is_what_is_inspected(model: Model) -> None:
    model.files.load(model.path)
    model.path.write_text("something else")
    model.agree()

    assert [inspector.question.source for inspector in model.inspectors] == [CUSTOM]
    model.files.cancel()


def test_that_the_form_shows_the_parameters_that_were_found(model: Model) -> None:
    model.load()

    settings = model.window.form.settings()
    assert settings is not None
    assert settings.model.file == custom_file(model.path)
    assert list(model.window.form.space.rows) == ["units", "rate", "batch_size", "epochs", "patience"]
    assert model.row.name.text() == "model.py"
    assert model.inspectors[0].closed


def test_that_the_user_is_asked_once_for_each_text(model: Model) -> None:
    model.load()
    model.files.reload()
    assert model.dialog() is None
    model.files.cancel()

    model.path.write_text(f"{CUSTOM}# changed\n")
    model.files.reload()

    assert model.dialog() is not None
    assert len(model.inspectors) == 2


def test_that_consent_outlives_the_program(model: Model, tmp_path: Path) -> None:
    from PySide6.QtCore import QSettings

    from gui.program.preferences import Preferences

    model.load()

    later = Preferences(QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat))
    assert later.trusted_models == {custom_file().digest}


def test_that_a_refused_file_is_said_with_its_line_and_stops_start(model: Model) -> None:
    model.load()
    model.files.reload()
    model.answer(ModelRefused("model.py, line 3: `x = 1 / 0`: ZeroDivisionError: division by zero"))

    assert "line 3" in model.row.problem.text()
    assert model.window.form.settings() is None
    assert model.row.reload.isEnabled()
    assert list(model.window.form.space.rows)  # the ranges wait for the file to be mended


def test_that_a_model_that_does_not_suit_the_data_is_a_warning_only(model: Model) -> None:
    model.files.load(model.path)
    model.agree()
    model.answer(ModelRead(file=custom_file(model.path), problem="model.py: 3 outputs, 10 classes", notes=("A note",)))

    assert model.row.warning.text() == "model.py: 3 outputs, 10 classes"
    assert model.row.notes.text() == "A note"
    assert model.window.form.settings() is not None
    assert "Trials will probably fail<br>model.py: 3 outputs, 10 classes" in model.window.headline.text
    model.load()
    assert "Ready: " in model.window.headline.text


def test_that_reloading_keeps_the_ranges_of_what_is_declared_as_before(model: Model) -> None:
    model.load()
    rows = model.window.form.space.rows
    rows["units"].set_range(IntegerRange(5, 6))
    rows["rate"].set_range(FloatRange(0.02, 0.03))
    rows["epochs"].set_range(Fixed(3))
    kept = Rule("units", Relation.ABOVE, "epochs")
    model.window.form.space.rules.set_rules([kept, Rule("rate", Relation.BELOW, "epochs")])
    model.window.form.space.changed.emit()
    changed = msgspec.structs.replace(
        custom_file(model.path, source=f"{CUSTOM}# more\n"),
        parameters=(
            custom_file().parameters[0],
            Declared(name="rate", range=FloatRange(0.5, 1.0), default=0.5),
            Declared(name="new", range=IntegerRange(1, 2), default=1),
        ),
    )
    model.path.write_text(changed.source)

    model.load(changed)

    settings = model.window.form.settings()
    assert settings is not None
    assert settings.model.ranges["units"] == IntegerRange(5, 6)
    assert settings.model.ranges["epochs"] == Fixed(3)
    assert settings.model.ranges["rate"] == FloatRange(0.5, 1.0)
    assert settings.model.ranges["new"] == IntegerRange(1, 2)
    assert settings.model.rules == (kept,)


def test_that_reading_can_be_cancelled(model: Model) -> None:
    model.files.load(model.path)
    model.agree()
    assert model.row.cancel.isVisible()
    assert "being read" in model.window.form.problem()

    model.qtbot.mouseClick(model.row.cancel, Qt.MouseButton.LeftButton)

    assert model.inspectors[0].closed
    assert not model.row.cancel.isVisible()
    assert "Choose a model file" in model.window.form.problem()


def test_that_the_row_names_the_file_in_force_after_another_was_not_agreed_to_or_cancelled(
    model: Model, tmp_path: Path
) -> None:
    model.load()
    other = tmp_path / "other.py"
    other.write_text(f"{CUSTOM}# another\n")

    model.files.load(other)
    dialog = model.dialog()
    assert dialog is not None
    dialog.reject()
    assert model.row.path == model.path
    model.files.load(other)
    model.agree()
    assert model.row.path == other
    model.files.cancel()

    assert model.row.path == model.path
    assert model.row.name.text() == "model.py"
    settings = model.window.form.settings()
    assert settings is not None
    assert settings.model.file == custom_file(model.path)


def test_that_a_cancelled_first_file_is_no_longer_named(model: Model) -> None:
    model.files.load(model.path)
    model.agree()
    model.files.cancel()

    assert model.row.path is None


def test_that_a_refused_file_stays_named_so_that_it_can_be_reloaded(model: Model) -> None:
    model.files.load(model.path)
    model.agree()
    model.answer(ModelRefused("model.py, line 3: wrong"))

    assert model.row.path == model.path


def test_that_a_file_that_cannot_be_read_is_said_in_a_sentence(model: Model, tmp_path: Path) -> None:
    model.files.load(tmp_path / "gone.py")

    assert model.row.problem.text() == "gone.py cannot be read: No such file or directory"


def test_that_a_saved_template_is_chosen_without_a_question(model: Model, tmp_path: Path) -> None:
    model.section.choose_own()
    path = tmp_path / "mine.py"

    model.files.save_template(path)

    assert path.read_text() == TEMPLATE.read_text()
    assert model.dialog() is None
    assert model.row.path == path
    assert model.row.problem.text() == ""
    model.answer(ModelRead(file=custom_file(path, source=TEMPLATE.read_text())))
    settings = model.window.form.settings()
    assert settings is not None
    assert settings.model.file is not None
    assert settings.model.file.path == str(path)
    assert model.row.problem.text() == ""
    assert "Reload" in model.row.notes.text()


def test_that_a_full_disk_leaves_the_file_in_the_templates_place(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "models" / "mine.py"
    path.parent.mkdir()
    path.write_text(CUSTOM)
    told: list[str] = []
    monkeypatch.setattr("gui.setup.model_files.show_error", lambda _parent, title, _text: told.append(title))
    with full_disk():
        model.files.save_template(path)
    assert told == ["The template cannot be saved"]
    assert path.read_text() == CUSTOM
    assert names(path.parent) == ["mine.py"]


def test_that_a_changed_template_is_asked_about(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    model.files.save_template(path)
    model.files.cancel()
    path.write_text(f"{TEMPLATE.read_text()}# changed\n")

    model.files.load(path)

    assert model.dialog() is not None


def test_that_no_template_can_be_chosen_while_a_study_runs(model: Model) -> None:
    lock(model.window.form)

    assert not model.row.template.isEnabled()


def test_that_start_tells_when_the_file_has_changed_since_it_was_read(model: Model) -> None:
    model.load()
    model.path.write_text(f"{CUSTOM}# changed\n")

    model.window.running.start()

    (box,) = model.window.findChildren(QMessageBox)
    assert "no longer what Afina has read" in box.informativeText()
    next(button for button in box.buttons() if button.text() == "Reload").click()
    assert model.window.session.job is None
    assert model.window.findChildren(ConsentDialog)  # the text as it is now was never agreed to


def test_that_a_file_agreed_to_starts_without_another_question(model: Model) -> None:
    model.load()
    model.window.form.search.initial_points.set_value(2)
    model.window.form.budget.trials.set_value(3)

    model.window.running.start()

    model.qtbot.waitUntil(lambda: len(progress_of(model.window.session).finished) == 3)


def test_that_a_strangers_text_is_not_taken_for_the_users_file_at_its_path(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "stranger.afina"
    settings = custom_settings(custom_file(model.path, source=f"{CUSTOM}# theirs\n"))
    Store.create(path, study_started(settings)).close()
    open_study(model.window, path, model.qtbot)
    model.window.study_files.copy_settings()

    model.window.running.start()

    dialog = model.dialog()
    assert dialog is not None
    assert "came with the study or the settings that you opened" in dialog.whence.text()
    assert "may be your own, has another text" in dialog.differs.text()
    assert model.window.findChildren(QMessageBox) == []  # nobody here has read the other text, so it has not changed
    dialog.show_difference.click()
    assert "+ # theirs" in dialog.text.toPlainText()
    dialog.reject()
    assert model.window.session.job is None


def test_that_opening_a_strangers_study_asks_and_runs_nothing_and_resume_asks(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "stranger.afina"
    settings = custom_settings(custom_file("/their/place/model.py", source=f"{CUSTOM}# theirs\n"))
    with Store.create(path, study_started(settings)):
        pass

    open_study(model.window, path, model.qtbot)
    assert model.dialog() is None
    assert model.inspectors == []
    assert model.window.form.settings() == settings
    model.window.running.resume()

    dialog = model.dialog()
    assert dialog is not None
    assert "# theirs" in dialog.text.toPlainText()
    assert "came with this study" in dialog.whence.text()
    assert "no file /their/place/model.py" in dialog.whence.text()
    dialog.reject()
    assert model.window.session.job is None

    model.window.running.resume()
    model.agree()
    model.qtbot.waitUntil(lambda: len(progress_of(model.window.session).finished) == 3)


def test_that_closing_the_window_ends_the_inspection(model: Model) -> None:
    model.files.load(model.path)
    model.agree()

    model.window.close()

    assert model.inspectors[0].closed


@pytest.mark.parametrize("fill", ["open", "load", "reset"])
def test_that_a_file_being_read_never_overwrites_settings_that_come_from_elsewhere(
    model: Model, tmp_path: Path, fill: str
) -> None:
    path, saved = tmp_path / "other.afina", tmp_path / "settings.json"
    settings = custom_settings(custom_file("/other/model.py"))
    with Store.create(path, study_started(settings)):
        pass
    saved.write_text(settings.to_json(), encoding="utf-8")
    model.files.load(model.path)
    model.agree()
    {
        "open": lambda: open_study(model.window, path, model.qtbot),
        "load": lambda: model.window.settings_files.load(saved),
        "reset": model.window.actions_[Command.RESET_SETTINGS].trigger,
    }[fill]()

    assert model.inspectors[0].closed
    assert not model.files.reading
    assert model.window.form.settings() == (tutorial_settings() if fill == "reset" else settings)


def test_that_a_python_file_can_be_dropped_on_the_window(model: Model) -> None:
    assert model.window.dropping.receiver(model.path) == model.files.load
