"""Diagrams as SVG inside a page: laid out by Graphviz (as a library; no program is run), drawn here.

Graphviz sees numbers and widths only, never a name, so that nothing that was observed is ever read as its language.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import pygraphviz
from markupsafe import escape

from datacenter_docs.adapters.writing.mermaid import Box, Line, Picture

HIGH, GAP_ACROSS, GAP_DOWN, MARGIN = 26.0, 150.0, 10.0, 8.0
"""Of boxes and the space between them, in pixels."""
CHARACTER, NARROWEST, WIDEST = 6.8, 60.0, 220.0
"""Of a box: pixels for each character, at least, at most."""
_POINTS = 72.0
_ONE_AT_A_TIME = threading.Lock()
"""Graphviz has global state."""

Lead = Callable[[str], str]
"""Where a link of a document leads: a URL, or empty for nowhere."""


class Place(NamedTuple):
    """Where the middle of a box is, in pixels from the upper left corner, and how wide it is."""

    x: float
    y: float
    wide: float


def drawn(picture: Picture, lead: Lead) -> str:
    """The picture as an SVG element; every box and every line is a link to what proves it."""
    if not picture.boxes:
        return ""
    places = _laid_out(picture)
    width = max(place.x + place.wide / 2 for place in places.values()) + MARGIN
    height = max(place.y for place in places.values()) + HIGH / 2 + MARGIN
    parts = [
        f'<svg class="diagram" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="diagram" '
        f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
        'font-family="sans-serif" font-size="12">'
    ]
    middle = _middle(picture)
    parts += (_line(line, places, middle, lead) for line in _bundled(picture.lines))
    parts += (_box(box, places[key], lead) for key, box in picture.boxes.items())
    return "".join((*parts, "</svg>"))


def _bundled(lines: Iterable[Line]) -> Iterable[Line]:
    """One line for each pair, with the words of all between them; it leads to what proves the first."""
    pairs: dict[tuple[str, str], Line] = {}
    for line in lines:
        pair = (line.left, line.right)
        first = pairs.get(pair)
        words = f"{first.words}, {line.words}" if first else line.words
        links = (*first.links, *line.links) if first else line.links
        pairs[pair] = Line(*pair, words, links)
    return pairs.values()


def _laid_out(picture: Picture) -> Mapping[str, Place]:
    middle = _middle(picture)
    return _graphviz(picture) if middle is None else dict(_star(picture, middle))


def _middle(picture: Picture) -> str | None:
    """The box that all lines meet at; None: there is none."""
    ends = Counter(end for line in picture.lines for end in {line.left, line.right})
    if not ends or len(picture.boxes) < 2:
        return None
    most, lines = max(ends.items(), key=lambda one: one[1])
    return most if lines == len(picture.lines) and len(ends) == len(picture.boxes) else None


def _star(picture: Picture, middle: str) -> Iterator[tuple[str, Place]]:
    """What leads to the middle on its left, what it leads to on its right. Every page of a resource has one of these, and
    arithmetic is thirty times quicker than Graphviz.
    """
    left = [line.left for line in picture.lines if line.right == middle]
    right = [line.right for line in picture.lines if line.left == middle]
    columns = [list(dict.fromkeys(left)), [middle], []]
    columns[2] = [key for key in dict.fromkeys(right) if key not in columns[0]]
    tallest = max(map(len, columns))
    x = MARGIN
    for column in columns:
        if not column:
            continue
        wide = max(_wide(picture.boxes[key]) for key in column)
        down = MARGIN + (tallest - len(column)) * (HIGH + GAP_DOWN) / 2
        for number, key in enumerate(column):
            yield key, Place(x + wide / 2, down + HIGH / 2 + number * (HIGH + GAP_DOWN), wide)
        x += wide + GAP_ACROSS


def _graphviz(picture: Picture) -> Mapping[str, Place]:
    with _ONE_AT_A_TIME:
        graph = pygraphviz.AGraph(
            strict=False,
            directed=True,
            rankdir="LR",
            nodesep=GAP_DOWN / _POINTS,
            ranksep=GAP_ACROSS / _POINTS,
        )
        for key, box in picture.boxes.items():
            wide = _wide(box)
            graph.add_node(key, label="", shape="box", fixedsize=True, width=wide / _POINTS, height=HIGH / _POINTS)  # fmt: skip
        for line in picture.lines:
            graph.add_edge(line.left, line.right)
        graph.layout(prog="dot")
        top = float(str(graph.graph_attr["bb"]).split(",")[3])
        return {
            key: _place(str(graph.get_node(key).attr["pos"]), top, _wide(box))
            for key, box in picture.boxes.items()
        }


def _place(position: str, top: float, wide: float) -> Place:
    x, y = (float(part) for part in position.split(","))
    return Place(MARGIN + x, MARGIN + top - y, wide)


def _wide(box: Box) -> float:
    return min(WIDEST, max(NARROWEST, len(box.text) * CHARACTER + 2 * MARGIN))


def _box(box: Box, place: Place, lead: Lead) -> str:
    most = int((place.wide - 2 * MARGIN) / CHARACTER)
    text = box.text if len(box.text) <= most else f"{box.text[: most - 1]}…"
    x, y = place.x - place.wide / 2, place.y - HIGH / 2
    shape = (
        f'<title>{escape(box.text)}</title><rect x="{x:.1f}" y="{y:.1f}" width="{place.wide:.1f}" '
        f'height="{HIGH}" rx="4" class="box {escape(box.platform)}" fill="#fff" stroke="#678"/>'
        f'<text x="{place.x:.1f}" y="{place.y + 4:.1f}" text-anchor="middle" fill="#135">{escape(text)}</text>'
    )
    return _linked(shape, lead(box.link))


def _line(line: Line, places: Mapping[str, Place], middle: str | None, lead: Lead) -> str:
    left, right = places[line.left], places[line.right]
    if left.x > right.x:
        left, right = right, left
    begin, end = left.x + left.wide / 2, right.x - right.wide / 2
    bend = (end - begin) / 2
    path = (
        f"M{begin:.1f} {left.y:.1f}C{begin + bend:.1f} {left.y:.1f} "
        f"{end - bend:.1f} {right.y:.1f} {end:.1f} {right.y:.1f}"
    )
    shape = f'<path d="{path}" fill="none" stroke="#9ab"/>'
    if line.words:
        shape += _words(line, places, middle)
    return _linked(shape, lead(line.links[0]) if line.links else "")


def _words(line: Line, places: Mapping[str, Place], middle: str | None) -> str:
    """The words stand at the end that is not the middle of a star, where there is room."""
    near, far = (line.right, line.left) if line.left == middle else (line.left, line.right)
    at, towards = places[near], places[far]
    side = 1 if at.x < towards.x else -1
    x, anchor = at.x + side * (at.wide / 2 + 4), "start" if side == 1 else "end"
    return (
        f'<text x="{x:.1f}" y="{at.y - 3:.1f}" text-anchor="{anchor}" font-size="9" fill="#678">'
        f"{escape(line.words)}</text>"
    )


def _linked(shape: str, url: str) -> str:
    return f'<a href="{escape(url)}">{shape}</a>' if url else shape
