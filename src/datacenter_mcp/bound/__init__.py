"""A server of somebody else, bound to our contract: its tools are called, and its answers said in our words.

`binding.py` what a binding file says. `expressions.py` picks values out of answers. `server.py` the other server, as
its client. `reader.py`, `actuator.py` and `room.py` what our server calls. `bindings/` the bindings that we ship.
"""
