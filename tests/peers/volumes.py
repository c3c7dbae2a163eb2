"""Real volumes: a btrfs and an xfs on loop devices.

By hand: `python -m tests.peers.volumes start` prints an estate file; `... stop` removes all volumes started by hand.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from tests.peers import btrfs_past, slots
from tests.peers.slots import run

KIND = "volumes"
PACKAGES = ("btrfs-progs", "xfsprogs", "util-linux", "mount")
MIB = 1024 * 1024
SIZE = 512 * MIB
FILESYSTEMS = ("btrfs", "xfs")
HISTORY = "history"
"""The name of the btrfs whose snapshots are old."""


@dataclass(frozen=True)
class Volumes:
    """Two mounted file systems of `SIZE` bytes on loop files."""

    slot: int

    @property
    def folder(self) -> Path:
        return slots.ROOT / KIND / str(self.slot)

    def image(self, filesystem: str) -> Path:
        return self.folder / f"{filesystem}.img"

    def mount(self, filesystem: str) -> Path:
        return self.folder / filesystem

    def uuid(self, filesystem: str) -> str:
        """The oracle's file system UUID."""
        return run("findmnt", "-n", "-o", "UUID", str(self.mount(filesystem))).strip()

    def loop(self, filesystem: str) -> str:
        """The loop device under a volume."""
        return run("findmnt", "-n", "-o", "SOURCE", str(self.mount(filesystem))).strip()

    def size(self, filesystem: str) -> int:
        """The oracle's size, as `statfs` says, in bytes."""
        return int(run("df", "-B1", "--output=size", str(self.mount(filesystem))).split()[-1])

    def snapshot(self, name: str) -> Path:
        """A read-only snapshot of the btrfs."""
        path = self.mount("btrfs") / name
        run("btrfs", "subvolume", "snapshot", "-r", str(self.mount("btrfs")), str(path))
        return path

    @contextmanager
    def with_history(self, days: int, *names: str) -> Iterator[Path]:
        """The mount of one more btrfs, with read-only snapshots that are so old.

        They are made where nobody else sees the mount: as long as it lived in the namespace of another process, the
        kernel would go on with what it remembers of them, whatever stands on the disk.
        """
        image, mount = self.image(HISTORY), self.mount(HISTORY)
        mount.mkdir(parents=True)
        _format("btrfs", image)
        taken = " && ".join(
            f"btrfs subvolume snapshot -r {mount} {mount}/{name} && btrfs subvolume show {mount}/{name}"
            for name in names
        )
        text = run("unshare", "--mount", "sh", "-c",
                   f"mount -o loop {image} {mount} && {taken} && umount {mount}")  # fmt: skip
        own = re.findall(r"^\s*UUID:\s*(\S+)$", text, re.MULTILINE)
        parents = re.findall(r"^\s*Parent UUID:\s*(\S+)$", text, re.MULTILINE)
        then = datetime.now(UTC) - timedelta(days=days)
        for one, parent in zip(own, parents, strict=True):
            btrfs_past.set_created_at(image, UUID(one), UUID(parent), then)
        run("mount", "-o", "loop", str(image), str(mount))
        try:
            yield mount
        finally:
            self.remove(HISTORY)

    def remove(self, name: str) -> None:
        """Unmount a volume and let go of its file, whatever there is of it."""
        image = self.image(name)
        run("umount", str(self.mount(name)), check=False)
        for loop in run("losetup", "-n", "-O", "NAME", "-j", str(image), check=False).split():
            run("losetup", "-d", loop, check=False)

    def snapshots(self, volume: str = "btrfs") -> set[str]:
        """The oracle's names of the read-only snapshots."""
        text = run("btrfs", "subvolume", "list", "-s", "-r", str(self.mount(volume)))
        return {line.rpartition(" path ")[2] for line in text.splitlines()}

    def settings(self) -> dict[str, object]:
        """What the storage room needs to know."""
        return {"hosts": [{"name": "nas1", "host": "local"}]}


def start(owner: str) -> Volumes:
    """Make and mount the volumes. Raises `PeerMissingError` with what this machine lacks."""
    slots.need(PACKAGES)
    volumes = Volumes(slots.take(KIND, owner, lambda slot: _clean(Volumes(slot))))
    try:
        _clean(volumes)
        for filesystem in FILESYSTEMS:
            mount, image = volumes.mount(filesystem), volumes.image(filesystem)
            mount.mkdir(parents=True)
            _format(filesystem, image)
            run("mount", "-o", "loop", str(image), str(mount))
    except BaseException:
        stop(volumes)
        raise
    return volumes


def stop(volumes: Volumes) -> None:
    """Unmount and remove everything."""
    _clean(volumes)
    slots.give_back(KIND, volumes.slot)


def _format(filesystem: str, image: Path) -> None:
    with image.open("wb") as file:
        file.truncate(SIZE)
    run(f"mkfs.{filesystem}", "-q", "-f", str(image))


def _clean(volumes: Volumes) -> None:
    for name in (*FILESYSTEMS, HISTORY):
        volumes.remove(name)
    if not any(volumes.mount(name).is_mount() for name in (*FILESYSTEMS, HISTORY)):
        shutil.rmtree(volumes.folder, ignore_errors=True)


def main(verb: str) -> None:
    """Start volumes and print their estate file, or stop all that were started by hand."""
    if verb == "stop":
        for slot in slots.kept(KIND):
            stop(Volumes(slot))
        return
    volumes = start(slots.KEPT)
    slots.show_estate("disks", "storage", volumes.settings())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "start")
