"""Whether exported scripts print the recorded numbers: studies of models of all kinds, each script in a fresh process.

Run: python -m tests.bench.scripts [--only PART-OF-A-NAME] [--quick]
Prints a line a model, of its second trial, and how many of each kind were equal to six digits; `--quick` takes every
fourth model. The whole takes about ten minutes on two cores.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from core.export.exporters import PYTHON
from core.study.local_engine import LocalEngine
from core.words.scripts import PROMISED
from tests.bench.scripts.cases import families, of_files
from tests.script_studies import repeated, study_of
from tests.scripts import comparisons_of


class _All:
    """Every digest: the files are this bench's own."""

    def __contains__(self, digest: object) -> bool:
        return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="a part of the names or kinds of the models to try")
    parser.add_argument("--quick", action="store_true", help="every fourth model")
    given = parser.parse_args()
    engine, tried, equal, untold = LocalEngine(trusted=_All()), Counter[str](), Counter[str](), 0
    print("| model | kind | recorded | script | equal |\n|---|---|---|---|---|")
    with TemporaryDirectory(prefix="afina-bench-") as root:
        cases = [case for case in (*families(Path(root)), *of_files()) if given.only in f"{case.name} {case.kind}"]
        for number, case in enumerate(cases[:: 4 if given.quick else 1]):
            folder = Path(root, str(number))
            folder.mkdir()
            progress = study_of(engine, case.settings, folder)
            found = repeated(progress, folder, 2)
            differences = [said for said in comparisons_of(found.said) if said != "the same"]
            tried[case.kind] += 1
            equal[case.kind] += not differences
            untold += bool(differences) and PYTHON.promise(progress, 2).startswith(PROMISED)
            verdict = "; ".join(differences) or "yes"
            print(f"| {case.name} | {case.kind} | {found.recorded:.6g} | {found.printed:.6g} | {verdict} |", flush=True)
    engine.close()
    for kind, count in tried.items():
        print(f"{kind}: {equal[kind]} of {count}")
    print(f"{equal.total()} of {tried.total()} scripts print the recorded number")
    print(f"{untold} of the others were not told beforehand")
    return int(untold > 0)


if __name__ == "__main__":
    sys.exit(main())
