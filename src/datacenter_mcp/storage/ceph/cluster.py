"""Asks a cluster. Lists of images are read pool by pool, in two commands; only an image that has snapshots or a parent is
asked by itself, since no command tells the dates of snapshots and the use of such images for a whole pool.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from datacenter_mcp.contract.errors import Broken, NotFound, RoomError
from datacenter_mcp.readings import Reading
from datacenter_mcp.storage.ceph import answers
from datacenter_mcp.storage.ceph.command import Command
from datacenter_mcp.storage.ceph.nouns import Image, Pool, Snapshot, State

SEPARATOR = "--8<--"
# The extents are summed up there: an image of a terabyte has a quarter of a million. `|| exit` keeps what rbd says.
READ_IMAGE = f"""
pool=$1 key=$2 name=$3; shift 3
rbd "$@" --format=json snap ls --pool="$pool" --image-id="$key" || exit
echo '{SEPARATOR}'
extents=$(rbd "$@" diff --whole-object --pool="$pool" --image="$name") || exit
echo "$extents" | awk '
  $3 == "data" {{ sum += $2; next }}
  NF && $3 != "Type" && $3 != "zero" {{ odd = 1 }}
  END {{ if (odd) print "?"; else printf "%.0f", sum }}'
"""


@dataclass(frozen=True, slots=True)
class Images:
    """The images of a pool, and by spec those that could not be read."""

    found: Sequence[Image]
    sick: Mapping[str, RoomError]


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster, by the name that its owner gave it."""

    name: str
    command: Command

    async def state(self) -> Reading[State]:
        """How it is as a whole."""
        text = await self.command.ceph("status")
        return Reading(answers.state(text), "ceph status", text, {"cluster": self.name})

    async def software(self) -> str:
        """What its daemons are."""
        return answers.software(await self.command.ceph("versions"))

    async def pools(self) -> Reading[Sequence[Pool]]:
        """All pools."""
        usage, osd_map = await asyncio.gather(
            self.command.ceph("df"), self.command.ceph("osd", "dump")
        )
        return Reading(
            answers.pools(usage, osd_map), "ceph df", usage + osd_map, {"cluster": self.name}
        )

    async def pool(self, name: str) -> Reading[Pool]:
        """One pool. Raises `NotFound`."""
        reading = await self.pools()
        for pool in reading.value:
            if pool.name == name:
                return reading.holding(pool)
        raise NotFound(f"There is no pool {name!r} in {self.name}.")

    async def rates(self, pool: str) -> Mapping[str, float]:
        """What clients do to a pool right now."""
        return answers.pool_rates(await self.command.ceph("osd", "pool", "stats"), pool)

    async def image_count(self, pool: str) -> int:
        """How many images a pool has."""
        return len(answers.names(await self.command.rbd("--format=json", "ls", f"--pool={pool}")))

    async def images(self, pool: str) -> Reading[Images]:
        """The images of a pool with their snapshots; those that vanish while they are read are left out."""
        listed, usage = await asyncio.gather(
            self.command.rbd("--format=json", "ls", "--long", f"--pool={pool}"),
            self.command.rbd("--format=json", "du", f"--pool={pool}"),
        )
        found, special = answers.images(pool, listed, usage)
        sick: dict[str, RoomError] = {}

        async def completed(image: Image) -> Image | None:
            if image.key not in special:
                return image
            try:
                return await self.measured(image)
            except NotFound:
                return None
            except RoomError as error:
                sick[image.spec] = error
                return None

        whole = await asyncio.gather(*(completed(image) for image in found))
        images = Images([image for image in whole if image is not None], sick)
        arguments = {"cluster": self.name, "pool": pool}
        return Reading(images, "rbd ls", listed + usage, arguments)

    async def image(self, pool: str, key: str) -> Reading[Image]:
        """One image, not yet `measured`. Raises `NotFound`."""
        words = ("--format=json", "info", f"--pool={pool}", f"--image-id={key}")
        text = await self.command.rbd(*words)
        arguments = {"cluster": self.name, "pool": pool, "image_id": key}
        return Reading(answers.image(pool, text), "rbd info", text, arguments)

    async def measured(self, image: Image) -> Image:
        """The image with what it uses, and its snapshots."""
        text = await self.command.script(READ_IMAGE, image.pool, image.key, image.name)
        listed, _, used = text.partition(SEPARATOR)
        if not used.strip().isdecimal():
            raise Broken(f"rbd diff of {image.spec} answered something else than expected.")
        return replace(image, used_bytes=int(used), snapshots=answers.snapshots(listed))

    async def snapshots(self, image: Image) -> Reading[Sequence[Snapshot]]:
        """The snapshots of an image, oldest first."""
        words = ("--format=json", "snap", "ls", f"--pool={image.pool}", f"--image-id={image.key}")
        text = await self.command.rbd(*words)
        arguments = {"cluster": self.name, "pool": image.pool, "image_id": image.key}
        return Reading(answers.snapshots(text), "rbd snap ls", text, arguments)

    async def clones(self, image: Image, snapshot: Snapshot) -> Sequence[str]:
        """The images that were made of a snapshot and still need it, also those in the trash."""
        where = (f"--pool={image.pool}", f"--image={image.name}", f"--snap-id={snapshot.number}")
        return answers.children(
            await self.command.rbd("--format=json", "children", "--all", *where)
        )

    async def consumers(self, image: Image) -> Sequence[str]:
        """Who has an image open."""
        where = (f"--pool={image.pool}", f"--image={image.name}")
        return answers.watchers(await self.command.rbd("--format=json", "status", *where))

    async def resize(self, image: Image, mib: int) -> None:
        """Make an image larger; `rbd` itself refuses to make it smaller."""
        where = (f"--pool={image.pool}", f"--image={image.name}")
        await self.command.rbd("resize", "--no-progress", f"--size={mib}M", *where)

    async def remove(self, image: Image, snapshot: Snapshot) -> None:
        """Remove a snapshot by its number, which no other one can have taken over."""
        where = (f"--pool={image.pool}", f"--image-id={image.key}")
        await self.command.rbd("snap", "rm", *where, f"--snap-id={snapshot.number}")
