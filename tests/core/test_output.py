"""Output: every encoding shows something, and a reader that goes, or never was, ends nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.export.exporters import EXPORTERS
from core.headless import output
from core.headless.output import READER_GONE, outcome, prepare_output
from core.progress import StudyProgress
from core.store.reader import read_study

ROOT = Path(__file__).resolve().parents[2]
STUDY = ROOT / "tests" / "data" / "schema-3.afina"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the shell of POSIX closes streams")
PYTHONS_OWN = ("PYTHONIOENCODING", "PYTHONUTF8", "LC_ALL", "LC_CTYPE", "LANG")


def environment(**changes: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in PYTHONS_OWN} | changes


def afina(*arguments: str, **changes: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "main.py", *arguments],
        cwd=ROOT,
        env=environment(**changes),
        capture_output=True,
        timeout=120,
        check=False,
    )


def shell(line: str, *arguments: Path, **changes: str) -> subprocess.CompletedProcess[bytes]:
    """Run the line in a shell, in which $0 is Python and $1, $2 … are the arguments."""
    return subprocess.run(
        ["sh", "-c", line, sys.executable, *arguments],
        cwd=ROOT,
        env=environment(**changes),
        capture_output=True,
        timeout=240,
        check=False,
    )


# Encodings


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("val loss ↓ 3 – 4 ± 1 × 10 ≤ 5", "val loss (min) 3 - 4 +/- 1 x 10 <= 5"),
        ("“Müller’s” ★ … é ₂ ﬁ", '"Muller\'s" * ... e 2 fi'),
        ("學 \U0001f600", "? ?"),
        (os.fsdecode(b"caf\xe9\xff"), "caf\\xe9\\xff"),
        ("\ud800", "?"),
    ],
)
def test_that_what_an_encoding_has_not_is_written_otherwise(text: str, shown: str) -> None:
    assert text.encode("ascii", output._ERRORS).decode() == shown


@pytest.mark.parametrize(
    ("encoding", "changes"),
    [
        ("cp1252", {"PYTHONIOENCODING": "cp1252"}),
        ("ascii", {"PYTHONIOENCODING": "ascii:strict"}),
        ("utf-16", {"PYTHONIOENCODING": "utf-16"}),
        ("ascii", {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}),
    ],
)
def test_that_a_study_is_listed_in_every_encoding_its_columns_in_line(encoding: str, changes: dict[str, str]) -> None:
    done = afina("show", str(STUDY), **changes)
    assert (done.returncode, done.stderr) == (0, b"")
    head, *rows = done.stdout.decode(encoding).splitlines()
    assert ("↓" if encoding == "utf-16" else "(min)") in head
    best = next(row for row in rows if row.startswith(("★", "*")))
    assert best[head.index("train loss") - 2 :].startswith("  16.92")


def test_that_a_refusal_is_written_in_every_encoding(tmp_path: Path) -> None:
    done = afina("show", str(tmp_path / "gîte – 學.afina"), PYTHONIOENCODING="ascii:strict")
    assert done.returncode == 2
    assert done.stderr.decode("ascii").startswith("Error: There is no file ")
    assert done.stderr.decode("ascii").rstrip().endswith("gite - ?.afina")


@POSIX
def test_that_bytes_of_a_name_that_are_not_text_are_shown() -> None:
    done = shell('"$0" main.py show "$1"', Path(os.fsdecode(b"no\xffthing.afina")))
    assert done.stderr == b"Error: There is no file no\\xffthing.afina\n"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have one screen")
def test_that_a_window_without_a_screen_is_refused_with_a_sentence() -> None:
    done = afina(DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"Error: There is no screen for the window. main.py --help shows what works without\n"


def test_that_epochs_that_cannot_be_are_named() -> None:
    done = afina("run", "--tutorial", "--epochs", "0")
    assert done.stderr == b"Error: --epochs: The value (0) must be at least 1 and at most 1000000\n"


@pytest.mark.parametrize("name", EXPORTERS)
def test_that_what_other_programs_read_is_the_file_byte_for_byte(name: str) -> None:
    done = afina("export", str(STUDY), "--format", name, PYTHONIOENCODING="cp1252")
    assert done.stdout == EXPORTERS[name].text(StudyProgress.of(read_study(STUDY))).encode()
    assert done.stderr == b""


# Readers that go, streams that are closed


@POSIX
@pytest.mark.parametrize("command", ["show", "export --format csv"])
def test_that_a_closed_pipe_is_quiet_and_told_by_the_exit_code(command: str) -> None:
    done = shell(f'{{ "$0" main.py {command} "$1"; echo $? >&2; }} | :', STUDY)
    assert done.stderr.decode() == f"{READER_GONE}\n"


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_that_output_that_cannot_be_written_is_a_sentence() -> None:
    done = shell('"$0" main.py show "$1" >/dev/full', STUDY)
    assert done.stderr.decode() == "Error: the output cannot be written: No space left on device\n"
    assert done.returncode == 1


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
@pytest.mark.parametrize("words", ["--help", "run --help", "--version"])
def test_that_help_that_cannot_be_written_is_told_too(words: str) -> None:
    done = shell(f'"$0" main.py {words} >/dev/full')
    assert (done.returncode, done.stderr) == (1, b"Error: the output cannot be written: No space left on device\n")


@POSIX
@pytest.mark.parametrize("command", ["show", "settings", "export --format csv"])
def test_that_the_output_of_a_study_does_not_go_into_it(command: str, tmp_path: Path) -> None:
    study, link = tmp_path / "a.afina", tmp_path / "link.txt"
    study.write_bytes(STUDY.read_bytes())
    link.symlink_to(study)
    for target in (study, link):
        done = shell(f'"$0" main.py {command} "$1" >> "$2"', study, target)
        assert (done.returncode, study.read_bytes()) == (2, STUDY.read_bytes())
        assert b"Error: Standard output leads into a.afina itself" in done.stderr


@POSIX
@pytest.mark.parametrize("closed", [">&-", ">&- 2>&- <&-"])
def test_that_a_command_works_with_closed_streams(closed: str, tmp_path: Path) -> None:
    target = tmp_path / "best.csv"
    done = shell(f'"$0" main.py export "$1" --format csv --out "$2" {closed}', STUDY, target)
    assert done.returncode == 0
    assert target.read_bytes().startswith(b"trial,")
    assert shell(f'"$0" main.py show nothing {closed}').returncode == 2


WRITES = """
import os, subprocess, sys
from core.headless.output import prepare_output

