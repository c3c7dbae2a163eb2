"""The Kubernetes room: one cluster, through its API server.

`settings.py` what the owner says. `login.py` opens a client of it, `session.py` asks over HTTP, `refusals.py` turns a
"no" into the contract's errors. `answers.py`, `objects.py` and `controllers.py`: the shapes of what is answered;
`api.py` asks for one object, or all of a kind. `naming.py`: who is meant by a native id. `mapping.py`, `workloads.py`,
`pods.py` and `volumes.py`: objects as resources; `wellness.py`: their health. `reader.py` reads. `restarting.py`,
`scaling.py` and `rolling_back.py` act, with `changing.py` and `quotas.py`. `room.py` is what the server calls.
"""
