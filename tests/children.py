"""What the child processes of the tests run."""

import sys
import time
from multiprocessing.connection import Connection


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
    time.sleep(100)
