"""The contract of `ports/leases.py`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text
from tests.fakes.leases import FakeLeases
from tests.peers.databases import opened

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.leases import SqlLeases
from datacenter_docs.domain.errors import Superseded
from datacenter_docs.ports.leases import Leases, Tenure

LEASE = 1_000.0
"""So long that no test lasts it; time passes when the test says so."""
DAY = 86_400.0


@dataclass(frozen=True)
class Time:
    """Leases, and time that can be made to pass."""

    leases: Leases
    passes: Callable[[float], None]

    async def join(self, name: str) -> Tenure:
        tenure = await self.leases.join(name)
        assert tenure is not None
        return tenure

    async def last(self, *tenures: Tenure) -> None:
        """A lease passes, and these renew in time."""
        for _ in range(2):
            self.passes(LEASE * 0.6)
            for tenure in tenures:
                await self.leases.renew(tenure)


def ageing(database: Database) -> Callable[[float], None]:
    columns = ("since", "seen_at", "swept_at")

    def passes(seconds: float) -> None:
        moved = ", ".join(f"{column} = {column} - {int(seconds * 1e6)}" for column in columns)
        with database._engine.begin() as connection:
            connection.execute(text(f"UPDATE workers SET {moved}"))

    return passes


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def time(request: pytest.FixtureRequest) -> Iterator[Time]:
    if request.param == "fake":
        fake = FakeLeases(LEASE)

        def passes(seconds: float) -> None:
            fake.now += seconds

        yield Time(fake, passes)
        return
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    with opened(request.getfixturevalue(fixture)) as database:
        yield Time(SqlLeases(database, LEASE), ageing(database))


async def test_generations_rise_over_all_workers(time: Time):
    first, second, again = [await time.join(name) for name in ("a", "b", "a")]

    assert first.generation < second.generation < again.generation


async def test_a_new_tenure_of_a_name_ends_the_old_one(time: Time):
    old = await time.join("a")
    new = await time.join("a")
    with pytest.raises(Superseded):
        await time.leases.renew(old)

    assert await time.leases.renew(new) == []


async def test_who_renews_is_not_gone(time: Time):
    a, b = await time.join("a"), await time.join("b")
    for _ in range(3):
        await time.last(a, b)
    time.passes(LEASE * 0.9)

    assert await time.leases.renew(a) == []


async def test_one_survivor_inherits_from_who_did_not_renew_and_that_one_is_stale(time: Time):
    dead, a, b = [await time.join(name) for name in ("dead", "a", "b")]
    await time.leases.renew(a)
    time.passes(LEASE * 0.6)
    await time.leases.renew(a)
    await time.leases.renew(b)
    time.passes(LEASE * 0.6)

    assert await time.leases.renew(b) == ["dead"]
    assert await time.leases.renew(a) == []
    with pytest.raises(Superseded):
        await time.leases.renew(dead)


async def test_who_was_away_itself_judges_nobody_for_the_length_of_a_lease(time: Time):
    a, b = await time.join("a"), await time.join("b")
    await time.last(a, b)
    time.passes(LEASE * 5)  # the database was away from both

    assert await time.leases.renew(a) == []
    assert await time.leases.renew(b) == []
    time.passes(LEASE * 0.9)
    assert await time.leases.renew(a) == []


async def test_what_an_heir_did_not_settle_is_inherited_anew(time: Time):
    _, heir, other = [await time.join(name) for name in ("dead", "heir", "other")]
    time.passes(LEASE * 0.6)
    await time.leases.renew(heir)
    await time.leases.renew(other)
    time.passes(LEASE * 0.6)
    assert await time.leases.renew(heir) == ["dead"]
    await time.leases.renew(other)
    time.passes(LEASE * 0.6)
    assert await time.leases.renew(other) == []
    time.passes(LEASE * 0.6)

    assert await time.leases.renew(other) == ["dead", "heir"]


async def test_what_was_settled_is_looked_after_again_once_in_a_lease(time: Time):
    dead, heir = await time.join("dead"), await time.join("heir")
    time.passes(LEASE * 0.6)
    await time.leases.renew(heir)
    time.passes(LEASE * 0.6)
    assert await time.leases.renew(heir) == ["dead"]
    await time.leases.settle(heir, ["dead"])
    time.passes(LEASE * 0.9)
    assert await time.leases.renew(heir) == []
    time.passes(LEASE * 0.2)

    assert await time.leases.renew(heir) == ["dead"]
    with pytest.raises(Superseded):
        await time.leases.renew(dead)


async def test_a_name_that_is_being_inherited_may_not_join_until_that_is_settled(time: Time):
    _, heir = await time.join("dead"), await time.join("heir")
    time.passes(LEASE * 0.6)
    await time.leases.renew(heir)
    time.passes(LEASE * 0.6)
    await time.leases.renew(heir)
    assert await time.leases.join("dead") is None
    await time.leases.settle(heir, ["dead"])

    back = await time.join("dead")
    assert await time.leases.renew(back) == []


async def test_a_name_whose_heir_died_too_may_join(time: Time):
    _, heir = await time.join("dead"), await time.join("heir")
    time.passes(LEASE * 0.6)
    await time.leases.renew(heir)
    time.passes(LEASE * 0.6)
    await time.leases.renew(heir)
    time.passes(LEASE * 1.1)

    assert await time.leases.join("dead") is not None


async def test_who_leaves_is_inherited_at_once(time: Time):
    going, a = await time.join("going"), await time.join("a")
    await time.last(going, a)
    await time.leases.leave(going)

    assert await time.leases.renew(a) == ["going"]


async def test_a_stale_tenure_does_not_end_a_new_one_by_leaving(time: Time):
    old = await time.join("a")
    new, b = await time.join("a"), await time.join("b")
    await time.last(new, b)
    await time.leases.leave(old)

    assert await time.leases.renew(b) == []


async def test_a_forgotten_name_that_comes_back_has_a_higher_generation(time: Time):
    dead, a = await time.join("dead"), await time.join("a")
    time.passes(LEASE * 0.6)
    await time.leases.renew(a)
    time.passes(LEASE * 0.6)
    for _ in range(2 * int(DAY / LEASE)):
        await time.leases.settle(a, await time.leases.renew(a))
        time.passes(LEASE * 0.9)

    assert (await time.join("dead")).generation > dead.generation
