"""A Linux host with btrfs and xfs file systems.

`answers.py` what its tools say. `host.py` asks them. `nouns.py` values; `mapping.py` those as resources. `expanding.py` and
`clearing.py` change them. `system.py` all of it, as the room sees it.
"""
