"""How well the estate was read: every connection with its newest reading, and whatever is missing, doubted or odd.

Made when somebody asks, never stored: it changes with every survey, also where nothing else does.
"""

from datacenter_docs.domain import citing
from datacenter_docs.domain.citing import Cite, Words
from datacenter_docs.domain.documents import Counted, CoveragePage, CoverageRow, SourceRow
from datacenter_docs.domain.speaking import label
from datacenter_docs.domain.surveys import Coverage, CoverageState
from datacenter_docs.services.remembering import Known

STATES = {
    CoverageState.COMPLETE: "read completely",
    CoverageState.PARTIAL: "read with gaps",
    CoverageState.SUSPICIOUS: "shows much less than before",
    CoverageState.UNREADABLE: "could not be read",
}


async def compose(estate: Known) -> CoveragePage:
    """The page as it is now."""
    return CoveragePage(rows=tuple(_row(coverage) for coverage in await estate.coverage()))


def _row(coverage: Coverage) -> CoverageRow:
    def cite(text: str) -> Cite:
        return citing.surveyed(coverage.survey, text, coverage.connection)

    return CoverageRow(
        source=SourceRow(
            connection=cite(coverage.connection),
            platform=Words(coverage.platform),
            state=Words(STATES[coverage.state]),
            read_at=cite(citing.moment(coverage.read_at)) if coverage.read_at else None,
            seen=cite(f"{coverage.counts.seen:,}"),
            gaps=cite(f"{len(coverage.gaps):,}"),
        ),
        numbers=tuple(
            Counted(Words(name), cite(f"{number:,}")) for name, number in coverage.counts
        ),
        gaps=tuple((cite(gap.part or "all of it"), cite(gap.reason)) for gap in coverage.gaps),
        suspicions=tuple(
            (Words(label(one.kind)), cite(f"{one.before:,}"), cite(f"{one.seen:,}"))
            for one in coverage.suspicions
        ),
        oddities=tuple((cite(one.subject), cite(one.what)) for one in coverage.oddities),
    )
