"""Gives a snapshot of an unmounted btrfs another date, on the disk: the kernel dates snapshots itself, by its own clock only.

The format: https://btrfs.readthedocs.io/en/latest/dev/On-disk-format.html
"""

import mmap
from datetime import datetime
from pathlib import Path
from uuid import UUID

NODE_BYTES = 16_384
CHECKSUM = slice(0, 4)
CHECKED_FROM = 32
OTIME_AFTER_UUID = 92
"""In a root item: its own UUID, then its parent's; its `otime` is so many bytes after the first."""


def set_created_at(image: Path, uuid: UUID, parent: UUID, at: datetime) -> None:
    """Date the snapshot `uuid` of the subvolume `parent`, in every copy of its root item. Raises `LookupError` when there
    is none.
    """
    wanted, found, place = uuid.bytes + parent.bytes, 0, -1
    with image.open("r+b") as file, mmap.mmap(file.fileno(), 0) as data:
        while (place := data.find(wanted, place + 1)) >= 0:
            start = place - place % NODE_BYTES
            node = bytearray(data[start : start + NODE_BYTES])
            if int.from_bytes(node[CHECKSUM], "little") != crc32c(node[CHECKED_FROM:]):
                continue  # not a node: what an older one left there
            otime = place - start + OTIME_AFTER_UUID
            node[otime : otime + 8] = int(at.timestamp()).to_bytes(8, "little")
            node[CHECKSUM] = crc32c(node[CHECKED_FROM:]).to_bytes(4, "little")
            data[start : start + NODE_BYTES] = bytes(node)
            found += 1
    if not found:
        raise LookupError(f"{image} has no snapshot {uuid}")


def _table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


TABLE = _table()


def crc32c(data: bytearray) -> int:
    """The checksum of a btrfs's own nodes."""
    value = 0xFFFFFFFF
    for byte in data:
        value = (value >> 8) ^ TABLE[(value ^ byte) & 0xFF]
    return value ^ 0xFFFFFFFF
