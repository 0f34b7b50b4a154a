"""The lines of an exported script that read the data, split them and prepare them as the study did."""

import re
from collections.abc import Callable
from itertools import chain

from core.datasets.builtin import Dataset
from core.datasets.data_file import DataFile
from core.datasets.labels import as_float, in_first_order, in_order, label_without_place, source_of
from core.datasets.samples import group_name, names_by_use, order_of_classes
from core.datasets.settings import DataSettings
from core.tables.description import DRAWS, EMPTY, MissingValues, Task
from core.tables.names import free_name
from core.tables.table_format import FIRST_RULES

_READ = """\
# Read the data.
"""
_READ_NUMBERS = """\
columns = DATA.read_text(encoding="utf-8").splitlines()[0].split(",")
features = [i for i, name in enumerate(columns) if name not in (TARGET, *EXCLUDED)]
table = np.loadtxt(DATA, delimiter=",", skiprows=1)
x, y = table[:, features], table[:, [columns.index(TARGET)]]
"""
_READ_PACKAGED = """\
data = {loader}({options})
x, y = data.data, data.target[:, None]
"""
_READ_TABLE = """\
with DATA.open(newline="", encoding="utf-8") as lines:
    header, *rows = csv.reader(lines)
cells = dict(zip(header, zip(*rows)))
numbers = [[float(cell or "nan") for cell in cells[name]] for name in NUMBERS]
categories = [[cell or None for cell in cells[name]] for name in CATEGORIES]
x = np.array([*numbers, *categories], dtype={dtype}).T
"""
_QUANTITY = """y = np.array(cells[TARGET], dtype=float)[:, None]
"""
_CLASSES = """\
classes = {order}(set(cells[TARGET]))  # the model's outputs and y are about their places in this list
y = np.array([classes.index(label) for label in cells[TARGET]], dtype=float)[:, None]
"""
_GAP = """\
GAP = free_name({empty!r}, set().union(*categories))  # the category of an empty cell
"""
_SHUFFLE = """\
order = np.random.default_rng(STUDY_SEED).permutation(len(x))
cut = round(len(x) * (1 - VALIDATION_FRACTION{minus_test}))
train, validation = order[:cut], order[cut:{end}]
"""
_FOLD = """\
repeat, fold = divmod(fit - 1, FOLDS)
splitter = {kind}(FOLDS, shuffle=True, random_state=(STUDY_SEED + 1 + repeat) % 2**32)
splits = list(splitter.split({arguments}))
train, validation = (rows[part] for part in splits[fold])
"""
_NEAREST_DRAW = """\
def two_parts(rows, share, seed):
    # Whole groups: of many draws the one whose share of all rows, and of each class, is nearest.
    labels, count = y[rows, 0].astype(int), len(set(groups[rows]))
    size = min(count - 1, max(1, round(share * count)))
    draws = GroupShuffleSplit({draws}, test_size=size, random_state=seed).split(rows, groups=groups[rows])
    whole = np.maximum(np.bincount(labels), 1)

    def distance(draw):
        of_each = np.bincount(labels[draw[1]], minlength=len(whole)) / whole
        return abs(of_each - share).mean() + abs(len(draw[1]) / len(rows) - share)

    return (rows[part] for part in min(draws, key=distance))


"""
_SPLITTERS = ("GroupKFold", "GroupShuffleSplit", "KFold", "StratifiedGroupKFold", "StratifiedKFold", "train_test_split")
_SCALE = """\
# Standardise the features with statistics of the training part only.
scaler = StandardScaler().fit(x_train)
x_train, x_val = scaler.transform(x_train), scaler.transform(x_val)
"""
_TRANSFORM = """\
# Fill gaps and make columns of categories, by what is in the training part only.
one_hot = make_pipeline(
    SimpleImputer(missing_values=None, strategy="constant", fill_value={gap}),
    OneHotEncoder(handle_unknown="ignore", sparse_output=False),
)
first, last = len(NUMBERS), x.shape[1]
transformer = ColumnTransformer(
    [
        ("numbers", make_pipeline({numbers}), list(range(first))),
        ("categories", one_hot, list(range(first, last))),
    ]
).fit(x_train)
x_train, x_val = transformer.transform(x_train), transformer.transform(x_val)
"""


