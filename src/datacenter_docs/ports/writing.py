"""Documents as text: a page of cited values goes in, Markdown comes out, and from that every other form."""

from typing import Protocol

from datacenter_docs.domain.documents import Page


class Writer(Protocol):
    """Writes. Pure and quick: it reads nothing but the page."""

    def markdown(self, page: Page) -> str:
        """The page as Markdown, every value a link to what proves it (`domain/citing.py`, `Proof.link`)."""
        ...
