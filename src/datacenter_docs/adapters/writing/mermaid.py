"""Diagrams in Markdown: as Mermaid source that many readers of Markdown draw, and read back from it to be drawn by us.

We write a small part of the language and read exactly that. Names are cited as everywhere: a node leads to its fact by
`click`, an edge to its proof by a comment, since Mermaid gives edges no links.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from datacenter_docs.adapters.writing.markdown import shown
from datacenter_docs.domain.citing import Proof, ProofKind
from datacenter_docs.domain.diagrams import Diagram

SOURCE = re.compile(r'<pre><code class="language-mermaid">(.*?)</code></pre>', re.DOTALL)
"""A diagram in rendered Markdown."""

_SPECIAL = re.compile(r"[^\w \-.,/:()+@=…]")
_CODE = re.compile(r"#(\d+);")
_NODE = re.compile(r'  (n\d+)\["(.*)"\]:::(\w+)\Z')
_LINK = re.compile(r'  click (n\d+) href "(.*)"\Z')
_EDGE = re.compile(r"  (n\d+) (?:-->\|(.*)\||---) (n\d+)\Z")
_PROOF = re.compile(r"  %% proof (.*)\Z")


@dataclass(frozen=True, slots=True)
class Box:
    """A node: its text, the fact of its name as a link, and its platform."""

    text: str
    link: str
    platform: str


@dataclass(frozen=True, slots=True)
class Line:
    """An edge between two boxes by their keys; `words` empty: it has no direction. `links`: the facts that prove it."""

    left: str
    right: str
    words: str
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A diagram as it was read: boxes by their keys, and lines."""

    boxes: dict[str, Box]
    lines: tuple[Line, ...]


def source(diagram: Diagram) -> Markup:
    """The diagram as a fenced block of Markdown."""
    return Markup("\n".join(("```mermaid", *_written(diagram), "```")))  # noqa: S704 (every name in it is coded)


def _written(diagram: Diagram) -> Iterator[str]:
    keys = {node.id: f"n{number}" for number, node in enumerate(diagram.nodes)}
    yield "graph LR"
    for node in diagram.nodes:
        key = keys[node.id]
        yield f'  {key}["{_coded(shown(node.name.text))}"]:::{node.platform}'
        yield f'  click {key} href "{node.name.proof.link}"'
    for edge in diagram.edges:
        arrow = f"-->|{edge.words}|" if diagram.directed else "---"
        yield f"  {keys[edge.left]} {arrow} {keys[edge.right]}"
        for proof in edge.proofs:
            yield f"  %% proof {Proof(ProofKind.FACT, proof).link}"


def read(text: str) -> Picture:
    """Read what `source` wrote between the fences; a line that we would not write is passed over."""
    boxes: dict[str, Box] = {}
    lines: list[Line] = []
    for row in text.splitlines():
        if node := _NODE.match(row):
            boxes[node[1]] = Box(_decoded(node[2]), "", node[3])
        elif (link := _LINK.match(row)) and link[1] in boxes:
            box = boxes[link[1]]
            boxes[link[1]] = Box(box.text, link[2], box.platform)
        elif (edge := _EDGE.match(row)) and {edge[1], edge[3]} <= boxes.keys():
            lines.append(Line(edge[1], edge[3], edge[2] or "", ()))
        elif (proof := _PROOF.match(row)) and lines:
            last = lines[-1]
            lines[-1] = Line(last.left, last.right, last.words, (*last.links, proof[1]))
    return Picture(boxes, tuple(lines))


def _coded(text: str) -> str:
    """A name between Mermaid's quotes: whatever could end it, or mean something, as its code point."""
    return _SPECIAL.sub(lambda found: f"#{ord(found[0])};", text)


def _decoded(text: str) -> str:
    return _CODE.sub(lambda found: chr(int(found[1])), text)
