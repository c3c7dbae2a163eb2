"""The contracts of `ports/guards.py`."""

import asyncio
from datetime import timedelta

from tests.fakes.clock import NOON
from tests.fakes.samples import an_entry
from tests.fakes.storage import Storage

from datacenter_docs.domain.audit import EntryKind
from datacenter_docs.ports.guards import KillSwitchState, RateLimit

ALL = RateLimit("global", 3)
LINKS = RateLimit("policy:links", 2)


async def test_locks_are_taken_all_or_none(storage: Storage):
    assert await storage.locks.acquire(["a", "b"], holder="T-1", at=NOON) == {}
    assert await storage.locks.acquire(["b", "c"], holder="T-2", at=NOON) == {"b": "T-1"}
    assert await storage.locks.acquire(["c"], holder="T-3", at=NOON) == {}


async def test_a_holder_may_take_again_and_take_more(storage: Storage):
    await storage.locks.acquire(["a"], holder="T-1", at=NOON)

    assert await storage.locks.acquire(["a", "b", "b"], holder="T-1", at=NOON) == {}
    assert await storage.locks.acquire(["b"], holder="T-2", at=NOON) == {"b": "T-1"}


async def test_releasing_gives_back_all_of_one_holder_only(storage: Storage):
    await storage.locks.acquire(["a", "b"], holder="T-1", at=NOON)
    await storage.locks.acquire(["c"], holder="T-2", at=NOON)
    await storage.locks.release("T-1")
    await storage.locks.release("T-1")

    assert await storage.locks.acquire(["a", "b"], holder="T-3", at=NOON) == {}
    assert await storage.locks.acquire(["c"], holder="T-3", at=NOON) == {"c": "T-2"}


async def test_of_many_who_want_a_resource_at_once_one_gets_it(storage: Storage):
    answers = await asyncio.gather(
        *(storage.locks.acquire(["a", f"own-{i}"], holder=f"T-{i}", at=NOON) for i in range(8))
    )
    winners = [i for i, others in enumerate(answers) if not others]

    assert len(winners) == 1
    assert all(others == {"a": f"T-{winners[0]}"} for others in answers if others)


async def test_a_limit_is_never_exceeded(storage: Storage):
    first = await storage.limiter.reserve(["1", "2"], [ALL], at=NOON)
    second = await storage.limiter.reserve(["3", "4"], [ALL], at=NOON)
    third = await storage.limiter.reserve(["3"], [ALL], at=NOON)

    assert first is None
    assert second is not None
    assert "global" in second
    assert third is None


async def test_all_limits_count_or_none(storage: Storage):
    assert await storage.limiter.reserve(["1", "2"], [ALL, LINKS], at=NOON) is None
    refused = await storage.limiter.reserve(["3"], [ALL, LINKS], at=NOON)

    assert refused is not None
    assert "policy:links" in refused
    assert await storage.limiter.would_allow(1, [ALL], at=NOON)
    assert not await storage.limiter.would_allow(1, [ALL, LINKS], at=NOON)


async def test_an_action_is_counted_once_however_often_it_is_reserved(storage: Storage):
    for _ in range(5):
        assert await storage.limiter.reserve(["1", "1", "2"], [ALL], at=NOON) is None
    much_later = NOON + timedelta(days=400)

    assert await storage.limiter.would_allow(1, [ALL], at=NOON)
    assert not await storage.limiter.would_allow(2, [ALL], at=NOON)
    assert await storage.limiter.reserve(["1"], [RateLimit("global", 0)], at=much_later) is None


async def test_an_hour_later_it_is_forgotten_and_a_moment_earlier_it_is_not(storage: Storage):
    await storage.limiter.reserve(["1", "2", "3"], [ALL], at=NOON)
    hour = timedelta(seconds=3_600)

    assert not await storage.limiter.would_allow(
        1, [ALL], at=NOON + hour - timedelta(microseconds=1)
    )
    assert await storage.limiter.would_allow(3, [ALL], at=NOON + hour)


async def test_a_limit_of_none_allows_nothing(storage: Storage):
    assert await storage.limiter.reserve(["1"], [RateLimit("global", 0)], at=NOON) is not None
    assert await storage.limiter.reserve([], [RateLimit("global", 0)], at=NOON) is None


async def test_many_at_once_share_the_limit(storage: Storage):
    answers = await asyncio.gather(
        *(storage.limiter.reserve([str(i)], [ALL], at=NOON) for i in range(10))
    )

    assert answers.count(None) == 3


async def test_a_switch_that_was_never_touched_is_off(storage: Storage):
    assert await storage.kill_switch.read() == KillSwitchState(on=False)


async def test_the_switch_is_what_was_set_last_and_journaled(storage: Storage):
    on = KillSwitchState(on=True, reason="Fire 🔥", actor="ada", set_at=NOON)
    off = KillSwitchState(on=False, reason="Out.", actor="bob", set_at=NOON + timedelta(hours=1))
    entry = an_entry(EntryKind.KILL_SWITCH, None)
    await storage.kill_switch.set(on, entry)

    assert await storage.kill_switch.read() == on
    await storage.kill_switch.set(off, entry)
    assert await storage.kill_switch.read() == off
    assert len((await storage.journal.page()).items) == 2
