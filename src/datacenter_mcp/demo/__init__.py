"""The demo datacenter: one simulated world behind five MCP servers that speak the contract.

The world is a pure function: `building/` makes what there is from a seed and a size, `changes.py` lays over it what has
happened, and `physics/` says what follows from both at a moment (`view.py`). What has happened is a short list that only
grows (`store.py`), so five servers, the command line and whoever comes after a restart see the same world (`world.py`).
`operations/` are what the catalogue asks of a platform, `faults/` what can be broken and how one sees that it is whole
again, `room.py` the five rooms.
"""
