"""Whatever a name holds, a document shows it as it is, in one link and one cell, and nothing else comes of it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from datacenter_docs.adapters.writing.markdown import LONGEST, Uncited, link, printable, shown
from datacenter_docs.domain.citing import Cite, Proof, ProofKind, Words

PROOF = Proof(ProofKind.FACT, "vmware:lab:vm:vm-1#_name@1")
READER = MarkdownIt("commonmark", {"html": False}).enable("table")
NASTY = (
    "<script>alert(1)</script>",
    "a | b",
    "x](https://evil.example) [y",
    "**bold** _it_ `code` ~~no~~",
    "line\nbreak\r\n| --- |",
    "![](x)",
    "\u202egnp.exe",
    "\\",
    "&lt;b&gt; &#35;",
    "# heading",
    "https://auto.example",
    "a@b.example",
    "zero\u200bwidth",
    "\ud800",
    "",
    " ",
)


def flat(tokens: list[Token]) -> list[Token]:
    return [
        leaf for token in tokens for leaf in (flat(token.children) if token.children else [token])
    ]


def read(markdown: str) -> tuple[list[str], str]:
    """The links of a document, and its text."""
    tokens = flat(READER.parse(markdown))
    links = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
    assert {token.type for token in tokens if token.nesting == 0} <= {"text", "text_special"}
    return links, "".join(token.content for token in tokens)


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_name_is_shown_in_one_cell_of_a_table(text: str):
    row = f"| a | b |\n| --- | --- |\n| {link(Cite(text, PROOF))} | after |\n"
    links, seen = read(row)

    assert links == [PROOF.link]
    assert seen.split("ab", 1)[1].removesuffix("after").strip() == shown(text).strip()


@given(st.text(max_size=80))
@example("\x00")
def test_any_text_is_shown_as_it_is(text: str):
    links, seen = read(f"before {link(Cite(text, PROOF))} after")

    assert links == [PROOF.link]
    assert seen.split() == ["before", *shown(text).split(), "after"]


def test_a_long_value_is_cut_and_says_so():
    seen = shown("x" * 50_000)

    assert len(seen) == LONGEST
    assert seen.endswith("…")


@pytest.mark.parametrize("bare", ["web-1", 42, 1.5, None, True, ["a"]])
def test_what_is_not_cited_is_not_printed(bare: object):
    with pytest.raises(Uncited, match="cite where it comes from"):
        printable(bare)


def test_words_of_ours_need_no_proof():
    assert printable(Words("part of")) == "part of"


@given(st.text(min_size=1).filter(lambda text: text.isprintable() or True))
def test_a_link_leads_back_to_what_it_was_made_of(text: str):
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    proof = Proof(ProofKind.FACT, text)

    assert Proof.parse(proof.link) == proof
    assert not set(proof.link) & set('()<>|\\`*[] \n"')
