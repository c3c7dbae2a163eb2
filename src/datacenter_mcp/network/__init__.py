"""The network room: routers and switches, read and operated by command line over SSH or on this machine.

`settings.py` what the owner says. `session.py` the devices with their shells. `drivers/` what each kind of device
answers. `nouns.py` the values that drivers return. `mapping.py` those as resources. `paths.py` which interface carries
our own session. `reader.py`, `actuator.py` and `room.py` what the server calls.
"""
