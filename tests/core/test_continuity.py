"""What a study of an earlier Afina says when it cannot go on identically, and that others say nothing."""

from pathlib import Path

import pytest

from core.events import StudyResumed
from core.headless import commands, listing
from core.headless.progress_bar import ProgressBar
from core.progress import StudyProgress
from core.store.reader import read_study
from core.study.control import StudyControl
from core.study.engine import ResumeRequest
from core.study.loop import installed_versions
from tests.old_studies import old_study
from tests.scripted import ScriptedTrainer, scripted_engine

SENTENCE = (
    "The study cannot go on identically: its class “nan” reads as a number without a value, so until now the classes "
    "stood in another order in each process. From here on they have one order, numbers before texts; trials before and "
    "after this cannot be compared."
)


def resumed(path: Path, trials: int, bar: ProgressBar | None = None) -> StudyProgress:
    engine = scripted_engine(ScriptedTrainer())
    publish = (lambda _events: None) if bar is None else bar.publish
    commands._go_on(ResumeRequest(path, trials), engine, publish, StudyControl())
    return StudyProgress.of(read_study(path))


def test_that_an_old_study_whose_classes_had_no_order_says_so_once_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = old_study(tmp_path, "2.0", "nan", "0.0")
    bar = ProgressBar(StudyProgress.of(read_study(path)))
    progress = resumed(path, 3, bar)
    bar.close()
    assert progress.finished == [1, 2, 3]
    assert progress.caveats == [(1, SENTENCE)]
    assert capsys.readouterr().err.count(SENTENCE) == 1

    assert resumed(path, 4).caveats == [(1, SENTENCE)], "only once"
    assert listing.show(path) == 0
    assert f"\nResumed after trial 1: t{SENTENCE[1:]}\n" in capsys.readouterr().out


@pytest.mark.parametrize("kinds", [("2", "none so far", "0"), ("inf", "2", "1_000"), ("a", "b", "c")])
def test_that_an_old_study_whose_classes_had_an_order_goes_on_without_a_word(
    tmp_path: Path, kinds: tuple[str, ...]
) -> None:
    assert resumed(old_study(tmp_path, *kinds), 4).caveats == []


def test_that_a_study_that_began_with_the_new_order_goes_on_without_a_word(tmp_path: Path) -> None:
    path = old_study(tmp_path, "2.0", "nan", "0.0", versions=installed_versions())
    assert resumed(path, 4).caveats == []


def test_that_the_sentence_is_in_the_record(tmp_path: Path) -> None:
    path = old_study(tmp_path, "2.0", "NaN", "0.0")
    resumed(path, 3)
    (event,) = (event for event in read_study(path) if isinstance(event, StudyResumed))
    assert event.caveat == SENTENCE.replace("nan", "NaN")
