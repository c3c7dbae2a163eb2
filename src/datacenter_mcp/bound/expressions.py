"""JMESPath expressions of a binding: checked when it is read, evaluated on what the other server answered. Pure.

An expression may hold `{name}` for a part of the target's id; what replaces it is a plain word, so that an id cannot
change what is asked.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator

from datacenter_mcp.contract.errors import Broken, InvalidRequest
from datacenter_mcp.contract.reading import Scalar

_SLOT = re.compile(r"\{([a-z_]+)\}")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,252}")


@lru_cache(maxsize=1_024)
def _compiled(text: str) -> Any:
    return jmespath.compile(text)


def _checked(text: str) -> str:
    try:
        _compiled(_SLOT.sub("x", text))
    except JMESPathError as error:
        raise ValueError(f"is no JMESPath: {error}") from error
    return text


Expression = Annotated[str, AfterValidator(_checked)]
"""A JMESPath. Raises pydantic's error when it is none."""


def value(expression: str, data: Any, words: Mapping[str, str] | None = None) -> Any:
    """What the expression says of the data; None: nothing. Raises `Broken` where the data do not fit it."""
    text = (
        _SLOT.sub(lambda slot: plain((words or {})[slot[1]]), expression) if words else expression
    )
    try:
        return _compiled(text).search(data)
    except JMESPathError as error:
        raise Broken(f"The answer does not fit the binding at {expression!r}.") from error


def fact(expression: str, data: Any) -> Scalar | list[Scalar]:
    """The same for a fact: a scalar, or a list of scalars. Raises `Broken` for anything else."""
    found = value(expression, data)
    scalars = found if isinstance(found, list) else [found]
    if not all(one is None or isinstance(one, bool | int | float | str) for one in scalars):
        raise Broken(f"{expression!r} of the binding gives no plain value.")
    result: Scalar | list[Scalar] = found
    return result


def filled(template: Any, words: Mapping[str, Any]) -> Any:
    """Arguments of a call with their slots filled. A text that is one slot takes the value as it is, a number stays one."""
    if isinstance(template, Mapping):
        return {name: filled(part, words) for name, part in template.items()}
    if isinstance(template, list):
        return [filled(part, words) for part in template]
    if not isinstance(template, str):
        return template
    whole = _SLOT.fullmatch(template)
    if whole:
        return words[whole[1]]
    return _SLOT.sub(lambda slot: str(words[slot[1]]), template)


def slots(template: Any) -> frozenset[str]:
    """The names that a template asks for."""
    if isinstance(template, Mapping):
        return frozenset().union(*(slots(part) for part in template.values()))
    if isinstance(template, list):
        return frozenset().union(*(slots(part) for part in template))
    return frozenset(_SLOT.findall(template)) if isinstance(template, str) else frozenset()


def plain(word: str) -> str:
    """The word, when it is one. Raises `InvalidRequest` for anything that could mean something in an expression."""
    if not _PLAIN.fullmatch(word):
        raise InvalidRequest(f"{word!r} cannot be part of an id here.", sent=False)
    return word
