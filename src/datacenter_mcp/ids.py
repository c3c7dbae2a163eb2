"""Names of things on the wire: `platform:connection:kind:native-id`, where the native id may hold colons."""

from typing import NamedTuple

from datacenter_mcp.contract.errors import InvalidRequest, NotFound


class ResourceName(NamedTuple):
    """A parsed id. `native` is what the platform itself calls the thing."""

    platform: str
    connection: str
    kind: str
    native: str

    def __str__(self) -> str:
        return ":".join(self)


class Naming(NamedTuple):
    """Makes and reads the ids of one connection."""

    platform: str
    connection: str

    def name(self, kind: str, native: str) -> str:
        """The id of a thing of this connection."""
        return str(ResourceName(self.platform, self.connection, kind, native))

    def parse(self, text: str) -> ResourceName:
        """Read an id. Raises `InvalidRequest` when it is none, `NotFound` when it belongs to another connection."""
        parts = text.split(":", 3)
        if len(parts) != 4 or not all(parts):
            raise InvalidRequest(
                f"{text!r} is not an id. Write platform:connection:kind:native-id."
            )
        name = ResourceName(*parts)
        if (name.platform, name.connection) != self:
            raise NotFound(f"{text!r} does not belong to {self.platform}:{self.connection}.")
        return name
