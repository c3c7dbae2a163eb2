"""Tokens of a real OpenID provider: what holds, what does not, and keys that change."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm
from tests.fakes.clock import FakeClock
from tests.peers.fixtures import oidc
from tests.peers.oidc_provider import AUDIENCE, CLIENT, Key, OidcPeer, new_key
from tests.peers.slots import PeerMissingError

from datacenter_docs.adapters.logins.oidc import OidcProvider
from datacenter_docs.domain.access import Role
from datacenter_docs.domain.errors import Forbidden, Invalid, Unauthenticated, Unavailable

__all__ = ["oidc"]
pytestmark = pytest.mark.peer
ROLES = {"ops": Role.OPERATOR, "lead": Role.APPROVER, "everybody": Role.VIEWER}


def checker(
    peer: OidcPeer,
    clock: FakeClock | None = None,
    *,
    name_claim: str = "sub",
    audience: str = AUDIENCE,
    groups_claim: str = "groups",
) -> OidcProvider:
    return OidcProvider(
        peer.issuer,
        audience,
        ROLES,
        clock or FakeClock(),
        name_claim=name_claim,
        groups_claim=groups_claim,
    )


def forged(
    peer: OidcPeer, *, header: dict[str, Any] | None = None, key: Key | None = None, **claims: Any
) -> str:
    """A token that the provider would sign, but for what a test says. A claim None: left out."""
    signing = key or dict(peer.keys[0])
    whole = {
        "iss": peer.issuer,
        "aud": AUDIENCE,
        "sub": "ops-ann",
        "groups": ["ops"],
        "exp": int(time.time()) + 300,
        **claims,
    }
    return jwt.encode(
        {name: value for name, value in whole.items() if value is not None},
        RSAAlgorithm.from_jwk(signing),
        algorithm="RS256",
        headers={"kid": signing["kid"], **(header or {})},
    )


async def test_the_highest_role_of_all_groups_counts(oidc: OidcPeer):
    roles = [
        (await checker(oidc).principal(oidc.logged_in(person)["access_token"])).role
        for person in ("ops-ann", "lead-lea", "guests-gil")
    ]

    assert roles == [Role.OPERATOR, Role.APPROVER, Role.VIEWER]


async def test_a_forger_with_the_providers_own_key_would_be_believed(oidc: OidcPeer):
    """Or else the tests below would show nothing."""
    assert (await checker(oidc).principal(forged(oidc))).name == "ops-ann"


NOW = int(time.time())
WRONG: list[dict[str, Any]] = [
    {"exp": 1},
    {"exp": NOW - 60},
    {"exp": None},
    {"exp": "never"},
    {"nbf": NOW + 3_600},
    {"iat": NOW + 3_600},
    {"iss": "http://127.0.0.1:1"},
    {"iss": None},
    {"aud": "another-product"},
    {"aud": []},
    {"aud": None},
    {"sub": None},
    {"sub": ""},
    {"sub": 7},
    {"sub": "system"},
    {"sub": "x" * 400},
    {"header": {"typ": "logout+jwt"}},
    {"header": {"typ": "dpop+jwt"}},
    {"header": {"kid": "unknown"}},
    {"header": {"crit": ["b64"], "b64": False}},
]


@pytest.mark.parametrize("wrong", WRONG, ids=[f"{n} {(*one,)}" for n, one in enumerate(WRONG)])
async def test_a_token_that_is_wrong_in_one_thing_does_not_hold(oidc: OidcPeer, wrong: Any):
    with pytest.raises(Unauthenticated, match="This token does not hold"):
        await checker(oidc).principal(forged(oidc, **wrong))


@pytest.mark.parametrize(
    "groups", [None, [], ["strangers"], "strangers", {"ops": True}, [["ops"]]]
)
async def test_without_a_group_that_has_a_role_nothing_is_allowed(oidc: OidcPeer, groups: Any):
    with pytest.raises(Forbidden):
        await checker(oidc).principal(forged(oidc, groups=groups))


async def test_somebody_elses_key_under_the_providers_name_opens_nothing(oidc: OidcPeer):
    with pytest.raises(Unauthenticated):
        await checker(oidc).principal(forged(oidc, key=new_key("first")))


async def test_the_public_key_is_no_shared_secret(oidc: OidcPeer):
    """The old attack: an HMAC whose secret is the provider's public key."""
    public = RSAAlgorithm.from_jwk(dict(oidc.keys[0])).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header, body, _ = forged(oidc).split(".")
    header = _part({"alg": "HS256", "kid": "first", "typ": "JWT"})
    signature = jwt.get_algorithm_by_name("HS256").sign(f"{header}.{body}".encode(), pem)
    token = f"{header}.{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
    with pytest.raises(Unauthenticated, match="algorithm is not taken"):
        await checker(oidc).principal(token)


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, "RS1", "PS256"])
async def test_another_algorithm_is_not_taken(oidc: OidcPeer, algorithm: Any):
    _, body, signature = forged(oidc).split(".")
    header = _part({"alg": algorithm, "kid": "first"})
    for end in ("", signature):
        with pytest.raises(Unauthenticated):
            await checker(oidc).principal(f"{header}.{body}.{end}")


