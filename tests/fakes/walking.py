"""Reads a document as a distrustful person would: every value back to what proves it, and nothing between the values."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from datacenter_docs.adapters.writing import mermaid
from datacenter_docs.adapters.writing.markdown import shown
from datacenter_docs.domain.citing import Proof, ProofKind, moment
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.observed import NAME, FactId
from datacenter_docs.domain.speaking import NOT_KNOWN, label, spoken
from datacenter_docs.domain.values import canonical_json
from datacenter_docs.ports.estate import EstateReader
from datacenter_docs.services.deriving import Deriving

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
    """The values of a document, and all text that is between them, but for what people are quoted with."""
    values: list[Linked] = []
    loose: list[str] = []
    proof: Proof | None = None
    text = ""
    quoted = 0
    for token in leaves(_READER.parse(markdown)):
        quoted += token.nesting if token.type.startswith("blockquote") else 0
        if token.type == "link_open" and quoted and not _is_proof(token):
            continue
        if token.type == "link_open":
            proof, text = Proof.parse(str(token.attrs["href"])), ""
        elif token.type == "link_close" and proof is not None:
            values.append(Linked(text, proof))
            proof = None
        elif proof is not None:
            text += token.content
        elif token.type == "fence" and token.info == "mermaid" and not quoted:
            picture = mermaid.read(token.content)
            values += [Linked(box.text, Proof.parse(box.link)) for box in picture.boxes.values()]
            assert all(line.links for line in picture.lines), token.content
            loose += [line.words for line in picture.lines]
        elif not quoted:
            loose.append(token.content)
    return values, " ".join(loose)


def _is_proof(token: Token) -> bool:
    try:
        Proof.parse(str(token.attrs["href"]))
    except Invalid:
        return False
    return True


async def check(markdown: str, estate: EstateReader) -> list[Linked]:
    """Every value says what its proof says, and nothing else in the document is a number. The values, for more questions."""
    values, loose = walked(markdown)
    assert values, "a document without a single value proves nothing"
    for value in values:
        if value.proof.kind is ProofKind.FACT:
            assert value.text in await sayings(estate, value.proof), value
        elif value.proof.kind is ProofKind.DERIVED:
            assert value.text.startswith(await _derived(estate, value.proof)) or "(" in value.text
    assert not _DIGIT.search(loose), loose
    return values


async def sayings(estate: EstateReader, proof: Proof) -> set[str]:
    """All wordings of a fact that a document may use."""
    fact = (await estate.fact(FactId.parse(proof.id))).fact
    pointed = [fact.value] if isinstance(fact.value, str) else fact.value
    ids = [one for one in pointed if isinstance(one, str)] if isinstance(pointed, list) else []
    others = await estate.get_all(ids)
    names = ", ".join(others[one].name if one in others else one for one in ids) or "none"
    said = {
        spoken(fact.attribute, fact.value),
        names,
        moment(fact.since),
        fact.source.tool,
        canonical_json(dict(fact.source.arguments)),
        label(fact.attribute),
        *([NOT_KNOWN] if fact.attribute == NAME else []),
    }
    return {shown(text).strip() for text in said}


async def _derived(estate: EstateReader, proof: Proof) -> str:
    """A derived number, made again from the estate."""
    return (await Deriving(estate).again(proof.id)).text