prepare_output()
with open(sys.argv[1], "wb") as file:
    assert file.fileno() > 2
    print("to nobody")
    print("to nobody", file=sys.stderr, flush=True)
    os.write(1, b"from C")
    os.write(2, b"from C")
    subprocess.run([sys.executable, "-c", "import os; os.write(1, b'x'); os.write(2, b'x')"], check=True)
    file.write(b"its own")
"""


@POSIX
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-", ">&- 2>&- <&-"])
def test_that_no_file_gets_the_output_of_a_closed_stream(closed: str, tmp_path: Path) -> None:
    (tmp_path / "writes.py").write_text(WRITES)
    done = shell(f'"$0" "$1" "$2" {closed}', tmp_path / "writes.py", tmp_path / "file", PYTHONPATH=str(ROOT))
    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "file").read_bytes() == b"its own"


def test_that_a_lasting_stream_keeps_its_first_error_and_drops_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    with open(writing, "w", encoding="latin-1") as pipe:  # noqa: PTH123  it has no name
        monkeypatch.setattr(sys, "stdout", pipe)
        monkeypatch.setattr(sys, "stderr", pipe)
        prepare_output()
        sys.stdout.write("é – è\n")
        sys.stdout.flush()
        assert os.read(reading, 100) == b"\xe9 - \xe8\n"
        assert outcome(0) == 0
        os.close(reading)
        for _ in range(3):
            sys.stdout.write("to nobody\n")
            sys.stdout.flush()
        assert (outcome(0), outcome(1), outcome(2)) == (READER_GONE, 1, 2)
