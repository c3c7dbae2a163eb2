"""What cannot be journaled does not happen, and who was overtaken acts no more."""

import pytest
from tests.fakes.platforms import ETH1
from tests.fakes.services import Bench, bench, restart
from tests.unit.services.test_acting import ID, order

from datacenter_docs.domain.errors import Superseded, Unavailable
from datacenter_docs.domain.outcomes import OutcomeKind
from datacenter_docs.services.acting import Acting

K = OutcomeKind


class _FullFence:
    """A fence whose journal takes so many entries and no more."""

    def __init__(self, b: Bench, room: int) -> None:
        self._inner, self._room = b.storage.fence, room
        self.claim, self.check = self._inner.claim, self._inner.check

    async def append(self, claim, entries):
        if self._room < len(entries):
            raise Unavailable("the disk is full")
        self._room -= len(entries)
        await self._inner.append(claim, entries)


def full(b: Bench, room: int) -> Acting:
    switch = b.storage.kill_switch
    return Acting(b.platform, b.platform, b.storage.journal, _FullFence(b, room), switch, b.clock)


@pytest.mark.parametrize("room", [0, 1])
async def test_what_cannot_be_journaled_does_not_happen(room):
    b = bench()
    with pytest.raises(Unavailable):
        await full(b, room).perform(order(b))

    assert b.platform.acts == []


async def test_an_effect_whose_outcome_could_not_be_journaled_is_found_later():
    b = bench()
    with pytest.raises(Unavailable):
        await full(b, 2).perform(order(b))
    outcome = await b.acting.perform(order(b))

    assert (outcome.kind, outcome.recovered) == (K.CHANGED, True)
    assert b.platform.effects == {ID: 1}


class _Overtaken(_FullFence):
    """A fence whose claim another run ends just before the device would be called."""

    def __init__(self, b: Bench) -> None:
        super().__init__(b, 10)
        self.check = self._check

    async def _check(self, claim):
        await self._inner.claim(claim.ticket_id)
        await self._inner.check(claim)


async def test_a_run_that_was_overtaken_calls_no_device_and_records_no_outcome():
    b = bench()
    fence = _Overtaken(b)
    acting = Acting(
        b.platform, b.platform, b.storage.journal, fence, b.storage.kill_switch, b.clock
    )
    with pytest.raises(Superseded):
        await acting.perform(order(b))

    assert b.platform.acts == []
    assert await b.kinds() == ["action.intended", "action.started"]


async def test_a_call_that_slept_on_its_way_does_nothing_where_another_came_before_it():
    b = bench()
    wanted = order(b, restart())
    before = b.as_seen(restart()).look
    await b.acting.perform(wanted)
    late = await b.platform.act(
        "restart_interface", ETH1, {}, baseline=before, idempotency_key="late", dry_run=False
    )

    assert not late.changed
    assert b.platform.effects == {ID: 1}
