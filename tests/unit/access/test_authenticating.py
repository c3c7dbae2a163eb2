"""What is shown decides who somebody is; failures are counted; what was read a moment ago is not read again."""

import re
from datetime import timedelta

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.logins import FakeLoginProvider
from tests.fakes.memory import Memory
from tests.fakes.tokens import FakeTokenStore

from datacenter_docs.domain import tokens
from datacenter_docs.domain.access import Login, Principal, Role
from datacenter_docs.domain.errors import Invalid, NotFound, Refused, Throttled, Unauthenticated
from datacenter_docs.services.authenticating import Authenticating
from datacenter_docs.services.issuing import Issued, Issuing
from datacenter_docs.services.throttling import Throttling

DAY = timedelta(days=1)
HERE, THERE = "10.0.0.1", "10.0.0.2"
CAROL = Principal(name="carol", role=Role.APPROVER, login=Login.OIDC)
MOST = 3


class Door:
    """Everything of a door, and another process on the same store."""

    def __init__(self, *, with_provider: bool = True) -> None:
        self.clock, self.memory = FakeClock(), Memory()
        self.store = FakeTokenStore(self.memory)
        provider = FakeLoginProvider({"a.jwt": CAROL}) if with_provider else None
        throttling = Throttling(self.clock, MOST)
        self.authenticating = Authenticating(self.store, provider, throttling, self.clock)
        self._numbers = 0
        self.issuing = self._issuing(self.authenticating)
        self.elsewhere = self._issuing(None)

    def _issuing(self, told: Authenticating | None) -> Issuing:
        forget = told.forget if told else lambda token_id: None
        return Issuing(self.store, self.clock, self._random_hex, forget)

    def _random_hex(self, size: int) -> str:
        self._numbers += 1
        return f"{self._numbers:0{2 * size}x}"

    async def issued(self, name: str = "ann", role: Role = Role.OPERATOR) -> Issued:
        return await self.issuing.create(name, role, "laptop", DAY, by="eve")

    async def shown(self, written: str, address: str = HERE) -> Principal:
        return await self.authenticating.principal(f"Bearer {written}", address)


@pytest.fixture
def door() -> Door:
    return Door()


async def test_a_token_is_written_so_that_scanners_know_it_and_only_its_hash_is_kept(door: Door):
    issued = await door.issued()
    kept = await door.store.get(issued.token.token_id)

    assert re.fullmatch(r"dcdocs_[0-9a-f]{12}_[0-9a-f]{64}", issued.written)
    secret = issued.written.rpartition("_")[2]
    assert secret not in repr(kept) + repr(door.memory.records)
    assert tokens.opens(secret, kept.secret_hash)


async def test_whoever_shows_a_token_is_its_owner(door: Door):
    issued = await door.issued("ann", Role.APPROVER)

    assert await door.shown(issued.written) == Principal(
        name="ann", role=Role.APPROVER, login=Login.TOKEN
    )


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer  ", "Basic YTpi", "dcdocs_x"])
async def test_who_shows_nothing_is_asked_to_log_in_and_has_not_failed(
    door: Door, header: str | None
):
    for _ in range(2 * MOST):
        with pytest.raises(Unauthenticated, match="Log in") as told:
            await door.authenticating.principal(header, HERE)

        assert told.value.presented is False


async def test_a_wrong_secret_opens_nothing(door: Door):
    issued = await door.issued()
    forged = issued.written[:-1] + ("0" if issued.written[-1] != "0" else "1")
    with pytest.raises(Unauthenticated, match="not known"):
        await door.shown(forged)
    await door.shown(issued.written)
    with pytest.raises(Unauthenticated, match="not known"):
        await door.shown(forged)


async def test_a_token_is_read_once_in_a_second(door: Door):
    issued = await door.issued()
    for _ in range(5):
        await door.shown(issued.written)

    assert door.store.reads == 1
    door.clock.advance(1)
    await door.shown(issued.written)
    assert door.store.reads == 2


async def test_a_token_that_was_revoked_here_is_shut_out_at_once(door: Door):
    issued = await door.issued()
    await door.shown(issued.written)
    await door.issuing.revoke(issued.token.token_id, by="eve")

    with pytest.raises(Unauthenticated, match="was revoked"):
        await door.shown(issued.written)


async def test_a_token_that_was_revoked_elsewhere_is_shut_out_after_a_second(door: Door):
    issued = await door.issued()
    await door.shown(issued.written)
    await door.elsewhere.revoke(issued.token.token_id, by="eve")
    door.clock.advance(1)

    with pytest.raises(Unauthenticated, match="was revoked"):
        await door.shown(issued.written)


async def test_an_expired_token_is_shut_out_to_the_moment(door: Door):
    issued = await door.issued()
    door.clock.advance(DAY.total_seconds() - 0.5)
    await door.shown(issued.written)
    door.clock.advance(0.5)

    with pytest.raises(Unauthenticated, match="has expired"):
        await door.shown(issued.written)


async def test_a_clock_that_went_back_makes_nothing_fresh(door: Door):
    issued = await door.issued()
    await door.shown(issued.written)
    door.clock.advance(-3600)
    await door.shown(issued.written)

    assert door.store.reads == 2


