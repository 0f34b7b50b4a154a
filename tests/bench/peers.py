"""Environments of their own for the peers that Afina is measured against; none of them is a dependency of Afina."""

import hashlib
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

PEERS_FOLDER = Path(__file__).resolve().parents[2] / ".peers"
"""Where the environments are kept between runs; git ignores it."""


def peer_python(name: str, *installs: Sequence[str]) -> Path:
    """Return the interpreter of the environment `name`, made at the first call.

    Each of `installs` is what one `pip install` gets, in order; when they change the environment is made anew.
    """
    folder = PEERS_FOLDER / name
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    done = folder / "installed.txt"
    wanted = hashlib.sha256(repr([list(install) for install in installs]).encode()).hexdigest()
    if not done.exists() or done.read_text() != wanted:
        print(f"Installing the peers {name} into {folder} …", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        for install in installs:
            subprocess.run([python, "-m", "pip", "install", "-q", *install], check=True)
        done.write_text(wanted)
    return python
