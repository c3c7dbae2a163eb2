"""The storage room: btrfs and xfs volumes of Linux machines and RBD images of Ceph clusters, over SSH or from this machine.

`settings.py` what the owner says. `system.py` what the room needs of a host or a cluster; `session.py` all of a connection.
`linux/` a host and its file systems; `ceph/` a cluster. `operations.py` and `choosing.py` what holds for both. `reader.py` and
`room.py` what the server calls.
"""
