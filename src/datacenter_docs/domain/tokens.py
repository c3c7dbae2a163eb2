"""API tokens: what is known of one, and how it is written. Pure.

A token is written `dcdocs_<id>_<secret>`: a prefix that scanners of secrets can look for, an id that may be shown, and 256 random
bits. Only the sha256 of the secret is ever stored: so many random bits cannot be guessed from a hash, however fast it is,
which is what slow hashes and salts are for where people choose passwords (ADR 0016).
"""

import re
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Annotated, NamedTuple

from pydantic import Field

from datacenter_docs.domain.access import Role
from datacenter_docs.domain.tickets import PersonName, Text
from datacenter_docs.domain.values import Value

PREFIX = "dcdocs_"
_WRITTEN = re.compile(PREFIX + r"([0-9a-f]{12})_([0-9a-f]{64})")
LONGEST = timedelta(days=366)
"""No token lives longer; whoever needs one for longer rotates it."""
LONGEST_OVERLAP = timedelta(days=7)


class ApiToken(Value):
    """What may be shown of a token. `name`: whose it is; `note`: what it is for. `revoked_at` None: nobody took it away.

    `last_used_at`: to the minute, None: never. `replaces`: the id of the token that was rotated into this one.
    """

    token_id: str
    name: PersonName
    role: Role
    note: Annotated[Text, Field(max_length=200)] = ""
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    replaces: str | None = None

    def ended(self, now: datetime) -> str | None:
        """Why it does not open anything any more, as the end of a sentence; None: it does."""
        if self.revoked_at is not None:
            return "was revoked"
        return "has expired" if self.expires_at <= now else None


class Written(NamedTuple):
    """A token as its holder has it, in its parts."""

    token_id: str
    secret: str

    def __str__(self) -> str:
        return f"{PREFIX}{self.token_id}_{self.secret}"


def read(text: str) -> Written | None:
    """The parts of a written token; None: it is not written like one."""
    found = _WRITTEN.fullmatch(text)
    return Written(found[1], found[2]) if found else None


def hashed(secret: str) -> str:
    """What is stored of a secret."""
    return sha256(secret.encode()).hexdigest()


def opens(secret: str, secret_hash: str) -> bool:
    """Whether a secret is the one whose hash is stored, in the same time whatever it is."""
    return compare_digest(hashed(secret), secret_hash)
