"""What the child processes of the tests run."""

import os
import signal
import subprocess
import sys
import time
import warnings
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
import numpy as np

from core.analysis.process import Ask, Drop, Told, run_analysis
from core.children.conversation import Parent
from core.children.process import expect_faults_of_others, host_program
from core.events import EpochEnded, TrialEnded, TrialState
from core.rehearsal.configurations import Measured
from core.rehearsal.rehearser import Loaded
from core.search.searchers import run_search
from core.trainers.worker import Ready, Reports
from core.training.request import TrialRequest
from tests.evil import misbehave


def start_another(connection: Connection) -> None:
    """Start a process that nobody waits for, tell its number, and wait."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    connection.send_bytes(str(process.pid).encode())
    if connection.recv_bytes() == b"end yourself":
        os._exit(3)


def log_and_end(connection: Connection) -> None:
    connection.recv_bytes()
    sys.stderr.write("my own words\nI0000 00:00:1780000000.000000    1 port.cc:153] oneDNN custom operations are on.\n")
    os._exit(5)


def warn_and_end(connection: Connection) -> None:
    connection.recv_bytes()
    sys.stderr.write("my own words\n")
    warnings.warn("an input_shape\nis not wanted", stacklevel=1)
    os._exit(5)


def be_the_program_at(connection: Connection) -> None:
    """Host one program after the other; tell the arguments, and what is in the folder where relative paths begin."""
    while True:
        host_program(connection.recv_bytes().decode())
        here = Path.cwd()
        told = [*sys.argv, str(here), ",".join(sorted(path.name for path in here.iterdir()))]
        connection.send_bytes("\n".join(told).encode())


def search_without_direction_numbers(connection: Connection) -> None:
    """Search as where SciPy's file of direction numbers is missing."""

    def load(file: str) -> None:
        raise FileNotFoundError(2, "No such file or directory", file)

    np.load = load  # type: ignore[assignment]
    run_search(connection)


def fall_over_somebody_elses_bug(connection: Connection) -> None:
    connection.recv_bytes()
    expect_faults_of_others()
    raise ValueError("a fault of theirs")


def echo(connection: Connection) -> None:
    while True:
        connection.send_bytes(connection.recv_bytes())


def fall_over_a_bug(connection: Connection) -> None:
    connection.recv_bytes()
    raise KeyError("a fault of ours")


def print_much(connection: Connection) -> None:
    for _ in range(1000):
        sys.stdout.write(("x" * 999 + "\n") * 10)
    sys.stderr.write("the end\n")
    connection.send_bytes(b"printed")
    connection.recv_bytes()
    sys.exit(3)


def hold(_connection: Connection) -> None:
    time.sleep(1e6)


def rehearse_by_script(connection: Connection, threads: int | None = None) -> None:
    """Be a rehearser without Keras that does what the number of epochs, and the batch size, say."""
    encode = msgspec.msgpack.Encoder().encode
    decode = msgspec.msgpack.Decoder(TrialRequest).decode
    connection.send_bytes(encode(Loaded(8 * 2**30)))
    while True:
        values = decode(connection.recv_bytes()).values
        connection.send_bytes(encode(Measured(weights=14, build_seconds=0.1, memory=2**29)))
        misbehave(int(values["epochs"]))
        misbehave(int(values["batch_size"]))
        connection.send_bytes(encode(Measured(weights=14, build_seconds=0.1, epoch_seconds=0.1, over=True)))


def answer_in_capitals(connection: Connection) -> None:
    """Answer a text with its capitals; but one word ends the process, one is never answered, and one is a bug."""
    parent: Parent[str, str] = Parent(connection, msgspec.msgpack.Decoder(str).decode)
    for question in parent.questions():
        match question:
            case "end":
                os._exit(3)
            case "wait":
                time.sleep(1e6)
            case "fall":
                raise KeyError("a fault of ours")
        parent.tell(question.upper())


def train_by_script(folder: Path, connection: Connection) -> None:
    """Be a worker without Keras; one that finds the file "lose" in the folder is killed before it has loaded."""
    if (folder / "lose").exists():
        os.kill(os.getpid(), signal.SIGKILL)
    encode = msgspec.msgpack.Encoder().encode
    decode = msgspec.msgpack.Decoder(TrialRequest).decode
    connection.send_bytes(encode(Ready()))
    while True:
        request = decode(connection.recv_bytes())
        loss = float(request.values["learning_rate"])
        epoch = EpochEnded(trial=request.trial, epoch=1, loss=loss, val_loss=loss, metrics={}, seconds=0.1)
        end = TrialEnded(
            trial=request.trial,
            state=TrialState.COMPLETE,
            epoch=1,
            seconds=0.1,
            objective=loss,
            scores=(loss,),
        )
        connection.send_bytes(encode(Reports((epoch, end))))
        if (folder / f"end after {request.trial}").exists():
            os._exit(3)


def lose_analysis(connection: Connection, folder: Path, times: int) -> None:
    """Be lost at the first question as often as that, by the files in the folder; then analyse."""
    lost = len(list(folder.iterdir()))
    if lost < times:
        connection.recv_bytes()
        (folder / str(lost)).touch()
        os._exit(3)
    run_analysis(connection)


def analyse_for_ever(connection: Connection, folder: Path) -> None:
    """Never come to an end with the first question; a second process analyses."""
    begun = folder / "begun"
    if begun.exists():
        run_analysis(connection)
    begun.touch()
    parent: Parent[Ask | Drop, Told] = Parent(connection, msgspec.msgpack.Decoder(Ask | Drop).decode)
    question = next(parent.questions())
    parent.tell(Told(question.number))
    while True:
        connection.recv_bytes()


def analyse_with_a_fault(connection: Connection) -> None:
    connection.recv_bytes()
    raise RuntimeError("a fault of ours")
