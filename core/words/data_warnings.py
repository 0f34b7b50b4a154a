"""What is doubtful about a user's own table as it is used, in words: its target, its features, its groups."""

from core.datasets.data_file import DataFile
from core.datasets.settings import DataSettings
from core.formatting import in_short
from core.letters import in_brief
from core.tables.description import ColumnRole, Doubt, MissingValues, Task
from core.tables.facts import TableFacts, TargetFacts, group_problem, groups_in

_MOST = 3
"""The most features that are named; the rest is counted."""
_FEW_VALUES = 3
"""A number with more values is often meant as one, such as a mark: the import has asked, and the form does not."""
_LONGEST_NAME, _LONGEST_PROBLEM = 30, 240  # letters
_DOUBTS = {
    Doubt.EMPTY: "is empty",
    Doubt.ONE_VALUE: "has one value only",
    Doubt.COUNTS_ROWS: "only counts the rows",
    Doubt.NAMES_ROWS: "only tells the rows apart",
    Doubt.NAMES_OWNERS: "only says whose a row is",
    Doubt.MOSTLY_EMPTY: "is {} % empty",
    Doubt.DATE: "is a date",
}


def data_warnings(data: DataSettings, facts: TableFacts | None) -> dict[str, str]:
    """Return what is doubtful, by the path of the setting that it concerns; only columns in use count.

    `facts` are those of the data's file, None while it has not been looked at.
    """
    if data.file is None or facts is None:
        return {}
    on_file = (_target_in_words(data.file, facts.target), _features_in_words(data, data.file, facts))
    told = {"data.file": ". ".join(filter(None, on_file)), "data.group": _group_in_words(data, facts)}
    return {path: sentence for path, sentence in told.items() if sentence}


def _target_in_words(file: DataFile, target: TargetFacts) -> str:
    values = f"{_quoted(file.target)} has {{}}{target.distinct:,} different values"
    if target.rather is Task.REGRESSION:
        return f"{values.format('')}, each a class of its own: in Columns…, it can be predicted as a number"
    if target.rather is not None and target.distinct <= _FEW_VALUES:
        return f"{values.format('only ')}: in Columns…, it can be predicted as classes"
    return in_brief(target.problem, _LONGEST_PROBLEM)


def _features_in_words(data: DataSettings, file: DataFile, facts: TableFacts) -> str:
    unused = ColumnRole.IGNORE
    doubts = [name for name in facts.doubtful if file.columns.get(name, unused) is not unused and name != data.group]
    if not doubts:
        return ""
    named = [_doubt_in_words(name, data.missing, file, facts) for name in doubts[:_MOST]]
    left = len(doubts) - _MOST
    said = "; ".join([*named, *([f"and {left:,} more"] if left > 0 else [])])
    if len(doubts) == data.feature_count:  # one must stay
        return said
    return f"{said}: Columns… leaves {'it' if len(doubts) == 1 else 'them'} out"


def _doubt_in_words(name: str, missing: MissingValues, file: DataFile, facts: TableFacts) -> str:
    """Return why this feature, of which there is a doubt, says little."""
    column = facts.columns[name]
    assert column.doubt is not None
    said = _DOUBTS[column.doubt]
    if column.doubt is Doubt.DATE and file.columns[name] is ColumnRole.NUMBER:
        said = f"{said}, read as days since 1970"
    elif column.doubt is Doubt.MOSTLY_EMPTY:
        said = said.format(min(99, round(100 * column.gaps / facts.rows)))  # 100 % would be none at all
        said += ", and rows with a gap are left out" if missing is MissingValues.DROP else ""
    return f"{_quoted(name)} {said}"


def _group_in_words(data: DataSettings, facts: TableFacts) -> str:
    column, name = facts.columns.get(data.group), in_short(data.group, _LONGEST_NAME)
    if not data.group or column is None:
        return ""
    problem = group_problem(name, column.distinct, column.gaps, facts.rows) or _too_few_in_words(
        data, name, groups_in(column.distinct, column.gaps)
    )
    return f"{problem}: choose another column, or none" if problem else ""


def _too_few_in_words(data: DataSettings, name: str, groups: int) -> str:
    """Return a sentence on groups that are fewer than the parts of the split; empty when they are not."""
    tested = data.test_fraction > 0
    parts = (data.folds or 2) + tested
    if groups >= parts:
        return ""
    if data.folds:
        split = f"{data.folds} folds{' and the test part' if tested else ''}"
    else:
        split = "training, validation and test"
    return f"“{name}” makes {groups} groups of rows, but {split} need {parts}"


def _quoted(name: str) -> str:
    return f"“{in_short(name, _LONGEST_NAME)}”"
