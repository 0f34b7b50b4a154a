"""Inspects a model file in a child process: the file may raise, print, loop or end the process it runs in."""

import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import FrameType
from typing import TYPE_CHECKING

import msgspec

from core.children.conversation import ChildLate, Conversation, Parent
from core.children.process import ChildLost, ChildProcess, host_program
from core.children.spare import Spare
from core.datasets.settings import DataSettings, TargetScale
from core.errors import DataError, ModelFileError
from core.models.custom.model_file import ModelFile
from core.ranges import Value

if TYPE_CHECKING:
    from core.models.custom.declared import Declared
    from core.models.custom.program import Program
    from core.models.family import DataShape

MAX_SECONDS = 60.0
"""A model file that runs longer is assumed to loop for ever. The loading of Keras does not count."""
_CHECKING = 20.0
_GRACE = 3.0
_LOADING = 300.0


class InspectModel(msgspec.Struct, frozen=True, tag=True):
    """Execute the text of a model file, and find its parameters.

    With `data`, and the `seed` of their split, a model is also built for these data. With a `file`, which was read
    before, only models with the values of its `points` are built for them, until one suits.
    """

    path: str
    source: str
    data: DataSettings | None = None
    seed: int = 0
    most_seconds: float = MAX_SECONDS
    file: ModelFile | None = None
    points: tuple[dict[str, Value], ...] = ()


class Executing(msgspec.Struct, frozen=True, tag=True):
    """Keras is loaded, and the file now begins to run."""