def data_constants(data: DataSettings, data_path: str) -> str:
    """Return the lines with the constants for the data; `data_path` is an expression for a Path."""
    source = data.source
    shares = f"FOLDS = {data.folds}\n" if data.folds else f"VALIDATION_FRACTION = {data.validation_fraction!r}\n"
    if data.test_fraction:
        shares += f"TEST_FRACTION = {data.test_fraction!r}  # kept apart\n"
    if isinstance(source, DataFile):
        numbers, categories = map(list, names_by_use(source, data.group))
        return (
            f"DATA = {data_path}\nTARGET = {source.target!r}\nNUMBERS = {numbers!r}\nCATEGORIES = {categories!r}\n"
            + shares
        )
    if source.loader:
        return shares
    return f"DATA = {data_path}\nTARGET = {source.target!r}\nEXCLUDED = {list(data.excluded)!r}\n{shares}"


def data_modules(data: DataSettings) -> str:
    """Return the imports of Python's own modules, one per line, that the lines for the data need."""
    if not isinstance(data.source, DataFile):
        return ""
    return "import csv\n" if data.task is Task.REGRESSION else "import csv\nimport decimal\n"


def data_imports(data: DataSettings) -> str:
    """Return the imports from scikit-learn, one per line, that the lines for the data need."""
    source, wanted = data.source, []
    if isinstance(source, Dataset) and source.loader:
        wanted.append(f"from sklearn.datasets import {source.loader}")
    if isinstance(source, DataFile):
        wanted += ["from sklearn.compose import ColumnTransformer", "from sklearn.impute import SimpleImputer"]
    lines = split_lines(data)
    splitters = [name for name in _SPLITTERS if re.search(rf"\b{name}\(", lines)]
    if splitters:
        wanted.append(f"from sklearn.model_selection import {', '.join(splitters)}")
    if isinstance(source, DataFile):
        wanted.append("from sklearn.pipeline import make_pipeline")
        scaler = ", StandardScaler" if data.standardise else ""
        wanted.append(f"from sklearn.preprocessing import OneHotEncoder{scaler}")
    elif data.standardise:
        wanted.append("from sklearn.preprocessing import StandardScaler")
    return "".join(f"{line}\n" for line in wanted)


def read_lines(data: DataSettings) -> str:
    """Return the lines that read x (rows × columns) and y (rows × 1)."""
    source = data.source
    if isinstance(source, DataFile):
        return _functions_on_labels(source, data.group) + _READ + _table_lines(source, data.group)
    if source.loader:
        options = "scaled=False" if source.loader == "load_diabetes" else ""
        return _READ + _READ_PACKAGED.format(loader=source.loader, options=options)
    return _READ + _READ_NUMBERS


def _table_lines(source: DataFile, group: str) -> str:
    """Return the lines that read a file of samples."""
    _numbers, categories = names_by_use(source, group)
    lines = _READ_TABLE.format(dtype="object" if categories else "float")
    if _names_gaps(source, group):
        lines += _GAP.format(empty=EMPTY)
    if source.task is Task.REGRESSION:
        return lines + _QUANTITY
    return lines + _CLASSES.format(order=order_of_classes(source.layout.rules).__name__)


def _functions_on_labels(source: DataFile, group: str) -> str:
    """Return the functions by which the study sorts classes and names the category of a gap."""
    functions: list[Callable[..., object]] = [free_name] if _names_gaps(source, group) else []
    if source.task is not Task.REGRESSION:
        functions.append(in_order)
        if source.layout.rules == FIRST_RULES:
            functions += [as_float, label_without_place, in_first_order]
    return source_of(*functions)


