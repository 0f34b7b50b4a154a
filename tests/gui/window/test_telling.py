"""The title says how far a study is; a user who is elsewhere is told when it is done or needs them."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.datasets.settings import DataSettings
from core.errors import StoreBlocked
from core.events import Event, StudyEnd
from core.phases import Job, Phase
from core.progress import StudyProgress
from core.search.settings import SearchSettings
from core.settings import BudgetSettings, LimitSettings, StudySettings, tutorial_settings
from core.store.writer import Store
from core.study.loop import study_started
from core.training.request import TrialRequest
from core.words.going_on import title_in_words
from gui.program.notifications import notify
from gui.window import telling
from gui.window.main_window import MainWindow
from tests.desktop import NEEDS_A_BUS, Desktop, desktop
from tests.scripted import ScriptedTrainer, bowl, scripted_engine
from tests.windows import open_window

RUN = 60_000  # milliseconds that a scripted study may take on a busy machine
SETTINGS = msgspec.structs.replace(
    tutorial_settings(), search=SearchSettings(initial_points=2), budget=BudgetSettings(trials=3)
)


class Told:
    """What a user who is elsewhere is told: alerts, and messages as (title, text)."""

    def __init__(self) -> None:
        self.alerts = 0
        self.messages: list[tuple[str, str]] = []


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Let the user be elsewhere, and the desktop note what it is to show."""
    told = Told()

    def alert(_window: object) -> None:
        told.alerts += 1

    monkeypatch.setattr(telling, "_is_here", lambda: False)
    monkeypatch.setattr(QApplication, "alert", alert)
    monkeypatch.setattr(telling, "notify", lambda title, text: told.messages.append((title, text)))
    return told


def start(window: MainWindow, name: str = "wine", settings: StudySettings = SETTINGS) -> None:
    window.session.start(settings, window.preferences.studies_folder / f"{name}.afina")


def run(window: MainWindow, qtbot: QtBot, name: str = "wine", settings: StudySettings = SETTINGS) -> None:
    start(window, name, settings)
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)


def percent(window: MainWindow) -> int:
    """Return the percent of a running study that the title says are done; -1 for another title."""
    found = re.fullmatch(r"(\d+) % – wine – Afina", window.windowTitle())
    return -1 if found is None else int(found[1])


def wait_for_message(told: Told, qtbot: QtBot) -> tuple[str, str]:
    qtbot.waitUntil(lambda: bool(told.messages), timeout=RUN)
    (message,) = told.messages
    return message


