"""Settings and arguments as models. What is wrong is told by its place, never by its value: it may be a secret."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from datacenter_mcp.contract.errors import InvalidRequest
from datacenter_mcp.contract.reading import Wire

M = TypeVar("M", bound=Wire)


def validated(model: type[M], data: Mapping[str, Any], what: str) -> M:
    """The data as a model. Raises `InvalidRequest` that begins with `what`."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidRequest(f"{what}: {sentence(error)}", sent=False) from None


def sentence(error: ValidationError) -> str:
    """All that is wrong, by place."""
    return "; ".join(
        f"{'.'.join(str(part) for part in item['loc']) or 'as a whole'}: {item['msg']}"
        for item in error.errors(include_input=False, include_url=False)
    )
