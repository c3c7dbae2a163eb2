"""Pages that people wrote for people, in Markdown, taken apart into sections. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_TITLE = re.compile(r"^title:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page under one heading. `page`: where it is from; `title`: the page's; `heading` empty: before the first one.

    `words`: others by which it is to be found, which it does not show.
    """

    page: str
    title: str
    heading: str
    text: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class FoundSection:
    """A section that fits. `score`: higher fits better; comparable within one answer only."""

    section: Section
    score: float


def sections(page: str, markdown: str) -> Iterator[Section]:
    """The sections of a page that say something, in order. The title is the front matter's, else the first heading, else the name."""
    matter = _MATTER.match(markdown)
    said = _TITLE.search(matter.group(1)) if matter else None
    body = _COMMENT.sub(" ", markdown[matter.end() :] if matter else markdown)
    name = page.rsplit("/", 1)[-1].removesuffix(".md")
    title = said.group(1) if said else ""
    heading, lines, fenced = "", list[str](), False
    for line in body.splitlines():
        fenced ^= bool(_FENCE.match(line))
        found = None if fenced else _HEADING.match(line)
        if found is None:
            lines.append(line)
            continue
        if any(map(str.strip, lines)):
            yield Section(page, title or name, heading, "\n".join(lines).strip())
        heading, lines = found.group(2), []
        if len(found.group(1)) == 1:
            title, heading = title or heading, ""
    if any(map(str.strip, lines)):
        yield Section(page, title or name, heading, "\n".join(lines).strip())
