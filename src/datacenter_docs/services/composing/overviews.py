"""The first page: what there is, over which connections, what endangers it, and where to read on."""

from collections import Counter
from collections.abc import Sequence

from datacenter_docs.domain import citing
from datacenter_docs.domain.citing import Proof, ProofKind, Words
from datacenter_docs.domain.derivations import Derivation, Recipe
from datacenter_docs.domain.diagrams import Diagram
from datacenter_docs.domain.documents import Counted, OverviewPage
from datacenter_docs.domain.risk_rules import RISK_RULES
from datacenter_docs.domain.risks import Severity
from datacenter_docs.domain.speaking import label
from datacenter_docs.domain.tally import Tally
from datacenter_docs.services.composing import summarizing
from datacenter_docs.services.composing.platforms import SECTIONS, TITLES


def compose(tally: Tally, sections: Sequence[tuple[str, str]], topology: Diagram) -> OverviewPage:
    """The page as it is now. `sections`: ids and titles of the other documents, in the order of reading."""
    counts = [d for d, _ in tally.numbers(Recipe.COUNT) if not d.attribute]
    connections = sorted({(d.connection, d.platform) for d in counts})
    platforms = [platform for platform in SECTIONS if any(d.platform == platform for d in counts)]
    kinds = tuple(
        (Words(TITLES[platform]), tuple(_kinds(tally, platform, counts))) for platform in platforms
    )
    risks = tuple(_risks(tally))
    return OverviewPage(
        summary=summarizing.by_template(kinds, risks),
        connections=tuple(
            (citing.connected(name), Words(TITLES[platform])) for name, platform in connections
        ),
        kinds=kinds,
        risks=risks,
        sections=tuple(citing.page(title, document_id) for document_id, title in sections),
        topology=topology if topology.edges else None,
    )


def _kinds(tally: Tally, platform: str, counts: Sequence[Derivation]) -> Sequence[Counted]:
    kinds = sorted({d.kind for d in counts if d.platform == platform})
    every = [Derivation(Recipe.COUNT, platform, kind) for kind in kinds]
    return [Counted(Words(label(d.kind)), d.cite(tally.number(d))) for d in every]


def _risks(tally: Tally) -> Sequence[Counted]:
    found = Counter[Severity]()
    for derivation, number in tally.numbers(Recipe.RISKS):
        found[RISK_RULES[derivation.risk].severity] += int(number)
    return [
        Counted(
            Words(severity),
            citing.Cite(f"{found[severity]:,}", Proof(ProofKind.PAGE, f"risks#{severity}")),
        )
        for severity in Severity
    ]
