"""The catalogue of studies: what a list shows of a study file in every state, without touching the file."""

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import core.store.glance
from core.errors import DamagedStudy, StoreError
from core.events import (
    Event,
    Record,
    StudyEnd,
    StudyEnded,
    StudyNamed,
    TrialEnded,
    TrialState,
)
from core.objective import Direction, ObjectiveSettings
from core.progress import StudyProgress
from core.search.settings import SearchMethod, SearchSettings
from core.settings import MAX_TRIALS, StudySettings, tutorial_settings
from core.store.glance import Glance, glance
from core.store.reader import read_study
from core.store.rows import Row, insert, records_in
from core.store.writer import Store
from core.study.catalogue import Catalogue, Listed, has_studies, study_paths
from core.study.loop import study_started
from core.study.opening import read
from core.words.studies import (
    best_in_words,
    data_in_words,
    done_in_words,
    model_in_words,
    name_in_words,
    standstill_in_words,
    state_in_words,
    when_in_words,
)
from tests.extremes import forge
from tests.listed import ended, resumed, trials, written

DATA = Path(__file__).resolve().parents[1] / "data"
NOW = datetime(2026, 11, 30, 10, 0)  # a Monday
HIGHEST = msgspec.structs.replace(
    tutorial_settings(), objective=ObjectiveSettings(metric="val_mae", direction=Direction.MAXIMISE)
)


def seconds(*moment: int) -> float:
    return datetime(*moment).timestamp()  # type: ignore[arg-type]  # year, month and the rest, all int


FOUR = trials(4.0, 2.0, None, 3.0)
STATES: dict[str, tuple[Sequence[Event], str, bool]] = {
    "new": ([], "‖ interrupted after 0 of 20", True),
    "cut off": (FOUR[:-1], "‖ interrupted after 3 of 20", True),
    "finished": ([*FOUR, ended(StudyEnd.FINISHED)], "✓ finished, 4 trials", False),
    "one": ([*trials(1.0), ended(StudyEnd.FINISHED)], "✓ finished, 1 trial", False),
    "exhausted": ([*FOUR, ended(StudyEnd.EXHAUSTED)], "✓ all points tried, 4 trials", False),
    "target": ([*FOUR, ended(StudyEnd.TARGET_REACHED)], "✓ target reached, 4 trials", False),
    "time": ([*FOUR, ended(StudyEnd.TIME_UP)], "■ time was up after 4 of 20", False),
    "stopped": ([*FOUR, ended(StudyEnd.STOPPED)], "■ stopped after 4 of 20", False),
    "paused": ([*FOUR, ended(StudyEnd.PAUSED)], "‖ paused after 4 of 20", True),
    "failed": ([*FOUR, ended(StudyEnd.FAILED)], "✗ failed after 4 of 20", False),
    "failures": ([*trials(1.0, *[None] * 5), ended(StudyEnd.PAUSED)], "✗ 5 failures in a row", False),
    "resumed": ([*FOUR, ended(StudyEnd.STOPPED), resumed(30)], "‖ interrupted after 4 of 30", True),
    "failed anew": (
        [*trials(*[None] * 5), ended(StudyEnd.PAUSED), resumed(30), *trials(None, first=6), ended(StudyEnd.PAUSED)],
        "‖ paused after 6 of 30",
        True,
    ),
}


@pytest.mark.parametrize(("events", "state", "unfinished"), STATES.values(), ids=STATES)
def test_that_each_state_of_a_study_is_told(
    tmp_path: Path, events: Sequence[Event], state: str, unfinished: bool
) -> None:
    found = glance(written(tmp_path / "a.afina", events))
    told = state_in_words(found, running=False)
    assert f"{told.mark} {told.words}" == state
    assert found.unfinished is unfinished


def test_that_every_end_has_words() -> None:
    for reason in StudyEnd:
        known = Glance(tutorial_settings(), "", 20, 3, None, 0, ended(reason))
        assert state_in_words(known, running=False).words


