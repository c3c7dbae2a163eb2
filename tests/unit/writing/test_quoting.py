"""People's Markdown comes through harmless: quoted, with no link of ours, and unable to leave its quotation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from datacenter_docs.adapters.writing.html import html
from datacenter_docs.adapters.writing.quoting import quoted
from datacenter_docs.domain.citing import page

READER = MarkdownIt("commonmark", {"html": False}).enable("table")
WEB = page("web-1", "resource/vmware:lab:vm:web-1")
NASTY = (
    "<script>alert(1)</script>",
    "[9 GiB](fact:vmware:lab:vm:a#memory_mib@1)",
    "[x](javascript:alert(1))",
    "![spy](https://evil.example/pixel.png)",
    "[ref]\n\n[ref]: fact:a:b:c:d#e@1",
    "<https://evil.example/>",
    "# Heading\n\nUnder\n===",
    "a\n\n> b\n\n> > c",
    "```\ncode\n````\n\n# out",
    "| a | b |\n| --- | --- |\n| 1 | 2 |",
    "1. one\n2. two\n   - deep\n\n     > deeper",
    "* * *\n\n---",
    "a\u2028# b\x0b# c\x85# d",
    "\u202eright to left",
    "[[web-1]] [a [[web-1]] b](https://x.example)",
    "> " * 200 + "deep",
    "`[[web-1]]` and `code`",
    "\\",
    "trailing\\\n# heading",
    "    indented",
    "&lt;b&gt; &#35;",
    "\n\n\n",
    "a  \nb",
)
OURS = ("fact:", "derived:", "survey:", "ticket:", "change:", "payload:", "connection:", "note:")


def seen(text: str) -> list[str]:
    """What stands in the document after the quotation, which has to be untouched."""
    markdown = f"before\n\n{quoted(text, {'web-1': WEB})}\n\n## After\n"
    tokens = READER.parse(markdown)
    depth = 0
    for token in tokens:
        depth += token.nesting if token.type.startswith("blockquote") else 0
        if token.type not in ("blockquote_open", "blockquote_close") and token.level == 0 and token.nesting >= 0:  # fmt: skip
            assert depth == 0
    outer = [t for t in tokens if t.level == 0 and t.nesting == 1]
    assert [t.type for t in outer] == ["paragraph_open", "blockquote_open", "heading_open"]
    inner = [t.type for t in tokens]
    assert inner.count("heading_open") == 1
    assert "table_open" not in inner
    links = [
        str(child.attrs["href"])
        for token in tokens
        for child in token.children or []
        if child.type == "link_open"
    ]
    assert not [t for token in tokens for t in token.children or [] if t.type in ("image", "html_inline")]  # fmt: skip
    return links


@pytest.mark.parametrize("text", NASTY)
def test_nothing_leaves_its_quotation_or_looks_like_ours(text: str):
    for href in seen(text):
        assert not href.startswith(OURS)
        assert href.startswith(("https://", "http://", "mailto:", WEB.proof.link))


@given(st.text(alphabet="abc#>-*_`[](){}<>!|\\\n\t 1.:/&=~+\"'", max_size=60))
def test_no_text_leaves_its_quotation(text: str):
    for href in seen(text):
        assert not href.startswith(OURS)


def test_marks_lists_and_links_come_through():
    text = "**Bold** and *more*\n\n- one\n- [two](https://x.example)\n\n# Title"

    assert str(quoted(text, {})) == (
        "> **Bold** and *more*\n>\n> - one\n>\n> - [two](https://x.example)\n>\n> **Title**"
    )


def test_a_reference_leads_to_the_page_or_stays_as_it_is_written():
    assert str(quoted("see [[web-1]]", {"web-1": WEB})) == f"> see [web-1]({WEB.proof.link})"
    assert str(quoted("see [[web-9]]", {"web-1": WEB})) == "> see \\[\\[web-9\\]\\]"


def test_as_html_nothing_of_it_is_obeyed():
    shown = html("\n\n".join(str(quoted(text, {})) for text in NASTY), lambda proof: "#").body

    assert "<script" not in shown
    assert "<img" not in shown
    assert "javascript:" not in shown.replace("(javascript:alert(1))", "")
