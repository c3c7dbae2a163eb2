"""People's Markdown, written anew: only what is harmless comes through, and all of it stands in a quotation.

What somebody wrote can never become a link of ours (which would look like a proven value), a heading of the document, a
picture that tells somebody who reads it, HTML, or anything outside of the quotation.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from datacenter_docs.adapters.writing.markdown import escaped, link, visible
from datacenter_docs.domain.citing import Cite
from datacenter_docs.domain.notes import split

_SCHEMES = ("http://", "https://", "mailto:")
_MARKS = {"strong_open": "**", "strong_close": "**", "em_open": "*", "em_close": "*"}
_BREAKS = {"softbreak": "\n", "hardbreak": "\\\n"}
_DEEPEST = 20
"""How deep lists and quotations may stand in each other; what is deeper is shown as if it were not."""


def quoted(text: str, named: Mapping[str, Cite]) -> Markup:
    """The text as a quotation. `named`: where its references lead; one that is not among them is shown as it is written."""
    lines = [line for block in _blocks(_reader().parse(text), named) for line in [*block, ""]]
    return Markup("\n".join(f"> {line}".rstrip() for line in lines[:-1] or [""]))  # noqa: S704 (made of escaped text)


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST})


def _blocks(tokens: Sequence[Token], named: Mapping[str, Cite]) -> Iterator[list[str]]:
    """Paragraphs, headings (as bold lines), items and code, each as its lines."""
    depth = 0
    marker = ""
    heading = False
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "list_item_open":
            marker = "- "
        elif token.type in ("heading_open", "heading_close"):
            heading = token.type == "heading_open"
        elif token.type in ("fence", "code_block"):
            yield from _code(token)
        elif token.type == "inline":
            words = _inline(token.children or [], named)
            indent = "  " * max(0, depth - 1)
            lines = (f"**{words}**" if heading and words.strip() else words).splitlines() or [""]
            yield [f"{indent}{marker}{_start(lines[0])}", *(f"{indent}{'  ' if depth else ''}{_start(line)}" for line in lines[1:])]  # fmt: skip
            marker = ""


def _code(token: Token) -> Iterator[list[str]]:
    """Code line by line; the fence is longer than any that stands in it."""
    longest = max((len(word) for word in token.content.split() if set(word) == {"`"}), default=0)
    fence = "`" * max(3, longest + 1)
    lines = ("".join(map(visible, line)) for line in token.content.splitlines())
    yield [fence, *lines, fence]


def _inline(tokens: Sequence[Token], named: Mapping[str, Cite]) -> str:
    """A line of text with its marks."""
    found: list[str] = []
    hrefs: list[str] = []
    for token in tokens:
        if token.type in _MARKS:
            found.append(_MARKS[token.type])
        elif token.type in _BREAKS:
            found.append(_BREAKS[token.type])
        elif token.type == "link_open":
            hrefs.append(_harmless(str(token.attrs.get("href", ""))))
            found.append("[" if hrefs[-1] else "")
        elif token.type == "link_close":
            href = hrefs.pop()
            found.append(f"]({href})" if href else "")
        else:
            found += _pieces(token.content, named, within_link=bool(hrefs))
    return "".join(found)


def _pieces(text: str, named: Mapping[str, Cite], *, within_link: bool) -> Iterator[str]:
    """Text, with references as links; inside of a link there can be no other one."""
    for piece, refers in split(text):
        if refers and piece in named and not within_link:
            yield str(link(named[piece]))
        else:
            yield escaped("".join(map(visible, f"[[{piece}]]" if refers else piece)))


def _harmless(href: str) -> str:
    """The address of a link that leads away, or nothing: our own kinds of links are for us alone."""
    if not href.lower().startswith(_SCHEMES):
        return ""
    return "".join(
        c if c.isascii() and c.isprintable() and c not in " <>()\\`|\"'" else "" for c in href
    )


def _start(line: str) -> str:
    """A line that begins nothing: no heading, list, rule or quotation of its own."""
    stripped = line.lstrip()
    if stripped[:1] in ("#", "-", "+", "=", ">"):
        return f"\\{stripped}"
    digits = len(stripped) - len(stripped.lstrip("0123456789"))
    if digits and stripped[digits : digits + 1] in (".", ")"):
        return f"{stripped[:digits]}\\{stripped[digits:]}"
    return stripped
