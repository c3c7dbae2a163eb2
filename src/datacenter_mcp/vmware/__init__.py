"""The VMware room: vCenter and ESXi, over their SOAP API.

`settings.py` what the owner says. `wire.py` requests and raw answers, TLS. `session.py` login, limits, threads.
`faults.py` the vendor's errors as ours. `asking.py` property reads in few calls. `answers.py` what they answer.
`tree.py` what contains what. `mapping.py`, `vms.py` and `happenings.py` the answers as resources; `performance.py`
counters; `health.py` how well they are. `reader.py` lists and describes. `machine.py` a VM as operations see it, `deed.py`
what an operation consists of; `restarting.py`, `snapshotting.py` and `resizing.py` are those, `tasks.py` waits for them.
`room.py` what the server calls.
"""
