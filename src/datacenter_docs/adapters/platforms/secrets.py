"""Turns a reference (`env:NAME`, `file:PATH`) into the secret, at the last moment. Never logs, never repeats a value."""

import os
from pathlib import Path

from datacenter_docs.domain.errors import Invalid


def resolve(reference: str) -> str:
    """The secret behind a reference, without trailing line ends. Raises `Invalid` naming the reference, never the value."""
    scheme, _, name = reference.partition(":")
    if scheme == "env":
        value = os.environ.get(name)  # noqa: TID251 - the one place beside settings that reads the environment
        if not value:
            raise Invalid(
                f"The environment variable {name} is not set, and {reference} refers to it: set it and start again."
            )
        return value
    if scheme == "file":
        try:
            return Path(name).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise Invalid(
                f"The secret file of {reference} cannot be read: {type(error).__name__}."
            ) from error
    raise Invalid("A secret must be given as env:NAME or file:PATH.")
