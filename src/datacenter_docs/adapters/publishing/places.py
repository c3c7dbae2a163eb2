"""Where things are in a folder: names of files that every system can hold, and the way from one file to another."""

import re
from collections.abc import Set
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from datacenter_docs.domain.citing import Proof, ProofKind
from datacenter_docs.domain.observed import NAME, FactId

_UNSAFE = re.compile(r"[^a-z0-9.-]+")
LONGEST = 80
"""Characters of a file's name that tell a person what it is; a hash makes it unique."""
RESOURCE = "resource/"


@lru_cache(maxsize=200_000)
def safe(resource_id: str) -> str:
    """A file's name for a resource, without its ending: small letters, so that no system takes two for one."""
    told = _UNSAFE.sub("-", resource_id.lower()).strip("-.")[:LONGEST]
    return f"{told}.{sha256(resource_id.encode()).hexdigest()[:10]}"


def of_resource(resource_id: str, ending: str) -> str:
    """The file with the page of a resource."""
    return f"resources/{safe(resource_id)}{ending}"


def of_document(document_id: str, ending: str) -> str:
    """The file of a document; the overview is the first page."""
    if document_id.startswith(RESOURCE):
        return of_resource(document_id.removeprefix(RESOURCE), ending)
    return f"{'index' if document_id == 'overview' else document_id}{ending}"


def of_derived(derivation: str, ending: str) -> str:
    """The file of a derived number."""
    return f"derived/{sha256(derivation.encode()).hexdigest()[:16]}{ending}"


def of_payload(digest: str) -> str:
    """The file of a raw answer: text, so that no browser takes it for anything else."""
    return f"payloads/{digest}.txt"


def up(name: str) -> str:
    """From a file to the folder: `../` for each folder between."""
    return "../" * name.count("/")


class Guide:
    """Leads from one file of the site to what proves a value. `past`: facts that stand no longer, which have a page of their
    own; `payloads`: the raw answers that lie beside it.
    """

    def __init__(self, ending: str, past: Set[str], payloads: Set[str]) -> None:
        self._ending = ending
        self._past = past
        self._payloads = payloads

    def lead(self, proof: Proof, name: str) -> str:
        """From the file with this name; empty: it leads nowhere."""
        target = self._target(proof)
        return f"{up(name)}{target}" if target else ""

    def _target(self, proof: Proof) -> str:
        if proof.kind is ProofKind.FACT:
            return self._of_fact(proof.id)
        if proof.kind is ProofKind.PAGE:
            return quote(of_document(proof.id.partition("#")[0], self._ending))
        if proof.kind is ProofKind.DERIVED:
            return of_derived(proof.id, self._ending)
        if proof.kind is ProofKind.CONNECTION:
            return of_document("coverage", self._ending)
        if proof.kind is ProofKind.SURVEY:
            return f"surveys{self._ending}#{quote(proof.id, safe='')}"
        if proof.kind is ProofKind.CHANGE:
            survey, slash, rest = proof.id.partition("/")
            return of_resource(rest if slash and survey.isdigit() else proof.id, self._ending)
        if proof.kind is ProofKind.PAYLOAD and proof.id in self._payloads:
            return of_payload(proof.id)
        return ""

    def _of_fact(self, fact_id: str) -> str:
        if fact_id in self._past:
            return f"past{self._ending}#{quote(fact_id, safe='')}"
        fact = FactId.parse(fact_id)
        page = of_resource(fact.resource_id, self._ending)
        return page if fact.attribute == NAME else f"{page}#{fact.attribute}"
