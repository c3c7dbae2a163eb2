"""The contract of `ports/policies.py`."""

import asyncio
from datetime import timedelta

import pytest
from tests.fakes.clock import NOON
from tests.fakes.samples import an_entry
from tests.fakes.storage import Storage

from datacenter_docs.domain.audit import EntryKind
from datacenter_docs.domain.errors import Conflict, NotFound
from datacenter_docs.domain.policy import Policy
from datacenter_docs.ports.policies import PolicyVersion

ENTRY = an_entry(EntryKind.POLICY_CHANGED, None)


def a_policy(name: str = "links", category: str = "network", **fields) -> Policy:
    return Policy(name=name, category=category, **fields)


async def put(storage: Storage, policy: Policy, minutes: int = 0) -> PolicyVersion:
    at = NOON + timedelta(minutes=minutes)
    return await storage.policies.put(policy, author="ada", at=at, entry=ENTRY)


async def delete(storage: Storage, name: str = "links") -> None:
    await storage.policies.delete(name, author="bob", at=NOON + timedelta(hours=1), entry=ENTRY)


async def journaled(storage: Storage) -> int:
    return len((await storage.journal.page()).items)


async def test_every_field_of_a_policy_comes_back(storage: Storage):
    policy = a_policy(
        min_reliability_score=90.0,
        allowed_systems=("r1", "r2"),
        allowed_days=("monday",),
        time_zone="Europe/Rome",
        auto_approve_threshold=95.5,
        approvers=("ada",),
    )
    stored = await put(storage, policy)

    assert stored == await storage.policies.get("links")
    assert (stored.policy, stored.version, stored.author) == (policy, 1, "ada")
    assert stored.changed_at == NOON
    assert len(stored.content_hash) == 64


async def test_a_change_is_the_next_version_and_the_old_one_stays(storage: Storage):
    first = await put(storage, a_policy())
    second = await put(storage, a_policy(max_actions_per_hour=3), minutes=1)

    assert second.version == 2
    assert second.content_hash != first.content_hash
    assert await storage.policies.get("links") == second
    assert await storage.policies.get("links", 1) == first
    assert list(await storage.policies.versions("links")) == [second, first]
    assert await journaled(storage) == 2


async def test_the_same_content_again_changes_nothing(storage: Storage):
    first = await put(storage, a_policy())

    assert await put(storage, a_policy(), minutes=5) == first
    assert await journaled(storage) == 1


async def test_going_back_to_old_content_is_a_new_version(storage: Storage):
    await put(storage, a_policy())
    await put(storage, a_policy(requires_backup=False))

    assert (await put(storage, a_policy())).version == 3


async def test_a_category_has_one_enabled_policy(storage: Storage):
    await put(storage, a_policy("one"))

    with pytest.raises(Conflict, match="one"):
        await put(storage, a_policy("two"))
    assert (await put(storage, a_policy("two", enabled=False))).version == 1
    assert await storage.policies.for_category("network") == a_policy("one")
    assert await journaled(storage) == 2


async def test_of_two_who_want_a_category_at_once_one_gets_it(storage: Storage):
    answers = await asyncio.gather(
        *(put(storage, a_policy(name)) for name in ("one", "two")), return_exceptions=True
    )

    assert sorted(isinstance(answer, Conflict) for answer in answers) == [False, True]


async def test_only_an_enabled_policy_decides(storage: Storage):
    await put(storage, a_policy(enabled=False))

    assert await storage.policies.for_category("network") is None
    assert await storage.policies.for_category("storage") is None


async def test_a_deleted_policy_is_gone_and_its_versions_stay(storage: Storage):
    await put(storage, a_policy())
    await delete(storage)

    assert await storage.policies.for_category("network") is None
    assert list(await storage.policies.list_current()) == []
    with pytest.raises(NotFound):
        await storage.policies.get("links")
    assert (await storage.policies.get("links", 1)).deleted is False
    assert [v.deleted for v in await storage.policies.versions("links")] == [True, False]


async def test_a_deleted_policy_frees_its_category_and_may_come_back(storage: Storage):
    await put(storage, a_policy())
    await delete(storage)
    await put(storage, a_policy("other"))
    await storage.policies.delete("other", author="bob", at=NOON, entry=ENTRY)

    assert (await put(storage, a_policy())).version == 3
    assert await storage.policies.for_category("network") == a_policy()


async def test_what_is_not_there_is_not_found(storage: Storage):
    await put(storage, a_policy())
    await delete(storage)

    with pytest.raises(NotFound):
        await delete(storage)
    with pytest.raises(NotFound):
        await delete(storage, "never")
    with pytest.raises(NotFound):
        await storage.policies.versions("never")
    with pytest.raises(NotFound):
        await storage.policies.get("links", 9)
    assert await journaled(storage) == 2


async def test_the_list_is_by_name(storage: Storage):
    for name, category in (("b", "one"), ("a", "two"), ("C", "three")):
        await put(storage, a_policy(name, category))

    assert [v.policy.name for v in await storage.policies.list_current()] == ["C", "a", "b"]
