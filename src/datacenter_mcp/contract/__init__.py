"""What every platform server offers, as Pydantic models: the only thing that brain and hands share.

`reading.py` resources, facts, health, metrics, look. `acting.py` operation requests and results. `errors.py` typed
errors. `tools.py` the names of the tools and what each takes.
"""
