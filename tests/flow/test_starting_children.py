"""Each way in which Afina starts a process, in a folder of files that are called as Python's own modules."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import starting_children
from tests.starting_children import WAYS, executed, plant

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


class Outcome(NamedTuple):
    answers: dict[str, str]
    executed: list[str]
    complaints: str


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("planted")
    plant(folder)
    done = subprocess.run(
        [sys.executable, starting_children.__file__],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=len(WAYS) * starting_children.PATIENCE,
    )
    return Outcome(json.loads(done.stdout), executed(folder), done.stderr)


@pytest.mark.parametrize("way", WAYS)
def test_that_a_child_starts_and_works_whatever_the_files_in_the_current_folder_are_called(
    way: str, outcome: Outcome
) -> None:
    assert outcome.answers[way] == WAYS[way][1]


def test_that_no_file_of_the_current_folder_is_executed(outcome: Outcome) -> None:
    """Multiprocessing's own process, which tracks resources, would complain if it could not start."""
    assert outcome.executed == []
    assert outcome.complaints == ""
