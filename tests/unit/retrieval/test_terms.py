"""What the terms of a text are."""

import time

import pytest

from datacenter_docs.domain.retrieval.terms import LONGEST_TEXT, MOST_TERMS, stem, terms


@pytest.mark.parametrize(
    ("word", "wanted"),
    [("flapping", "flap"), ("flapped", "flap"), ("flaps", "flap"), ("queries", "query"), ("status", "status"), ("class", "class"), ("drives", "driv"), ("drive", "driv"), ("disk", "disk")],
)  # fmt: skip
def test_a_word_and_its_forms_have_one_stem(word: str, wanted: str):
    assert stem(word) == wanted


def test_parts_of_identifiers_are_terms_beside_the_whole():
    found = terms("NameNode dfs.data.dir JobTrackerID", "").counts

    assert {"namenode", "name", "node", "dfs.data.dir", "dir", "job", "tracker"} <= found.keys()


def test_what_names_one_occurrence_only_is_no_term():
    text = "10.1.2.3 2026-03-01T08:00:00Z 1234567 deadbeef99 f47ac10b58cc4372a5670e02b2c3d479 host9912345"  # fmt: skip

    assert set(terms("", text).counts) == set()


def test_short_numbers_are_terms():
    assert {"404", "8080", "2.7.1"} <= terms("404 on port 8080", "since 2.7.1").counts.keys()


def test_a_frame_of_a_stack_trace_is_one_term_whatever_line_it_is_on():
    java = "at org.shop.cart.Basket$Inner.add(Basket.java:17)\nat org.shop.cart.Basket.add(Basket.java:99)"  # fmt: skip
    python = 'File "/srv/app/basket.py", line 3, in add'

    assert terms("", java).counts == {"@basket.add": (0, 2)}
    assert terms("", python).counts["@basket.add"] == (0, 1)


def test_title_and_body_are_counted_apart():
    found = terms("disk full", "the disk, a disk")

    assert found.counts["disk"] == (1, 2)
    assert (found.title_length, found.body_length) == (2, 2)
    assert found.spelt["full"] == "full"


def test_words_that_turn_the_meaning_stay():
    assert {"not", "down", "up"} <= terms("not down but up", "").counts.keys()


@pytest.mark.parametrize("text", ["", " \n", "!!! ???", "\ufffd\u200b"])
def test_a_text_without_words_has_no_terms(text: str):
    assert terms(text, text).counts == {}


def test_words_of_any_script_are_terms():
    assert {"festplatt", "диск", "模块"} <= terms("Festplatte диск 模块", "").counts.keys()


def shortest(title: str, body: str) -> float:
    """Seconds of the processor for the terms of a text, the least of three, so that no neighbour and no collection of garbage counts."""

    def once() -> float:
        begun = time.thread_time()
        terms(title, body)
        return time.thread_time() - begun

    return min(once() for _ in range(3))


def test_a_text_of_any_length_costs_no_more_than_its_beginning():
    title, body = "a" * 200_000, " ".join(f"w{n}x" for n in range(60_000)) + "a.b" * 50_000
    found = terms(title, body)

    assert len(found.counts) <= MOST_TERMS
    assert found.body_length <= LONGEST_TEXT
    assert shortest(title, body) < 0.5


@pytest.mark.parametrize("text", ["at " * 3_000, "at a." * 2_000, 'File "' * 1_500, "a-" * 4_000])
def test_no_text_makes_the_patterns_search_for_long(text: str):
    assert shortest("", text) < 0.5