async def test_a_changed_letter_breaks_it(oidc: OidcPeer):
    header, body, signature = forged(oidc).split(".")
    richer = _part({**json.loads(base64.urlsafe_b64decode(body + "==")), "groups": ["lead"]})
    with pytest.raises(Unauthenticated):
        await checker(oidc).principal(f"{header}.{richer}.{signature}")


async def test_an_id_token_counts_only_where_its_audience_is_asked_for(oidc: OidcPeer):
    token = oidc.logged_in("ops-ann")["id_token"]

    assert (await checker(oidc, audience=CLIENT).principal(token)).name == "ops-ann"
    with pytest.raises(Unauthenticated):
        await checker(oidc).principal(token)


async def test_an_address_counts_as_a_name_once_it_is_verified(oidc: OidcPeer):
    by_address = checker(oidc, name_claim="email")
    known = await by_address.principal(oidc.logged_in("ops-ann")["access_token"])

    assert known.name == "ops-ann@example.test"
    with pytest.raises(Unauthenticated, match="not verified"):
        await by_address.principal(oidc.logged_in("new-nan")["access_token"])


@pytest.mark.parametrize("issuer", ["http://idp.example", "ftp://127.0.0.1", "idp", ""])
def test_a_provider_is_asked_over_https_or_on_this_machine(issuer: str):
    with pytest.raises(Invalid, match="over https"):
        OidcProvider(issuer, "a", ROLES, FakeClock(), name_claim="sub", groups_claim="groups")


# --- keys that change


@pytest.fixture
def turning(tmp_path: Path) -> OidcPeer:
    """A provider that a test starts and stops."""
    there = OidcPeer(tmp_path)
    try:
        with there.running():
            pass
    except PeerMissingError as error:
        pytest.skip(str(error))
    return there


async def test_a_new_key_is_found_and_an_old_one_stops_counting(turning: OidcPeer):
    clock = FakeClock()
    provider = checker(turning, clock)
    old = forged(turning)
    with turning.running():
        await provider.principal(old)
    turning.keys = [new_key("second"), *turning.keys]
    with turning.running():
        clock.advance(10)
        await provider.principal(turning.logged_in("ops-ann")["access_token"])
        await provider.principal(old)
    turning.keys = turning.keys[:1]
    with turning.running():
        await provider.principal(old)  # believed until the keys are read again
        clock.advance(601)
        with pytest.raises(Unauthenticated, match="does not have"):
            await provider.principal(old)


async def test_forged_keys_do_not_make_us_ask_the_provider_each_time(turning: OidcPeer):
    clock = FakeClock()
    provider = checker(turning, clock)
    with turning.running():
        await provider.principal(forged(turning))
    turning.keys = [new_key("second")]
    fresh = forged(turning)
    with turning.running():
        with pytest.raises(Unauthenticated, match="does not have"):
            await provider.principal(fresh)  # the keys were read less than ten seconds ago
        clock.advance(10)
        await provider.principal(fresh)


async def test_known_keys_serve_on_for_an_hour_while_the_provider_is_away(turning: OidcPeer):
    clock = FakeClock()
    provider = checker(turning, clock)
    token = forged(turning, exp=NOW + 100_000)
    with pytest.raises(Unavailable, match="cannot be read"):
        await provider.principal(token)
    clock.advance(10)
    with turning.running():
        await provider.principal(token)
    clock.advance(3_600)
    await provider.principal(token)
    clock.advance(1)
    with pytest.raises(Unavailable):
        await provider.principal(token)


async def test_a_document_of_another_issuer_is_not_believed(turning: OidcPeer):
    provider = OidcProvider(
        turning.issuer.replace("127.0.0.1", "localhost"),
        AUDIENCE,
        ROLES,
        FakeClock(),
        name_claim="sub",
        groups_claim="groups",
    )
    with turning.running(), pytest.raises(Unavailable):
        await provider.principal(forged(turning))


def _part(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()
