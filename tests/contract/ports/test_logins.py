"""The contract of `ports/logins.py`: of the fake, and of the real one over a real provider."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.logins import FakeLoginProvider
from tests.peers.fixtures import oidc
from tests.peers.oidc_provider import AUDIENCE, OidcPeer

from datacenter_docs.adapters.logins.oidc import OidcProvider
from datacenter_docs.domain.access import Login, Principal, Role
from datacenter_docs.domain.errors import Forbidden, Unauthenticated
from datacenter_docs.ports.logins import LoginProvider

__all__ = ["oidc"]
ANN = Principal(name="ops-ann", role=Role.OPERATOR, login=Login.OIDC)


class There(NamedTuple):
    """A provider, and how somebody gets a token of it."""

    provider: LoginProvider
    token: Callable[[str], str]


@pytest.fixture(params=["fake", pytest.param("oidc", marks=pytest.mark.peer)])
def there(request: pytest.FixtureRequest) -> There:
    if request.param == "fake":
        return There(FakeLoginProvider({"ops-ann": ANN, "guests-gil": None}), str)
    peer: OidcPeer = request.getfixturevalue("oidc")
    provider = OidcProvider(
        peer.issuer,
        AUDIENCE,
        {"ops": Role.OPERATOR},
        FakeClock(),
        name_claim="sub",
        groups_claim="groups",
    )
    return There(provider, lambda person: peer.logged_in(person)["access_token"])


async def test_somebody_with_a_role_is_known_by_name(there: There):
    assert await there.provider.principal(there.token("ops-ann")) == ANN


async def test_somebody_without_a_role_is_known_and_may_nothing(there: There):
    with pytest.raises(Forbidden, match="in no group that has a role here"):
        await there.provider.principal(there.token("guests-gil"))


@pytest.mark.parametrize("token", ["", "garbage", "a.b.c", "é"])
async def test_what_is_no_token_of_the_provider_does_not_hold(there: There, token: str):
    with pytest.raises(Unauthenticated) as told:
        await there.provider.principal(token)

    assert told.value.presented
