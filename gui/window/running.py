"""Running: rehearses, starts, resumes, evaluates and stops a study, and shows its failures."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from core.children.process import ChildLost
from core.errors import DataChanged, DataGone, StudyInUse
from core.phases import Phase
from core.progress import MORE_TRIALS, StudyProgress
from core.settings import MAX_TRIALS, StudySettings, tutorial_settings
from core.words.evaluations import ONCE, evaluation_in_words, part_in_words
from core.words.going_on import SAVED_ELSEWHERE
from core.words.more_trials import cautions
from gui.program.messages import CrashReporter, ask, show_error, show_news
from gui.rehearsal.dialog import RehearsalDialog
from gui.rehearsal.rehearsing import Rehearsing
from gui.session.changes import Changes
from gui.session.run_state import Command, why_not
from gui.session.session import Session
from gui.session.thread import Failure
from gui.setup.form import SettingsForm
from gui.setup.model_files import ModelFiles
from gui.widgets.theme import Theme
from gui.window.more_trials_dialog import MoreTrialsDialog
from gui.window.study_files import StudyFiles


class Running(QObject):
    """Runs studies, after the questions to ask first. `rehearsing` knows which settings were rehearsed."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        form: SettingsForm,
        model_files: ModelFiles,
        study_files: StudyFiles,
        rehearsing: Rehearsing,
        theme: Theme,
        crashes: CrashReporter,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._form = form
        self._model_files = model_files
        self._study_files = study_files
        self._rehearsing = rehearsing
        self._theme = theme
        self._crashes = crashes
        self._trials = 0
        """The trials in all with which the study was last asked to go on."""
        session.changed.connect(self._on_changed)
        session.failed.connect(self.show_failure)
        session.run_state_changed.connect(self._note_trained)
        session.opened.connect(self._note_trained)

    @property
    def handlers(self) -> Mapping[Command, Callable[[], object]]:
        """The handler of each command."""
        return {
            Command.REHEARSE: self.rehearse,
            Command.START: self.start,
            Command.PAUSE: self._session.pause,
            Command.RESUME: self.resume,
            Command.MORE: self.ask_for_more,
            Command.SKIP: self._session.skip,
            Command.STOP: self.stop,
            Command.EVALUATE: self.evaluate,
        }

    def _note_trained(self, *_what: object) -> None:
        if self._session.job is None and self._session.progress is not None:
            self._rehearsing.note_trained(self._session.progress)

    # Starting

    def start(self) -> None:
        """Run a new study with the form's settings, in a new file; after a rehearsal if model or data are new."""
        settings = self._form.settings()
        if settings is None or self._session.job is not None:
            return
        files = self._model_files
        files.when_up_to_date(settings, lambda: files.when_agreed(settings, lambda: self._start_if_well(settings)))

    def start_tutorial(self) -> None:
        """Run the tutorial's experiment; what stands in the form for a new study stays."""
        if self._session.job is None:
            self._model_files.cancel()
            self._start_if_well(tutorial_settings())

    def _start_if_well(self, settings: StudySettings) -> None:
        if self._rehearsing.may_start(settings):
            self._start(settings)
        else:
            self._show_rehearsal(settings, starting=True)

    def _start(self, settings: StudySettings) -> None:
        if self._session.job is None:
            self._session.start(settings, self._study_files.new_path(settings))

    def rehearse(self) -> None:
        """Rehearse the form's settings: show the time and the memory that the study will take."""
        settings = self._form.settings()
        if settings is not None and self._session.job is None:
            self._model_files.when_agreed(settings, lambda: self._show_rehearsal(settings, starting=False))

    def _show_rehearsal(self, settings: StudySettings, *, starting: bool) -> None:
        try:
            dialog = RehearsalDialog(self._rehearsing, settings, self._theme, self._window, starting=starting)
        except ChildLost as error:
            show_error(self._window, "The study cannot be rehearsed", f"No process can be started for that: {error}")
            return
        dialog.start_asked.connect(lambda: self._start(settings))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # Going on and ending

    def resume(self) -> None:
        """Let a paused study or an ended study go on."""
        progress = self._session.progress
        if self._session.busy or progress is None:
            self._session.resume()
        else:
            self._go_on(progress, progress.budget)

    def ask_for_more(self) -> None:
        """Ask how many trials are added to the open study, and let it go on."""
        progress = self._session.progress
        if progress is None or why_not(Command.MORE, self._session.state()):
            return
        dialog = MoreTrialsDialog(progress, self._window)
        dialog.accepted.connect(lambda: self._go_on(progress, dialog.total()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def more(self) -> None:
        """Add the usual number of trials to the open study, and let it go on; ask if something has to be said first."""
        progress = self._session.progress
        if progress is None or why_not(Command.MORE, self._session.state()):
            return
        total = progress.budget + MORE_TRIALS
        if total > MAX_TRIALS or cautions(progress, total):
            self.ask_for_more()
        else:
            self._go_on(progress, total)

    def _go_on(self, progress: StudyProgress, trials: int) -> None:
        """Let the open study go on up to `trials` trials in all, once its model file may run."""
        self._trials = trials
        self._model_files.when_agreed(progress.settings, lambda: self._session.go_on(trials), "this study")

    def stop(self) -> None:
        """End the study; ask first if it would have to be saved in another file."""
        if self._session.phase is Phase.BLOCKED:
            unsaved = f"{self._session.trouble.rstrip('.')}. {SAVED_ELSEWHERE}"
            ask(self._window, "The study is waiting for its file", unsaved, "Stop", self._session.stop)
        else:
            self._session.stop()

    # Evaluating

    def evaluate(self) -> None:
        """Ask whether to evaluate the best trial on the test part, explain the purpose, and evaluate it on a yes."""
        progress = self._session.progress
        if progress is None or progress.best is None:
            return
        settings, best = progress.settings, progress.best
        earlier = len(progress.tests)
        before = "" if not earlier else f" It was looked at {'once' if earlier == 1 else f'{earlier} times'} before."
        on_what = ", on all other rows this time," if settings.data.folds else ""
        share = f"{100 * settings.data.test_fraction:.4g} % of the rows"
        ask(
            self._window,
            f"Evaluate trial {best.number} on the test part?",
            f"Its model is trained again as it was{on_what} and judged on the {share} that were kept apart from the "
            f"search. Do so once, when all is decided. {ONCE}{before}",
            "Evaluate",
            lambda: self._model_files.when_agreed(settings, self._session.evaluate, "this study"),
        )

    def _on_changed(self, changes: Changes) -> None:
        progress, tested = self._session.progress, changes.tested
        if progress is None or tested is None or not self._session.busy:  # a watched study is evaluated elsewhere
            return
        best = progress.trials[tested.trial]
        searched = f"In the search its {progress.objective.label} was {best.objective_in_words}."
        result = evaluation_in_words(tested)
        show_news(self._window, f"Trial {tested.trial} on {part_in_words(tested)}: {result}", f"{searched} {ONCE}")

    # Failing

    def show_failure(self, failure: Failure) -> None:
        """Show why a study failed, and offer a remedy if there is one."""
        session = self._session
        if failure.details:
            self._crashes.report(failure.details)
        elif self._crashes.quiet:
            return
        elif isinstance(failure.error, StudyInUse) and session.path is not None:
            show_error(self._window, "The study runs already", f"{failure.message}. This window follows it.")
            self._study_files.open(session.path)
        elif isinstance(failure.error, DataGone):
            show_error(self._window, failure.title, f"{failure.message}. Put it back, and try again.")
        elif isinstance(failure.error, DataChanged) and session.path is not None:
            self._ask_about_data(failure.message)
        else:
            show_error(self._window, failure.title, failure.message)

    def _ask_about_data(self, change: str) -> None:
        trials = self._trials
        ask(
            self._window,
            "The data are not the same any more",
            f"{change}. What was recorded stays as it is, but trials on other data cannot be compared with it.",
            "Resume all the same",
            lambda: self._session.go_on(trials, with_changed_data=True),
        )
