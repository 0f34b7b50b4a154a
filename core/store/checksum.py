"""The checksum of a row, by which a reader knows that every value is the one that was recorded."""

import zlib
from typing import Any

import msgspec

_pack = msgspec.msgpack.Encoder().encode


def row_checksum(row: tuple[Any, ...]) -> int:
    """Return the CRC-32 of a row's values (integers, floats, text, None) in MessagePack."""
    return zlib.crc32(_pack(row))
