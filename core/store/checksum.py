"""The checksum of a row, by which a reader knows that every value is the one that was recorded."""

import zlib
from collections.abc import Iterable
from typing import Any

import msgspec

_pack = msgspec.msgpack.Encoder().encode


def row_checksum(row: tuple[Any, ...]) -> int:
    """Return the CRC-32 of a row's values (integers, floats, text, None) in MessagePack."""
    return zlib.crc32(_pack(row))


def row_checksums(rows: Iterable[tuple[Any, ...]]) -> tuple[int, ...]:
    """Return the checksum of each of many rows, whose last value, the checksum itself, is left out."""
    return tuple(map(zlib.crc32, map(_pack, [row[:-1] for row in rows])))
