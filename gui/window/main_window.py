"""The main window: places and connects; decides nothing."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import (
    QActionGroup,
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
)
from PySide6.QtWidgets import (
    QDockWidget,
    QFileDialog,
    QMainWindow,
    QMenu,
    QMessageBox,
    QSplitter,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from core import APP_NAME, VERSION
from core.children.process import ChildLost
from core.datasets.builtin import dataset_named
from core.datasets.changes import change_of
from core.datasets.table_format import SUFFIXES
from core.errors import AfinaError, DamagedStudy, DataChanged, StoreError, StudyInUse
from core.events import TrialTested
from core.files import free_path, write_file
from core.rehearsal.rehearser import Rehearser as ProcessRehearser
from core.settings import StudySettings, tutorial_settings
from core.settings_file import read_settings
from core.store.salvage import salvage
from core.store.study_file import SUFFIX
from core.store.writer import copy_study
from core.words.evaluations import ONCE, evaluation_in_words
from gui.export.dialog import ExportDialog
from gui.help.note_dialog import NoteDialog
from gui.plots.convergence import ConvergencePlot
from gui.plots.loss import LossPlot
from gui.plots.points import PointsPlot
from gui.program.log import log_folder
from gui.program.messages import CrashReporter, ask, offer_remedy, show_error, show_news
from gui.program.preferences import Preferences, studies_folder
from gui.rehearsal.dialog import RehearsalDialog
from gui.rehearsal.rehearsing import Rehearser, Rehearsing
from gui.session.changes import Changes
from gui.session.run_state import RunState
from gui.session.session import Session
from gui.session.thread import Failure
from gui.setup.form import SettingsForm
from gui.setup.model_files import ModelFiles
from gui.trials.table import TrialsTable
from gui.widgets.icons import app_icon
from gui.widgets.theme import Appearance, Theme
from gui.window.actions import Actions
from gui.window.closing import Closing
from gui.window.headline import Headline
from gui.window.status_bar import StatusBar
from gui.window.unfinished import Unfinished

STUDY_FILES = f"Afina studies (*{SUFFIX})"
SETTINGS_FILES = "Settings (*.json)"
NUMBERED = "{} ({})"
"""How a number is put to the name of a new file."""


class MainWindow(QMainWindow):
    """Afina's one window on one session. `data_imported` (a DataFile, a MissingValues): the user imported a table."""

    data_imported = Signal(object, object)

    def __init__(
        self,
        session: Session,
        theme: Theme,
        preferences: Preferences,
        crashes: CrashReporter,
        rehearser: Rehearser | None = None,
    ) -> None:
        super().__init__()
        self.session = session
        self.rehearsing = Rehearsing(rehearser or ProcessRehearser(trusted=preferences.trusted_models), self)
        self._theme = theme
        self._preferences = preferences
        self._crashes = crashes
        self.closing = Closing(self, session, crashes)
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.resize(1280, 800)

        self.form = SettingsForm(theme, preferences.presets_folder)
        self.headline = Headline(session, theme)
        self.loss_plot = LossPlot(session, theme)
        self.convergence_plot = ConvergencePlot(session, theme)
        self.points_plot = PointsPlot(session, theme)
        self.table = TrialsTable(session, theme)
        self.actions_ = Actions(session, theme, self)
        self.model_files = ModelFiles(self, self.form, preferences)
        self.unfinished = Unfinished(session, preferences, self)
        self.setStatusBar(StatusBar(session))
        self._place()
        self._fill_menus()
        self._connect()
        self._restore()
        self._show_title()
        self.headline.set_unfinished(self.unfinished.path)
        self._form_changed(self.form.settings())

    # Placing

    def _place(self) -> None:
        lower = QSplitter(Qt.Orientation.Horizontal)
        lower.addWidget(self.convergence_plot)
        lower.addWidget(self.points_plot)
        plots = QSplitter(Qt.Orientation.Vertical)
        plots.addWidget(self.loss_plot)
        plots.addWidget(lower)
        for splitter in (lower, plots):
            splitter.setChildrenCollapsible(False)
            splitter.setSizes([500, 500])
        self._splitters = {"plots": plots, "lower": lower}
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self.headline)
        layout.addWidget(plots, 1)
        self.setCentralWidget(centre)

        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self._form_dock = self._dock("Setup", "setup", self.form, Qt.DockWidgetArea.LeftDockWidgetArea)
        self._table_dock = self._dock("Trials", "trials", self.table, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.resizeDocks([self._form_dock], [370], Qt.Orientation.Horizontal)
        self.resizeDocks([self._table_dock], [175], Qt.Orientation.Vertical)

    def _dock(self, title: str, name: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(name)
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        return dock

    def _fill_menus(self) -> None:
        do = self.actions_
        tools = QToolBar("Toolbar")
        tools.setObjectName("toolbar")
        tools.setIconSize(QSize(20, 20))
        tools.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        tools.setMovable(False)
        self.addToolBar(tools)
        tools.addActions([do.new, do.open, do.save_as])
        tools.addSeparator()
        tools.addActions([do.rehearse, do.start, do.pause, do.resume, do.skip, do.stop])
        tools.addSeparator()
        tools.addAction(do.export)
        for action, text in (
            (do.new, "New"),
            (do.open, "Open"),
            (do.save_as, "Save as"),
            (do.export, "Export"),
            (do.rehearse, "Rehearse"),
        ):
            action.setIconText(text)

        file = self.menuBar().addMenu("&File")
        file.addActions([do.new, do.copy, do.open])
        self._recent_menu = file.addMenu("Open &recent")
        self._recent_menu.aboutToShow.connect(self._fill_recent)
        file.addAction(do.save_as)
        file.addSeparator()
        file.addActions([do.load_settings, do.save_settings, do.reset_settings])
        file.addSeparator()
        file.addActions([do.import_data, do.choose_model, do.export])
        file.addSeparator()
        file.addAction(do.quit)
        study = self.menuBar().addMenu("&Study")
        study.addActions([do.rehearse, do.start, do.pause, do.resume, do.skip, do.stop])
        study.addSeparator()
        study.addAction(do.evaluate)
        view = self.menuBar().addMenu("&View")
        view.addActions([self._form_dock.toggleViewAction(), self._table_dock.toggleViewAction()])
        view.addSeparator()
        self._fill_appearance(view.addMenu("&Appearance"))
        help_menu = self.menuBar().addMenu("&Help")
        help_menu.addActions([do.note, do.folder, do.log_folder])
        help_menu.addSeparator()
        help_menu.addAction(do.about)

    def _fill_appearance(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for appearance, text in (
            (Appearance.SYSTEM, "As the &system"),
            (Appearance.LIGHT, "&Light"),
            (Appearance.DARK, "&Dark"),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(self._theme.appearance is appearance)
            action.triggered.connect(lambda _checked=False, chosen=appearance: self._set_appearance(chosen))
            group.addAction(action)

    def _connect(self) -> None:
        do = self.actions_
        do.connect(
            {
                do.new: self.new_study,
                do.copy: self.copy_settings,
                do.open: self.choose_study,
                do.save_as: self.choose_copy,
                do.load_settings: self.choose_settings,
                do.save_settings: self.choose_settings_file,
                do.reset_settings: self.reset_settings,
                do.import_data: self.choose_data,
                do.choose_model: self.model_files.choose,
                do.export: self.show_export,
                do.quit: self.close,
                do.rehearse: self.rehearse,
                do.start: self.start,
                do.pause: self.session.pause,
                do.resume: self.resume,
                do.skip: self.session.skip,
                do.stop: self.stop,
                do.evaluate: self.evaluate,
                do.note: lambda: self.show_note(self._dataset_name()),
                do.folder: lambda: self._open_folder(studies_folder()),
                do.log_folder: lambda: self._open_folder(log_folder()),
                do.about: self._show_about,
            }
        )
        self.form.settings_changed.connect(self._form_changed)
        self.form.note_requested.connect(self.show_note)
        self.form.import_requested.connect(self.choose_data)
        self.form.edit_requested.connect(self.import_data)
        self.data_imported.connect(self.form.set_data_file)
        self.headline.start_clicked.connect(self.start)
        self.headline.export_clicked.connect(self.show_export)
        self.headline.open_clicked.connect(self.open_study)
        for plot in (self.loss_plot, self.convergence_plot, self.points_plot):
            plot.failed.connect(lambda sentence: show_error(self, "The image cannot be saved", sentence))
        self.session.changed.connect(self._session_changed)
        self.session.run_state_changed.connect(self._run_state_changed)
        self.session.selection_changed.connect(lambda _number: self.actions_.refresh())
        self.session.path_changed.connect(self._path_changed)
        self.session.failed.connect(self._show_failure)
        self.session.opening_changed.connect(self._show_opening)
        self.session.opened.connect(self._opened)
        self.session.open_failed.connect(self._show_why_not_opened)

    # Remembering

    def _restore(self) -> None:
        remembered = self._preferences
        self.restoreGeometry(remembered.geometry)
        self.restoreState(remembered.layout("docks"))
        for name, splitter in self._splitters.items():
            splitter.restoreState(remembered.layout(name))
        self.loss_plot.log_loss = remembered.switch("log-loss")
        self.convergence_plot.log_objective = remembered.switch("log-objective")

    @Slot()
    def remember(self) -> None:
        """Keep sizes and switches for the next start."""
        remembered = self._preferences
        remembered.geometry = self.saveGeometry()
        remembered.set_layout("docks", self.saveState())
        for name, splitter in self._splitters.items():
            remembered.set_layout(name, splitter.saveState())
        remembered.set_switch("log-loss", self.loss_plot.log_loss)
        remembered.set_switch("log-objective", self.convergence_plot.log_objective)
        remembered.save()

    def _set_appearance(self, appearance: Appearance) -> None:
        self._theme.set_appearance(appearance)
        self._preferences.appearance = appearance

    # Studies

    def new_study(self) -> None:
        """Close the study; the form keeps its settings."""
        self.session.clear()

    def copy_settings(self) -> None:
        """Close the study, wherever it may run; the form gets all of its settings, for another one."""
        progress = self.session.progress
        if progress is None or self.session.busy:
            return
        settings = progress.settings
        self.session.clear()
        self._fill(settings)
        change = change_of(settings.data.file, quickly=True) if settings.data.file is not None else ""
        if change:
            show_news(self, "The data are not the same any more", f"{change}. Import the file anew before you start.")

    @Slot()
    def start(self) -> None:
        """Run a new study with the form's settings, in a new file; after a rehearsal if model or data are new."""
        settings = self.form.settings()
        if settings is None or self.session.run_state is not RunState.IDLE:
            return
        files = self.model_files
        files.when_up_to_date(settings, lambda: files.when_agreed(settings, lambda: self._start_if_well(settings)))

    def _start_if_well(self, settings: StudySettings) -> None:
        if self.rehearsing.may_start(settings, self.session.progress):
            self._start(settings)
        else:
            self._show_rehearsal(settings, starting=True)

    def _start(self, settings: StudySettings) -> None:
        if self.session.run_state is RunState.IDLE:
            self.session.start(settings, new_study_path(settings, studies_folder()))

    def rehearse(self) -> None:
        """Show what a study with the form's settings will take."""
        settings = self.form.settings()
        if settings is not None and self.session.run_state is RunState.IDLE:
            self.model_files.when_agreed(settings, lambda: self._show_rehearsal(settings, starting=False))

    def _show_rehearsal(self, settings: StudySettings, *, starting: bool) -> None:
        try:
            dialog = RehearsalDialog(self.rehearsing, settings, self._theme, self, starting=starting)
        except ChildLost as error:
            show_error(self, "The study cannot be rehearsed", f"No process can be started for that: {error}")
            return
        dialog.start_asked.connect(lambda: self._start(settings))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def resume(self) -> None:
        """Let a paused study go on, or an ended one."""
        progress = self.session.progress
        if self.session.busy or progress is None:
            self.session.resume()
        else:
            budget = progress.budget
            self.model_files.when_agreed(progress.settings, lambda: self.session.go_on(budget))

    def evaluate(self) -> None:
        """Ask whether the best trial is to be judged on the test part, and say what that is for."""
        progress = self.session.progress
        if progress is None or progress.best is None:
            return
        settings, best = progress.settings, progress.best
        looks = len(progress.tests)
        before = "" if not looks else f" It was looked at {'once' if looks == 1 else f'{looks} times'} before."
        on_what = ", on all other rows this time," if settings.data.folds else ""
        share = f"{100 * settings.data.test_fraction:.4g} % of the rows"
        ask(
            self,
            f"Evaluate trial {best.number} on the test part?",
            f"Its model is trained again as it was{on_what} and judged on the {share} that were kept apart from the "
            f"search. Do so once, when all is decided. {ONCE}{before}",
            "Evaluate",
            lambda: self.model_files.when_agreed(settings, self.session.judge),
        )

    def _show_judgement(self, tested: TrialTested) -> None:
        progress = self.session.progress
        assert progress is not None
        best = progress.trials[tested.trial]
        searched = f"In the search its {progress.objective.label} was {best.objective_in_words}."
        result = evaluation_in_words(tested)
        show_news(self, f"Trial {tested.trial} on the test part: {result}", f"{searched} {ONCE}")

    def stop(self) -> None:
        """End the study; ask first if that loses what is not in its file yet."""
        if self.session.run_state is RunState.BLOCKED:
            unsaved = f"{self.session.trouble.rstrip('.')}. What is not in the file yet is lost if you stop now."
            ask(self, "The study is waiting for its file", unsaved, "Stop", self.session.stop)
        else:
            self.session.stop()

    def open_study(self, path: Path) -> None:
        """Show the study in the file, and its settings in the form; tell when that cannot be."""
        path = path.absolute()
        if self.session.busy:
            show_error(self, "A study is running", "Stop it before you open another one.")
            return
        try:
            self.session.open(path)
        except AfinaError as error:
            self._show_why_not_opened(path, error)

    def _show_why_not_opened(self, path: Path, error: AfinaError) -> None:
        if isinstance(error, DamagedStudy):
            offer_remedy(
                self,
                "The study is damaged",
                f"{str(error).rstrip('.')}. Afina does not change the file.",
                "Save what can be read…",
                lambda: self.choose_rescue(path),
            )
        else:
            show_error(self, "The study cannot be opened", str(error))
        self.headline.set_unfinished(self.unfinished.path)

    def _opened(self, path: Path) -> None:
        self._preferences.folder = path.parent
        assert self.session.progress is not None
        settings = self.session.progress.settings
        self._fill(settings)
        change = change_of(settings.data.file, quickly=True) if settings.data.file is not None else ""
        if change:
            recorded = "All that was recorded can be seen and exported, but for the script; Resume will ask."
            show_news(self, "The data are not the same any more", f"{change}. {recorded}")

    def _show_opening(self, path: Path | None) -> None:
        """Tell by the cursor, too, that a large study is being read."""
        if path is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.BusyCursor)

    def choose_study(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Open study", str(self._preferences.study_folder), STUDY_FILES)
        if name:
            self.open_study(Path(name))

    def choose_rescue(self, damaged: Path) -> None:
        """Ask where to save what can be read of a damaged study."""
        proposal = free_path(damaged.with_name(f"{damaged.stem} saved{SUFFIX}"), NUMBERED)
        name, _ = QFileDialog.getSaveFileName(
            self,
            "Save what can be read",
            str(proposal),
            STUDY_FILES,
            options=QFileDialog.Option.DontConfirmOverwrite,  # nothing is overwritten
        )
        if name:
            self.rescue_study(damaged, _with_suffix(Path(name)))

    def rescue_study(self, damaged: Path, target: Path) -> None:
        """Save what can be read of a damaged study as another one, and open that."""
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            saved = salvage(damaged, target)
        except StoreError as error:
            show_error(self, "Nothing was saved", str(error))
            return
        finally:
            QGuiApplication.restoreOverrideCursor()
        self.open_study(target)
        trials = "1 trial was" if saved.trials == 1 else f"{saved.trials} trials were"
        show_news(
            self,
            f"{trials} saved",
            f"What could be read of {damaged.name} is in {target.name} now. The damaged file is as it was.",
        )

    def choose_copy(self) -> None:
        if self.session.path is None:
            return
        proposal = self._preferences.folder / self.session.path.name
        name, _ = QFileDialog.getSaveFileName(self, "Save study as", str(proposal), STUDY_FILES)
        if name:
            self.save_study_as(_with_suffix(Path(name)))

    def save_study_as(self, path: Path) -> None:
        """Copy the open study to another file and go on with that one; one that runs elsewhere goes on there."""
        if self.session.run_state is RunState.BLOCKED:
            self._preferences.folder = path.parent
            self.session.move_to(path)
            return
        if self.session.path is None or path == self.session.path:
            return
        try:
            copy_study(self.session.path, path)
        except StoreError as error:
            show_error(self, "The study cannot be saved", str(error))
            return
        self._preferences.folder = path.parent
        if self.session.run_state is RunState.IDLE:
            self.session.moved_to(path)
            self.statusBar().showMessage(f"Saved as {path.name}", 4000)
        else:
            self.statusBar().showMessage(f"Saved a copy as {path.name}", 4000)

    def show_export(self) -> None:
        session, folder = self.session, self._preferences.folder
        if session.progress is None:
            return
        name = session.path.stem if session.path is not None else "study"
        dialog = ExportDialog(session.progress, name, folder, self._theme, self, session.selected)
        dialog.failed.connect(self._show_failure)
        dialog.exec()
        self._preferences.folder = dialog.folder
        dialog.deleteLater()

    # Settings

    def choose_settings(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Load settings", str(self._preferences.folder), SETTINGS_FILES)
        if name:
            self.load_settings(Path(name))

    def load_settings(self, path: Path) -> None:
        """Fill the form from a JSON file; tell when that cannot be."""
        try:
            self._fill(read_settings(path))
        except AfinaError as error:
            show_error(self, "The settings cannot be loaded", str(error))
            return
        self._preferences.folder = path.parent

    def reset_settings(self) -> None:
        """Fill the form with the tutorial's experiment."""
        self._fill(tutorial_settings())

    def _fill(self, settings: StudySettings) -> None:
        """Put the settings into the form; a model file that is still being read must not change them."""
        self.model_files.cancel()
        self.form.set_settings(settings)

    def choose_settings_file(self) -> None:
        if self.form.settings() is None:
            show_error(self, "The settings are not complete", self.form.problem())
            return
        proposal = self._preferences.folder / "settings.json"
        name, _ = QFileDialog.getSaveFileName(self, "Save settings", str(proposal), SETTINGS_FILES)
        if name:
            path = Path(name)
            self.save_settings(path if path.suffix else path.with_suffix(".json"))

    def save_settings(self, path: Path) -> None:
        """Write the form to a JSON file; tell when that cannot be."""
        settings = self.form.settings()
        if settings is None:
            return
        try:
            write_file(path, settings.to_json().encode())
        except OSError as error:
            show_error(self, "The settings cannot be saved", f"{path}: {error.strerror or error}")
            return
        self._preferences.folder = path.parent
        self.statusBar().showMessage(f"Settings saved to {path.name}", 4000)

    # Data

    def choose_data(self) -> None:
        from gui.data_import.dialog import DATA_FILES

        name, _ = QFileDialog.getOpenFileName(self, "Import data", str(self._preferences.folder), DATA_FILES)
        if name:
            self.import_data(Path(name))

    def import_data(self, path: Path) -> None:
        """Ask how the table in the file is to be used; tell when that cannot be."""
        from gui.data_import.dialog import ImportDialog  # needs pyqtgraph, which the first picture does not wait for

        try:
            dialog = ImportDialog(path, path.parent, self._theme, self)
        except ChildLost as error:
            show_error(self, "The file cannot be imported", f"No process can be started to read it: {error}")
            return
        dialog.imported.connect(self.data_imported)
        dialog.finished.connect(lambda _result: self._note_folder(dialog.folder))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _note_folder(self, folder: Path) -> None:
        self._preferences.folder = folder

    # Reactions

    def _form_changed(self, settings: StudySettings | None) -> None:
        self.actions_.set_problem("" if settings is not None else self.form.problem())
        self.headline.set_plan(settings, self.form.problem(), self.form.model.doubt)
        progress = self.session.progress
        self.rehearsing.expect(None if progress is not None and settings == progress.settings else settings)

    def _session_changed(self, changes: Changes) -> None:
        if changes.in_rows:
            self.actions_.refresh()
        if changes.tested is not None and self.session.busy:  # one that is followed was looked at elsewhere
            self._show_judgement(changes.tested)

    def _run_state_changed(self, state: RunState) -> None:
        self.form.set_locked(state is not RunState.IDLE)
        self.actions_.refresh()
        self._note_recent()  # a new study has its file only when it runs

    def _path_changed(self, _path: Path | None) -> None:
        self._note_recent()
        self.headline.set_unfinished(self.unfinished.path)
        self._show_title()

    def _note_recent(self) -> None:
        path = self.session.path
        if path is not None and path.exists():
            self._preferences.add_recent(path)

    def _show_title(self) -> None:
        path = self.session.path
        name = path.stem if path is not None else "New study"
        self.setWindowTitle(f"{name} – {APP_NAME}")
        self.setWindowFilePath("" if path is None else str(path))

    def _show_failure(self, failure: Failure) -> None:
        if failure.details:
            self._crashes.report(failure.details)
        elif self.closing.quiet:
            return
        elif isinstance(failure.error, StudyInUse) and self.session.path is not None:
            show_error(self, "The study runs already", f"{failure.message}. This window follows it.")
            self.open_study(self.session.path)
        elif isinstance(failure.error, DataChanged) and self.session.path is not None:
            self._ask_about_data(failure.message)
        else:
            show_error(self, failure.title, failure.message)

    def _ask_about_data(self, change: str) -> None:
        assert self.session.progress is not None
        budget = self.session.progress.budget
        ask(
            self,
            "The data are not the same any more",
            f"{change}. What was recorded stays as it is, but trials on other data cannot be compared with it.",
            "Resume all the same",
            lambda: self.session.go_on(budget, with_changed_data=True),
        )

    def _fill_recent(self) -> None:
        menu = self._recent_menu
        menu.clear()
        for path in self._preferences.recent:
            action = menu.addAction(path.stem)
            action.setToolTip(str(path))
            action.setEnabled(path.exists() and not self.session.busy)
            action.triggered.connect(lambda _checked=False, path=path: self.open_study(path))
        if menu.isEmpty():
            menu.addAction("No studies yet").setEnabled(False)
        else:
            menu.addSeparator()
            menu.addAction("Clear this list").triggered.connect(self._preferences.clear_recent)

    # Help

    def _dataset_name(self) -> str:
        progress = self.session.progress
        studied = StudySettings() if progress is None else progress.settings
        return (self.form.settings() or studied).data.dataset

    def show_note(self, dataset: str) -> None:
        """Show where a data set comes from and what to think of before using it."""
        try:
            dialog = NoteDialog(dataset_named(dataset), self)
        except AfinaError as error:
            show_error(self, "The note cannot be shown", str(error))
            return
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _open_folder(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            show_error(self, "The folder cannot be opened", f"{folder}: {error.strerror or error}")
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _show_about(self) -> None:
        QMessageBox.about(
            self,
            f"About {APP_NAME}",
            f"<h3>{APP_NAME} {VERSION}</h3><p>Tunes the hyperparameters of Keras models by Bayesian optimisation.</p>"
            "<p>MIT licence. Made with Keras, TensorFlow, scikit-optimize, Qt for Python and pyqtgraph.</p>",
        )

    # Dropping and closing

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._receiver(_dropped_file(event)) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped_file(event)
        receive = self._receiver(path)
        if path is not None and receive is not None:
            event.acceptProposedAction()
            receive(path)

    def _receiver(self, path: Path | None) -> Callable[[Path], None] | None:
        """Return what is to be done with a file that is dropped here; None when nothing can be."""
        if path is None or self.session.busy:
            return None
        if path.suffix == SUFFIX:
            return self.open_study
        if path.suffix.lower() == ".py" and self.actions_.choose_model.isEnabled():
            return self.model_files.load
        can_import = path.suffix.lower() in SUFFIXES and self.actions_.import_data.isEnabled()
        return self.import_data if can_import else None

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.closing.may_close():
            event.ignore()
            return
        self.session.stop()  # following
        self.rehearsing.cancel()
        self.model_files.close()
        self.remember()
        event.accept()


def _dropped_file(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None


def new_study_path(settings: StudySettings, folder: Path) -> Path:
    """Return the path of a file that does not exist yet, named for the data set and the time."""
    stem = f"{settings.data.source.label} {datetime.now():%Y-%m-%d %H.%M.%S}"
    return free_path(folder / f"{stem}{SUFFIX}", NUMBERED)


def _with_suffix(path: Path) -> Path:
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
