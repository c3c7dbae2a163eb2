"""The links of a document's Markdown: what they cite, and the same text with other targets."""

import re
from collections.abc import Callable, Iterator, Sequence

from datacenter_docs.domain.citing import Proof, ProofKind
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.ports.publishing import Section

_LINK = re.compile(r"\\.|\]\(([a-z]+:[^)\s]+)\)", re.DOTALL)
"""A link's target, or an escaped character, which is none."""
_NODE = re.compile(r'^(  click n\d+ href ")([^"\n]*)(")$', re.MULTILINE)
_PROOF = re.compile(r"^  %% proof [^\n]*\n", re.MULTILINE)
OVERVIEW = "overview"


def cited(sections: Sequence[Section]) -> Iterator[Proof]:
    """What documents cite; the parts of long tables cite what stands now, and nothing else, and are passed over."""
    for section in sections:
        if section.document.members:
            continue
        for target in _LINK.findall(section.document.markdown):
            if target:
                yield Proof.parse(target)


def in_order(sections: Sequence[Section]) -> Sequence[Section]:
    """The sections without the parts of their tables, in the order in which the overview names them."""
    by_id = {one.document.id: one for one in sections if not one.document.members}
    first = [one for name, one in by_id.items() if name == OVERVIEW]
    named = [proof.id for proof in cited(first) if proof.kind is ProofKind.PAGE]
    ids = dict.fromkeys([OVERVIEW, *named, *by_id])
    return [by_id[one] for one in ids if one in by_id and "/" not in one]


def relinked(markdown: str, lead: Callable[[Proof], str]) -> str:
    """The Markdown with every link where `lead` says; what leads nowhere keeps what proves it as its target's name."""

    def link(found: re.Match[str]) -> str:
        return f"]({_led(found[1], lead)})" if found[1] else found[0]

    def node(found: re.Match[str]) -> str:
        return f"{found[1]}{_led(found[2], lead)}{found[3]}"

    return _PROOF.sub("", _NODE.sub(node, _LINK.sub(link, markdown)))


def _led(target: str, lead: Callable[[Proof], str]) -> str:
    try:
        proof = Proof.parse(target)
    except Invalid:
        return target
    return lead(proof) or "#"
