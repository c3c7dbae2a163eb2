"""Builds the world: racks of some 200 things each, all alike but for their names and details. Pure in seed, size and birth.

`rack.py` who is called what and what is plugged into what; one module per platform; `world.py` puts them together.
"""
