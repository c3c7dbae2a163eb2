"""The contract of `ports/model_calls.py`."""

from datetime import timedelta

import pytest
from tests.fakes.clock import NOON
from tests.fakes.storage import Storage

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.model_calls import CallOutcome, ModelCall, Spent

HOUR = timedelta(hours=1)


def a_call(call_id: str, hours: int = 0, **fields: object) -> ModelCall:
    given = {
        "purpose": "diagnose",
        "subject": "T-1",
        "model": "anthropic:m",
        "outcome": CallOutcome.ANSWERED,
        **fields,
    }
    return ModelCall(call_id=call_id, at=NOON + hours * HOUR, **given)


async def test_every_field_of_a_call_comes_back(storage: Storage):
    call = a_call(
        "c1",
        error="è",
        messages='[{"a": "🙏"}]',
        requests=2,
        input_tokens=3,
        output_tokens=4,
        usd=0.25,
        seconds=1.5,
        outcome=CallOutcome.REFUSED,
    )
    await storage.model_calls.add(call)

    assert list((await storage.model_calls.about("T-1", None, 10)).items) == [call]


async def test_what_was_spent_counts_from_a_time_on_and_unknown_prices_not(storage: Storage):
    await storage.model_calls.add(a_call("c1", hours=0, input_tokens=1_000, usd=1.0))
    await storage.model_calls.add(
        a_call("c2", hours=1, input_tokens=100, output_tokens=10, usd=0.5)
    )
    await storage.model_calls.add(a_call("c3", hours=2, input_tokens=5, usd=None))

    assert await storage.model_calls.spent(NOON + HOUR) == Spent(tokens=115, usd=0.5)
    assert await storage.model_calls.spent(NOON + 9 * HOUR) == Spent()


async def test_the_latest_calls_about_a_subject_come_first(storage: Storage):
    for number, subject in enumerate(("T-1", "T-2", "T-1", "T-1")):
        await storage.model_calls.add(a_call(f"c{number}", hours=number, subject=subject))

    first = await storage.model_calls.about("T-1", None, 2)
    rest = await storage.model_calls.about("T-1", first.next_cursor, 2)

    assert [call.call_id for call in (*first.items, *rest.items)] == ["c3", "c2", "c0"]
    assert rest.next_cursor is None
    assert list((await storage.model_calls.about("T-9", None, 2)).items) == []
    with pytest.raises(Invalid):
        await storage.model_calls.about("T-1", "nonsense", 2)
