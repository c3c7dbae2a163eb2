"""What can be broken in the world, as data: what it changes, what people write about it, how it is cured, and how one sees
whether it is broken, whole, or worse. `fault.py` the shape, one table per platform, `table.py` all of them, `oracle.py`
the judge.
"""
