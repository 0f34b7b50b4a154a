"""Texts of strangers: wherever the window shows one, it is shown as it is written."""

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QTextDocument
from PySide6.QtGui import Qt as QtText
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGraphicsTextItem,
    QGraphicsView,
    QGroupBox,
    QLabel,
    QListView,
    QMenu,
    QMessageBox,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.datasets.data_file import DataFile
from core.datasets.settings import DataSettings
from core.events import EpochEnded, Event, FailureReason, StudyEnd, StudyEnded, TrialEnded, TrialStarted, TrialState
from core.models.custom.declared import Declared
from core.models.custom.model_file import ModelFile
from core.models.settings import ModelSettings
from core.objective import ObjectiveSettings
from core.parameters import Choices, FloatRange, Levels, OffOrOn, Scale, Value
from core.rehearsal.configurations import Measured
from core.search.proposal import PointOrigin
from core.settings import StudySettings
from core.store.writer import Store
from core.study.loop import study_started
from core.tables.description import (
    ColumnProfile,
    ColumnRole,
    CountAsMissing,
    CountAsValue,
    Finding,
    Findings,
    LeaveOut,
    ReadingChoice,
    TableProfile,
    TargetProfile,
    Task,
)
from core.tables.fingerprint import Fingerprint
from core.tables.inspection import Progress, Refused, TableRead
from core.tables.readings import ColumnReading
from core.tables.table_format import TableFormat
from core.words.trials import trial_tip
from gui.data_import.dialog import ImportDialog
from gui.data_import.marks_editor import MarksEditor
from gui.export.dialog import ExportDialog
from gui.program.messages import offer, show_error
from gui.rehearsal.dialog import RehearsalDialog
from gui.setup.consent_dialog import ConsentDialog, Origin
from gui.widgets.fields import ChoiceField, breakable, hint_label, plain_label, problem_label, wrapped_tip
from gui.window.main_window import MainWindow
from tests.scripted import ScriptedRehearser, ScriptedTrainer, scripted_engine
from tests.windows import lay_out, open_window

ROOT = Path(__file__).resolve().parents[2]
TAG = '<b>w</b><img src="a">'
"""Mark-up that Qt would take for rich text."""
ENTITY = "q&lt;b&gt;q"
"""Text that is allowed in the name of a parameter too; Qt would take it for rich text, and show "q<b>q"."""
BOTH = f'{TAG} {ENTITY} <a href="file:///evil">here</a>'
IN_A_NAME = BOTH.replace("/", "").replace('"', "")
"""The same in the name of a file."""


def settings() -> StudySettings:
    parameters = (
        Declared(
            name=f"rate {ENTITY}",
            label=f"rate {ENTITY}",
            unit=ENTITY,
            help=f"help {ENTITY}",
            range=FloatRange(1e-4, 1e-1, Scale.LOG),
            default=0.01,
        ),
        Declared(name=f"kind {ENTITY}", range=Choices((f"one {ENTITY}", f"two {ENTITY}")), default=f"one {ENTITY}"),
        Declared(name="size", unit=ENTITY, range=Levels((8, 16)), default=8),
        Declared(name="off", label=ENTITY, range=OffOrOn(), default=False),
    )
    model = ModelFile(path=f"/nowhere/{IN_A_NAME}.py", source="x = 1\n", parameters=parameters)
    data = DataFile(
        path=f"/nowhere/{IN_A_NAME}.csv",
        layout=TableFormat(),
        fingerprint=Fingerprint(size=1, sha256="0" * 64),
        rows=9,
        target=f"target {BOTH}",
        task=Task.REGRESSION,
        columns={f"column {BOTH}": ColumnRole.NUMBER, f"group {BOTH}": ColumnRole.CATEGORY},
    )
    return StudySettings(
        data=DataSettings(file=data, group=f"group {BOTH}"),
        model=ModelSettings(
            ranges={p.name: p.first_range() for p in model.family.parameters},
            file=model,
        ),
        objective=ObjectiveSettings(metric=f"val_m {ENTITY}"),
    )


