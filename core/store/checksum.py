"""The checksum of a row; it shows a reader that every value is still the recorded one."""

import zlib
from collections.abc import Iterable
from typing import Any

import msgspec

_pack = msgspec.msgpack.Encoder().encode


def row_checksum(row: tuple[Any, ...]) -> int:
    """Return the CRC-32 of a row's values (integers, floats, text, None) in MessagePack."""
    return zlib.crc32(_pack(row))


def row_checksums(rows: Iterable[tuple[Any, ...]]) -> tuple[int, ...]:
    """Return the checksum of each row; the row's last value, the recorded checksum, is left out."""
    return tuple(map(zlib.crc32, map(_pack, [row[:-1] for row in rows])))
