"""The VMware room: vCenter and ESXi, over their SOAP API.

`settings.py` what the owner says. `wire.py` requests and raw answers, TLS. `session.py` login, limits, threads.
`faults.py` the vendor's errors as ours. `asking.py` property reads in few calls. `answers.py` what they answer.
`tree.py` what contains what. `mapping.py`, `vms.py` and `happenings.py` the answers as resources; `performance.py`
counters. `reader.py` lists and describes. `machine.py` a VM as operations see it; `restarting.py`, `snapshotting.py`,
`resizing.py` change it, `tasks.py` waits. `room.py` what the server calls.
"""
