"""Secrets that must be found nowhere: planted where the product's own secrets are, and looked for byte by byte."""

import base64
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

VALUES: Mapping[str, str] = {
    "CANARY_MODEL_KEY": "canary-model-7f3a9c51e2",
    "CANARY_ROGUE": "canary-rogue-b81d04c6aa",
    "CANARY_PASSWORD": "canary-device-19e5d7f03b",
    "CANARY_HTTP": "canary-http-c2a6f8430d",
    "CANARY_FILE": "canary-file-5d90b7e1c4",
}
"""Names of variables, and what is in them. The last is in a file."""


def forms(value: str) -> Iterator[bytes]:
    """A value as it may be written: plain, in base64 at each offset, in hex, reversed, in a URL, as UTF-16."""
    plain = value.encode()
    yield plain
    for offset in range(3):
        coded = base64.b64encode(b"x" * offset + plain)
        yield coded[4 if offset else 0 : -4]
    yield plain.hex().encode()
    yield plain[::-1]
    yield urllib.parse.quote(value, safe="").encode()
    yield value.encode("utf-16-le")


def leaked(content: bytes) -> list[str]:
    """Which of them stand in it, in whatever form."""
    return [
        name for name, value in VALUES.items() if any(form in content for form in forms(value))
    ]


def leaks(files: Iterable[Path]) -> dict[str, list[str]]:
    """File -> which of them stand in it."""
    found = {str(path): leaked(path.read_bytes()) for path in files if path.is_file()}
    return {path: names for path, names in found.items() if names}
