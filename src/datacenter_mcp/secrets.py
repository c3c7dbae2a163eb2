"""Secrets by reference: settings hold `env:NAME` or `file:PATH`, never the value. Errors name the reference only."""

import os
from pathlib import Path

from datacenter_mcp.contract.errors import InvalidRequest

SIZE_LIMIT = 64 * 1024
"""Bytes; no password, token or private key is longer."""


def resolve(reference: str) -> str:
    """The secret, without the newline at its end. Raises `InvalidRequest` when there is none or it is empty."""
    scheme, _, rest = reference.partition(":")
    if scheme == "env" and rest:
        secret = os.environ.get(rest, "")
        where = f"The environment variable {rest}"
    elif scheme == "file" and rest:
        secret = _read(Path(rest))
        where = f"The file {rest}"
    else:
        raise InvalidRequest("A secret is given by reference: env:NAME or file:PATH.")
    if not secret:
        raise InvalidRequest(f"{where} is not set or empty; a secret is expected there.")
    return secret


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(SIZE_LIMIT + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest(
            f"The file {path} cannot be read; a secret is expected there."
        ) from error
    if len(text) > SIZE_LIMIT:
        raise InvalidRequest(f"The file {path} is too large for a secret.")
    return text.rstrip("\r\n")
