"""The contract of `ports/requests.py`."""

import asyncio
from datetime import timedelta

from tests.fakes.clock import NOON
from tests.fakes.storage import Storage

from datacenter_docs.ports.requests import Remembered

MINUTE = timedelta(seconds=60)
MOMENT = timedelta(microseconds=1)


async def test_a_free_key_is_ours_and_then_it_is_not_free(storage: Storage):
    assert await storage.requests.claim("k", "f", NOON) is None
    assert await storage.requests.claim("k", "other", NOON) == Remembered("f", None, "")


async def test_of_many_who_claim_at_once_one_gets_it(storage: Storage):
    answers = await asyncio.gather(*(storage.requests.claim("k", "f", NOON) for _ in range(5)))

    assert answers.count(None) == 1


async def test_an_answer_is_remembered_for_a_day(storage: Storage):
    await storage.requests.claim("k", "f", NOON)
    await storage.requests.answer("k", 202, '{"a": "è"}')
    day = timedelta(days=1)

    assert await storage.requests.claim("k", "f", NOON + day) == Remembered("f", 202, '{"a": "è"}')
    assert await storage.requests.claim("k", "g", NOON + day + MOMENT) is None


async def test_a_claim_without_answer_is_given_anew_after_a_minute(storage: Storage):
    await storage.requests.claim("k", "f", NOON)

    assert await storage.requests.claim("k", "g", NOON + MINUTE) is not None
    assert await storage.requests.claim("k", "g", NOON + MINUTE + MOMENT) is None
    assert await storage.requests.claim("k", "h", NOON + MINUTE) == Remembered("g", None, "")


async def test_a_forgotten_key_is_free(storage: Storage):
    await storage.requests.claim("k", "f", NOON)
    await storage.requests.forget("k")
    await storage.requests.forget("never")

    assert await storage.requests.claim("k", "g", NOON) is None


async def test_an_answer_is_not_undone_by_an_earlier_claimant(storage: Storage):
    await storage.requests.claim("k", "f", NOON)
    await storage.requests.answer("k", 202, "first")
    await storage.requests.forget("k")
    await storage.requests.answer("k", 500, "second")

    assert await storage.requests.claim("k", "f", NOON) == Remembered("f", 202, "first")
