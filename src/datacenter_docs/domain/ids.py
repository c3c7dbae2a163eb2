"""Names of things: how a resource is addressed, and which platforms there are."""

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from datacenter_docs.domain.errors import Invalid


class Platform(StrEnum):
    """The five kinds of systems that a connection can speak for."""

    VMWARE = "vmware"
    KUBERNETES = "kubernetes"
    NETWORK = "network"
    STORAGE = "storage"
    OPENSTACK = "openstack"


class ResourceId(NamedTuple):
    """`platform:connection:kind:native-id`, stable as long as the platform keeps its own id; the last part may hold colons."""

    platform: str
    connection: str
    kind: str
    native: str

    @classmethod
    @lru_cache(maxsize=16_384)  # a ticket asks for every name of the estate
    def parse(cls, text: str) -> "ResourceId":
        """Read an id. Raises `Invalid` when a part is missing or empty."""
        parts = text.split(":", 3)
        if len(parts) != 4 or not all(parts):
            raise Invalid(
                f"{text!r} is not a resource id. Write platform:connection:kind:native-id, "
                "for example network:lab:interface:r1/eth1."
            )
        return cls(*parts)

    def __str__(self) -> str:
        return f"{self.platform}:{self.connection}:{self.kind}:{self.native}"
