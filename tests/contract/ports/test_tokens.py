"""The contract of `ports/tokens.py`."""

from datetime import timedelta
from typing import Any

import pytest
from tests.fakes.clock import NOON
from tests.fakes.storage import Storage

from datacenter_docs.domain.access import Role
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.errors import Invalid, NotFound, Refused
from datacenter_docs.domain.tokens import ApiToken
from datacenter_docs.ports.tokens import KeptToken

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def a_token(token_id: str = "aa", **fields: Any) -> ApiToken:
    given = {"created_at": NOON, "expires_at": NOON + DAY, **fields}
    return ApiToken(
        token_id=token_id, name="Ann 🙏", role=Role.OPERATOR, note="laptop", created_by="eve", **given
    )  # fmt: skip


def entry(kind: EntryKind = EntryKind.TOKEN_CREATED) -> Entry:
    return Entry(kind=kind, at=NOON, actor="eve")


async def added(storage: Storage, token: ApiToken | None = None) -> ApiToken:
    token = token or a_token()
    await storage.tokens.add(KeptToken(token, f"hash of {token.token_id}"), entry())
    return token


async def journaled(storage: Storage) -> list[str]:
    page = await storage.journal.page(ticket_id=None, kinds=(), after_seq=0, limit=100)
    return [record.kind for record in page.items]


async def test_every_field_comes_back_with_the_hash_and_is_journaled(storage: Storage):
    token = await added(storage)

    assert await storage.tokens.get("aa") == KeptToken(token, "hash of aa")
    assert await journaled(storage) == ["token.created"]


async def test_an_unknown_token_is_not_found(storage: Storage):
    with pytest.raises(NotFound, match="no API token zz"):
        await storage.tokens.get("zz")
    with pytest.raises(NotFound):
        await storage.tokens.revoke("zz", NOON, entry())
    with pytest.raises(NotFound):
        await storage.tokens.rotate(KeptToken(a_token(replaces="zz"), "h"), NOON, entry())

    assert await journaled(storage) == []


async def test_tokens_are_listed_page_by_page_the_oldest_first(storage: Storage):
    for number, token_id in enumerate(("cc", "aa", "bb")):
        await added(storage, a_token(token_id, created_at=NOON + number // 2 * MINUTE))
    first = await storage.tokens.find(None, 2)
    second = await storage.tokens.find(first.next_cursor, 2)

    assert [token.token_id for token in first.items] == ["aa", "cc"]
    assert [token.token_id for token in second.items] == ["bb"]
    assert second.next_cursor is None
    with pytest.raises(Invalid):
        await storage.tokens.find("nonsense", 2)


async def test_a_revoked_token_stays_revoked_and_a_second_time_changes_nothing(storage: Storage):
    await added(storage)
    first = await storage.tokens.revoke("aa", NOON + MINUTE, entry(EntryKind.TOKEN_REVOKED))
    again = await storage.tokens.revoke("aa", NOON + DAY, entry(EntryKind.TOKEN_REVOKED))

    assert first == again == (await storage.tokens.get("aa")).token
    assert first.revoked_at == NOON + MINUTE
    assert await journaled(storage) == ["token.created", "token.revoked"]


async def test_rotation_keeps_the_old_one_for_the_overlap(storage: Storage):
    await added(storage)
    new = a_token("bb", replaces="aa")
    await storage.tokens.rotate(KeptToken(new, "h"), NOON + MINUTE, entry(EntryKind.TOKEN_ROTATED))

    assert (await storage.tokens.get("aa")).token.expires_at == NOON + MINUTE
    assert await storage.tokens.get("bb") == KeptToken(new, "h")
    assert await journaled(storage) == ["token.created", "token.rotated"]


async def test_rotation_makes_no_token_live_longer(storage: Storage):
    old = await added(storage)
    new = a_token("bb", replaces="aa")
    await storage.tokens.rotate(KeptToken(new, "h"), NOON + 9 * DAY, entry())

    assert (await storage.tokens.get("aa")).token.expires_at == old.expires_at


async def test_what_has_ended_is_not_rotated(storage: Storage):
    await added(storage)
    await added(storage, a_token("bb"))
    await storage.tokens.revoke("bb", NOON, entry())
    late = a_token("cc", replaces="aa", created_at=NOON + DAY, expires_at=NOON + 2 * DAY)
    with pytest.raises(Refused, match="has expired"):
        await storage.tokens.rotate(KeptToken(late, "h"), NOON + DAY, entry())
    with pytest.raises(Refused, match="was revoked"):
        await storage.tokens.rotate(KeptToken(a_token("cc", replaces="bb"), "h"), NOON, entry())
    with pytest.raises(NotFound):
        await storage.tokens.get("cc")


async def test_the_last_use_only_goes_forward(storage: Storage):
    await added(storage)
    await storage.tokens.used("zz", NOON)
    for moment in (NOON + MINUTE, NOON):
        await storage.tokens.used("aa", moment)

    assert (await storage.tokens.get("aa")).token.last_used_at == NOON + MINUTE
