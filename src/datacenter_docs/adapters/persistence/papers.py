"""Values as JSON text in a column."""

from typing import Any

from pydantic_core import to_json


def to_text(value: Any) -> str:
    """The JSON of a value. NaN and infinity survive: a value that was accepted once must always be readable again."""
    return to_json(value, inf_nan_mode="constants").decode()
