"""Persistent volumes and claims as resources of the contract. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from datacenter_mcp.contract.errors import Broken
from datacenter_mcp.contract.reading import Resource, Source
from datacenter_mcp.ids import Naming
from datacenter_mcp.kubernetes import naming
from datacenter_mcp.kubernetes.answers import Part, Quantities
from datacenter_mcp.kubernetes.mapping import Values, about_id, resource
from datacenter_mcp.kubernetes.objects import ObjectName, Volume, VolumeClaim

HANDLES: Mapping[str, Sequence[str]] = {
    "csi": ("volumeHandle",),
    "nfs": ("server", "path"),
    "rbd": ("pool", "image"),
    "cephfs": ("path",),
    "iscsi": ("targetPortal", "iqn", "lun"),
    "local": ("path",),
    "hostPath": ("path",),
    "cinder": ("volumeID",),
    "vsphereVolume": ("volumePath",),
    "awsElasticBlockStore": ("volumeID",),
    "gcePersistentDisk": ("pdName",),
    "azureDisk": ("diskURI",),
}
"""What a volume can be made of -> the fields that name it there."""


class VolumeSpec(Part):
    """What a volume is, whatever it is made of."""

    capacity: Quantities = {}
    storage_class_name: str | None = None
    access_modes: list[str] = []
    persistent_volume_reclaim_policy: str | None = None
    claim_ref: ObjectName | None = None


def volume(ids: Naming, item: Volume, source: Source) -> Resource:
    """A persistent volume. Raises `Broken` for one that makes no sense."""
    try:
        spec = VolumeSpec.model_validate(item.spec)
    except ValidationError as error:
        raise Broken(f"The persistent volume {item.metadata.name} makes no sense.") from error
    made_of, handle = handle_of(item.spec)
    claim = spec.claim_ref
    values: Values = {
        "phase": item.status.phase,
        "size_bytes": int(spec.capacity.get("storage", 0)),
        "storage_class": spec.storage_class_name or None,
        "access_modes": list(spec.access_modes),
        "reclaim_policy": spec.persistent_volume_reclaim_policy,
        "volume_source": made_of,
        "volume_handle": handle,
        "claim_id": about_id(ids, claim.model_copy(update={"kind": "PersistentVolumeClaim"}))
        if claim
        else None,
    }
    return resource(ids, "persistentvolume", item, values, source)


def handle_of(spec: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """What a volume is made of, and what that calls it: `10.0.0.1:/export` for NFS, `pool/image` for RBD."""
    for made_of, fields in HANDLES.items():
        given = spec.get(made_of)
        if isinstance(given, dict):
            between = ":" if made_of == "nfs" else "/"
            parts = [str(given[field]) for field in fields if field in given]
            driver = given.get("driver") if made_of == "csi" else None
            return str(driver or made_of), between.join(parts) or None
    return None, None


def claim(ids: Naming, item: VolumeClaim, source: Source) -> Resource:
    """A claim."""
    spec, got = item.spec, item.status.capacity.get("storage")
    name = spec.volume_name
    values: Values = {
        "phase": item.status.phase,
        "requested_bytes": int(spec.resources.requests.get("storage", 0)),
        "size_bytes": None if got is None else int(got),
        "storage_class": spec.storage_class_name or None,
        "access_modes": list(spec.access_modes),
        "volume_id": naming.resource_id(ids, "persistentvolume", None, name) if name else None,
    }
    return resource(ids, "persistentvolumeclaim", item, values, source)