@pytest.mark.parametrize("settings", [tutorial_settings(), HIGHEST], ids=["lowest", "highest"])
def test_that_a_glance_finds_what_reading_the_whole_study_finds(tmp_path: Path, settings: StudySettings) -> None:
    later = [ended(StudyEnd.PAUSED), StudyNamed(name="B", time=1.0), resumed(30), *trials(9.0, None, first=5)]
    path = written(tmp_path / "a.afina", [*FOUR, *later], settings, "A")
    before = path.read_bytes(), path.stat().st_mtime_ns
    found, whole = glance(path), StudyProgress.of(read_study(path))
    assert whole.best is not None
    assert (found.name, found.budget, found.ended) == (whole.name, whole.budget, len(whole.finished)) == ("B", 30, 6)
    assert (found.best, found.failures) == (whole.best.objective, whole.failures_in_a_row)
    assert found.settings == whole.settings
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.afina"]


@pytest.mark.parametrize("path", sorted(DATA.glob("schema-*.afina")), ids=lambda path: path.stem)
def test_that_studies_of_all_versions_are_listed(path: Path) -> None:
    before = path.read_bytes()
    found, whole = glance(path), read(path).progress
    assert whole.best is not None
    assert (found.best, found.ended, found.end) == (whole.best.objective, len(whole.finished), whole.end)
    assert path.read_bytes() == before


def test_that_a_glance_at_many_epochs_decodes_none_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_rows: list[object] = []

    def counted(rows: Sequence[Row]) -> list[Record]:
        read_rows.extend(rows)
        return records_in(rows)

    monkeypatch.setattr(core.store.glance, "records_in", counted)
    glance(written(tmp_path / "a.afina", [*trials(*map(float, range(1, 100))), ended(StudyEnd.STOPPED)]))
    assert len(read_rows) == 2


def test_that_a_study_that_runs_is_listed_while_it_grows_and_holds_nobody_up(tmp_path: Path) -> None:
    path, catalogue = tmp_path / "a.afina", Catalogue()
    with Store.create(path, study_started(tutorial_settings())) as store:
        for count, event in enumerate(trials(3.0, 2.0)):
            store.record([event])
            (listed,) = catalogue.read([path], lambda: False)
            assert listed.running
            assert listed.unfinished
            assert listed.glance is not None
            assert listed.glance.ended == (count + 1) // 3
        assert state_in_words(listed.glance, running=True).words == "running in another window"
    (listed,) = catalogue.read([path], lambda: False)
    assert not listed.running


def test_that_a_study_is_read_again_only_when_its_file_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, catalogue = written(tmp_path / "a.afina", FOUR), Catalogue()
    looks: list[Path] = []

    def counted(path: Path, unwanted: Callable[[], bool]) -> Glance:
        looks.append(path)
        return glance(path, unwanted)

    monkeypatch.setattr("core.study.catalogue.glance", counted)
    first = list(catalogue.read([path], lambda: False))
    assert list(catalogue.read([path], lambda: False)) == first
    assert len(looks) == 1
    with Store.open(path) as store:
        store.record([ended(StudyEnd.STOPPED)])
    (listed,) = catalogue.read([path], lambda: False)
    assert listed.glance is not None
    assert listed.glance.end is not None


def test_that_files_that_are_no_sound_studies_are_listed_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "empty.afina").touch()
    (tmp_path / "text.afina").write_text("no study " * 1000)
    whole = written(tmp_path / "whole.afina", FOUR)
    (tmp_path / "cut.afina").write_bytes(whole.read_bytes()[:5000])
    (tmp_path / "folder.afina").mkdir()
    (tmp_path / ".hidden.afina.part").touch()
    told = {entry.path.stem: entry for entry in Catalogue().read(study_paths(tmp_path, []), lambda: False)}
    assert {name: bool(entry.trouble) for name, entry in told.items()} == {
        "empty": True,
        "text": True,
        "cut": True,
        "whole": False,
    }
    assert "empty" in told["empty"].trouble
    assert state_in_words(None, running=False).words == "cannot be read"
    assert not told["cut"].unfinished


