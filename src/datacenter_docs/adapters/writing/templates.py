"""`Writer` with Jinja: templates that cannot print an uncited value."""

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from datacenter_docs.adapters.writing import mermaid, shell
from datacenter_docs.adapters.writing.markdown import printable
from datacenter_docs.adapters.writing.quoting import quoted
from datacenter_docs.domain.calibration import CalibrationReport
from datacenter_docs.domain.citing import Cite, Quoted
from datacenter_docs.domain.diagrams import Diagram
from datacenter_docs.domain.documents import Page
from datacenter_docs.ports.writing import Lead, Sheet


class TemplateWriter:
    """Writes pages by the templates beside this file."""

    def markdown(self, page: Page) -> str:
        return _template(f"{page.template}.md.j2").render(page=page)

    def reliability_diagram(self, report: CalibrationReport) -> str:
        return shell.template("reliability.svg.j2").render(report=report)

    def html(self, sheet: Sheet, lead: Lead, home: str) -> str:
        return shell.page(sheet, lead, home)


@lru_cache(maxsize=32)
def _template(name: str) -> Template:
    """Kept, since a large estate has a hundred thousand pages of one template."""
    return _environment().get_template(name)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """Autoescape keeps what macros return apart from bare text, which `printable` then refuses."""
    return Environment(
        auto_reload=False,  # a template that extends another would look at its file for every page
        loader=PackageLoader("datacenter_docs.adapters.writing", "templates"),
        autoescape=True,
        finalize=_printed,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _printed(value: object) -> Markup:
    """What a template may print: cited values, our own words, a diagram, and people's words as a quotation."""
    if isinstance(value, Markup | Cite):  # nearly always
        return printable(value)
    if isinstance(value, Diagram):
        return mermaid.source(value)
    return quoted(value.text, value.named) if isinstance(value, Quoted) else printable(value)
