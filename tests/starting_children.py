"""Starts a child in each of Afina's ways, or in those that are named, in the current folder; prints what they answer.

`python tests/starting_children.py worker search` prints JSON. `plant` puts files into a folder that have the names of
Python's own modules.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

PATIENCE = 200.0  # seconds that a child may take on a busy machine
MODULES = sorted(name for name in sys.stdlib_module_names if not name.startswith("__"))
"""The modules of Python itself."""
OTHERS = ("core", "gui", "keras", "main", "msgspec", "numpy", "psutil", "sitecustomize", "tensorflow", "usercustomize")
RAN = "ran.txt"
_PLANTED = """\
import sys
with open({ran!r}, "a") as file:
    file.write(__name__ + "\\n")
"""
_MODEL = """\
import keras


def build_model(hp):
    model = keras.Sequential([keras.layers.Dense(hp.Int("units", 1, 8)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    return model
"""


def plant(folder: Path, names: Iterable[str] = (*MODULES, *OTHERS)) -> None:
    """Write a module of each name that notes, in RAN, that it was executed."""
    for name in names:
        (folder / f"{name}.py").write_text(_PLANTED.format(ran=str(folder / RAN)))


def executed(folder: Path) -> list[str]:
    """Return the names of the planted modules that were executed."""
    return (folder / RAN).read_text().split() if (folder / RAN).exists() else []


def _until(look: Callable[[], Any]) -> Any:
    """Call `look` until it returns something true; return that."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise TimeoutError


def start_worker() -> str:
    from core.trainers.worker import Worker, run_worker

    with closing(Worker(run_worker)) as worker:
        _until(lambda: worker.receive(0.1) or worker.ready)
        return "ready"


def start_spare_worker() -> str:
    import core.children.spare
    from core.trainers.standby import StandBy
    from core.trainers.worker import run_worker

    core.children.spare.SPARE_MEMORY = 0
    with closing(StandBy(run_worker)) as standby:
        standby.prepare()
        _until(lambda: standby.ready)
        return "ready"


def start_search() -> str:
    from core.search.proposal import ProposalRequest
    from core.search.searchers import SearchProcess
    from core.settings import tutorial_settings

    settings = tutorial_settings()
    with closing(SearchProcess()) as search:
        search.ask(ProposalRequest(settings.varied, settings.search, seed=0, number=1, observations=()))
        return type(_until(partial(search.answer, 0.1))).__name__


def start_table_reader() -> str:
    from core.tables.inspection import Progress, ReadTable, TableInspector

    Path("table.csv").write_text("a,b\n" + "1,2\n3,4\n" * 9)
    with closing(TableInspector()) as reader:
        reader.ask(ReadTable("table.csv"))
        while isinstance(answer := _until(partial(reader.answer, 0.1)), Progress):
            pass
        return type(answer).__name__


def start_model_inspector() -> str:
    from core.models.custom.inspection import Executing, InspectModel, ModelInspectors

    with closing(ModelInspectors()) as inspectors:
        question = InspectModel(str(Path("model.py").absolute()), _MODEL)
        with closing(inspectors.inspect(question)) as inspector:
            while isinstance(answer := _until(partial(inspector.answer, 0.1)), Executing):
                pass
            return type(answer).__name__


def start_rehearsal() -> str:
    from core.rehearsal.rehearser import Rehearser
    from core.settings import tutorial_settings

    with closing(Rehearser()) as rehearser:
        rehearser.begin(tutorial_settings(), 0.0)
        _until(lambda: rehearser.look(0.1) and rehearser.over)
        assert rehearser.rehearsal is not None
        return "failed" if rehearser.rehearsal.failed else "rehearsed"


WAYS = {
    "worker": (start_worker, "ready"),
    "spare worker": (start_spare_worker, "ready"),
    "search": (start_search, "Proposal"),
    "table reader": (start_table_reader, "TableRead"),
    "model inspector": (start_model_inspector, "ModelRead"),
    "rehearsal": (start_rehearsal, "rehearsed"),
}
"""Each way in which Afina starts a child, and the answer that shows that it works."""


def main() -> None:
    answers: dict[str, str] = {}
    for way in sys.argv[1:] or WAYS:
        try:
            answers[way] = WAYS[way][0]()
        except Exception as error:  # noqa: BLE001  it is the answer
            answers[way] = f"{type(error).__name__}: {error}"
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    main()