def _names_gaps(source: DataFile, group: str) -> bool:
    """Return whether the category of a gap depends on the names of the others."""
    return source.layout.rules != FIRST_RULES and bool(names_by_use(source, group)[1])


def split_lines(data: DataSettings) -> str:
    """Return the lines that make `train` and `validation`, the indices of their rows; with folds, those for `fit`."""
    shuffled = not data.group and data.task is Task.REGRESSION
    return _shuffled_lines(data) if shuffled else _drawn_lines(data)


def _shuffled_lines(data: DataSettings) -> str:
    """Return the lines that shuffle all rows and cut them."""
    if data.folds:
        end = ": round(len(x) * (1 - TEST_FRACTION))" if data.test_fraction else ":"
        return f"rows = np.random.default_rng(STUDY_SEED).permutation(len(x))[{end}]\n{_fold(data)}"
    minus_test = " - TEST_FRACTION" if data.test_fraction else ""
    end = "round(len(x) * (1 - TEST_FRACTION))" if data.test_fraction else ""
    return _SHUFFLE.format(minus_test=minus_test, end=end)


def _drawn_lines(data: DataSettings) -> str:
    """Return the lines that draw rows by their classes or groups."""
    lines = "rows = np.arange(len(x))\n"
    if data.group:
        assert isinstance(data.source, DataFile)
        name = group_name(chain(*names_by_use(data.source, data.group)), data.source.target)
        lines += f"groups = np.array(cells[{name!r}], dtype=object)\n"
    if data.group and data.task is not Task.REGRESSION and (data.test_fraction or not data.folds):
        lines += f"\n\n{_NEAREST_DRAW.format(draws=DRAWS)}"
    share = "VALIDATION_FRACTION"
    if data.test_fraction:
        lines += _two_parts(data, "rows, _test", "TEST_FRACTION", "STUDY_SEED")
        share = "VALIDATION_FRACTION / (1 - TEST_FRACTION)"
    if data.folds:
        return lines + _fold(data)
    return lines + _two_parts(data, "train, validation", share, "(STUDY_SEED + 1) % 2**32")


def _fold(data: DataSettings) -> str:
    stratified = "" if data.task is Task.REGRESSION else "Stratified"
    kind = f"{stratified}{'Group' if data.group else ''}KFold"
    labels = ", y[rows, 0]" if stratified or data.group else ""
    return _FOLD.format(kind=kind, arguments=f"rows{labels}{', groups[rows]' if data.group else ''}")


def _two_parts(data: DataSettings, names: str, share: str, seed: str) -> str:
    if not data.group:
        return (
            f"{names} = train_test_split(\n    rows, test_size={share}, stratify=y[rows, 0], random_state={seed}\n)\n"
        )
    if data.task is not Task.REGRESSION:
        return f"{names} = two_parts(rows, {share}, {seed})\n"
    made = f"GroupShuffleSplit(1, test_size={share}, random_state={seed}).split(rows, groups=groups[rows])"
    return f"splits = {made}\n{names} = (rows[part] for part in next(iter(splits)))\n"


def prepare_lines(data: DataSettings, *, as_images: bool) -> str:
    """Return the lines that turn x_train and x_val into numbers, with statistics of x_train only."""
    if isinstance(data.source, DataFile):
        impute = 'SimpleImputer(strategy="median", keep_empty_features=True)'
        steps = [] if data.missing is MissingValues.DROP else [impute]
        steps += ["StandardScaler()"] if data.standardise else []
        gap = "GAP" if _names_gaps(data.source, data.group) else repr(EMPTY)
        return _TRANSFORM.format(gap=gap, numbers=", ".join(steps or ['"passthrough"']))
    lines = _SCALE if data.standardise else ""
    if as_images:
        lines += f"x_train, x_val = (part.reshape(-1, *{data.image}) for part in (x_train, x_val))\n"
    return lines
