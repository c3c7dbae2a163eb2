"""The base of every value that is stored or travels: frozen, and unknown fields are an error.

Also the one way to turn a value into canonical bytes, because hashes of plans, policies and journal records must
not depend on the order in which somebody wrote the keys.
"""

import hashlib
import json
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

Scalar = bool | int | float | str | None
"""What a fact or a parameter may hold."""


class Value(BaseModel):
    """A frozen value. To change one, make a new one: `value.replaced(field=...)`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def replaced(self, **changes: Any) -> Self:
        """A validated copy with the given fields replaced. Raises pydantic's `ValidationError` for a wrong one."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate({**fields, **changes})


_CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)


def canonical_json(data: Any) -> str:
    """JSON with sorted keys, no spaces and no escapes beyond the needed. Raises `ValueError` for NaN and infinity."""
    return _CANONICAL.encode(data)


def content_hash(data: Any) -> str:
    """The sha256 of the canonical JSON, as 64 hex digits."""
    return hashlib.sha256(canonical_json(data).encode("utf-8", "surrogatepass")).hexdigest()