def come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the user come to the window."""
    monkeypatch.setattr(telling, "_is_here", lambda: True)
    app = QApplication.instance()
    assert isinstance(app, QGuiApplication)
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)


# The title


def test_that_the_title_says_how_far_a_study_is(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = scripted_engine(ScriptedTrainer(seconds=0.002))
    with open_window(engine, tmp_path, qtbot, monkeypatch) as window:
        assert window.windowTitle() == "New study – Afina"
        start(window, settings=msgspec.structs.replace(SETTINGS, budget=BudgetSettings(trials=1000)))
        qtbot.waitUntil(lambda: percent(window) >= 1, timeout=RUN)
        qtbot.waitUntil(lambda: percent(window) >= 2, timeout=RUN)
        window.session.stop()
        qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
        assert window.windowTitle() == "wine – Afina"


@pytest.mark.parametrize(
    ("job", "phase", "title"),
    [
        (None, None, "wine"),
        (Job.STUDY, Phase.STARTING, "0 % – wine"),
        (Job.STUDY, Phase.PAUSED, "Paused at 0 % – wine"),
        (Job.STUDY, Phase.BLOCKED, "Waiting at 0 % – wine"),
        (Job.STUDY, Phase.STOPPING, "0 % – wine"),
        (Job.WATCH, Phase.RUNNING, "0 % – wine"),
        (Job.EVALUATION, Phase.RUNNING, "Evaluating – wine"),
    ],
)
def test_that_the_title_says_what_is_going_on(job: Job | None, phase: Phase | None, title: str) -> None:
    assert title_in_words("wine", job, phase, StudyProgress(study_started(SETTINGS))) == title


def test_that_a_name_with_the_mark_of_changed_documents_stands_in_the_title_as_it_is(
    window: MainWindow, qtbot: QtBot
) -> None:
    run(window, qtbot, "a[*]b")
    assert window.windowTitle().replace("[*][*]", "[*]") == "a[*]b – Afina"
    assert window.windowTitle().count("[*]") == 2, "Qt shows a pair of them as one, and a single one not at all"


# The end


def test_that_a_user_who_is_elsewhere_is_told_until_they_come(
    window: MainWindow, told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(window, qtbot)
    title, text = wait_for_message(told, qtbot)
    assert title == "Done: wine"
    assert text.startswith("Finished 3 trials. Best validation loss ")
    assert told.alerts == 1
    assert window.windowTitle() == "Done – wine – Afina"
    come(monkeypatch)
    assert window.windowTitle() == "wine – Afina"


ANOTHER_PROGRAM = """
from PySide6.QtWidgets import QApplication, QLabel
from PySide6.QtCore import QSocketNotifier
app = QApplication([])
label = QLabel("Another program")
label.show()
label.activateWindow()
end = QSocketNotifier(0, QSocketNotifier.Type.Read)
end.activated.connect(app.quit)
app.exec()
"""


@pytest.mark.display
def test_that_elsewhere_is_another_program(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "notify", lambda _title, _text: None)
    window.activateWindow()
    qtbot.waitUntil(telling._is_here, timeout=RUN)
    with subprocess.Popen([sys.executable, "-c", ANOTHER_PROGRAM], stdin=subprocess.PIPE) as other:
        qtbot.waitUntil(lambda: not telling._is_here(), timeout=RUN)
        run(window, qtbot)
        assert window.windowTitle() == "Done – wine – Afina"
        other.communicate(b"\n")
    window.activateWindow()
    qtbot.waitUntil(lambda: window.windowTitle() == "wine – Afina", timeout=RUN)


def test_that_a_user_who_is_here_is_not_told(
    window: MainWindow, told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "_is_here", lambda: True)
    run(window, qtbot)
    assert window.windowTitle() == "wine – Afina"
    assert (told.alerts, told.messages) == (0, [])


def test_that_the_switch_in_the_menu_keeps_it_quiet_and_is_remembered(
    window: MainWindow, told: Told, qtbot: QtBot
) -> None:
    assert window.menus.telling.isChecked()
    window.menus.telling.trigger()
    assert not window.preferences.tells
    run(window, qtbot)
    assert window.windowTitle() == "wine – Afina"
    assert (told.alerts, told.messages) == (0, [])
    window.menus.telling.trigger()
    assert window.preferences.tells


def test_that_a_stop_or_a_close_by_the_user_is_no_news(window: MainWindow, told: Told, qtbot: QtBot) -> None:
    for number, end in enumerate((StudyEnd.STOPPED, StudyEnd.PAUSED)):
        many = msgspec.structs.replace(SETTINGS, budget=BudgetSettings(trials=10_000))
        start(window, str(number), many)
        qtbot.waitUntil(lambda: window.session.phase is Phase.RUNNING, timeout=RUN)
        window.session.stop(end)
        qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    assert (told.alerts, told.messages) == (0, [])


def test_that_a_study_that_paused_itself_needs_the_user(tmp_path: Path, told: Told, qtbot: QtBot) -> None:
    def broken(request: TrialRequest) -> Sequence[float] | str:
        return bowl(request) if request.trial == 1 else "It broke in <module>\x1b[31m \u202e"

    settings = msgspec.structs.replace(
        SETTINGS, budget=BudgetSettings(trials=9), limits=LimitSettings(failures_in_a_row=2)
    )
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        open_window(scripted_engine(ScriptedTrainer(broken)), tmp_path, qtbot, monkeypatch) as window,
    ):
        run(window, qtbot, settings=settings)
        title, text = wait_for_message(told, qtbot)
        assert title == "Paused: wine"
        assert text.startswith("Paused: 2 trials failed in a row.")
        assert "It broke in <module>" in text
        assert text.isprintable()
        assert window.windowTitle() == "Paused – wine – Afina"


def test_that_a_study_that_waits_for_its_file_needs_the_user_once(
    window: MainWindow, told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Store.record

    def full(_store: Store, _events: Sequence[Event]) -> None:
        raise StoreBlocked("The disk is full. Free some space")

    monkeypatch.setattr(Store, "record", full)
    start(window)
    assert wait_for_message(told, qtbot) == ("Waiting: wine", "The disk is full. Free some space")
    assert window.windowTitle() == "Waiting at 0 % – wine – Afina"
    window.session.resume()
    monkeypatch.setattr(Store, "record", record)
    window.session.resume()
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)
    qtbot.waitUntil(lambda: len(told.messages) == 2, timeout=RUN)
    assert told.messages[1][0] == "Done: wine"


def test_that_a_study_that_fails_says_why(window: MainWindow, told: Told, qtbot: QtBot) -> None:
    (window.preferences.studies_folder / "taken.afina").write_bytes(b"")
    run(window, qtbot, "taken")
    title, text = wait_for_message(told, qtbot)
    assert title.startswith("Failed: ")
    assert text == "The study could not go on. taken.afina exists already; choose another name"


def test_that_an_evaluation_is_told_with_its_result(window: MainWindow, told: Told, qtbot: QtBot) -> None:
    run(window, qtbot, settings=msgspec.structs.replace(SETTINGS, data=DataSettings(test_fraction=0.2)))
    wait_for_message(told, qtbot)
    told.messages.clear()
    window.session.evaluate()
    title, text = wait_for_message(told, qtbot)
    assert title == "Evaluated: wine"
    assert text.startswith("Trial ")
    assert "on the test part: " in text
    qtbot.waitUntil(lambda: window.session.job is None, timeout=RUN)


# The desktop


class Tray(QObject):
    """A tray's icon that notes its messages."""

    activated = Signal(object)
    messageClicked = Signal()  # noqa: N815  Qt's
    shown: bool = False
    messages: list[tuple[str, str]]

    def __init__(self, _icon: object, parent: QObject) -> None:
        super().__init__(parent)
        self.messages = []

    @staticmethod
    def isSystemTrayAvailable() -> bool:
        return True

    def show(self) -> None:
        self.shown = True

    def hide(self) -> None:
        self.shown = False

    def showMessage(self, title: str, text: str, _icon: object) -> None:
        assert self.shown
        self.messages.append((title, text))


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)
def test_that_a_tray_shows_the_message_as_text_and_loses_its_icon_when_the_user_comes(
    window: MainWindow, told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "QSystemTrayIcon", Tray)
    run(window, qtbot, "<b>wine")
    (tray,) = window.telling.findChildren(Tray)
    assert [title for title, _text in tray.messages] == ["Done: ‹b›wine"]
    assert not told.messages
    window.showMinimized()
    tray.messageClicked.emit()
    assert not window.isMinimized()
    come(monkeypatch)
    assert not tray.shown


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    with desktop(tmp_path, monkeypatch) as made:
        yield made