def events() -> list[Event]:
    happened: list[Event] = []
    shared: dict[str, Value] = {"size": 8, "off": False, "batch_size": 32, "epochs": 2, "patience": 0}
    for trial, rate in enumerate((0.001, 0.01, 0.1), start=1):
        kind = f"{'one' if trial % 2 else 'two'} {ENTITY}"
        values = {f"rate {ENTITY}": rate, f"kind {ENTITY}": kind, **shared}
        happened.append(TrialStarted(trial=trial, values=values, seed=1, origin=PointOrigin.INITIAL))
        if trial == 3:
            happened.append(_failed(trial))
            continue
        for epoch in (1, 2):
            metrics = {f"m {ENTITY}": 1.0, f"val_m {ENTITY}": 3.0 - trial}
            happened.append(EpochEnded(trial=trial, epoch=epoch, loss=2.0, val_loss=1.25, metrics=metrics, seconds=0.2))
        happened.append(
            TrialEnded(
                trial=trial, state=TrialState.COMPLETE, epoch=2, seconds=0.2, objective=3.0 - trial, message=BOTH
            )
        )
    return [*happened, StudyEnded(reason=StudyEnd.PAUSED, message=f"{BOTH}: {BOTH}. {BOTH}", time=9.0)]


def _failed(trial: int) -> TrialEnded:
    return TrialEnded(
        trial=trial, state=TrialState.FAILED, epoch=1, seconds=0.2, reason=FailureReason.DIVERGED, message=BOTH
    )


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """Return the window with a study in which every text is mark-up."""
    rehearser = ScriptedRehearser(Measured(problem=BOTH, note=BOTH))
    with open_window(scripted_engine(ScriptedTrainer()), tmp_path, qtbot, monkeypatch, rehearser=rehearser) as window:
        monkeypatch.setattr("gui.window.study_files.show_news", lambda *_texts: None)
        path = tmp_path / f"{IN_A_NAME}.afina"
        Store.create(path, study_started(settings()), events()).close()
        window.study_files.open(path)
        qtbot.waitUntil(lambda: window.session.progress is not None)
        lay_out(window)
        yield window


