"""The demo's past: six months of tickets, lived through by the real services on the simulated datacenter.

`story.py` who writes when about what; `clock.py` a time that can be set; `people.py` what people answer; `rehearsing.py`
lets it happen; `preparing.py` does so once.
"""
