"""Reads a document as a distrustful person would: every value back to what proves it, and nothing between the values."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from datacenter_docs.domain.citing import Proof, ProofKind
from datacenter_docs.domain.observed import FactId
from datacenter_docs.ports.estate import EstateReader

_READER = MarkdownIt("commonmark", {"html": False}).enable("table")
_DIGIT = re.compile(r"\d")


class Linked(NamedTuple):
    """A value of a document: what is shown, and what proves it."""

    text: str
    proof: Proof


def leaves(tokens: list[Token]) -> Iterator[Token]:
    """All tokens of a document in order, without those that only hold others."""
    for token in tokens:
        if token.children:
            yield from leaves(token.children)
        else:
            yield token


def walked(markdown: str) -> tuple[list[Linked], str]:
    """The values of a document, and all text that is between them."""
    values: list[Linked] = []
    loose: list[str] = []
    proof: Proof | None = None
    text = ""
    for token in leaves(_READER.parse(markdown)):
        if token.type == "link_open":
            proof, text = Proof.parse(str(token.attrs["href"])), ""
        elif token.type == "link_close" and proof is not None:
            values.append(Linked(text, proof))
            proof = None
        elif proof is not None:
            text += token.content
        else:
            loose.append(token.content)
    return values, " ".join(loose)


async def check(markdown: str, estate: EstateReader) -> list[Linked]:
    """Every fact exists, and nothing else in the document is a number. The values, for more questions."""
    values, loose = walked(markdown)
    assert values, "a document without a single value proves nothing"
    for value in values:
        if value.proof.kind is ProofKind.FACT:
            await estate.fact(FactId.parse(value.proof.id))
    assert not _DIGIT.search(loose), loose
    return values
