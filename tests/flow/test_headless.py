"""The headless twin, as a user runs it: real processes, real files."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.events import TrialState
from core.progress import StudyProgress
from core.settings import tutorial_settings
from core.store.reader import read_study

ROOT = Path(__file__).resolve().parents[2]


def afina(*arguments: object, folder: Path, timeout: float = 240) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "main.py"), *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=timeout, check=False)


def inline_tutorial() -> str:
    return tutorial_settings().to_json().replace('"worker"', '"inline"')


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("study")
    done = afina("run", "--tutorial", "--trials", 4, "--epochs", 3, "--seed", 1, "--out", "t.afina", folder=folder)
    return folder / "t.afina", done


@pytest.mark.slow
def test_that_run_prints_the_best_settings_and_keeps_the_study(
    study: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    path, done = study
    assert done.returncode == 0, done.stderr
    best = json.loads(done.stdout)
    progress = StudyProgress.of(read_study(path))
    assert progress.best is not None
    assert best["objective"]["value"] == progress.best.objective
    assert best["values"]["epochs"] == 3
    assert len(progress.finished) == 4
    assert "4/4" in done.stderr


@pytest.mark.slow
def test_that_the_same_seed_gives_the_same_numbers_run_after_run_and_inline(
    study: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "inline.json").write_text(inline_tutorial())
    done = afina("run", "inline.json", "--trials", 4, "--epochs", 3, "--seed", 1, "--out", "i.afina", folder=tmp_path)
    assert done.returncode == 0, done.stderr

    def numbers(path: Path) -> list[object]:
        return [
            (t.values, t.losses, t.val_losses, t.objective) for t in StudyProgress.of(read_study(path)).trials.values()
        ]

    assert numbers(tmp_path / "i.afina") == numbers(study[0])


@pytest.mark.slow
def test_that_resume_adds_trials(study: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    path = tmp_path / "more.afina"
    path.write_bytes(study[0].read_bytes())
    refused = afina("resume", path, folder=tmp_path)
    assert refused.returncode == 2
    assert "all its 4 trials" in refused.stderr
    done = afina("resume", path, "--trials", 6, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(StudyProgress.of(read_study(path)).finished) == 6
    done = afina("resume", path, "--more", 1, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(StudyProgress.of(read_study(path)).finished) == 7


@pytest.mark.slow
def test_that_show_lists_every_trial_and_marks_the_best(
    study: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    done = afina("show", study[0], folder=study[0].parent)
    assert done.returncode == 0
    table, _blank, below = done.stdout.partition("\n\n")
    assert table.count("complete") == 4
    assert table.count("★") == 1
    assert "always guessing the mean: " in below


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_that_ctrl_c_stops_cleanly_and_keeps_the_file(tmp_path: Path, number: int) -> None:
    command = [sys.executable, str(ROOT / "main.py"), "run", "--tutorial", "--trials", "5000", "--out", "t.afina"]
    path = tmp_path / "t.afina"
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and len(_finished(path)) < 2:
            time.sleep(0.05)
        os.killpg(process.pid, number)  # as a terminal does: the whole group gets it
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "Stopped after" in err
    assert "Traceback" not in err
    assert json.loads(out)["trial"] >= 1
    assert len(_finished(path)) >= 2
    assert [f.name for f in tmp_path.iterdir()] == ["t.afina"]


def _finished(path: Path) -> list[int]:
    try:
        return StudyProgress.of(read_study(path)).finished
    except Exception:  # noqa: BLE001  it is not there yet
        return []


@pytest.mark.slow
def test_that_a_killed_run_loses_no_finished_trial_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "t.afina"
    command = [sys.executable, str(ROOT / "main.py"), "run", "--tutorial", "--trials", "12", "--out", "t.afina"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and len(_finished(path)) < 3:
            time.sleep(0.02)
        process.kill()
    kept = StudyProgress.of(read_study(path))
    assert len(kept.finished) >= 3
    done = afina("resume", path, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    (tmp_path / "inline.json").write_text(inline_tutorial())  # which gives the same numbers, sooner
    whole = afina("run", "inline.json", "--trials", 12, "--out", "whole.afina", folder=tmp_path)
    assert whole.returncode == 0, whole.stderr
    resumed, straight = (StudyProgress.of(read_study(tmp_path / name)) for name in ("t.afina", "whole.afina"))
    assert [(t.values, t.objective, t.losses) for t in resumed.trials.values()] == [
        (t.values, t.objective, t.losses) for t in straight.trials.values()
    ]
    assert resumed.count(TrialState.INTERRUPTED) == 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the shell of POSIX closes streams")
@pytest.mark.parametrize(
    "line",
    ['{run} >&- 2>&- <&-; echo $? >"$1/code"', '{{ {run} 2>&1 >"$1/best.json"; echo $? >"$1/code"; }} | head -c 5'],
    ids=["closed", "left"],
)
def test_that_a_study_is_run_to_its_end_though_nobody_reads(line: str, tmp_path: Path) -> None:
    run = f'"$0" "{ROOT}/main.py" run --tutorial --trials 3 --epochs 1 --out "$1/s.afina"'
    subprocess.run(["sh", "-c", line.format(run=run), sys.executable, tmp_path], timeout=240, check=False)
    assert (tmp_path / "code").read_text() == "0\n"
    assert len(StudyProgress.of(read_study(tmp_path / "s.afina")).finished) == 3
    best = [path.name for path in tmp_path.glob("best.json")]
    assert not best or json.loads((tmp_path / "best.json").read_text())["study"]["trials"] == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["code", "s.afina", *best])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "gone.json"], "cannot be read"),
        (["run", "bad.json"], "not JSON"),
        (["run", "--tutorial", "--trials", "0"], "between 1"),
        (["run", "--tutorial", "--epochs", "0"], "at least 1"),
        (["run", "--tutorial", "--seed", "-4"], "seed"),
        (["run", "--tutorial", "--out", "bad.json"], "exists already"),
        (["resume", "gone.afina"], "There is no file"),
        (["show", "bad.json"], "not an Afina study"),
        (["settings", "gone.afina"], "There is no file"),
        (["export", "bad.json", "--format", "csv"], "not an Afina study"),
        (["export", "bad.json"], "--format"),
        (["run"], "--tutorial"),
        (["run", "--tutorial", "--trials", "many"], "many"),
    ],
)
def test_that_bad_input_is_a_sentence_and_exit_code_2(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    done = afina(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert (tmp_path / "bad.json").read_text() == "{"


def test_that_version_and_help_import_nothing_heavy(tmp_path: Path) -> None:
    probe = (
        "import sys; sys.argv = ['main.py', sys.argv[1]]; sys.path.insert(0, sys.argv.pop() and {root!r})\n"
        "import main\n"
        "try: main.main(['{flag}'])\n"
        "except SystemExit: pass\n"
        "heavy = {{'numpy', 'tensorflow', 'keras', 'skopt', 'PySide6', 'pyqtgraph'}} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    for flag in ("--version", "--help"):
        code = probe.format(root=str(ROOT), flag=flag)
        done = subprocess.run(
            [sys.executable, "-c", code, "x"], capture_output=True, text=True, cwd=tmp_path, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert "Afina" in done.stdout or "run" in done.stdout
