"""The rehearser and its process, in which a script stands in for Keras."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import monotonic

import msgspec
import psutil
import pytest

import core.rehearsal.rehearser
from core.children.process import ChildBug, ChildProcess
from core.errors import ModelUntrusted
from core.headless import commands, console
from core.models.catalogue import family_named
from core.models.custom.declared import Declared
from core.models.custom.model_file import ModelFile
from core.models.settings import ModelSettings
from core.parameters import IntegerRange, Range
from core.rehearsal.configurations import Measured, Part, Rehearsal
from core.rehearsal.rehearser import Rehearser
from core.settings import LimitSettings, StudySettings
from tests import children, evil

GOOD = evil.GOOD


@pytest.fixture
def rehearser() -> Iterator[Rehearser]:
    made = Rehearser(children.rehearse_by_script)
    yield made
    made.close()


def settings(**ranges: Range) -> StudySettings:
    first = {parameter.name: parameter.first_range() for parameter in family_named("linear").parameters}
    good = {"batch_size": IntegerRange(GOOD, GOOD + 20), "epochs": IntegerRange(GOOD, GOOD + 20)}
    return StudySettings(model=ModelSettings(ranges=first | good | ranges))


def rehearse(rehearser: Rehearser, of: StudySettings, sample_seconds: float = 0.0) -> Rehearsal:
    rehearser.begin(of, sample_seconds)
    deadline = monotonic() + 60
    while not rehearser.over:
        rehearser.look(0.02)
        assert monotonic() < deadline
    assert rehearser.rehearsal is not None
    return rehearser.rehearsal


def problems(rehearsal: Rehearsal) -> dict[str, str | None]:
    """Return what is wrong with each configuration, None for what was not tried."""
    return {
        str(result.configuration.part): None if result.measured is None else result.measured.problem
        for result in rehearsal.results
    }


def test_that_every_configuration_is_tried_and_the_process_ends_with_the_last(rehearser: Rehearser) -> None:
    found = rehearse(rehearser, settings())
    assert problems(found) == {"smallest": "", "middle": "", "largest": "", "slowest": ""}
    assert found.free_memory == 8 * 2**30
    assert all(result.measured is not None and result.measured.epoch_seconds == 0.1 for result in found.results)
    assert rehearser.pid is None


def test_that_random_ones_are_tried_for_as_long_as_is_asked(rehearser: Rehearser) -> None:
    parts = [result.configuration.part for result in rehearse(rehearser, settings(), 30.0).results]
    assert parts.count(Part.SAMPLE) == 12
    assert parts[:4] == [Part.SMALLEST, Part.MIDDLE, Part.LARGEST, Part.SLOWEST]


def test_that_one_whose_process_is_lost_says_how_and_the_others_are_tried_in_another(rehearser: Rehearser) -> None:
    found = rehearse(rehearser, settings(epochs=IntegerRange(evil.EXIT, GOOD + 20)), 30.0)
    lost = "The process was lost: it ended itself with exit code 3"
    assert problems(found) == {"smallest": lost, "middle": "", "largest": "", "slowest": ""}
    assert found.results[0].measured == Measured(
        weights=14, build_seconds=0.1, memory=2**29, problem=lost, over=True
    )  # what was known before


def test_that_a_rehearsal_that_loses_its_process_again_leaves_the_rest(rehearser: Rehearser) -> None:
    always = settings(epochs=IntegerRange(evil.SEGFAULT, evil.EXIT))
    found = problems(rehearse(rehearser, always))
    assert "crashed (SIGSEGV)" in str(found["smallest"])
    assert "The process was lost" in str(found["middle"])
    assert (found["largest"], found["slowest"]) == (None, None)


def test_that_one_that_takes_too_long_ends_the_rehearsal(rehearser: Rehearser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.rehearsal.rehearser, "CONFIGURATION_SECONDS", 0.3)
    found = rehearse(rehearser, settings(epochs=IntegerRange(evil.C_LOOP, GOOD * 2)))
    assert found.results[0].measured is not None
    assert found.results[0].measured.weights == 14
    assert problems(found) == {
        "smallest": "It was not through its first steps within 0.30 s",
        "middle": None,
        "largest": None,
        "slowest": None,
    }
    assert rehearser.pid is None


def test_that_nothing_more_is_begun_when_the_time_for_all_is_up(
    rehearser: Rehearser, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearser.begin(settings(), 30.0)
    monkeypatch.setattr(core.rehearsal.rehearser, "ALL_SECONDS", 0.0)
    while not rehearser.over:
        rehearser.look(0.02)
    assert rehearser.rehearsal is not None
    assert list(problems(rehearser.rehearsal).values()) == ["", None, None, None]


def test_that_one_that_takes_more_memory_than_a_trial_may_is_given_up(
    rehearser: Rehearser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ChildProcess, "memory", lambda _child: 2 * 2**30 * (rehearser._current == 3))
    limited = msgspec.structs.replace(
        settings(batch_size=IntegerRange(evil.C_LOOP, GOOD)), limits=LimitSettings(trial_megabytes=1000)
    )
    found = problems(rehearse(rehearser, limited))
    assert found["largest"] == ""
    assert found["slowest"] == "It used more than the 1,000 MB of memory that a trial may use"


def test_that_a_fault_of_ours_is_raised_and_leaves_no_process(rehearser: Rehearser) -> None:
    with pytest.raises(ChildBug, match="Dense needs a positive number"):
        rehearse(rehearser, settings(epochs=IntegerRange(evil.RAISE, GOOD)))
    assert rehearser.over
    assert rehearser.pid is None


def test_that_closing_in_the_middle_leaves_no_process(rehearser: Rehearser) -> None:
    rehearser.begin(settings(epochs=IntegerRange(evil.LOOP, GOOD)), 1.0)
    pid = rehearser.pid
    assert pid is not None
    while rehearser.rehearsal is None or rehearser.rehearsal.results[0].measured is None:
        rehearser.look(0.02)
    rehearser.close()
    assert not psutil.pid_exists(pid)
    assert not rehearser.look()


def test_that_a_process_that_was_warmed_is_the_one_that_rehearses(rehearser: Rehearser) -> None:
    rehearser.warm(1)
    pid = rehearser.pid
    rehearser.warm(1)
    rehearser.begin(settings(), 0.0)
    assert rehearser.pid == pid
    rehearser.begin(settings(), 0.0)  # anew: what was under way is given up
    assert rehearser.pid != pid


def test_that_a_second_rehearsal_has_a_process_of_its_own(rehearser: Rehearser) -> None:
    rehearse(rehearser, settings())
    assert list(problems(rehearse(rehearser, settings())).values()) == [""] * 4


def test_that_the_commands_exit_code_says_whether_all_can_be_trained(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "Rehearser", partial(Rehearser, children.rehearse_by_script))
    given = {"good.json": settings(), "bad.json": settings(batch_size=IntegerRange(evil.EXIT, GOOD))}
    for name, of in given.items():
        (tmp_path / name).write_text(of.to_json())
    assert commands.rehearse(tmp_path / "good.json") == console.DONE
    assert "Warning" not in capsys.readouterr().out
    assert commands.rehearse(tmp_path / "bad.json") == console.FAILED
    printed = capsys.readouterr().out
    assert "failed" in printed
    assert "Warning: The slowest configuration (learning rate 0.1, batch size 3, epochs 70) failed: The proc" in printed
    assert commands.rehearse(tmp_path / "gone.json") == console.BAD_INPUT
    assert "cannot be read" in capsys.readouterr().err


def test_that_a_model_file_runs_only_when_it_was_agreed_to() -> None:
    layers = Declared(name="layers", range=IntegerRange(1, 3), default=1)
    file = ModelFile(path="/somewhere/mine.py", source="print()", parameters=(layers,))
    ranges = {parameter.name: parameter.first_range() for parameter in file.family.parameters}
    own = StudySettings(model=ModelSettings(family_name="own", file=file, ranges=ranges))
    stranger = Rehearser(children.rehearse_by_script)
    with pytest.raises(ModelUntrusted, match=r"mine\.py"):
        stranger.begin(own, 0.0)
    assert stranger.pid is None
    friend = Rehearser(children.rehearse_by_script, trusted={file.digest})
    friend.begin(own, 0.0)
    assert friend.pid is not None
    friend.close()
