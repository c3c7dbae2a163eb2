"""Asks a host's own tools: util-linux, coreutils, btrfs-progs, xfsprogs. Names that came from a host go back to it only as
words of their own, never through a shell string, and never where an option could be read.
"""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, replace

from datacenter_mcp.contract.errors import Broken
from datacenter_mcp.readings import Reading
from datacenter_mcp.shell.command import CommandResult, Shell
from datacenter_mcp.storage.linux import answers
from datacenter_mcp.storage.linux.nouns import Details, Snapshot, Volume

COLUMNS = "SOURCE,TARGET,FSTYPE,UUID,SIZE,USED,AVAIL,OPTIONS,FSROOT"
SEPARATOR = "--8<--"
# "$@" is the prefix (sudo -n, or nothing): without root, findmnt may not see a file system's UUID. findmnt and losetup
# exit with 1 and say nothing when there is nothing to show.
READ_VOLUMES = f"""
"$@" findmnt -J -b -l -t btrfs,xfs -o {COLUMNS}; echo '{SEPARATOR}'
losetup -J -l -O NAME,BACK-FILE; echo '{SEPARATOR}'
grep -sH . /sys/class/block/*/size; :
"""


@dataclass(frozen=True, slots=True)
class Host:
    """One Linux machine with volumes."""

    name: str
    shell: Shell
    sudo: bool

    @property
    def _prefix(self) -> list[str]:
        return ["sudo", "-n"] if self.sudo else []

    async def answers(self) -> Reading[str]:
        """The kernel it runs; cheap, so it also tells whether the host answers."""
        text = (await self.shell.run(["uname", "-sr"])).wanted(f"uname on {self.name}")
        return Reading(text.strip(), "uname", text, {"host": self.name})

    async def volumes(self) -> Reading[Sequence[Volume]]:
        """All mounted btrfs and xfs file systems, not yet `measured`."""
        argv = ["sh", "-c", READ_VOLUMES, "sh", *self._prefix]
        result = await self.shell.run(argv)
        text = result.wanted(f"findmnt on {self.name}")
        parts = text.split(SEPARATOR)
        if len(parts) != 3:
            raise Broken(f"{self.name} does not answer like a Linux machine.")
        if (
            not parts[0].strip() and result.stderr.strip()
        ):  # it complains: that is not "no volumes"
            CommandResult(1, "", result.stderr).wanted(f"findmnt on {self.name}")
        found = answers.volumes(parts[0], parts[1], answers.sectors(parts[2]))
        return Reading(found, "findmnt", text, {"host": self.name})

    async def measured(self, volume: Volume) -> Volume:
        """The volume with its real size: for xfs, `statfs` leaves the log out."""
        if volume.filesystem != "xfs":
            return volume
        block, blocks = answers.xfs_blocks(await self.tool(["xfs_info", volume.mountpoint]))
        return replace(volume, size_bytes=block * blocks)

    async def details(self, volume: Volume) -> Details:
        """What the file system's own tool adds."""
        if volume.filesystem == "btrfs":
            argv = ["btrfs", "--format", "json", "device", "stats", volume.mountpoint]
            devices, errors = answers.device_errors(await self.tool(argv))
            return Details(devices=devices, device_errors=errors)
        argv = ["df", "--output=iused,iavail", "--", volume.mountpoint]
        used, free = answers.two_numbers(await self.tool(argv), "df")
        return Details(inodes_used=used, inodes_free=free)

    async def snapshots(self, volume: Volume) -> Reading[Sequence[Snapshot]]:
        """The read-only snapshots of a volume, oldest first; none where the file system has none."""
        if not volume.can_snapshot:
            return Reading([], "none", "")
        argv = [
            "btrfs",
            "subvolume",
            "list",
            "-s",
            "-r",
            "-q",
            "-u",
            volume.mountpoint,
        ]
        result = await self.shell.run(["env", "TZ=UTC", *self._prefix, *argv])
        text = result.wanted(f"btrfs on {self.name}")
        found = sorted(answers.snapshots(text), key=lambda one: (one.created_at, one.number))
        return Reading(
            found, "btrfs subvolume list", text, {"host": self.name, "path": volume.mountpoint}
        )

    async def free_for_file(self, path: str) -> int:
        """Bytes that the file system under a file still has."""
        text = await self.tool(["df", "-B1", "--output=avail,size", "--", posixpath.dirname(path)])
        return answers.two_numbers(text, "df")[0]

    async def tool(self, argv: Sequence[str]) -> str:
        """The output of a tool that needs root. Raises `Refused` or `Broken` when it fails."""
        return (await self.run(argv)).wanted(f"{argv[0]} on {self.name}")

    async def run(self, argv: Sequence[str]) -> CommandResult:
        """Run a tool that needs root."""
        return await self.shell.run([*self._prefix, *argv])
