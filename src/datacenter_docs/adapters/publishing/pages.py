"""One page of the site as a text. Pure, and made of values that can travel, so that several processes can make pages.

Called by `site.py`, directly for single pages and by `crew.py` for many. Reads and writes nothing.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from datacenter_docs.adapters.publishing import places, proving
from datacenter_docs.adapters.publishing.places import Guide
from datacenter_docs.adapters.writing import shell
from datacenter_docs.adapters.writing.html import html
from datacenter_docs.domain.observed import ObservedResource

HTML = ".html"
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'self' file:; script-src 'self' file:"


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages of one making share: the `menu` as titles and document ids in order, and the ids of the facts that
    stand no longer, which have a page of their own.
    """

    menu: tuple[tuple[str, str], ...] = ()
    past: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Leaf:
    """What one page is made of. `name`: its file; `key`: whose freshness it shows; `resource`: whose facts stand below the
    text, None: nobody's; `payloads`: which of the raw answers that it names lie beside the site.
    """

    name: str
    title: str
    key: str
    markdown: str
    resource: ObservedResource | None = None
    payloads: Set[str] = frozenset()


def page(frame: Frame, leaf: Leaf) -> str:
    """The page of a leaf."""
    guide = Guide(HTML, frame.past, leaf.payloads)
    rendered = html(leaf.markdown, lambda proof: guide.lead(proof, leaf.name))
    after = proving.facts(leaf.resource, leaf.payloads) if leaf.resource else Markup()
    contents = shell.contents(rendered.headings)
    return framed(frame, leaf.name, leaf.title, leaf.key, rendered.body, after, contents)


def framed(
    frame: Frame,
    name: str,
    title: str,
    key: str,
    body: Markup,
    after: Markup = Markup(),  # noqa: B008 (it never changes)
    contents: Sequence[dict[str, object]] = (),
) -> str:
    """A complete page around HTML that is made already."""
    root = places.up(name)
    return shell.template("site.html.j2").render(
        title=title,
        policy=_POLICY,
        root=root,
        home=f"{root}index.html",
        here=f"{root}{name}",
        sections=_menu(frame.menu, root),
        key=key,
        own=name,
        contents=contents,
        body=body,
        after=after,
    )


@lru_cache(maxsize=8)
def _menu(menu: tuple[tuple[str, str], ...], root: str) -> Sequence[dict[str, str]]:
    """Titles and where they lead; the same for all pages of a folder."""
    return [
        {"title": words, "url": f"{root}{places.of_document(document_id, HTML)}"}
        for words, document_id in menu
    ]
