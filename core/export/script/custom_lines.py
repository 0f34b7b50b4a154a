"""The lines of an exported script that build the model of a model file: its text, and stand-ins for its imports."""

from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath
from string import Template
from textwrap import indent

from core import RESOURCES
from core.letters import escaped_in_python
from core.models.custom.keras_tuner_api import INNER, ORACLES, TUNERS
from core.models.custom.model_file import ModelFile
from core.ranges import Value
from core.tables.description import Task

IMPORTS = "import contextlib\nimport random\nimport sys\nimport types\n"
_STAND_IN = RESOURCES / "templates" / "keras_tuner_stand_in.txt"
_TEXT = '''\
# The model file {name} as the study recorded it. It is a program: read it before you run this one.
MODEL_FILE = """\\
{source}"""
VALUES = {{
{values}
}}

'''
_AFINA = """\
class Afina(types.ModuleType):
    \"\"\"What the file declares of its parameters is of no concern here.\"\"\"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *given, **named: None


sys.modules["afina"] = Afina("afina")
"""
_EXECUTE = """\
{folder}model_file = types.ModuleType("afina_model")
model_file.__file__ = str(Path.cwd() / {name!r})
sys.argv = [model_file.__file__]
sys.modules["afina_model"] = model_file
keras.utils.clear_session(free_memory=False)
keras.utils.set_random_seed(TRIAL_SEED)
"""
_FOLDER = """\
folder = Path({folder!r})
os.chdir(folder if folder.is_dir() else Path(__file__).parent)  # where relative paths in the model file begin
"""
_NO_FOLDER = "os.chdir(Path(__file__).parent)\n"
_BUILD = """\
exec(compile(MODEL_FILE, {name!r}, "exec"), vars(model_file))
keras.utils.set_random_seed(TRIAL_SEED)
data = types.SimpleNamespace(inputs=x_train.shape[1:], task={task!r}, classes={classes}, rows=len(x_train))
model = model_file.build_model(VALUES, data)
"""
_BUILD_BY_HP = """\
try:
    exec(compile(MODEL_FILE, {name!r}, "exec"), vars(model_file))
    hypermodel = None
except TunerMade as made:
    hypermodel = made.args[0]
hypermodel = getattr(model_file, {entry!r}) if hypermodel is None else hypermodel
keras.utils.set_random_seed(TRIAL_SEED)
hypermodel = hypermodel() if isinstance(hypermodel, type) else hypermodel
model = getattr(hypermodel, "build", hypermodel)(HyperParameters())
"""
_FINISH = """\
model(np.zeros((1, *x_train.shape[1:]), "float32"))  # makes its variables
model.optimizer.finalize_variable_values = lambda variables: None  # weights are never averaged at the end of a fit
"""
_NOTED = """\
variables = []  # each one that is made, with its value


def noted(create, **options):
    variable = create(**options)
    if tf.executing_eagerly():
        variables.append((variable, variable.read_value()))
    return variable


"""
_WITHIN = """\
with tf.variable_creator_scope(noted):
{build}
    # Call the model, which makes its variables, and undo what else that changes.
    variables = [(variable, variable.read_value()) for variable, _ in variables]
    states = random.getstate(), np.random.get_state()
    model(np.zeros((1, *x_train.shape[1:]), "float32"))
for variable, value in variables:
    variable.assign(value)
random.setstate(states[0])
np.random.set_state(states[1])
model.optimizer.finalize_variable_values = lambda variables: None  # weights are never averaged at the end of a fit
"""
_COLUMNS = """\
loss = model.loss if isinstance(model.loss, str) else getattr(model.loss, "__name__", type(model.loss).__name__)
if "categorical" in loss.lower() and "sparse" not in loss.lower():
    y_train, y_val = (keras.utils.to_categorical(part, int(y.max()) + 1) for part in (y_train, y_val))
"""


def custom_text_lines(file: ModelFile, values: Mapping[str, Value]) -> str:
    """Return the lines with the file's text, a trial's values, and the stand-in for the module that it imports."""
    text = _TEXT.format(
        name=_plain_name(file),
        source=_literal(file.source),
        values="\n".join(f"    {key!r}: {value!r}," for key, value in values.items()),
    )
    if not file.takes_hp:
        return f"{text}\n{_AFINA}\n"
    stand_in = Template(_STAND_IN.read_text(encoding="utf-8")).substitute(tuners=TUNERS, oracles=ORACLES, inner=INNER)
    return f"{text}\n{stand_in}\n"


def custom_build_lines(file: ModelFile, task: Task, *, undone: bool) -> str:
    """Return the lines that set `model` to the trial's model before its training.

    They call the model once; `undone`: this leaves its random state as the file built it.
    """
    name = _plain_name(file)
    classes = "0" if task is Task.REGRESSION else "int(y.max()) + 1"
    if file.takes_hp:
        build = _BUILD_BY_HP.format(name=name, entry=file.entry)
    else:
        build = _BUILD.format(name=name, task=str(task), classes=classes)
    columns = "" if task is Task.REGRESSION else _COLUMNS
    begin = _EXECUTE.format(name=name, folder=_folder_lines(file))
    if undone:
        return f"{_NOTED}{begin}{_WITHIN.format(build=indent(build, '    ').rstrip())}{columns}"
    return f"{begin}{build}{_FINISH}{columns}"


def _folder_lines(file: ModelFile) -> str:
    """Return the lines that go to the folder of the model file or, without one, to the script's."""
    for flavour in (PurePosixPath, PureWindowsPath):
        path = flavour(file.path)
        if path.is_absolute():
            return _FOLDER.format(folder=str(path.parent))
    return _NO_FOLDER


def _plain_name(file: ModelFile) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_. " else "_" for letter in file.name)


def _literal(source: str) -> str:
    """Return the text in the form to put between triple quotes; letters that cannot be seen become escapes."""
    escaped = escaped_in_python(source.replace("\\", "\\\\").replace('"""', '\\"\\"\\"'))
    return escaped if escaped.endswith("\n") else f"{escaped}\n"
