"""The documents of this repository as tests read them: headings, links, code blocks, commands."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.architecture.repository import ROOT, committed, something

_FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")


class Block(NamedTuple):
    """A fenced block: where, what its fence says (`yaml estate`), and its text."""

    document: Path
    info: str
    text: str

    @property
    def language(self) -> str:
        return self.info.split(" ")[0]


@cache
def documents() -> tuple[Path, ...]:
    """Every Markdown file."""
    return something([path for path in committed() if path.suffix == ".md"])


def text_of(name: str) -> str:
    """A document, by its path from the root of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def blocks() -> tuple[Block, ...]:
    """All fenced blocks of all documents."""
    found = [
        Block(path, info.strip(), text)
        for path in documents()
        for info, text in _FENCE.findall(path.read_text(encoding="utf-8"))
    ]
    assert found, "no document has a block of code"
    return tuple(found)


def prose(path: Path) -> str:
    """A document without its fenced blocks."""
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def links(path: Path) -> list[str]:
    """What a document links to, as it is written."""
    return _LINK.findall(prose(path))


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as repository hosts make them."""
    return {_slug(heading) for heading in _HEADING.findall(prose(path))}


def inline_code(path: Path) -> list[str]:
    """What stands in single backticks."""
    return _INLINE.findall(prose(path))


def shell_lines() -> list[tuple[Path, str]]:
    """Every line that a reader is told to type, continued lines joined, and commands within sentences."""
    typed = [
        (block.document, line.strip())
        for block in blocks()
        if block.language in ("sh", "shell", "bash")
        for line in block.text.replace("\\\n", " ").splitlines()
    ]
    return typed + [(path, code) for path in documents() for code in inline_code(path)]


def _slug(heading: str) -> str:
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    return re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