class ModelRead(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The answer: the file, and sentences on it. `problem` says why its model does not suit the data, or is empty."""

    file: ModelFile
    notes: tuple[str, ...] = ()
    problem: str = ""


class ModelRefused(msgspec.Struct, frozen=True, tag=True):
    """The answer when the file cannot be used, as a sentence."""

    sentence: str


ModelAnswer = Executing | ModelRead | ModelRefused
_Conversation = Conversation[InspectModel, ModelAnswer]

_decode_question = msgspec.msgpack.Decoder(InspectModel).decode
_decode_answer: Callable[[bytes], ModelAnswer] = msgspec.msgpack.Decoder(ModelAnswer).decode


class ModelInspectors:
    """Makes inspectors; keeps a spare process with Keras loaded, because users change files and try them again."""

    def __init__(self) -> None:
        self._spare = Spare(_start)

    def prepare(self) -> None:
        """Start a spare process if there is none and the memory allows one."""
        self._spare.prepare()

    def inspect(self, question: InspectModel) -> "ModelInspector":
        """Begin to inspect a file. Raises ChildLost when no process can be started."""
        return ModelInspector(question, self._spare.take() or _start())

    def close(self) -> None:
        """End the spare process, if there is one."""
        self._spare.close()


def _start() -> _Conversation:
    return Conversation(lambda: ChildProcess(run_inspector, "afina-model-inspector"), _decode_answer)


class ModelInspector:
    """Inspects one model file in a process of its own: the next file, or the next try, starts in a fresh one."""

    def __init__(self, question: InspectModel, conversation: _Conversation) -> None:
        """Begin the inspection in a process that runs `run_inspector`."""
        self._question = question
        self._conversation = conversation
        self._conversation.ask(question, _LOADING)

    def answer(self, seconds: float = 0.0) -> ModelAnswer | None:
        """Wait up to `seconds` for an answer, else None; ModelRead or ModelRefused is the last. Raises ChildBug."""
        try:
            answer = self._conversation.answer(seconds)
        except ChildLate:
            return ModelRefused(_too_long(self._question))
        except ChildLost as error:
            name = _name(self._question.path)
            return ModelRefused(f"{name} cannot be used: the process that read it was lost, {error}")
        if isinstance(answer, Executing):
            self._conversation.expect(self._question.most_seconds + _GRACE)
        return answer

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._conversation.close()


def why_unsuitable(file: ModelFile, data: DataSettings, seed: int, points: tuple[dict[str, Value], ...]) -> str:
    """Return a sentence on why none of a file's models at these points suits the data; empty if one does.

    It is also empty where this cannot be found out in a process of its own, or soon: the trials will tell. Raises
    ChildLost and ChildBug.
    """
    question = InspectModel(file.path, file.source, data, seed, _CHECKING, file, points)
    inspector = ModelInspector(question, _start())
    try:
        answer: ModelAnswer | None = None
        while not isinstance(answer, ModelRead | ModelRefused):
            answer = inspector.answer(_LOADING)
    finally:
        inspector.close()
    return answer.problem if isinstance(answer, ModelRead) else ""


# In the child process


def run_inspector(connection: Connection) -> None:
    """Run in the child: answer one question, and wait for the parent to close the connection."""
    import core.models.keras_runtime  # noqa: F401  TensorFlow as Afina uses it
    from core.models.custom.program import Output, printing_to

    parent: Parent[InspectModel, ModelAnswer] = Parent(connection, _decode_question)
    questions = parent.questions()
    question = next(questions)
    shape = _shape(question)
    output, lock = Output(), threading.Lock()
    parent.tell(Executing())
    threading.Thread(target=_watch, args=(question, parent.tell, lock), daemon=True).start()
    with printing_to(output):
        answer = _inspected(question, shape)
    with lock:
        parent.tell(_with_last_words(answer, output.last_line))
        next(questions)  # no question comes, and the lock stops `_watch` from sending an answer


def _shape(question: InspectModel) -> "DataShape | None":
    """Return the shape of the data for the file's model; None without data, or with data that cannot be read."""
    from core.datasets.prepare import prepare
    from core.models.family import DataShape

    if question.data is None:
        return None
    try:
        data = prepare(question.data, question.seed)
    except DataError:
        return None
    return DataShape(data.x_train.shape[1:], data.task, len(data.classes), rows=len(data.x_train))


def _inspected(question: InspectModel, shape: "DataShape | None") -> ModelRead | ModelRefused:
    from core.models.custom.program import execute

    host_program(question.path)
    try:
        if question.file is not None:
            return ModelRead(file=question.file, problem=_problem_at(question.points, question.file, shape))
        program = execute(question.source, question.path)
        parameters, notes = _parameters(program)
        file = ModelFile(
            path=question.path,
            source=question.source,
            parameters=parameters,
            entry=program.entry,
            takes_hp=program.parameters is None,
        )
        scale = question.data.target_scale if question.data is not None else TargetScale.AS_IT_IS
        problem, remark = _problem(file, shape, scale) if shape is not None else ("", "")
        answer = ModelRead(file=file, notes=(*notes, remark) if remark else notes, problem=problem)
        # An answer that cannot be sent is the file's fault: it used wrong types.
        _decode_answer(msgspec.msgpack.encode(answer))
    except BaseException as error:  # noqa: BLE001  whatever the file raises is the answer
        return ModelRefused(_sentence_on(error, question.path))
    return answer


def _with_last_words(answer: ModelRead | ModelRefused, line: str) -> ModelRead | ModelRefused:
    """Add the last line that the file printed, because people debug with prints."""
    if not line:
        return answer
    if isinstance(answer, ModelRead):
        return msgspec.structs.replace(answer, notes=(*answer.notes, f"The last that it printed: {line}"))
    return ModelRefused(f"{answer.sentence.rstrip('.')}. The last that it printed: {line}")


def _parameters(program: "Program") -> "tuple[tuple[Declared, ...], tuple[str, ...]]":
    from core.models.custom.building import require_model
    from core.models.custom.explore import Exploration

    if program.parameters is not None:
        return program.parameters, program.notes
    models: list[object] = []

    def build(hp: object) -> None:
        models[:] = [program.build_model(hp)]

    exploration = Exploration(build)
    require_model(models[0])
    found = exploration.parameters()
    if exploration.complete:
        return found, program.notes
    return found, (*program.notes, "Not every value could be tried: there may be hyperparameters that were not found")


def _problem(file: ModelFile, shape: "DataShape", scale: TargetScale) -> tuple[str, str]:
    """Build the model with the defaults, for the target's scale; return why this fails, and a remark on its metrics.

    Either may be empty. Raises NameError, because other data would not cure that mistake.
    """
    from core.conditions import applying
    from core.models.target_scale import in_own_unit

    family = file.family
    try:
        model = family.build(applying({p.name: p.default for p in family.parameters}, family.conditions), shape, 0)
        if scale is not TargetScale.AS_IT_IS:
            in_own_unit(model, scale)
    except NameError:
        raise
    except BaseException as error:  # noqa: BLE001  whatever the file raises is the answer
        return _sentence_on(error, file.path), ""
    problem = _sentence_on(ModelFileError(model.afina_doubt), file.path) if model.afina_doubt else ""
    return problem, model.afina_remark


def _problem_at(points: tuple[dict[str, Value], ...], file: ModelFile, shape: "DataShape | None") -> str:
    """Return why the model at the last of the points does not suit the data; empty if one at any point may suit them.

    What else goes wrong is the business of trials, which may well differ in it.
    """
    problem = ""
    if shape is None:
        return problem
    for point in points:
        try:
            problem = str(file.family.build(point, shape, 0).afina_doubt)
        except ModelFileError as error:
            problem = str(error)
        except BaseException:  # noqa: BLE001  a trial will say it
            return ""
        if not problem:
            return ""
    return _sentence_on(ModelFileError(problem), file.path) if problem else ""


def _sentence_on(error: BaseException, path: str) -> str:
    """Return a sentence on an error; on the author's own reason for giving a trial up, also where it was given."""
    from core.models.custom.program import explained, given_up_because

    if given_up_because(error):
        return (
            f"{_name(path)} gives up the model that the defaults of its hyperparameters make: {explained(error, path)}"
        )
    return explained(error, path)


def _watch(question: InspectModel, tell: Callable[[ModelAnswer], None], lock: threading.Lock) -> None:
    """Answer, when the time is up, that the file does not end, with the line that it is at."""
    threading.Event().wait(question.most_seconds)
    if not lock.acquire(blocking=False):
        return  # the answer has been sent
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    tell(ModelRefused(_too_long(question, _line(frame, question.path))))


def _line(frame: FrameType | None, path: str) -> int:
    """Return the number of the file's line that is being executed; 0 when there is none."""
    while frame is not None and frame.f_code.co_filename != path:
        frame = frame.f_back
    return frame.f_lineno if frame is not None else 0


def _too_long(question: InspectModel, line: int = 0) -> str:
    source = question.source.splitlines()
    where = f", line {line}: `{source[line - 1].strip()}`" if 0 < line <= len(source) else ""
    return f"{_name(question.path)}{where}: not done after {question.most_seconds:.0f} seconds; does it loop for ever?"


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
