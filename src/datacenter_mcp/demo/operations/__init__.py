"""What can be done to the world: every operation of the catalogue, pure: a view in, steps out.

`operation.py` the shape; one module per platform; `catalogue.py` all of them by platform.
"""
