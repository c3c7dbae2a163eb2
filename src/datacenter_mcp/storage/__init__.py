"""The storage room: btrfs and xfs volumes of Linux machines, over SSH or on this machine.

`settings.py` what the owner says. `session.py` the hosts with their shells. `linux/` a host and its file systems.
`reader.py` and `room.py` what the server calls.
"""
