"""Documents as text: a page of cited values goes in, Markdown comes out, and from that every other form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from datacenter_docs.domain.calibration import CalibrationReport
from datacenter_docs.domain.citing import Proof
from datacenter_docs.domain.documents import Page
from datacenter_docs.domain.freshness import FreshnessState

Lead = Callable[[Proof], str]
"""Where what proves a value is to be found: a URL, or empty for nowhere."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document to be shown as a page of its own. `says`: how fresh it is, in a sentence."""

    title: str
    markdown: str
    state: FreshnessState
    says: str


class Writer(Protocol):
    """Writes. Pure and quick: it reads nothing but the page."""

    def markdown(self, page: Page) -> str:
        """The page as Markdown, every value a link to what proves it (`domain/citing.py`, `Proof.link`)."""
        ...

    def reliability_diagram(self, report: CalibrationReport) -> str:
        """How often decisions came true, by their score, as an SVG that needs nothing else."""
        ...

    def html(self, sheet: Sheet, lead: Lead, home: str) -> str:
        """The document as a complete page without scripts that needs nothing else; every value leads where `lead` says, and
        the page's head to `home`.
        """
        ...
