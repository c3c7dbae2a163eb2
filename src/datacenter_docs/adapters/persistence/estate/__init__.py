"""The estate in the database: versions of resources, what was measured of them, and the surveys that saw it.

`tables.py` the schema; `reader.py` and `recorder.py` the two ports; the others what these are made of. An ADR says why
there are versions and not a row for each fact.
"""
