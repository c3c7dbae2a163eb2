"""Makes a volume larger, to an absolute size; never smaller. A loop file grows with it, a block device has to be large enough."""

from datacenter_mcp.contract.errors import Broken, Refused, Unsupported
from datacenter_mcp.contract.reading import Scalar
from datacenter_mcp.room import Effect
from datacenter_mcp.storage.linux import answers
from datacenter_mcp.storage.linux.host import Host
from datacenter_mcp.storage.linux.nouns import Details, Volume
from datacenter_mcp.storage.operations import ExpandParameters, size_to_reach


def state(volume: Volume) -> dict[str, Scalar | list[Scalar]]:
    """What the operation changes."""
    return {"size_bytes": volume.size_bytes}


async def expand(host: Host, volume: Volume, wanted: ExpandParameters, *, dry_run: bool) -> Effect:
    """Grow the backing where it is a loop file, then the file system. Raises `InvalidRequest` for a smaller size,
    `Unsupported` or `Refused` when the backing cannot give that much.
    """
    before = state(volume)
    size = size_to_reach(wanted, volume.size_bytes, volume.mountpoint)
    if size is None:
        return Effect(before, before, detail=f"It has {volume.size_bytes} bytes already.")
    await _check(host, volume, await host.details(volume), size)
    if dry_run:
        would = [f"Grow {volume.mountpoint} from {volume.size_bytes} to {size} bytes."]
        return Effect(before, before, would=would)
    if volume.backing_file and (volume.device_size_bytes or 0) < size:
        # `>`: at least; a file that is larger than its loop device is not cut.
        await host.tool(["truncate", f"--size=>{size}", "--", volume.backing_file])
        await host.tool(["losetup", "-c", volume.device])
    await _grow(host, volume, size)
    reading = await host.volumes()
    found = next((item for item in reading.value if item.uuid == volume.uuid), None)
    after = await host.measured(found) if found else None
    if after is None or after.size_bytes < wanted.size_bytes:
        raise Broken(f"{volume.mountpoint} did not become as large as it should.", sent=True)
    return Effect(
        before,
        state(after),
        changed=True,
        detail=f"{volume.mountpoint} has {after.size_bytes} bytes now",
    )


async def _check(host: Host, volume: Volume, details: Details, size: int) -> None:
    if not volume.writable:
        raise Refused(f"{volume.mountpoint} is mounted read-only.", sent=False)
    if details.devices != 1:
        raise Unsupported(f"{volume.mountpoint} spans {details.devices} devices.", sent=False)
    device_size = volume.device_size_bytes
    if device_size is None:
        raise Unsupported(f"The size of {volume.device} is not known.", sent=False)
    if device_size >= size:
        return
    if volume.backing_file is None:
        raise Unsupported(
            f"{volume.device} has {device_size} bytes, and is no loop file that could grow.",
            sent=False,
        )
    free = await host.free_for_file(volume.backing_file)
    if free < size - device_size:
        raise Refused(
            f"The file system under {volume.backing_file} has {free} bytes free; "
            f"{size - device_size} are needed.",
            sent=False,
        )


async def _grow(host: Host, volume: Volume, size: int) -> None:
    if volume.filesystem == "btrfs":
        await host.tool(["btrfs", "filesystem", "resize", str(size), volume.mountpoint])
        return
    block, _ = answers.xfs_blocks(await host.tool(["xfs_info", volume.mountpoint]))
    await host.tool(["xfs_growfs", "-D", str(size // block), volume.mountpoint])
