"""The storage room: btrfs and xfs volumes of Linux machines, over SSH or on this machine.

`settings.py` what the owner says. `session.py` the hosts with their shells. `answers.py` what the tools of a host say.
`host.py` asks them. `nouns.py` values; `mapping.py` those as resources. `reader.py`, `expanding.py`, `clearing.py` and
`room.py` what the server calls.
"""
