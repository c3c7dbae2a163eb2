"""A run that was taken over has no end that anybody could record."""

import asyncio

import pytest

from datacenter_docs.domain.errors import Refused, Superseded
from datacenter_docs.workflows.steps import guarded


async def test_a_superseded_step_never_answers():
    async def work():
        raise Superseded("Another worker has taken over.")

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(guarded("act", "T-1", work), 0.05)


async def test_any_other_error_is_an_answer():
    async def work():
        raise Refused("No.")

    assert await guarded("act", "T-1", work) == {"error": "No."}
