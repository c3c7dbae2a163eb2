"""An ear hears what each runbook by itself would hear, whatever the words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datacenter_docs.adapters.reasoning.library import SHIPPED, load
from datacenter_docs.domain.runbooks import Ear, Runbook, triggered
from datacenter_docs.domain.words import phrase

LIBRARY = load(Path(SHIPPED))
WORDS = sorted(
    {
        word
        for book in LIBRARY
        for group in (*book.trigger.all_of, book.trigger.none_of)
        for alternative in group
        for word in phrase(alternative).split()
    }
)
EAR = Ear(LIBRARY)


@given(st.lists(st.sampled_from([*WORDS, "ly", ".", "-"]), max_size=30))
def test_it_hears_what_each_would_hear(words: list[str]):
    text = " ".join(words)

    assert EAR.asked_for(text, "network") == [b for b in LIBRARY if triggered(b, text, "network")]


def test_every_runbook_can_be_asked_for():
    """So that the property above has something to find."""
    for book in LIBRARY:
        text = ". ".join(group[0].rstrip("*") for group in book.trigger.all_of)
        assert book in EAR.asked_for(text, "any"), book.name


@pytest.mark.parametrize("word", ["flap", "flapping", "Flaps!"])
def test_a_word_without_end_is_heard_however_it_ends(word: str):
    book = _waiting_for("flap*")

    assert Ear([book]).asked_for(f"the port {word}", "network") == [book]
    assert Ear([book]).asked_for("the port is down", "network") == []


def test_only_what_waits_for_its_words_is_asked():
    link, slow = _waiting_for("link down"), _waiting_for("slow")

    assert Ear([link, slow]).asked_for("The LINK, down again", "network") == [link]
    assert Ear([link, slow]).asked_for("down link", "network") == []


def _waiting_for(alternative: str) -> Runbook:
    book = LIBRARY[0]
    trigger = book.trigger.replaced(all_of=((alternative,),), none_of=(), categories=())
    return book.replaced(trigger=trigger)
