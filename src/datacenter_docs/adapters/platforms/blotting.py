"""Secrets out of what is said: by the rules of the contract for whatever leaves this machine, and by their very values where
these are known, since a server may repeat the credential that it was given.
"""

from collections.abc import Collection
from typing import Any

from pydantic_core import to_json

from datacenter_mcp.contract.redaction import BLOT, redacted

SHORTEST_VALUE = 6
"""A shorter secret is a word of too many texts to be taken out of them."""


def blotted(text: str) -> str:
    """The text without its secrets."""
    return redacted(text)[0]


def without(said: Any, secrets: Collection[str]) -> Any:
    """Text, or JSON, without secrets whose values are known. What holds none comes back as it is."""
    known = [secret for secret in secrets if len(secret) >= SHORTEST_VALUE]
    return _without(said, known) if known and _may_hold(said, known) else said


def _may_hold(said: Any, secrets: Collection[str]) -> bool:
    """Looks at it written down, which takes a fifth of a walk through a long listing; nearly none holds a secret."""
    try:
        written = to_json(said)
        return any(to_json(secret)[1:-1] in written for secret in secrets)
    except ValueError:  # half a surrogate pair, or something that JSON does not know
        return True


def _without(said: Any, secrets: Collection[str]) -> Any:
    if isinstance(said, str):
        for secret in secrets:
            said = said.replace(secret, BLOT)
        return said
    if isinstance(said, dict):
        return {_without(key, secrets): _without(value, secrets) for key, value in said.items()}
    if isinstance(said, list):
        return [_without(one, secrets) for one in said]
    return said
