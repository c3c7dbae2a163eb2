"""What the command line shows to a server: a token, read by reference, and sent only where nobody else can read it.

It reads references itself: to load what serves the product takes longer than most commands.
"""

import os
from pathlib import Path

from datacenter_docs.domain.addresses import is_safe_way
from datacenter_docs.domain.errors import Invalid, Refused


def header(reference: str, url: str) -> dict[str, str]:
    """The header for a server; empty reference: none. Raises `Invalid`, which never repeats what was read, and `Refused` for a
    server beyond this machine that does not encrypt.
    """
    if not reference:
        return {}
    token = _read(reference)
    if not token.isascii() or not token or any(c.isspace() for c in token):
        raise Invalid(f"What {reference} refers to is no token.")
    if not is_safe_way(url):
        raise Refused(f"A token is not sent over plain HTTP: ask for https, not {url}.")
    return {"Authorization": f"Bearer {token}"}


def _read(reference: str) -> str:
    scheme, _, name = reference.partition(":")
    if scheme == "env":
        return os.environ.get(name, "")  # noqa: TID251 - as in the reader of secrets
    if scheme == "file":
        try:
            return Path(name).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Invalid(f"The token of {reference} cannot be read: {type(error).__name__}.") from error  # fmt: skip
    raise Invalid("Give the token as env:NAME or file:PATH, so that it stands in no list of processes.")  # fmt: skip
