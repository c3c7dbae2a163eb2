"""What every estate store keeps of surveys: one at a time, in order, with what they covered, and a person's word."""

from datetime import timedelta

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.estate_samples import LAB, Estate, seen, vm
from tests.fakes.storage import Storage

from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.errors import NotFound, Refused
from datacenter_docs.domain.surveys import CoverageState, MissingPart, SurveyState
from datacenter_docs.ports.estate import ResourceFilter

WEB, DB, MAIL = vm("web"), vm("db"), vm("mail")
FAR = timedelta(days=3_650)


@pytest.fixture
def estate(storage: Storage, clock: FakeClock) -> Estate:
    return Estate(storage.estate, storage.recorder, clock)


async def ids(estate: Estate) -> list[str]:
    return [one.id for one in (await estate.reader.find(ResourceFilter(), None, 100)).items]


async def test_one_survey_at_a_time(estate: Estate):
    first = await estate.recorder.begin([LAB], "alice", estate.clock.now())
    second = await estate.recorder.begin([LAB], "bob", estate.clock.now())
    finished = await estate.recorder.finish(1, estate.clock.advance(5))
    third = await estate.recorder.begin([LAB], "bob", estate.clock.now())

    assert (first.created, second.created, third.created) == (True, False, True)
    assert second.survey.requested_by == "alice"
    assert (finished.state, finished.finished_at) == (SurveyState.FINISHED, estate.clock.now())
    assert third.survey.number == 2


async def test_a_clock_that_runs_backwards_does_not_turn_surveys_round(estate: Estate):
    await estate.surveyed(seen(WEB))
    begun = await estate.recorder.begin([LAB], "schedule", estate.started_at(1) - FAR)

    assert begun.survey.started_at == estate.started_at(1)


async def test_surveys_are_listed_newest_first_with_what_they_covered(estate: Estate):
    for gaps in ([], [MissingPart(part="sw1", reason="no answer")]):
        state = CoverageState.PARTIAL if gaps else CoverageState.COMPLETE
        await estate.surveyed(seen(WEB), gaps=gaps, state=state)
    page = await estate.reader.surveys(None, 1)
    rest = await estate.reader.surveys(page.next_cursor, 1)

    assert [one.number for one in (*page.items, *rest.items)] == [2, 1]
    assert page.items[0].coverage[0].gaps[0].part == "sw1"
    assert await estate.reader.survey(1) == rest.items[0]
    with pytest.raises(NotFound, match="no survey 3"):
        await estate.reader.survey(3)


async def test_the_age_of_a_connection_is_that_of_its_last_complete_reading(estate: Estate):
    await estate.surveyed(seen(WEB))
    await estate.surveyed(state=CoverageState.PARTIAL)
    now, then = await estate.reader.coverage(), await estate.reader.coverage(estate.started_at(1))

    assert [(one.state, one.read_at) for one in now] == [
        (CoverageState.PARTIAL, estate.started_at(1))
    ]
    assert [one.state for one in then] == [CoverageState.COMPLETE]


async def test_a_coverage_counts_what_its_survey_found(estate: Estate):
    await estate.surveyed(seen(WEB), seen(DB), seen(MAIL))
    await estate.surveyed(seen(WEB, cpu_count=1), vanished=[DB, MAIL])
    survey = await estate.surveyed(seen(WEB, cpu_count=2), seen(DB))
    counts = [one.coverage[0].counts for one in (await estate.reader.surveys(None, 3)).items]

    assert survey.coverage[0].counts == counts[0]
    assert [(c.appeared, c.changed, c.returned, c.vanished) for c in counts] == [
        (0, 1, 1, 0),
        (0, 1, 0, 2),
        (3, 0, 0, 0),
    ]


async def test_a_person_may_say_that_the_doubted_are_gone(estate: Estate, storage: Storage):
    await estate.surveyed(seen(WEB), seen(DB), seen(MAIL))
    await estate.surveyed(
        seen(MAIL), unseen={WEB: True, DB: False}, state=CoverageState.SUSPICIOUS
    )
    now = estate.clock.advance(60)
    entry = Entry(kind=EntryKind.NOTICE_SENT, at=now, actor="alice")
    accepted = await estate.recorder.accept_vanished(LAB, "alice", now, [entry])
    again = await estate.recorder.accept_vanished(LAB, "alice", now, [entry])

    assert (accepted, again) == (1, 0)
    assert await ids(estate) == [DB, MAIL]
    assert (await estate.reader.get(WEB)).vanished_at == now
    assert (await estate.reader.touched(2)).stated == {WEB}
    assert (await estate.reader.survey(3)).requested_by == "alice"
    assert len((await storage.journal.page()).items) == 1


async def test_nobody_accepts_while_a_survey_runs(estate: Estate):
    await estate.recorder.begin([LAB], "schedule", estate.clock.now())

    with pytest.raises(Refused, match="is running"):
        await estate.recorder.accept_vanished(LAB, "alice", estate.clock.now(), [])


async def test_what_is_believed_to_be_there_is_listed(estate: Estate):
    await estate.surveyed(seen(WEB, name="Web", parent=DB), seen(DB), seen(MAIL))
    await estate.surveyed(vanished=[MAIL], unseen={WEB: False})

    found = [one async for bunch in estate.recorder.present(LAB) for one in bunch]

    assert found == [(DB, "db", None), (WEB, "Web", DB)]
