"""The same documents as HTML, made from the Markdown alone, so that the two never differ.

Raw HTML in the Markdown is left out; where a link leads is decided by whoever asks, since a site in a folder, a page of
the API and a book have different places for the same thing.
"""

import re
from collections.abc import Callable
from html import unescape
from typing import NamedTuple

from comrak import ExtensionOptions, render_markdown
from markupsafe import Markup, escape

from datacenter_docs.adapters.writing import mermaid, pictures
from datacenter_docs.domain.citing import Proof, ProofKind
from datacenter_docs.domain.errors import Invalid

Relink = Callable[[Proof], str]
"""Where something that proves a text is to be found: a URL, or empty for nowhere."""

_LINK = re.compile(r'<a href="([^"]*)"([^>]*)>([^<]*)</a>')
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_ANCHOR = re.compile(r'(<h[1-6] id=")')
_TAG = re.compile(r"<[^>]*>")
_RATIO = re.compile(r"_ratio@\d+\Z")
_PERCENT = re.compile(r"(\d+(?:\.\d)?) %\Z")
_READS = ExtensionOptions()
_READS.table = True
_ELSEWHERE = ("http://", "https://", "mailto:")


class Heading(NamedTuple):
    """A heading: how deep, its anchor, and its text as HTML without tags."""

    level: int
    anchor: str
    text: str


class Rendered(NamedTuple):
    """A document as a piece of HTML, and its headings in order."""

    body: Markup
    headings: list[Heading]

    def prefixed(self, prefix: str) -> Markup:
        """The body with other anchors, for a page that holds several documents."""
        body = _ANCHOR.sub(rf"\1{prefix}-", self.body)
        return Markup(body)  # noqa: S704 (as it was)


def html(markdown: str, relink: Relink) -> Rendered:
    """The document, headings with anchors, diagrams drawn, every link where `relink` says."""
    body = render_markdown(markdown, extension_options=_READS)
    body = _LINK.sub(lambda found: _led(found, relink), body)
    headings: list[Heading] = []
    body = _anchored(body, headings)
    body = body.replace("<table>", '<div class="wide"><table>').replace(
        "</table>", "</table></div>"
    )
    body = mermaid.SOURCE.sub(lambda found: _drawn(found, relink), body)
    return Rendered(Markup(body), headings)  # noqa: S704 (the reader of Markdown escapes, and so does what we put in)


def _led(found: re.Match[str], relink: Relink) -> str:
    """Ours lead to what proves them; any other link (there is none but in people's notes) says that it leads away."""
    target, text = found[1], found[3]
    if "&" in target:
        target = unescape(target)
    try:
        proof = Proof.parse(target)
    except Invalid:
        if not target.lower().startswith(_ELSEWHERE):
            return text
        return f'<a href="{found[1]}" rel="noopener noreferrer nofollow">{text}</a>'
    url = relink(proof)
    led = f'<a href="{escape(url)}" class="{proof.kind}">{text}</a>' if url else text
    return _bar(proof, text) + led


def _bar(proof: Proof, text: str) -> str:
    """A part of a whole gets a bar; empty for anything else."""
    percent = _PERCENT.match(text)
    if not percent or proof.kind is not ProofKind.FACT or not _RATIO.search(proof.id):
        return ""
    part = min(100.0, float(percent[1]))
    level = "full" if part >= 90 else "high" if part >= 75 else "fine"
    return (
        f'<svg class="bar {level}" width="60" height="10" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="100" height="10" fill="#ddd"/><rect width="{part}" height="10" fill="{_COLOURS[level]}"/></svg> '
    )


_COLOURS = {"fine": "#4a8", "high": "#da3", "full": "#c44"}


def _anchored(body: str, headings: list[Heading]) -> str:
    """Headings get the id that their words give, with a number where the words come again."""
    met: dict[str, int] = {}

    def anchor(found: re.Match[str]) -> str:
        text = _TAG.sub("", found[2])
        slug = "-".join("".join(c if c.isalnum() else " " for c in unescape(text).lower()).split())
        met[slug] = met.get(slug, 0) + 1
        unique = slug if met[slug] == 1 else f"{slug}-{met[slug]}"
        headings.append(Heading(int(found[1]), unique, text))
        return f'<h{found[1]} id="{escape(unique)}">{found[2]}</h{found[1]}>'

    return _HEADING.sub(anchor, body)


def _drawn(found: re.Match[str], relink: Relink) -> str:
    def lead(link: str) -> str:
        try:
            return relink(Proof.parse(link))
        except Invalid:
            return ""

    svg = pictures.drawn(mermaid.read(unescape(found[1])), lead)
    return f'<div class="wide">{svg}</div>'
