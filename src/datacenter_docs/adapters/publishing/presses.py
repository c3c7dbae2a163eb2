"""Every format that the documentation can be made into, with what makes it."""

from collections.abc import Mapping

from datacenter_docs.adapters.publishing.book import BookPress
from datacenter_docs.adapters.publishing.inventory import as_csv, as_json
from datacenter_docs.adapters.publishing.site import SitePress
from datacenter_docs.adapters.publishing.tree import TreePress
from datacenter_docs.ports.publishing import Format, Press


def presses() -> Mapping[Format, Press]:
    """One press for each format."""
    return {
        Format.SITE: SitePress(),
        Format.MARKDOWN: TreePress(),
        Format.PDF: BookPress(),
        Format.JSON: as_json(),
        Format.CSV: as_csv(),
    }
