"""Praise that moves nothing: kept, shown, and counted nowhere. And counting as it happens is counting anew."""

import json
import random
from datetime import timedelta

import pytest
from tests.fakes.clock import NOON
from tests.fakes.samples import (
    a_diagnosis,
    a_feedback,
    a_pattern,
    a_score,
    a_ticket,
    a_verification,
    an_entry,
)
from tests.fakes.storage import Storage

from datacenter_docs.domain.audit import EntryKind
from datacenter_docs.domain.cases import CaseChange
from datacenter_docs.domain.credence import (
    AUTHOR_SPAN,
    BURST_SPAN,
    IN_A_BURST,
    OF_ONE_AUTHOR,
    SetAside,
)
from datacenter_docs.domain.feedback import FeedbackType
from datacenter_docs.domain.masking import masked
from datacenter_docs.domain.patterns import Stage
from datacenter_docs.domain.tickets import TicketState

TEXT = masked("port is down")
DAY = timedelta(days=1)
MANY = max(OF_ONE_AUTHOR, IN_A_BURST) + 3


@pytest.fixture
async def known(storage: Storage) -> Storage:
    """A pattern with many tickets."""
    await storage.patterns.add(a_pattern(), TEXT)
    for number in range(MANY):
        await storage.cases.receive(a_ticket(f"T-{number}"), an_entry())
        change = CaseChange(
            at=NOON, state=TicketState.PROPOSED, pattern_id="P-1", score=a_score(80.0)
        )
        await storage.cases.change(f"T-{number}", change)
    return storage


async def praise(
    storage: Storage,
    number: int,
    author: str,
    days: float,
    kind: FeedbackType = FeedbackType.POSITIVE,
) -> SetAside | None:
    word = a_feedback(
        f"F-{number}-{author}", f"T-{number}", kind, NOON + days * DAY, author=author
    )
    return (await storage.feedback.put(word, an_entry(EntryKind.FEEDBACK_GIVEN))).set_aside


async def test_one_persons_praise_counts_a_few_times_a_month(known: Storage):
    told = [await praise(known, number, "ada", number) for number in range(OF_ONE_AUTHOR + 2)]
    pattern = await known.patterns.get("P-1")

    assert told == [None] * OF_ONE_AUTHOR + [SetAside.REPEATED] * 2
    assert (pattern.positive, pattern.set_aside) == (OF_ONE_AUTHOR, 2)
    assert (
        len((await known.feedback.said_of("T-0", "P-1", "general", 99)).of_pattern)
        == OF_ONE_AUTHOR
    )
    later = AUTHOR_SPAN / DAY + OF_ONE_AUTHOR
    assert await praise(known, MANY - 1, "ada", later) is None


async def test_a_burst_of_praise_counts_up_to_a_number_whoever_gives_it(known: Storage):
    told = [await praise(known, n, f"person-{n}", n / 86_400) for n in range(IN_A_BURST + 2)]

    assert told == [None] * IN_A_BURST + [SetAside.BURST] * 2
    assert (await known.patterns.get("P-1")).positive == IN_A_BURST
    assert await praise(known, MANY - 1, "late", BURST_SPAN / DAY + 1) is None


async def test_a_word_against_always_counts(known: Storage):
    told = [await praise(known, n, "ada", n / 86_400, FeedbackType.NEGATIVE) for n in range(MANY)]

    assert told == [None] * MANY
    assert (await known.patterns.get("P-1")).negative == MANY


async def test_praise_of_a_repair_whose_verification_failed_counts_for_nothing_whenever_it_came(
    known: Storage,
):
    assert await praise(known, 0, "ada", 0) is None
    assert (await known.patterns.get("P-1")).positive == 1
    failed = CaseChange(at=NOON, executed=True, verification=a_verification(passed=False))
    for number in (0, 1):
        await known.cases.change(f"T-{number}", failed)

    assert await praise(known, 1, "bob", 1) is SetAside.CONTRADICTED
    pattern = await known.patterns.get("P-1")
    assert (pattern.positive, pattern.set_aside, pattern.last_verification_failed) == (0, 2, True)
    assert list((await known.feedback.said_of("T-0", "P-1", "general", 9)).of_pattern) == []


async def test_what_is_set_aside_is_journaled_as_such(known: Storage):
    for number in range(OF_ONE_AUTHOR + 1):
        await praise(known, number, "ada", number)
    told = (await known.journal.page(kinds=[EntryKind.FEEDBACK_GIVEN])).items

    assert [json.loads(record.body).get("set_aside") for record in told][-2:] == [
        None,
        SetAside.REPEATED,
    ]


async def test_a_word_that_takes_back_praise_makes_room_again(known: Storage):
    for number in range(OF_ONE_AUTHOR):
        await praise(known, number, "ada", number)
    await praise(known, 0, "ada", 6, FeedbackType.NEUTRAL)

    assert await praise(known, MANY - 1, "ada", 7) is None


@pytest.mark.parametrize("seed", range(3))
async def test_counting_as_it_happens_is_counting_anew(known: Storage, seed: int):
    dice = random.Random(seed)
    for step in range(40):
        number = dice.randrange(MANY)
        if dice.random() < 0.4:
            kind = dice.choice(list(FeedbackType))
            author = dice.choice(["ada", "bob", "eve"])
            word = a_feedback(
                f"F-{step}",
                f"T-{number}",
                kind,
                NOON + step * DAY / 3,
                author=author,
                rating=dice.choice([None, 1, 5]),
            )
            await known.feedback.put(word, an_entry())
            continue
        fields = {
            "state": dice.choice(
                [TicketState.REMEDIATING, TicketState.RESOLVED, TicketState.FAILED]
            ),
            "executed": True,
            "verification": a_verification(passed=dice.random() < 0.7),
            "score": a_score(float(dice.randrange(100))),
            "diagnosis": a_diagnosis(dice.random()),
        }
        some = {name: value for name, value in fields.items() if dice.random() < 0.5}
        if (await known.cases.get(f"T-{number}")).ticket.state in (
            TicketState.RESOLVED,
            TicketState.FAILED,
        ):
            some.pop("state", None)
        await known.cases.change(f"T-{number}", CaseChange(at=NOON + step * DAY, **some))
    followed = await known.patterns.get("P-1")
    anew = await known.patterns.refresh("P-1")

    sums = ("confidence_sum", "reliability_sum", "rating_sum")
    assert [getattr(followed, n) for n in sums] == pytest.approx([getattr(anew, n) for n in sums])
    assert followed.replaced(**dict.fromkeys(sums, 0.0)) == anew.replaced(
        **dict.fromkeys(sums, 0.0)
    )


async def test_where_a_pattern_stands_is_told_with_the_journal(known: Storage):
    assert (await known.patterns.get("P-1")).stage_told is Stage.LEARNING
    await known.patterns.tell_stage("P-1", Stage.ELIGIBLE, an_entry(EntryKind.PATTERN_CHANGED))

    assert (await known.patterns.get("P-1")).stage_told is Stage.ELIGIBLE
    assert (await known.journal.page(kinds=[EntryKind.PATTERN_CHANGED])).items
