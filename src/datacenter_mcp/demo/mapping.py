"""Things of the world as resources of the contract: keys become ids of the connection. Pure."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from datacenter_mcp.contract.reading import Resource, Scalar, Source
from datacenter_mcp.demo.things import Thing, parts, valued
from datacenter_mcp.demo.view import Seen, View
from datacenter_mcp.ids import Naming
from datacenter_mcp.readings import Reading, facts

POINTERS = ("_id", "_ids")


def resource(view: View, naming: Naming, thing: Thing, tool: str) -> Resource:
    """A thing as it is now."""
    return _resource(view, naming, thing, view.facts(thing.key), tool)


def departed(view: View, naming: Naming, thing: Thing, tool: str) -> Resource:
    """A pod that was replaced, as the cluster still remembers it."""
    last = {
        name: valued(value, view.now)
        for name, value in thing.attributes.items()
        if not name.startswith("_")
    }
    ended: dict[str, Seen] = {
        "phase": "Succeeded",
        "ready": False,
        "terminating": True,
        "restart_count": 0,
    }
    return _resource(view, naming, thing, {**last, **ended}, tool)


def source(
    view: View, naming: Naming, tool: str, arguments: Mapping[str, Any], payload: object
) -> Source:
    """The call that read something of the world."""
    raw = json.dumps(payload, sort_keys=True)
    read = Reading(None, tool, raw, arguments, datetime.fromtimestamp(view.now, UTC))
    return read.source(naming.connection)


def _resource(
    view: View, naming: Naming, thing: Thing, said: Mapping[str, Seen], tool: str
) -> Resource:
    named = {
        name: _pointed(naming, value) if name.endswith(POINTERS) else value
        for name, value in said.items()
    }
    kind = parts(thing.key).kind
    return Resource(
        id=identified(naming, thing.key),
        kind=kind,
        name=thing.name,
        parent=identified(naming, thing.parent) if thing.parent else None,
        facts=facts(named),
        source=source(view, naming, tool, {"kind": kind}, named),
    )


def identified(naming: Naming, key: str) -> str:
    """The id of a key in this connection."""
    name = parts(key)
    return naming.name(name.kind, name.native)


def _pointed(naming: Naming, value: Seen) -> Seen:
    """Keys of things of the same platform as ids; what is no such key stays (`vlan_id`, `machine_id`)."""
    if isinstance(value, list):
        return [_pointed_one(naming, one) for one in value]
    return _pointed_one(naming, value)


def _pointed_one(naming: Naming, value: Scalar) -> Scalar:
    if isinstance(value, str) and value.startswith(f"{naming.platform}:"):
        return identified(naming, value)
    return value