class Shown:
    """What is shown: each text that was looked at, and those in which mark-up was taken for mark-up."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.wrong: list[tuple[str, str]] = []

    def look(self, where: str, text: str, *, rich: bool | None = None, mnemonic: bool = False) -> None:
        """Note a text of a stranger. `rich`: whether it is rich text, None where Qt guesses."""
        meant = html.unescape(html.unescape(text.replace("&&", "&")))
        wanted = [part for part, mark in (("q&lt;b&gt;q", "q<b>q"), ("<b>w", "<b>w")) if mark in meant]
        if not wanted:
            return
        self.seen.add(where)
        is_rich = QtText.mightBeRichText(text) if rich is None else rich
        shown = rendered(text) if is_rich else _without_mnemonics(text) if mnemonic else text
        if shown is None or "q<b>q" in shown or not ("…" in shown or all(part in shown for part in wanted)):
            self.wrong.append((where, text))


OUR_LINKS = re.compile(r'<a href="(?:study|field|warnings|trial:\d+)"')


def rendered(text: str) -> str | None:
    """Return how rich text is read; None if it holds an image, or a link that is not ours."""
    document = QTextDocument()
    document.setHtml(text)
    again = document.toHtml()
    links = again.count("<a href=") - len(OUR_LINKS.findall(again))
    return None if "<img" in again or links else document.toPlainText()


def _without_mnemonics(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def walk(root: QWidget, shown: Shown) -> None:
    """Look at all texts of a widget, and of all that are in it."""
    for widget in (root, *root.findChildren(QWidget)):
        name = type(widget).__name__
        for where, text in (("tip", widget.toolTip()), ("status tip", widget.statusTip()), ("?", widget.whatsThis())):
            shown.look(f"{name} {where}", text)
        shown.look(f"{name} title", widget.windowTitle(), rich=False)
        _look_at(widget, name, shown)
    for action in root.findChildren(QAction):
        shown.look("action", action.text(), rich=False, mnemonic=True)
        shown.look("action tip", action.toolTip())
        shown.look("action status tip", action.statusTip())


def _look_at(widget: QWidget, name: str, shown: Shown) -> None:
    match widget:
        case QLabel():
            rich = {Qt.TextFormat.PlainText: False, Qt.TextFormat.RichText: True}.get(widget.textFormat())
            shown.look(f"{name} {widget.objectName()}", widget.text(), rich=rich, mnemonic=widget.buddy() is not None)
        case QAbstractButton():
            shown.look(name, widget.text(), rich=False, mnemonic=True)
        case QGroupBox():
            shown.look(name, widget.title(), rich=False, mnemonic=True)
        case QComboBox():
            for row in range(widget.count()):
                shown.look(f"{name} tip", str(widget.itemData(row, Qt.ItemDataRole.ToolTipRole) or ""))
                shown.look(name, widget.itemText(row), rich=False)
        case QAbstractItemView():
            _look_at_items(widget, name, shown)
        case QGraphicsView():
            for item in widget.scene().items():
                if isinstance(item, QGraphicsTextItem):
                    shown.look(f"{name} text", item.toHtml(), rich=True)
        case QTextEdit():
            shown.look(name, widget.toPlainText(), rich=False)


def _look_at_items(view: QAbstractItemView, name: str, shown: Shown) -> None:
    model, role = view.model(), Qt.ItemDataRole
    tips = role.ToolTipRole, role.StatusTipRole, role.WhatsThisRole
    columns = 1 if isinstance(view, QListView) else model.columnCount()  # PySide hides the one of a list
    for orientation, count in ((Qt.Orientation.Horizontal, columns), (Qt.Orientation.Vertical, 3)):
        for section in range(count):
            for tip in tips:
                shown.look(f"{name} header's tip", str(model.headerData(section, orientation, tip) or ""))
            shown.look(f"{name} header", str(model.headerData(section, orientation) or ""), rich=False)
    for row in range(model.rowCount()):
        for column in range(columns):
            index = model.index(row, column)
            for tip in tips:
                shown.look(f"{name} cell's tip", str(index.data(tip) or ""))
            shown.look(f"{name} cell", str(index.data() or ""), rich=False)


def test_that_the_walker_finds_mark_up_that_is_taken_for_mark_up(qtbot: QtBot) -> None:
    for text in (TAG, ENTITY, BOTH, IN_A_NAME):
        label, shown = QLabel(text), Shown()
        qtbot.addWidget(label)
        walk(label, shown)
        assert shown.wrong, text
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setToolTip(text)
        walk(label, other := Shown())
        assert [where for where, _text in other.wrong] == ["QLabel tip"]
    menu, shown = QMenu(), Shown()
    menu.addAction(BOTH)
    walk(menu, shown)
    assert {where for where, _text in shown.wrong} == {"action", "action tip"}


def test_that_the_window_shows_every_text_of_a_study_as_it_is_written(window: MainWindow, qtbot: QtBot) -> None:
    shown = Shown()
    plots = window.loss_plot, window.convergence_plot, window.points_plot
    qtbot.waitUntil(lambda: not any(plot.waiting_to_paint for plot in plots))
    lay_out(window)
    walk(window, shown)
    recent = window.menus.recent
    recent.aboutToShow.emit()
    walk(recent, shown)
    progress = window.session.progress
    assert progress is not None
    for trial in progress.trials.values():
        shown.look("tip of a point", trial_tip(trial, progress.settings), rich=True)
    for plot in plots:
        shown.look("plot", plot.title, rich=False)
    shown.look("headline", window.headline.text, rich=True)
    assert shown.wrong == []
    assert {"headline", "tip of a point", "plot", "Canvas text", "MainWindow title"} <= shown.seen
    assert {"PlainLabel ", "PlainLabel tip", "Sentence ", "NumberRow tip"} <= shown.seen
    assert {"action", "action tip", "ChoiceField", "AxisBox", "AxisBox tip"} <= shown.seen
    assert {"TrialsView cell", "TrialsView cell's tip", "TrialsView header", "TrialsView header's tip"} <= shown.seen


def test_that_a_study_is_put_nowhere_else_and_its_title_is_its_name(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    file = settings().data.file
    assert file is not None
    for name in ("..\\..\\x", "a:b", "..", "con", "x\n\u202ey", "z" * 300):
        data = DataSettings(file=msgspec.structs.replace(file, path=f"/nowhere/{name}.csv"))
        path = window.study_files.new_path(StudySettings(data=data))
        assert path.parent == tmp_path
        assert path.name.isprintable()
        path.touch()  # the system takes the name
    path = tmp_path / "a[*]\u202eb\u2028\r\n.afina"
    Store.create(path, study_started(StudySettings()), []).close()
    window.study_files.open(path)
    qtbot.waitUntil(lambda: window.session.path == path)
    assert window.windowTitle().startswith("a[*][*]‹U+202E›b‹U+2028›‹U+000D›‹U+000A› – ")
    assert window.preferences.recent == [path, tmp_path / f"{IN_A_NAME}.afina"]


def test_that_messages_show_texts_as_they_are_written(window: MainWindow) -> None:
    shown = Shown()
    show_error(window, BOTH, BOTH)
    offer(window, BOTH, BOTH, {"Yes": lambda: None})
    for box in window.findChildren(QMessageBox):
        walk(box, shown)
        box.close()
    assert shown.seen == {"QLabel qt_msgbox_label", "QLabel qt_msgbox_informativelabel"}
    assert shown.wrong == []


def test_that_dialogs_show_texts_as_they_are_written(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    shown, progress = Shown(), window.session.progress
    assert progress is not None
    export = ExportDialog(progress, IN_A_NAME, tmp_path, window.theme, window)
    export.set_folder(tmp_path / "gone")
    export.save()
    assert "There is no folder" in export.status.text()
    walk(export, shown)
    assert "Sentence " in shown.seen
    rehearsal = RehearsalDialog(window.rehearsing, settings(), window.theme, window, starting=False)
    rehearsal.show()
    qtbot.waitUntil(lambda: rehearsal.bar.isHidden())
    walk(rehearsal, shown)
    consent = ConsentDialog(f"{IN_A_NAME}.py", Origin(BOTH, BOTH, BOTH), BOTH, window)
    walk(consent, shown)
    assert "ConsentDialog title" in shown.seen
    assert shown.wrong == []
    for dialog in (export, rehearsal, consent):
        dialog.close()


class CannedInspector:
    """Answers nothing."""

    def ask(self, question: object) -> None: ...

    def answer(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture
def importing(window: MainWindow, tmp_path: Path) -> Iterator[ImportDialog]:
    dialog = ImportDialog(tmp_path / f"{IN_A_NAME}.csv", tmp_path, window.theme, window, inspector=CannedInspector())
    dialog.show()
    yield dialog
    dialog.close()


def test_that_the_import_shows_texts_as_they_are_written(importing: ImportDialog) -> None:
    shown, role = Shown(), ColumnRole.CATEGORY
    for answer in (Progress(BOTH), Refused(BOTH)):
        importing._on_answered(answer)
        walk(importing, shown)
    choices = (ReadingChoice(BOTH, ColumnReading(missing=(BOTH,))), ReadingChoice(ENTITY, ColumnReading()))
    facts = {"note": BOTH, "example": BOTH, "question": BOTH, "choices": choices, "filler": BOTH}
    columns = tuple(
        ColumnProfile(name=f"{name} {BOTH}", role=role, missing=0, odd=0, distinct=2, **facts)  # type: ignore[arg-type]
        for name in "ab"
    )
    profile = TableProfile(rows=2, columns=columns, preview=((BOTH, BOTH), ("=1+1", "-1.5")), notes=(BOTH,))
    read = TableRead(
        layout=TableFormat(missing=(BOTH, ENTITY)), fingerprint=Fingerprint(size=1, sha256="0" * 64), profile=profile
    )
    importing._on_answered(read)
    importing._on_answered(
        TargetProfile(
            name=f"a {BOTH}", task=Task.BINARY, rows=2, distinct=2, problem=BOTH, classes=((BOTH, 1), (ENTITY, 1))
        )
    )
    remedies = (LeaveOut(), CountAsMissing(BOTH), CountAsValue(ENTITY))
    importing._on_answered(Findings(tuple(Finding(sentence=BOTH, remedy=remedy) for remedy in remedies)))
    importing.told.say(BOTH)
    importing.columns.edit_marks(0)
    lay_out(importing)
    walk(importing, shown)
    assert shown.wrong == []
    assert len(importing.findings.buttons) == len(remedies)
    assert importing.questions.isVisible()
    assert importing.findChild(MarksEditor) is not None
    assert {"QTableView cell's tip", "QTableView header's tip", "PlainLabel ", "QPushButton tip"} <= shown.seen
    preview = importing.columns.preview
    for column, copied in ((0, "'=1+1"), (1, "-1.5")):
        preview.setCurrentIndex(preview.model().index(1, column))
        next(action for action in preview.actions() if action.text() == "Copy").trigger()
        assert QGuiApplication.clipboard().text() == copied


# The code


SOURCES = sorted(ROOT.glob("gui/**/*.py"))
TIPS = ("setToolTip", "setStatusTip", "setWhatsThis")
FIRST = ("addAction", "addMenu", "QCheckBox", "QRadioButton", "QAction")
"""Calls whose first argument is a text in which "&" has a meaning."""
SAFE = {"plain_tip", "wrapped_tip", "literal"}
OURS = {
    ("gui/window/actions.py", "tip"),  # made by plain_tip
    ("gui/window/actions.py", "entry.text"),  # written in the same file, as the others below
    ("gui/window/menus.py", "title"),
    ("gui/window/menus.py", "text"),
    ("gui/window/menus.py", "self._actions[item]"),
    ("gui/window/menus.py", "self.recent.menuAction()"),
    ("gui/window/menus.py", "self._appearance.menuAction()"),
    ("gui/window/menus.py", "self._font.menuAction()"),
    ("gui/window/menus.py", "action"),
    ("gui/window/menus.py", "self.telling"),
    ("gui/widgets/action_button.py", "self._action.toolTip()"),
    ("gui/widgets/copying.py", "action"),
    ("gui/trials/table.py", "self._copy"),
    ("gui/plots/frame.py", "self.reset_view_action"),
}
"""Texts that are ours, and actions that carry theirs."""


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_that_every_label_tip_and_entry_of_a_menu_is_made_of_a_plain_text(source: Path) -> None:
    where = source.relative_to(ROOT).as_posix()
    suspects = []
    for call in (
        node for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ):
        name, text = called(call), call.args[0] if call.args else None
        is_safe = text is None or isinstance(text, ast.Constant)
        is_safe |= isinstance(text, ast.Call) and called(text) in SAFE
        is_safe |= text is not None and (where, ast.unparse(text)) in OURS
        if name == "QLabel" and where not in ("gui/widgets/fields.py", "gui/widgets/brief_label.py"):
            suspects.append(f"line {call.lineno}: make labels by plain_label")
        if name in TIPS and not is_safe:
            suspects.append(f"line {call.lineno}: make the tip by plain_tip or wrapped_tip")
        if name in FIRST and not is_safe:
            suspects.append(f"line {call.lineno}: make the text by literal")
        if name == "QMessageBox" and where != "gui/program/messages.py":
            suspects.append(f"line {call.lineno}: show messages by gui.program.messages")
    assert suspects == []


def test_that_a_long_word_neither_widens_a_window_nor_is_cut_off(qtbot: QtBot) -> None:
    word = "W" * 3000
    with_tags = breakable(f'<b>{word}</b>&quot;{word}&amp;<a href="study">{word}</a>')
    document = QTextDocument()
    document.setHtml(with_tags)
    assert document.toPlainText().replace("\u200b", "") == f'{word}"{word}&{word}'
    for label in (plain_label(word), hint_label(word), problem_label()):
        qtbot.addWidget(label)
        label.setText(word)
        label.setWordWrap(True)
        assert label.minimumSizeHint().width() < 500
        assert label.text() == word
    tip = QLabel(wrapped_tip(word))
    tip.setWordWrap(True)
    qtbot.addWidget(tip)
    assert tip.minimumSizeHint().width() < 500
    field = ChoiceField("Keep together", [("", "Every row for itself"), (word, word)])
    qtbot.addWidget(field)
    assert field.minimumSizeHint().width() < 500
    parent = QWidget()
    qtbot.addWidget(parent)
    box = offer(parent, word, f"{word} {'a sentence. ' * 9000}", {"Do it": lambda: None})
    room = box.screen().availableGeometry().size()
    assert box.sizeHint().boundedTo(room) == box.sizeHint()
    box.close()
