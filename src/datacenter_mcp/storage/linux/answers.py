"""What a host's tools answer, as values. Pure: text in, nouns out. Raises `Broken` for what makes no sense."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pydantic import Field, TypeAdapter

from datacenter_mcp.contract.errors import Broken, Refused
from datacenter_mcp.readings import Answer, parsed
from datacenter_mcp.storage.linux.nouns import Snapshot, Volume

SNAPSHOT_LINE = re.compile(
    r"^ID (?P<number>\d+) .*?otime (?P<day>\S+) (?P<time>\S+) parent_uuid (?P<parent>\S+)"
    r" +uuid (?P<uuid>\S+) path (?P<path>.+)$"
)
XFS_DATA = re.compile(r"^data\s.*\bbsize=(?P<block>\d+)\s+blocks=(?P<blocks>\d+)", re.MULTILINE)


class Mount(Answer):
    """An element of `findmnt -J`."""

    source: str
    target: str
    fstype: str
    uuid: str | None = None
    size: int
    used: int
    avail: int
    options: str = ""
    fsroot: str = "/"


class Mounts(Answer):
    """`findmnt -J`."""

    filesystems: list[Mount] = []


class Loop(Answer):
    """An element of `losetup -J`."""

    name: str
    file: str | None = Field(None, alias="back-file")


class Loops(Answer):
    """`losetup -J`."""

    loopdevices: list[Loop] = []


class DeviceStats(Answer):
    """An element of `btrfs device stats`; each count is a number in quotes."""

    write: int = Field(alias="write_io_errs")
    read: int = Field(alias="read_io_errs")
    flush: int = Field(alias="flush_io_errs")
    corruption: int = Field(alias="corruption_errs")
    generation: int = Field(alias="generation_errs")

    @property
    def total(self) -> int:
        """All errors of the device."""
        return self.write + self.read + self.flush + self.corruption + self.generation


class AllDeviceStats(Answer):
    """`btrfs --format json device stats`."""

    devices: list[DeviceStats] = Field(alias="device-stats")


def volumes(mounts: str, loops: str, sectors: Mapping[str, int]) -> Sequence[Volume]:
    """One volume per file system, at the mount that shows most of it. `sectors`: kernel name of a block device -> its
    size in sectors of 512 bytes. Raises `Refused` when the
    UUIDs are hidden from us: without them, file systems cannot be told apart.
    """
    files = {
        loop.name: loop.file
        for loop in parsed(TypeAdapter(Loops), loops.strip() or "{}", "losetup").loopdevices
    }
    found: dict[str, Volume] = {}
    every = parsed(TypeAdapter(Mounts), mounts.strip() or "{}", "findmnt").filesystems
    for mount in sorted(every, key=lambda mount: (len(mount.fsroot), len(mount.target))):
        if mount.uuid is None:
            raise Refused(
                f"findmnt does not show the UUID of {mount.target}: it needs root (sudo)."
            )
        if mount.uuid in found:
            continue
        device = mount.source.partition("[")[0]
        size = sectors.get(device.rpartition("/")[2])
        found[mount.uuid] = Volume(
            uuid=mount.uuid,
            mountpoint=mount.target,
            filesystem=mount.fstype,
            device=device,
            size_bytes=mount.size,
            used_bytes=mount.used,
            free_bytes=mount.avail,
            inside=mount.fsroot,
            backing_file=files.get(device),
            device_size_bytes=None if size is None else size * 512,
            writable="rw" in mount.options.split(","),
        )
    return list(found.values())


def sectors(text: str) -> Mapping[str, int]:
    """Lines `/sys/class/block/<name>/size:<sectors>`."""
    sizes = {}
    for line in text.splitlines():
        path, _, value = line.rpartition(":")
        parts = path.split("/")
        if len(parts) == 6 and value.isdecimal():
            sizes[parts[4]] = int(value)
    return sizes


def device_errors(text: str) -> tuple[int, int]:
    """How many devices a btrfs has, and how many errors they count."""
    stats = parsed(TypeAdapter(AllDeviceStats), text, "btrfs device stats").devices
    return len(stats), sum(device.total for device in stats)


def snapshots(text: str) -> Sequence[Snapshot]:
    """`btrfs subvolume list -s -r -q -u`, printed in UTC. A line that cannot be read is an error, never left out."""
    found = []
    for line in text.splitlines():
        match = SNAPSHOT_LINE.match(line)
        if match is None:
            raise Broken("btrfs subvolume list answered something else than expected.")
        try:
            created = datetime.fromisoformat(f"{match['day']}T{match['time']}").replace(tzinfo=UTC)
        except ValueError as error:
            raise Broken("btrfs subvolume list answered a time that is none.") from error
        found.append(
            Snapshot(int(match["number"]), match["uuid"], match["parent"], match["path"], created)
        )
    return found


def xfs_blocks(text: str) -> tuple[int, int]:
    """Bytes of a block and number of blocks of the data section, from `xfs_info`; `statfs` leaves the log out."""
    match = XFS_DATA.search(text)
    if match is None:
        raise Broken("xfs_info answered something else than expected.")
    return int(match["block"]), int(match["blocks"])


def two_numbers(text: str, what: str) -> tuple[int, int]:
    """The last line of a `df` with two columns."""
    words = (text.splitlines() or [""])[-1].split()
    if len(words) != 2 or not all(word.isdecimal() for word in words):
        raise Broken(f"{what} answered something else than expected.")
    return int(words[0]), int(words[1])