def test_that_what_a_stranger_put_into_a_file_is_never_run_or_believed(tmp_path: Path) -> None:
    trigger = written(tmp_path / "trigger.afina", FOUR)
    with closing(sqlite3.connect(trigger)) as connection:
        connection.execute("CREATE VIEW more AS SELECT * FROM events")
    with pytest.raises(DamagedStudy):
        glance(trigger)
    changed = written(tmp_path / "changed.afina", [*FOUR, ended(StudyEnd.STOPPED)])
    with closing(sqlite3.connect(changed)) as connection, connection:
        connection.execute("UPDATE events SET body = replace(body, 'stopped', 'finished') WHERE kind = 'StudyEnded'")
    with pytest.raises(DamagedStudy):
        glance(changed)
    endless = written(tmp_path / "endless.afina", FOUR)
    with closing(sqlite3.connect(endless)) as connection, connection:
        connection.execute("UPDATE events SET body = replace(body, '2.0', '-1e999') WHERE kind = 'TrialEnded'")
    with pytest.raises(DamagedStudy):
        glance(endless)


@hypothesis_settings(max_examples=40)
@given(st.sampled_from(sorted(DATA.glob("schema-*.afina"))), st.integers(0, 2**31), st.binary(min_size=1, max_size=64))
def test_that_damage_anywhere_is_a_sentence_or_harmless(path: Path, place: int, junk: bytes) -> None:
    content = bytearray(path.read_bytes())
    place %= len(content)
    content[place : place + len(junk)] = junk
    with TemporaryDirectory() as folder:
        target = Path(folder) / path.name
        target.write_bytes(content)
        for listed in Catalogue().read([target], lambda: False):
            assert listed.trouble or listed.glance is not None


def test_that_each_file_is_listed_once_the_latest_first_and_what_is_gone_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "Afina"
    folder.mkdir()
    one, other = written(folder / "one.afina", []), written(tmp_path / "other.afina", [])
    (folder / "again.afina").symlink_to(other)
    os.utime(other, (1.0, 1.0))
    assert set(study_paths(folder, [one, other, tmp_path / "gone.afina", tmp_path])) == {one, folder / "again.afina"}
    assert study_paths(tmp_path / "nowhere", [other, one, Path("/" + "x" * 5000)]) == [one, other]
    assert has_studies(folder, [])
    assert has_studies(tmp_path / "nowhere", [tmp_path / "gone.afina", one])
    assert not has_studies(tmp_path / "nowhere", [tmp_path, Path("/" + "x" * 5000)])


def test_that_a_glance_that_nobody_wants_any_more_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.store.glance, "_STEPS", 10)
    path = written(tmp_path / "a.afina", FOUR)
    with pytest.raises(StoreError):
        glance(path, lambda: True)
    assert not list(Catalogue().read([path], lambda: True))


@pytest.mark.parametrize("forged", [1e300, -5.0, 0.0])
def test_that_a_forged_time_is_not_believed(tmp_path: Path, forged: float) -> None:
    path = written(tmp_path / "a.afina", [*FOUR, ended(StudyEnd.STOPPED, time=forged)])
    (listed,) = Catalogue().read([path], lambda: False)
    assert listed.when == pytest.approx(path.stat().st_mtime)


def test_that_a_study_is_named_and_described(tmp_path: Path) -> None:
    found = glance(written(tmp_path / "a.afina", FOUR, name="Houses"))
    assert (name_in_words(found.name, "a"), name_in_words("", "a")) == ("Houses", "a")
    assert (data_in_words(found.settings), model_in_words(found.settings)) == ("Boston Housing", "linear model")
    assert best_in_words(found) == ("2", "validation loss")
    assert best_in_words(glance(written(tmp_path / "b.afina", []))) == ("", "")
    assert done_in_words(found) == "4 of 20 trials"
    assert name_in_words("a\n\u202eb" + 500 * "x", "") == "a  b" + 96 * "x" + "…" + 100 * "x"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (seconds(2026, 11, 30, 9, 12), "today, 09:12"),
        (seconds(2026, 11, 29, 16, 5), "yesterday, 16:05"),
        (seconds(2026, 11, 27, 2, 17), "27 Nov"),
        (seconds(2025, 12, 1, 2, 17), "1 Dec 2025"),
        (seconds(2026, 12, 1, 2, 17), "1 Dec"),
    ],
)
def test_that_times_are_told_as_a_person_tells_them(moment: float, words: str) -> None:
    assert when_in_words(moment, NOW) == words


