"""The parameters of each operation, as closed models: absolute values with the unit in the name.

One model gives both the JSON Schema that the catalogue shows and the check of a plan. Strict: `"4"` is not a number.
"""

from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from datacenter_docs.domain.values import Value

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
"""A name that a platform gives or takes; no spaces, so that it is never read as a command line."""


class Parameters(Value):
    """The base of all; without fields it is the parameters of an operation that takes none."""

    model_config = ConfigDict(strict=True)


class RestartVm(Parameters):
    """`allow_reset`: fall back to a hard reset when the guest does not answer; only where the policy says so."""

    allow_reset: bool = False


class SnapshotName(Parameters):
    """One snapshot, by name."""

    snapshot_name: Name


class MemoryMib(Parameters):
    """The memory that the VM shall have, in MiB; platforms count in steps of 4."""

    memory_mib: Annotated[int, Field(ge=4, le=25_165_824, multiple_of=4)]


class CpuCount(Parameters):
    """The virtual CPUs that the VM shall have."""

    cpu_count: Annotated[int, Field(ge=1, le=1_024)]


class Replicas(Parameters):
    """The pods that the deployment shall have."""

    replicas: Annotated[int, Field(ge=0, le=10_000)]


class Revision(Parameters):
    """The revision of the deployment to go to, as the platform counts them from 1."""

    revision: Annotated[int, Field(ge=1)]


class SizeBytes(Parameters):
    """The size that the volume shall have, in bytes."""

    size_bytes: Annotated[int, Field(ge=1, le=2**63 - 1)]


class OlderThan(Parameters):
    """The least age of what is removed, in seconds; an hour at least, so that nothing in use right now is meant."""

    older_than_seconds: Annotated[int, Field(ge=3_600)]


class Flavor(Parameters):
    """The flavor that the instance shall have, by name or id."""

    flavor: Name


MODELS: dict[str, type[Parameters]] = {
    "restart_vm": RestartVm,
    "snapshot_vm": SnapshotName,
    "delete_snapshot": SnapshotName,
    "increase_memory": MemoryMib,
    "decrease_memory": MemoryMib,
    "increase_cpu": CpuCount,
    "decrease_cpu": CpuCount,
    "restart_pod": Parameters,
    "scale_deployment": Replicas,
    "rollback_deployment": Revision,
    "clear_interface_errors": Parameters,
    "enable_port": Parameters,
    "disable_port": Parameters,
    "restart_interface": Parameters,
    "expand_volume": SizeBytes,
    "shrink_volume": SizeBytes,
    "clear_snapshots": OlderThan,
    "reboot_instance": Parameters,
    "resize_instance": Flavor,
    "confirm_resize": Flavor,
    "revert_resize": Flavor,
}
"""Operation -> what it takes. A test holds that the catalogue has the same names."""


def schema_of(operation: str) -> dict[str, Any]:
    """The JSON Schema of an operation's parameters; closed. Raises `KeyError` for an unknown operation."""
    return MODELS[operation].model_json_schema()