@NEEDS_A_BUS
@pytest.mark.parametrize(
    ("capabilities", "body"),
    [(["body", "body-markup"], "&lt;b&gt;fit&lt;/b&gt; &amp; co"), (["body"], "<b>fit</b> & co")],
    ids=["markup", "plain"],
)
def test_that_without_a_tray_the_desktop_is_asked_and_a_strangers_text_stays_text(
    services: Desktop, capabilities: list[str], body: str
) -> None:
    services.capabilities = capabilities
    notify("Done: <i>wine</i>", "<b>fit</b> & co")
    (arguments,) = services.notices()
    assert arguments[0] == "Afina"
    assert arguments[3:5] == ("Done: <i>wine</i>", body), "the title is text everywhere"
    assert arguments[6] == {"desktop-entry": ("s", "afina")}


@NEEDS_A_BUS
def test_that_the_window_asks_the_desktop_in_a_thread_of_its_own(
    services: Desktop, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "_is_here", lambda: False)
    run(window, qtbot)
    services.wait_for(lambda: bool(services.notices()))
    assert services.notices()[0][3] == "Done: wine"


@pytest.mark.parametrize("address", ["disabled:", "unix:path=/nowhere", ""])
def test_that_a_desktop_without_such_a_service_is_no_trouble(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    notify("Done: wine", "Finished 3 trials.")
