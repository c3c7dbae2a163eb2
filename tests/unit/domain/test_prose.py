"""Whatever somebody else writes: no number and no name stands in it that was not given."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datacenter_docs.domain.prose import LONGEST, UnprovedError, bind

GIVEN = {"r1": "web-01", "r1.memory_mib": "4 GiB", "r1.state": "on"}


def taken(text: str, names: tuple[str, ...] = ()) -> str:
    return bind(text, GIVEN, names).read(GIVEN)


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("[r1] has [r1.memory_mib] of memory.", "web-01 has 4 GiB of memory."),
        ("The VM is [r1.state]. It was read-only.", "The VM is on. It was read-only."),
        ("Nothing is wrong; a person has to look.", "Nothing is wrong; a person has to look."),
        ("It's the CPU of [r1], e.g. by OOM.", "It's the CPU of web-01, e.g. by OOM."),
    ],
)
def test_values_are_put_in_where_they_are_cited(text: str, reads: str):
    assert taken(text) == reads


@pytest.mark.parametrize(
    "text",
    [
        "It has 8 GiB.",
        "It has eight of them.",
        "It is at ٩٠ percent.",
        "It is at ½.",
        "The host db-02 is down.",
        "Look at esx01.example.com first.",
        "Look at /var/lib/data first.",
        "Ask admin@example.com now.",
        "The service PaymentGateway is down.",
        "The node of Atlas is down.",
        "It is in load_balancer now.",
        "Die Maschine [r1] steht.",  # a German noun is written like a name: the template's text stands
        "# A heading",
        "- [r1] is down",
        "> [r1]",
        " ",
        "[r2] is down.",
        "[r1.cpu] is high.",
        "See [the link](https://example.com).",
        "x" * (LONGEST + 1),
    ],
)
def test_what_was_not_given_is_not_taken(text: str):
    with pytest.raises(UnprovedError):
        taken(text)


def test_a_name_that_was_shown_may_be_written_and_lends_nothing_to_others():
    assert taken("web-01 is down.", ("web-01",)) == "web-01 is down."
    for text in ("web-01b is down.", "xweb-01 is down.", "web-01.example.com is down."):
        with pytest.raises(UnprovedError):
            taken(text, ("web-01",))


def test_a_thing_called_like_a_number_lends_its_name_to_no_number():
    with pytest.raises(UnprovedError):
        taken("There are 42 errors.", ("42",))


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(UnprovedError) as told:
        taken("db-02 has 8 GiB and [r9] too.")

    assert len(told.value.reasons) >= 3


def test_labels_are_told_in_the_order_in_which_they_are_cited():
    assert bind("[r1.state] [r1] [r1.state]", GIVEN).cited == ("r1.state", "r1")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.integers(min_value=0, max_value=10**12))
def test_no_text_with_a_digit_of_its_own_is_ever_taken(around: str, number: int):
    text = f"{around} {number} {around}"

    with pytest.raises(UnprovedError):
        bind(text, GIVEN)
