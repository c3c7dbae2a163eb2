"""The same documents as HTML, made from the Markdown alone, so that the two never differ.

Raw HTML in the Markdown is shown and not obeyed; where a link leads is decided by whoever asks, since a site in a folder,
a page of the API and a book have different places for the same thing.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from datacenter_docs.domain.citing import Proof
from datacenter_docs.domain.errors import Invalid

Relink = Callable[[Proof], str]
"""Where something that proves a text is to be found: a URL, or empty for nowhere."""


def html(markdown: str, relink: Relink) -> str:
    """The document as a piece of HTML, headings with anchors, every link where `relink` says."""
    reader = _reader()
    tokens = reader.parse(markdown)
    _anchor(tokens)
    for token in _links(tokens):
        _lead(token, relink)
    rendered: str = reader.renderer.render(tokens, reader.options, {})
    return rendered


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _links(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "link_open":
            yield token
        yield from _links(token.children or [])


def _lead(token: Token, relink: Relink) -> None:
    """Ours lead to what proves them; any other link (there is none but in people's notes) is kept, and says that it leads away."""
    try:
        proof = Proof.parse(str(token.attrs["href"]))
    except Invalid:
        token.attrs["rel"] = "noopener noreferrer nofollow"
        return
    token.attrs["href"] = relink(proof)
    token.attrs["class"] = proof.kind
    token.attrs["title"] = f"{proof.kind}: {proof.id}"


def _anchor(tokens: list[Token]) -> None:
    """Headings get the id that their words give, with a number where the words come again."""
    met: dict[str, int] = {}
    for heading, inline in pairwise(tokens):
        if heading.type != "heading_open":
            continue
        text = "".join(child.content for child in inline.children or [])
        slug = "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
        met[slug] = met.get(slug, 0) + 1
        heading.attrs["id"] = slug if met[slug] == 1 else f"{slug}-{met[slug]}"