@pytest.mark.parametrize(
    ("end", "moment", "words"),
    [
        (ended(StudyEnd.PAUSED, "Paused after 4 of 20 trials."), (2026, 11, 29, 18, 40), "Paused yesterday, 18:40"),
        (
            ended(StudyEnd.PAUSED, "Paused: pigs.csv has changed. Best 3."),
            (2026, 11, 20, 1, 2),
            "Paused on 20 Nov: pigs.csv has changed",
        ),
        (None, (2026, 11, 27, 2, 17), "Interrupted on Friday, 02:17: Afina was cut off"),
        (None, (2026, 11, 30, 2, 17), "Interrupted today, 02:17: Afina was cut off"),
    ],
)
def test_that_an_unfinished_study_says_why_it_stands_still(
    end: StudyEnded | None, moment: Sequence[int], words: str
) -> None:
    known = Glance(tutorial_settings(), "", 20, 4, 1.0, 0, end)
    assert standstill_in_words(known, seconds(*moment), NOW, running=False) == words
    assert standstill_in_words(known, seconds(*moment), NOW, running=True) == "Running in another window"


def test_that_a_locked_file_is_looked_at_again(tmp_path: Path) -> None:
    path, catalogue = written(tmp_path / "a.afina", FOUR), Catalogue()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        (listed,) = catalogue.read([path], lambda: False)
        assert "locked" in listed.trouble
        connection.execute("ROLLBACK")
    (listed,) = catalogue.read([path], lambda: False)
    assert isinstance(listed, Listed)
    assert not listed.trouble


def test_that_rows_of_other_types_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.afina", [])
    with closing(sqlite3.connect(path)) as connection, connection:
        insert(connection, 9, TrialEnded(trial=1, state=TrialState.COMPLETE, epoch=1, seconds=1.0, objective=1.0))
        connection.execute("""UPDATE events SET body = '{"objective": "good"}' WHERE sequence = 9""")
    with pytest.raises(DamagedStudy, match="not a number"):
        glance(path)


@pytest.mark.parametrize(("recorded", "budget"), [(10**12, MAX_TRIALS), (2**63 - 1, MAX_TRIALS), (1, 1)])
def test_that_a_budget_that_no_study_can_have_is_the_nearest_that_one_can(
    tmp_path: Path, recorded: int, budget: int
) -> None:
    path = tmp_path / "a.afina"
    forge(path, [study_started(tutorial_settings()), *FOUR, ended(StudyEnd.PAUSED), resumed(recorded)])
    found, whole = glance(path), StudyProgress.of(read_study(path))
    assert found.budget == whole.budget == whole.settings_in_force.budget.trials == budget
    assert whole.added_trials == max(0, budget - 20)
    assert found.resumable is whole.resumable is (budget > 4)
    assert 0 <= whole.share_done <= 1


@pytest.mark.parametrize("moment", [-(10**10), 10**13], ids=["far before", "far after"])
def test_that_a_file_of_an_impossible_time_is_listed(
    tmp_path: Path, moment: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "a.afina", FOUR)
    monkeypatch.setattr("core.study.catalogue._mark", lambda _path: ((0, moment * 10**9),))  # as some drives have it
    (listed,) = Catalogue().read([path], lambda: False)
    assert listed.glance is not None
    assert when_in_words(listed.when, NOW)
    assert standstill_in_words(listed.glance, listed.when, NOW, running=False)


@pytest.mark.parametrize("end", [[], [ended(StudyEnd.PAUSED)]], ids=["cut off", "paused"])
def test_that_a_study_whose_points_are_all_tried_is_not_unfinished(tmp_path: Path, end: Sequence[Event]) -> None:
    grid = SearchSettings(method=SearchMethod.GRID, grid_points=2)
    settings = msgspec.structs.replace(tutorial_settings(), search=grid)
    assert settings.points == 4
    path = written(tmp_path / "a.afina", [*FOUR, *end], settings)
    found, whole = glance(path), StudyProgress.of(read_study(path))
    assert found.exhausted is whole.exhausted is True
    assert found.resumable is whole.resumable is False
    assert not found.unfinished
    told = state_in_words(found, running=False)
    assert f"{told.mark} {told.words}" == "✓ all points tried, 4 trials"
