"""Questions taken apart, words put right, and the order of what was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datacenter_docs.domain.hits import Candidate, ranked, snippet, voted
from datacenter_docs.domain.queries import HitKind, Piece, pieces, words
from datacenter_docs.domain.spelling import closest, corrected, distance, grams, spellable


def thing(key: int, title: str, kind: HitKind = HitKind.RESOURCE, *, gone: bool = False) -> Candidate:  # fmt: skip
    return Candidate(key, kind, f"vmware:lab:vm:{key}", title, gone, None)


def titles(found: object) -> list[str]:
    return [one.title for one in found]  # type: ignore[attr-defined]


def test_blanks_part_pieces_and_quotation_marks_hold_them_together():
    assert pieces('web-1  "power state" web-1 10.0.0.1') == (
        Piece(("web", "1")),
        Piece(("power", "state")),
        Piece(("10", "0", "0", "1")),
    )
    assert pieces("web sh") == (Piece(("web",)), Piece(("sh",), open=True))
    assert pieces('"web sh"') == (Piece(("web", "sh")),)


@given(st.text(max_size=300))
def test_a_word_is_letters_and_digits_whatever_the_text(text: str):
    found = [word for piece in pieces(text) for word in piece.words]

    assert all(word.isalnum() or not word.isascii() for word in found)
    assert not set("".join(found)) & set("\"'\\:*|&!()<>~#{}^+-_ \x00\n")


def test_words_are_small_and_plain():
    assert words("ZÜRICH_Straße/café ﬁre") == ["zurich", "strasse", "cafe", "fire"]


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [("web", "web", 0), ("", "abc", 3), ("webshop", "webshpo", 1), ("webshop", "wbshop", 1), ("webshop", "webshopp", 1), ("ab", "ba", 1), ("kitten", "sitting", 3)],
)  # fmt: skip
def test_letters_missing_too_many_wrong_or_swapped_are_one_step(one: str, other: str, steps: int):
    assert distance(one, other) == distance(other, one) == steps


def test_the_nearest_word_is_meant_and_of_equals_the_one_that_is_used_most():
    assert closest("webshpo", [("workshop", 9), ("webshop", 1)]) == "webshop"
    assert closest("cart", [("card", 1), ("care", 7)]) == "care"
    assert closest("card", [("bird", 9)]) is None
    assert closest("kuberentse", [("kubernetes", 1)]) == "kubernetes"


def test_only_words_of_letters_are_put_right():
    assert spellable("Webshop01-prod db-12 a1b2") == {"webshop", "prod"}
    assert corrected("WEBSHPO01-prod x", {"webshpo": "webshop"}) == "webshop01-prod x"
    assert {"web", "hop"} <= grams("webshop")


def test_what_is_called_so_comes_before_what_only_speaks_of_it():
    asked = pieces("web")
    found = ranked([thing(1, "db"), thing(2, "webshop"), thing(3, "web-12"), thing(4, "web"), thing(5, "web-1", gone=True)], asked)  # fmt: skip

    assert titles(found) == ["web", "web-12", "web-1", "webshop", "db"]


def test_a_whole_name_that_is_gone_is_still_what_was_asked_for():
    found = ranked([thing(1, "web-10"), thing(2, "web-1", gone=True)], pieces("web-1"))

    assert titles(found) == ["web-1", "web-10"]


def test_the_rarer_a_word_is_the_more_it_says():
    common = [thing(n, f"c{n}") for n in range(1, 50)]
    found = voted([common, [thing(7, "c7"), thing(99, "rare")], [thing(99, "rare")]])

    assert titles(found)[:2] == ["rare", "c7"]


def test_a_snippet_shows_the_words_and_says_where_they_stand():
    text = "x " * 100 + "the power state is on\nand stays so " + "y " * 200
    shown = snippet(text, pieces("stat POWER"))
    marked = [shown.text[start:end] for start, end in shown.marks]

    assert marked == ["power"]
    assert len(shown.text) == 200
    assert snippet(text, pieces("power stat")).text == shown.text
    assert snippet("b\n\n  a ", pieces("a")).text == "b · a"
    assert snippet("", pieces("a")).text == ""
