"""The network room: routers and switches, read and operated by command line over SSH or on this machine.

`settings.py` what the owner says. `session.py` the devices with their drivers. `drivers/` what each kind of device
answers. `nouns.py` the values that drivers return. `mapping.py` those as resources. `paths.py` which interface carries
our own session. `backups.py` configurations as they were before a change. `reader.py`, `actuator.py` and `room.py`
what the server calls.
"""
