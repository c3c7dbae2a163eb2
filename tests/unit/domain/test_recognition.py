"""Whom a text belongs to, and whom it must never meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.clock import NOON
from tests.unit.domain.samples import pattern

from datacenter_docs.domain.masking import masked
from datacenter_docs.domain.matching import MAX_TERMS, key_terms, match_of, new_pattern, signature
from datacenter_docs.domain.recognition import MAX_PROTOTYPES, Band, PatternIndex


def knowing(**patterns: str) -> PatternIndex:
    """An index of patterns with one prototype each."""
    index = PatternIndex()
    for key, text in patterns.items():
        index.add(key, masked(text))
    return index


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ("link between r1 and r2 is down", "r3 - r4 link down"),
        ("Link between r1 and r2 is down!", "the LINK r7-r9 went down at 12:30:05"),
        ("Interface eth1 is down", "port ge-0/0/3 down"),
        ("volume data1 is 95% full", "The volume /srv/data2 is full"),
        ("service not responding on port 8080", "service on port 443 is not responding"),
        ("errors on interface eth0", "interface eth7: error"),
        ("the array lost a disk", "the aray lost a dsik"),
    ],
)
def test_a_rephrased_ticket_finds_its_pattern_for_sure(known, text):
    found = knowing(p=known).find(masked(text))

    assert (found.key, found.band) == ("p", Band.AUTOMATIC)


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ("port down", "port flapping"),
        ("snapshot too old", "snapshot failed"),
        ("link is down", "link is not down"),
        ("link is down", "it is down"),
        ("ipv4 route lost", "ipv6 route lost"),
        ("set quota of cache", "get quota of cache"),
        ("io thread of the replica stopped", "sql thread of the replica stopped"),
        ("worker moved from NEW to READY", "worker moved from READY to DONE"),
        (
            "uplink port of the core switch of the customer network in the main hall is down",
            "uplink port of the core switch of the customer network in the main hall is flapping",
        ),
        ("", ""),
    ],
)
def test_another_trouble_is_new(known, text):
    index = knowing(p=known)

    assert index.find(masked(text)).band is Band.NONE
    assert knowing(p=text).find(masked(known)).band is Band.NONE


def test_the_explanation_alone_finds_the_alert_and_another_title_over_it_does_not():
    told = "tasks of the compaction wait"
    index = knowing(a=f"Ledger compaction pending (kit)\n{told}")

    assert index.find(masked(f"n7: {told}")).key == "a"
    assert index.find(masked(f"Ledger compaction pending (labs)\n{told}")).band is Band.NONE


def test_what_a_pattern_says_besides_counts_against_a_text_that_says_something_else_besides():
    told = "tasks of the compaction wait"
    index = knowing(a=told)
    index.add("a", masked(f"Ledger compaction pending\n{told}"))

    assert index.find(masked(f"Archive vacuum pending\n{told}")).band is not Band.AUTOMATIC


def test_two_patterns_that_fit_alike_are_a_tie_for_a_person():
    found = knowing(b="tasks of the ledger wait", a="tasks of the ledger wait").find(
        masked("tasks of the ledger wait")
    )

    assert (found.key, found.band) == ("b", Band.SUGGESTION)
    assert found.margin == 0


def test_a_single_word_is_never_sure():
    assert knowing(p="help").find(masked("help!")).band is not Band.AUTOMATIC


def test_how_often_a_pattern_is_told_of_does_not_make_it_likelier():
    index = knowing(often="queue of the shop grows", seldom="queue of the bank grows")
    text = masked("queue of the mill grows")
    before = index.find(text).probability
    for way in ("mails of the shop wait", "the shop is late", "orders of the shop pile up"):
        index.add("often", masked(way))

    assert index.find(text).probability <= before


def test_only_patterns_of_the_group_are_candidates():
    index = PatternIndex()
    index.add("p", masked("link is down"), "network")

    assert index.find(masked("link is down"), "storage").key is None


def test_a_name_that_differs_does_not_make_another_sentence_once_it_is_known_as_a_name():
    index = knowing(
        p="queue of redis grows, consumers idle", x="pod redis25 crashed", y="volume redis7 is full",
        z="pod tomcat1 is pending", w="image of tomcat9 not found",
    )  # fmt: skip

    assert index.find(masked("queue of tomcat grows, consumers idle")).key == "p"
    assert index.find(masked("queue of tomcat grows, consumers idle")).band is not Band.NONE


def test_the_words_that_decided_are_named_the_rarest_first():
    index = knowing(p="volume of the ledger full", q="volume of the archive lost")
    found = index.find(masked("volume of the ledger full"))

    assert set(found.terms) == {"ledger", "full", "volum"}
    assert found.terms[-1] == "volum"


def test_only_what_is_new_teaches():
    index = knowing(p="fan of the array broke")
    same, more = masked("fan of the array broke"), masked("fan of the array broke\nit is loud")

    assert not index.teaches("p", same, index.find(same))
    assert index.teaches("p", more, index.find(more))
    slip = masked("fan of the array brokke")
    assert not index.teaches("p", slip, index.find(slip))


def test_a_pattern_keeps_so_many_ways_to_tell_of_it():
    index = PatternIndex()
    for number in range(MAX_PROTOTYPES):
        index.add("p", masked(f"trouble {'x' * (number + 1)} came"))
    other = masked("something else entirely broke")

    assert not index.teaches("p", other, index.find(other))


def test_one_pattern_can_be_asked_for():
    index = knowing(p="link is down", q="link is down")

    assert index.probability_of("p", masked("link is down")) > 0.99
    assert index.probability_of("p", masked("fan broke")) < 0.5
    assert index.probability_of("p", masked("")) == 0
    assert index.probability_of("unknown", masked("link is down")) == 0


@given(st.lists(st.text(max_size=60), max_size=5), st.text(max_size=60))
def test_a_probability_is_one_and_the_same_text_is_found_again(known, text):
    index = PatternIndex()
    for place, one in enumerate(known):
        index.add(str(place), masked(one))
    found = index.find(masked(text))

    assert 0 <= found.probability <= 1
    assert -1e-9 <= found.margin <= 1
    assert found == index.find(masked(text))


def test_a_match_that_is_not_sure_is_uncertain():
    index = knowing(p="tasks of the ledger wait", q="tasks of the ledger wait")
    tied = match_of(index.find(masked("tasks of the ledger wait")), pattern())

    assert tied.uncertain
    alone = knowing(p="tasks of the ledger wait").find(masked("tasks of the ledger wait"))
    assert not match_of(alone, pattern()).uncertain


def test_key_terms_leave_out_the_name_of_the_category_and_what_is_too_much():
    assert key_terms(masked("network link down"), "network") == ("down", "link")
    long = "\n".join(f"{a}{b}x {b}{a}y {a}{b}{a}" for a in "abcdefg" for b in "klmnopq")
    assert len(key_terms(masked(long), "network")) == MAX_TERMS


def test_a_signature_depends_on_category_and_terms_but_not_on_their_order():
    assert signature("network", ("a", "b")) == signature("network", ("b", "a"))
    assert signature("network", ("a",)) != signature("storage", ("a",))
    assert signature("network", ("a",)) != signature("network", ("a",), "T-1")
    assert len(signature("network", ())) == 64


def test_a_new_pattern_is_called_by_its_signature():
    made = new_pattern(masked("link down"), "network", NOON)

    assert made.pattern_id == f"pat-{made.signature[:16]}"
    assert made.key_terms == ("down", "link")
    assert made.occurrences == 0
