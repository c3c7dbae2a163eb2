"""A Ceph cluster with RBD, through its own command line on a machine that has one.

`command.py` runs `ceph` and `rbd` and tells what their errors mean. `shapes.py` their JSON, `answers.py` what it says. `cluster.py` asks them.
`nouns.py` values; `mapping.py` those as resources. `reader.py` reads; `expanding.py` and `clearing.py` change; `system.py`
all of it, as the room sees it. `reader.caps`, `operator.caps`: the smallest capabilities of an account.
"""
