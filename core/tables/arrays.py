"""Reads NumPy's files as columns: the arrays of an NPZ file, or the one of an NPY file. Nothing is unpickled."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile, ZipInfo

import numpy as np
import polars as pl
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.errors import DataError
from core.files import open_file
from core.tables.parsing import UNREADABLE, members_of, parsed

Array = NDArray[Any]

MAGIC = npy.MAGIC_PREFIX
"""The first bytes of an array in a file."""
_UNITS = {"M": ("D", "ms", "us", "ns"), "m": ("ms", "us", "ns")}
"""The units that polars knows, of dates (M) and of durations (m)."""
_LAST_LETTER, _HALVES = 0x10FFFF, range(0xD800, 0xE000)
"""The number of the last letter in Unicode, and those of half letters, which no text has."""
_FINER = ("ps", "fs", "as")
_NO_COLUMN = {"c": "complex numbers", "M": "dates beyond all bounds", "m": "durations without a fixed unit"}
"""What arrays hold of which no column can be made, by the letter of their type; all others hold raw bytes."""
_PART = re.compile("train|test|val", re.IGNORECASE)
"""The part of a data set that an array is of, in its name."""
_SHOWN, _LONGEST = 3, 60
"""How many names a sentence lists, and how many of a name's characters it shows."""


@dataclass
class Arrays:
    """The columns in a file: `names`, which may repeat or be empty; `notes` are sentences on what is left out."""

    names: list[str] = field(default_factory=list)
    columns: list[pl.Series] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, array: Array) -> None:
        """Add an array's columns; those of a matrix have its name and a number, those of records their own."""
        if array.dtype.names is not None:
            for own in array.dtype.names:
                self.add(own, array[own])
            return
        flat = array.reshape(len(array), math.prod(array.shape[1:]))
        columns = [column for column in map(_column, flat.T) if column is not None]
        if len(columns) < flat.shape[1]:
            self.notes.append(f"“{name}” holds {_NO_COLUMN.get(array.dtype.kind, 'raw bytes')}: it is left out")
            return
        numbered = len(columns) > 1 and name
        self.names += [f"{name}_{index}" if numbered else name for index in range(len(columns))]
        self.columns += columns


def read_arrays(path: Path, most_columns: int, *, by_part: bool = False) -> Arrays:
    """Return the columns in the file. Raises DataError, before it reads an array of more than `most_columns`.

    `by_part`: where all arrays are for training or for tests, those for training are returned.
    """
    found = Arrays()
    with open_file(path) as file:
        if file.read(len(MAGIC)) == MAGIC:
            size = path.stat().st_size
            arrays = [("", _array(path, "", partial(open_file, path), size, most_columns))]
        else:
            arrays = list(_in_archive(path, file, most_columns, found.notes))
    if by_part:
        arrays = _for_training(arrays, found.notes)
    rows = sorted({len(array) for _name, array in arrays if array.ndim})
    if len(rows) > 1:
        raise DataError(f"The arrays in {path.name} have different numbers of rows: {_listed(rows)}")
    if rows == [0]:
        raise DataError(f"{path.name} holds no rows: its arrays are empty")
    for name, array in arrays:
        if array.ndim:
            with parsed(_damaged(path, name)):  # a text in it may be no Unicode
                found.add(name, array)
        else:
            found.notes.append(f"“{name}” is a single value, not a column: it is left out")
    if not found.columns:
        raise DataError(". ".join([f"{path.name} {UNREADABLE}: no array in it can be a column", *found.notes[:_SHOWN]]))
    return found


def _for_training(arrays: list[tuple[str, Array]], notes: list[str]) -> list[tuple[str, Array]]:
    """Return the arrays for training if all others in the file are for tests, as in Keras's own files; else all."""
    parts = [_PART.search(name) for name, _array in arrays]
    if not all(parts) or len({part[0].lower() for part in parts if part}) == 1:
        return arrays
    kept = [pair for pair, part in zip(arrays, parts, strict=True) if part and part[0].lower() == "train"]
    left = [f"“{name}”" for name, _array in arrays if name not in dict(kept)]
    if kept:
        notes.append(f"The arrays for training are read; {_listed(left)} are left out, because Afina splits by itself")
    return kept or arrays


