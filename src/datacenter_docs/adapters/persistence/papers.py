"""Values as JSON text in a column."""

import json
from typing import Any

from pydantic_core import to_jsonable_python


def to_text(value: Any) -> str:
    """The JSON of a value. NaN and infinity survive, which Pydantic's own JSON turns into null: a value that was accepted
    once must always be readable again.
    """
    return json.dumps(to_jsonable_python(value), separators=(",", ":"), ensure_ascii=False)
