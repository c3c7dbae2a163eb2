"""Reads a site as a browser does: its pages, their anchors, and where every link goes."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


@dataclass
class Link:
    """A link: where it leads, what kind of proof that is, and its text."""

    href: str
    kind: str
    text: str = ""


@dataclass
class PageRead(HTMLParser):
    """What is in a page."""

    ids: set[str] = field(default_factory=set)
    links: list[Link] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    attributes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: Link | None = None
        self._title = 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        self.attributes.update(given)
        if "id" in given:
            self.ids.add(given["id"])
        if tag == "a":
            self._open = Link(given["href"], given.get("class") or "")
            self.links.append(self._open)
        self._title += tag == "title"

    def handle_endtag(self, tag):
        if tag == "a":
            self._open = None
        self._title -= tag == "title"

    def handle_data(self, data):
        if self._open and not self._title:
            self._open.text += data


def site(folder: Path) -> dict[str, PageRead]:
    """All pages by their names."""
    pages = {}
    for file in sorted(folder.rglob("*.html")):
        page = PageRead()
        page.feed(file.read_text())
        pages[file.relative_to(folder).as_posix()] = page
    return pages


def target(folder: Path, name: str, href: str) -> tuple[str, str]:
    """The file that a link of a page leads to, and the anchor in it."""
    split = urlsplit(href)
    place = (folder / name).parent / unquote(split.path) if split.path else folder / name
    return place.resolve().relative_to(folder.resolve()).as_posix(), unquote(split.fragment)
