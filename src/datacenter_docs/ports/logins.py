"""Logins of an identity provider that is not ours."""

from typing import Protocol

from datacenter_docs.domain.access import Principal


class LoginProvider(Protocol):
    """Says who somebody is that shows a token of the provider."""

    async def principal(self, token: str) -> Principal:
        """Whose token it is, and with which role.

        Raises `Unauthenticated` where it does not hold (signature, issuer, audience, time, no usable name), `Forbidden` where it
        holds and none of its groups has a role, and `Unavailable` while the provider's keys cannot be read.
        """
        ...
