"""What becomes of each table as people have them: how it is read, and whether its script repeats a study on it.

Run: python -m tests.bench.people [--only PART-OF-A-NAME]
Prints a line a file, and how many scripts printed the recorded number.
"""

import argparse
import math
from pathlib import Path
from tempfile import TemporaryDirectory

from core.errors import DataError, InvalidSetting
from core.formatting import format_number
from core.study.local_engine import LocalEngine
from core.tables.description import ColumnProfile, ColumnRole
from tests.people import REFUSED, TABLES
from tests.people_studies import read_as_people, study_and_script


def in_words(column: ColumnProfile) -> str:
    if column.low is not None and column.high is not None:
        held = f"{format_number(column.low)}…{format_number(column.high)}"
        held += f" ({column.kind})" if column.kind != "number" else ""
    else:
        held = f"{column.distinct} texts"
    gaps = f", {column.missing + column.odd} missing" if column.missing + column.odd else ""
    left_out = " (left out)" if column.role is ColumnRole.IGNORE else ""
    return f"{column.name}: {held}{gaps}{left_out}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="a part of the names of the files to try")
    only = parser.parse_args().only
    names = [name for name in (*TABLES, *REFUSED) if only in name]
    engine, equal, tried = LocalEngine(), 0, 0
    for name in names:
        try:
            profile = read_as_people(name)[0].profile
        except DataError as error:
            print(f"{name} | refused: {error}")
            continue
        held = f"{profile.rows} rows; {'; '.join(map(in_words, profile.columns))}"
        try:
            with TemporaryDirectory() as folder:
                recorded, printed = study_and_script(engine, name, Path(folder))
        except InvalidSetting as error:
            print(f"{name} | {held} | no study: {error}")
            continue
        same = math.isclose(recorded, printed, rel_tol=1e-4)
        tried, equal = tried + 1, equal + same
        print(f"{name} | {held} | recorded {recorded:.6g}, script {printed:.6g}", flush=True)
    engine.close()
    print(f"{equal} of {tried} scripts print the recorded number")


if __name__ == "__main__":
    main()
