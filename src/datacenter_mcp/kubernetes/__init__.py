"""The Kubernetes room: one cluster, through its API server.

`settings.py` what the owner says. `login.py` opens a client of it, `session.py` asks over HTTP, `refusals.py` turns a
"no" into the contract's errors. `answers.py`, `objects.py` and `controllers.py` what the API server says, `naming.py` who is meant by a native id. `api.py`
asks for one thing or all of a kind. `mapping.py`, `workloads.py`, `pods.py` and `volumes.py` those as resources,
`wellness.py` their health. `reader.py` reads; `restarting.py`, `scaling.py`, `rolling_back.py` act, with `changing.py` and `quotas.py`; `room.py` is
what the server calls.
"""