async def test_the_last_use_is_written_once_a_minute(door: Door):
    issued = await door.issued()
    began = door.clock.now()
    seen = set()
    for _ in range(61):
        await door.shown(issued.written)
        seen.add((await door.store.get(issued.token.token_id)).token.last_used_at)
        door.clock.advance(1)

    assert seen == {began, began + timedelta(minutes=1)}


async def test_rotation_lets_both_in_until_the_overlap_ends(door: Door):
    old = await door.issued()
    await door.shown(old.written)
    new = await door.issuing.rotate(old.token.token_id, timedelta(hours=1), by="eve")

    assert (await door.shown(old.written)) == (await door.shown(new.written))
    assert new.token.replaces == old.token.token_id
    assert new.token.expires_at - new.token.created_at == DAY
    door.clock.advance(3600)
    await door.shown(new.written)
    with pytest.raises(Unauthenticated, match="has expired"):
        await door.shown(old.written)


async def test_rotation_without_overlap_ends_the_old_one_at_once(door: Door):
    old = await door.issued()
    await door.shown(old.written)
    await door.issuing.rotate(old.token.token_id, timedelta(), by="eve")

    with pytest.raises(Unauthenticated, match="has expired"):
        await door.shown(old.written)


async def test_what_cannot_be_issued_is_refused(door: Door):
    with pytest.raises(Invalid, match="called System"):
        await door.issued("System")
    for valid in (timedelta(), 367 * DAY, -DAY):
        with pytest.raises(Invalid, match="at most 366 days"):
            await door.issuing.create("ann", Role.ADMIN, "", valid, by="eve")
    issued = await door.issued()
    for overlap in (8 * DAY, -DAY):
        with pytest.raises(Invalid, match="7 days at most"):
            await door.issuing.rotate(issued.token.token_id, overlap, by="eve")
    with pytest.raises(NotFound):
        await door.issuing.revoke("ffffffffffff", by="eve")
    await door.issuing.revoke(issued.token.token_id, by="eve")
    with pytest.raises(Refused, match="was revoked"):
        await door.issuing.rotate(issued.token.token_id, timedelta(), by="eve")


async def test_what_is_done_with_tokens_is_journaled_by_whom(door: Door):
    old = await door.issued()
    new = await door.issuing.rotate(old.token.token_id, timedelta(), by="eve")
    await door.issuing.revoke(new.token.token_id, by="bob")
    await door.issuing.revoke(new.token.token_id, by="bob")

    assert [(r.kind, r.actor) for r in door.memory.records] == [
        ("token.created", "eve"),
        ("token.rotated", "eve"),
        ("token.revoked", "bob"),
    ]


async def test_a_token_of_the_provider_is_the_providers_word(door: Door):
    assert await door.shown("a.jwt") == CAROL
    with pytest.raises(Unauthenticated, match="The token is not known"):
        await door.shown("another.jwt")


async def test_without_a_provider_only_our_tokens_count():
    with pytest.raises(Unauthenticated, match="not an API token of this server"):
        await Door(with_provider=False).shown("a.jwt")


@pytest.mark.parametrize("shown", ["garbage", "dcdocs_x", "dcdocs_" + "0" * 12 + "_" + "0" * 64])
async def test_whoever_fails_too_often_waits_and_others_do_not(door: Door, shown: str):
    for _ in range(MOST):
        with pytest.raises(Unauthenticated):
            await door.shown(shown)
    issued = await door.issued()
    with pytest.raises(Throttled) as told:
        await door.shown(issued.written)

    assert told.value.retry_after_seconds == pytest.approx(60 / MOST)
    assert (await door.shown(issued.written, THERE)).name == "ann"
    with pytest.raises(Throttled):
        await door.shown("a.jwt")
    door.clock.advance(60 / MOST)
    unseen = await door.issued()
    assert (await door.shown(unseen.written)).name == "ann"


async def test_who_was_let_in_before_is_not_shut_out_by_the_failures_of_others(door: Door):
    issued = await door.issued()
    await door.shown(issued.written)
    for _ in range(MOST):
        with pytest.raises(Unauthenticated):
            await door.shown("garbage")
    door.clock.advance(5)

    assert (await door.shown(issued.written)).name == "ann"


async def test_a_token_that_has_ended_is_no_guess(door: Door):
    issued = await door.issued()
    await door.issuing.revoke(issued.token.token_id, by="eve")
    for _ in range(2 * MOST):
        with pytest.raises(Unauthenticated, match="was revoked"):
            await door.shown(issued.written)


def test_so_many_addresses_are_remembered_and_no_more():
    clock = FakeClock()
    throttling = Throttling(clock, 1, most_addresses=2)
    for address in ("10.0.0.1", "10.0.0.2", "10.0.0.3"):
        throttling.failed(address)

    throttling.must_not_wait("10.0.0.1")
    for address in ("10.0.0.2", "10.0.0.3"):
        with pytest.raises(Throttled):
            throttling.must_not_wait(address)


@pytest.mark.parametrize(
    ("failed", "asks", "waits"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("unknown", "unknown", True),
    ],
)
def test_an_address_counts_with_all_that_its_owner_has(failed: str, asks: str, waits: bool):
    throttling = Throttling(FakeClock(), 1)
    throttling.failed(failed)

    if waits:
        with pytest.raises(Throttled):
            throttling.must_not_wait(asks)
    else:
        throttling.must_not_wait(asks)
