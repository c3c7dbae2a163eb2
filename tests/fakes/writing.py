"""The fake of `ports/writing.py`."""

from datacenter_docs.domain.documents import Page


class FakeWriter:
    """Writes the name of the template."""

    def markdown(self, page: Page) -> str:
        return f"# {page.template}\n"
