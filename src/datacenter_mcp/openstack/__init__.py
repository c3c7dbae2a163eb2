"""The OpenStack room: one project of a cloud, or all of them, through the services' own APIs.

`settings.py` what the owner says. `login.py` opens a connection of the SDK, `session.py` asks over it, `refusals.py` turns
a "no" into the contract's errors. `answers.py` what the services answer, `api.py` asks for one thing or all of a kind.
`mapping.py`, `instances.py` and `quotas.py` those as resources, `wellness.py` their health, `actions.py` an instance's
action log. `reader.py` reads; `target.py` is what is acted upon, `restarting.py` and `resizing.py` act, each operation a
`deed.py`; `room.py` is what the server calls.
"""
