"""HTML from the Markdown: anchored, led where the asker says, and never more than the Markdown says."""

from itertools import combinations

from datacenter_docs.adapters.writing import mermaid, pictures
from datacenter_docs.adapters.writing.html import html
from datacenter_docs.domain import citing
from datacenter_docs.domain.citing import Cite, Proof, ProofKind, Words
from datacenter_docs.domain.diagrams import Diagram, Edge, Node

FACT = Proof(ProofKind.FACT, "vmware:lab:vm:web-1#_name@1")
HOSTILE = '"] --> <script>alert(1)</script> #35; ```\n| & [x](javascript:alert(1))'


def nowhere(proof: Proof) -> str:
    return f"to?{proof.kind}"


def node(name: str, number: int = 0) -> Node:
    proof = Proof(ProofKind.FACT, f"vmware:lab:vm:{number}#_name@1")
    return Node(f"vmware:lab:vm:{number}", Cite(name, proof), Words("vmware"), Words("VM"))


def linked(count: int, name: str = "web") -> Diagram:
    nodes = tuple(node(f"{name}-{n}", n) for n in range(count))
    edges = tuple(
        Edge(one.id, nodes[(n + 1) % count].id, Words("is linked to"), (one.name.proof.id,))
        for n, one in enumerate(nodes)
    )
    return Diagram(nodes, edges, directed=False, complete=True)


def test_a_value_leads_where_the_asker_says():
    body = html(f"[web-1]({FACT.link})", nowhere).body

    assert body == '<p><a href="to?fact" class="fact">web-1</a></p>\n'


def test_a_value_that_leads_nowhere_is_text():
    assert html(f"[web-1]({FACT.link})", lambda _: "").body == "<p>web-1</p>\n"


def test_raw_html_does_not_get_through():
    body = html("<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> text", nowhere).body

    assert "<script" not in body
    assert "<img" not in body


def test_a_link_that_is_not_ours_leads_to_the_web_or_nowhere():
    body = html("[a](https://example.org) [b](javascript:alert) [c](file:///etc/passwd)", nowhere)

    assert body.body.count("<a ") == 1
    assert 'rel="noopener noreferrer nofollow"' in body.body


def test_headings_have_anchors_and_are_told():
    rendered = html("# One & two\n\n## Part\n\n## Part", nowhere)

    assert [h.anchor for h in rendered.headings] == ["one-two", "part", "part-2"]
    assert '<h2 id="part-2">' in rendered.body


def test_a_part_of_a_whole_has_a_bar():
    ratio = Proof(ProofKind.FACT, "vmware:lab:host:1#memory_usage_ratio@3")

    assert '<rect width="83.0"' in html(f"[83 %]({ratio.link})", nowhere).body
    assert "<rect" not in html(f"[83 %]({FACT.link})", nowhere).body


def test_a_diagram_is_read_back_as_it_was_written():
    diagram = linked(3, HOSTILE)
    picture = mermaid.read(str(mermaid.source(diagram)))

    assert [box.link for box in picture.boxes.values()] == [
        one.name.proof.link for one in diagram.nodes
    ]
    assert len(picture.lines) == 3
    assert all(box.text.startswith('"] --> <script>') for box in picture.boxes.values())


def test_a_hostile_name_in_a_diagram_stays_a_name():
    body = html(str(mermaid.source(linked(4, HOSTILE))), nowhere).body

    assert body.count("<svg") == body.count("</svg>") == 1
    assert "<script" not in body
    assert "&lt;script&gt;" in body


def test_two_hundred_boxes_do_not_overlap():
    picture = mermaid.read(str(mermaid.source(linked(200))))
    places = pictures._laid_out(picture).values()

    for one, other in combinations(places, 2):
        beside = abs(one.x - other.x) >= (one.wide + other.wide) / 2
        assert beside or abs(one.y - other.y) >= pictures.HIGH
    assert len(places) == 200


def test_a_star_has_its_middle_in_the_middle():
    nodes = tuple(node(f"n{n}", n) for n in range(4))
    words = Words(citing.ProofKind.FACT)
    edges = tuple(Edge(nodes[n].id, nodes[0].id, words, ("p@1",)) for n in (1, 2, 3))
    body = html(str(mermaid.source(Diagram(nodes, edges, directed=True, complete=True))), nowhere)

    assert body.body.count("<rect") == 4
    assert body.body.count("<path") == 3
