"""`LoginProvider` for an OpenID Connect provider: checks its JSON Web Tokens (RFC 7519, 9068) without asking it about each.

Nothing that stands in a token decides how it is checked, but the id of the key: addresses of keys in it (`jku`, `x5u`) are not
read, and its algorithm has to be one of ours and the key's own.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt
from jwt import PyJWTError
from pydantic import ValidationError

from datacenter_docs.adapters.logins.keys import ProviderKeys
from datacenter_docs.domain.access import Login, Principal, Role, highest, is_reserved
from datacenter_docs.domain.addresses import is_safe_way
from datacenter_docs.domain.errors import Forbidden, Invalid, Unauthenticated
from datacenter_docs.ports.clock import Clock

ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip
"""Signatures with a private key that only the provider has; no shared secret, and never none."""
TYPES = frozenset({None, "jwt", "at+jwt", "application/at+jwt"})
"""Other kinds of tokens that a provider signs with the same keys, as that of a logout, open nothing."""
LEEWAY = timedelta(seconds=30)
"""So far clocks may be apart."""
LONGEST = 16_384


class OidcProvider:
    """Knows people by the provider's tokens. `roles`: group -> role."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        roles: Mapping[str, Role],
        clock: Clock,
        *,
        name_claim: str,
        groups_claim: str,
    ) -> None:
        if not is_safe_way(issuer):
            raise Invalid(f"The identity provider has to be asked over https, not at {issuer!r}.")
        self._issuer = issuer
        self._audience = audience
        self._roles = roles
        self._keys = ProviderKeys(issuer, clock)
        self._name_claim = name_claim
        self._groups_claim = groups_claim

    async def principal(self, token: str) -> Principal:
        claims = await self._claims(token)
        name = self._name(claims)
        role = highest(frozenset(self._roles[g] for g in self._groups(claims) if g in self._roles))
        if role is None:
            raise Forbidden(f"{name} is in no group that has a role here.")
        return Principal(name=name, role=role, login=Login.OIDC)

    async def _claims(self, token: str) -> Mapping[str, Any]:
        """What the token says, once it is known to hold."""
        header = _header(token)
        key = await self._keys.key(str(header.get("kid")))
        if key is None:
            raise _refused("it was signed with a key that the provider does not have")
        if key.algorithm_name != header.get("alg"):
            raise _refused("its algorithm is not that of the key")
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                issuer=self._issuer,
                audience=self._audience,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except PyJWTError as error:
            raise _refused(type(error).__name__) from error
        return claims

    def _name(self, claims: Mapping[str, Any]) -> str:
        claim = self._name_claim
        if claim == "email" and claims.get("email_verified") is not True:
            raise _refused("the provider has not verified its address")
        said = claims.get(claim)
        try:
            name = Principal(name=said, role=Role.VIEWER, login=Login.OIDC).name
        except ValidationError as error:
            raise _refused(f"its claim {claim} is no name") from error
        if is_reserved(name):
            raise _refused(f"nobody can be called {name}")
        return name

    def _groups(self, claims: Mapping[str, Any]) -> list[str]:
        said = claims.get(self._groups_claim)
        groups = said if isinstance(said, list) else [said]
        return [group for group in groups if isinstance(group, str)]


def _header(token: str) -> Mapping[str, Any]:
    """The header, which nothing vouches for yet."""
    if len(token) > LONGEST:
        raise _refused("it is too long")
    try:
        header: Mapping[str, Any] = jwt.get_unverified_header(token)
    except PyJWTError as error:
        raise _refused("it is not a signed token") from error
    kind = header.get("typ")
    if (kind.lower() if isinstance(kind, str) else kind) not in TYPES:
        raise _refused("it is a token for something else")
    if header.get("alg") not in ALGORITHMS:
        raise _refused("its algorithm is not taken")
    return header


def _refused(why: str) -> Unauthenticated:
    return Unauthenticated(f"This token does not hold: {why}.", presented=True)
