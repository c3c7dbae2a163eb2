"""The fake of `ports/writing.py`."""

from datacenter_docs.domain.calibration import CalibrationReport
from datacenter_docs.domain.documents import Page
from datacenter_docs.ports.writing import Lead, Sheet


class FakeWriter:
    """Writes the name of the template."""

    def markdown(self, page: Page) -> str:
        return f"# {page.template}\n"

    def reliability_diagram(self, report: CalibrationReport) -> str:
        return f"<svg>{report.outcomes}</svg>"

    def html(self, sheet: Sheet, lead: Lead, home: str) -> str:
        return f"<title>{sheet.title}</title>"
