"""Runs exported scripts in forks of a process that has loaded Keras: `python -P script_server.py`.

Reads a script's path a line and answers with its exit code; what it prints is in files beside it. No module of Afina
can be imported here.
"""

import os
import runpy
import sys
import traceback
import warnings
from pathlib import Path

import keras  # noqa: F401
import sklearn.preprocessing  # noqa: F401


def run(path: str) -> None:
    """Be the interpreter of that script alone."""
    os.chdir(Path(path).parent)
    for descriptor, ending in ((1, ".out"), (2, ".err")):
        os.dup2(os.open(path + ending, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    sys.argv, sys.path[:0] = [path], [str(Path(path).parent)]
    code = 1
    try:
        runpy.run_path(path, run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else end.code is not None
    except BaseException:  # noqa: BLE001  as the interpreter would
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


for line in sys.stdin:
    with warnings.catch_warnings(action="ignore"):  # newer Pythons warn of forks where there are threads
        child = os.fork()
    if not child:
        sys.stdin.close()
        run(line.strip())
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201