def _in_archive(path: Path, file: IO[bytes], most_columns: int, notes: list[str]) -> Iterator[tuple[str, Array]]:
    """Yield the names and arrays in a zip file; note what else is in it."""
    with parsed(f"{path.name} {UNREADABLE}: it is no NPZ file, or not a whole one. Save the arrays again with NumPy"):
        archive = ZipFile(file)
    members = members_of(path, archive, path.stat().st_size)
    arrays = [info for info in members if _is_array(path, archive, info)]
    others = [info.filename for info in members if info not in arrays]
    if not arrays:
        held = f"but {_listed([f'“{name[:_LONGEST]}”' for name in others])}" if others else "nor anything else"
        raise DataError(
            f"{path.name} {UNREADABLE}: it is no NPZ file, whatever its name says. It holds no arrays, {held}"
        )
    notes += [f"“{name}” is no array: it is left out" for name in others]
    for info in arrays:
        name = info.filename.removesuffix(".npy")
        yield name, _array(path, name, partial(archive.open, info), info.file_size, most_columns)


def _is_array(path: Path, archive: ZipFile, info: ZipInfo) -> bool:
    with parsed(_damaged(path, info.filename)), archive.open(info) as member:
        return member.read(len(MAGIC)) == MAGIC


def _array(path: Path, name: str, opened: Callable[[], IO[bytes]], size: int, most_columns: int) -> Array:
    """Read an array from a stream of so many bytes. Raises DataError, before it reads anything that cannot be used."""
    what = f"“{name}” in it" if name else "its array"
    with parsed(_damaged(path, name)):
        with opened() as stream:
            version = npy.read_magic(stream)
            read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
            shape, _by_columns, dtype = read(stream)
        if dtype.hasobject:
            raise DataError(
                f"{path.name} {UNREADABLE}: {what} holds Python objects, which could run a program when they are "
                "loaded. Save numbers or texts"
            )
        columns = math.prod(shape[1:])
        if columns > most_columns:
            raise DataError(
                f"{path.name} {UNREADABLE}: {what} has {columns:,} columns, and Afina takes up to {most_columns:,}"
            )
        if math.prod(shape) * max(1, dtype.itemsize) > size:
            raise EOFError
        with opened() as stream:
            found: Array = npy.read_array(stream, allow_pickle=False)
    return found


def _column(values: Array) -> pl.Series | None:
    """Return the values of one column as polars holds them; None when it cannot."""
    match values.dtype.kind:
        case "b" | "i" | "u" | "S":
            return pl.Series(values.astype(values.dtype.newbyteorder("=")))
        case "U":
            return _texts(values)
        case "f":
            return pl.Series(values.astype(np.float64 if values.dtype.itemsize > 8 else values.dtype.newbyteorder("=")))
        case "M" | "m":
            return _in_a_known_unit(values)
    return None


def _texts(values: Array) -> pl.Series:
    """Return the texts. Raises ValueError when they are no Unicode: polars would take them, and crash later."""
    native = np.ascontiguousarray(values.astype(values.dtype.newbyteorder("=")))
    letters = native.view(np.uint32)
    if ((letters > _LAST_LETTER) | ((letters >= _HALVES.start) & (letters < _HALVES.stop))).any():
        raise ValueError
    return pl.Series(native)


def _in_a_known_unit(values: Array) -> pl.Series | None:
    kind, unit = values.dtype.kind, np.datetime_data(values.dtype)
    if unit[0] == "generic" or (kind == "m" and unit[0] in ("Y", "M")):
        return None
    wanted = unit[0] if unit[0] in _UNITS[kind] and unit[1] == 1 else "ns" if unit[0] in _FINER else "us"
    made = values.astype(f"{kind}8[{wanted}]")
    column = pl.Series(made)
    wrapped = wanted == "us" and not np.array_equal(made.astype(values.dtype), values, equal_nan=True)
    return None if wrapped or column.null_count() > np.isnat(values).sum() else column  # None: some are out of bounds


def _damaged(path: Path, name: str) -> str:
    return (
        f"{path.name} {UNREADABLE}: {f'“{name}” in it' if name else 'it'} is damaged. Save the arrays again with NumPy"
    )


def _listed(held: list[Any]) -> str:
    return ", ".join(map(str, held[:_SHOWN])) + (f" and {len(held) - _SHOWN} more" if len(held) > _SHOWN else "")
