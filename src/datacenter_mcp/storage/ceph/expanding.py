"""Makes an image larger, to an absolute size; never smaller. Ceph could cut an image again, and with it whatever its guest
has written there: what is inside is not ours to see, so for us there is no way back.
"""

from datacenter_mcp.contract.errors import Broken, Refused
from datacenter_mcp.contract.reading import Scalar
from datacenter_mcp.room import Effect
from datacenter_mcp.storage.ceph.cluster import Cluster
from datacenter_mcp.storage.ceph.nouns import Image, Pool
from datacenter_mcp.storage.operations import GRAIN_BYTES, ExpandParameters, size_to_reach


def state(image: Image) -> dict[str, Scalar | list[Scalar]]:
    """What the operation changes."""
    return {"size_bytes": image.size_bytes}


async def expand(
    cluster: Cluster, image: Image, wanted: ExpandParameters, *, dry_run: bool
) -> Effect:
    """Resize the image. Raises `InvalidRequest` for a smaller size, `Refused` when its pool has not so much room."""
    before = state(image)
    size = size_to_reach(wanted, image.size_bytes, image.spec)
    if size is None:
        return Effect(before, before, detail=f"It has {image.size_bytes} bytes already.")
    _check((await cluster.pool(image.pool)).value, size - image.size_bytes)
    if dry_run:
        would = [f"Grow {image.spec} from {image.size_bytes} to {size} bytes."]
        return Effect(before, before, would=would)
    await cluster.resize(image, size // GRAIN_BYTES)
    after = (await cluster.image(image.pool, image.key)).value
    if after.size_bytes < wanted.size_bytes:
        raise Broken(f"{image.spec} did not become as large as it should.", sent=True)
    detail = f"{image.spec} has {after.size_bytes} bytes now"
    return Effect(before, state(after), changed=True, detail=detail)


def _check(pool: Pool, more: int) -> None:
    """An image takes room only as it is written; room that the pool has not got is promised to nobody all the same."""
    if not pool.writable:
        raise Refused(f"The pool {pool.name} takes no writes.", sent=False)
    if pool.free_bytes < more:
        raise Refused(
            f"The pool {pool.name} has {pool.free_bytes} bytes free; {more} are needed.",
            sent=False,
        )
