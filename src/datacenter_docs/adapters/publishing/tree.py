"""`Press` for a tree of Markdown, for those who keep their documentation in a Git repository.

A survey that changed nothing rewrites nothing, so that the repository's history is that of the datacenter. How fresh it
all was stands in one file beside the documents, which is written only together with a change.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from datacenter_docs.adapters.publishing import git, places
from datacenter_docs.adapters.publishing.citing import cited, in_order, relinked
from datacenter_docs.adapters.publishing.folder import Folder
from datacenter_docs.adapters.publishing.places import Guide
from datacenter_docs.adapters.writing.markdown import escaped, shown
from datacenter_docs.domain.changes import AttributeChange, Change, ChangeKind
from datacenter_docs.domain.citing import Proof, ProofKind
from datacenter_docs.domain.documents import RESOURCE
from datacenter_docs.domain.observed import NAME, FactId
from datacenter_docs.domain.reckonings import recipe_words
from datacenter_docs.domain.speaking import label, spoken
from datacenter_docs.ports.publishing import (
    Edition,
    Pressed,
    Progress,
    ResourceText,
    Section,
)

MD = ".md"
README = "README.md"
RULES = "derived.md"
TOLD = 200
"""Changes that the message of a commit names one by one."""


class TreePress:
    """Makes the tree."""

    async def press(
        self, edition: Edition, folder: Path, progress: Progress, *, commits: bool
    ) -> Pressed:
        shelf = Folder(folder, f"markdown {version('datacenter-docs')}")
        await asyncio.to_thread(shelf.open)
        since = shelf.survey
        touched = await edition.touched(since) if since else None
        noted = await edition.noted()
        if touched is not None and not touched and not noted | shelf.noted:
            return Pressed(0, 0, 0, "Nothing has changed since the last time.")
        if touched is not None:
            words = {one.removeprefix(RESOURCE) for one in noted | shelf.noted if one.startswith(RESOURCE)}  # fmt: skip
            touched = touched | words
        sections = await edition.sections()
        await asyncio.to_thread(_write_sections, shelf, sections)
        total = await edition.total() if touched is None else len(touched)
        done = 0
        async for bunch in edition.resources(touched):
            await asyncio.to_thread(_write_resources, shelf, bunch)
            done += len(bunch)
            progress(done, max(total, done))
        if touched is not None:
            shelf.keep_others("resources/", set())
        await asyncio.to_thread(shelf.close, edition.survey, noted)
        changes = await edition.changes(since) if since else []
        note = ""
        if commits:
            note = await asyncio.to_thread(
                git.commit, folder, "\n".join(_message(edition.survey, since, changes))
            )
        return Pressed(shelf.written, shelf.kept, shelf.removed, note)


def _write_sections(shelf: Folder, sections: Sequence[Section]) -> None:
    for section in sections:
        _write(shelf, places.of_document(section.document.id, MD), section.document.markdown)
    shelf.write(README, "\n".join(_readme(sections)) + "\n")
    ids = {proof.id for proof in cited(sections) if proof.kind is ProofKind.DERIVED}
    shelf.write(RULES, "\n".join(_rules(ids)) + "\n")


def _write_resources(shelf: Folder, bunch: Sequence[ResourceText]) -> None:
    for text in bunch:
        _write(shelf, places.of_resource(text.resource.id, MD), text.markdown)


def _write(shelf: Folder, name: str, markdown: str) -> None:
    shelf.write(name, relinked(markdown, lambda proof: _lead(proof, name)))


def _lead(proof: Proof, name: str) -> str:
    """Markdown has no anchor for a single value: it leads to where the page says what its values come from."""
    if proof.kind is ProofKind.DERIVED:
        return f"{places.up(name)}{RULES}"
    if proof.kind is ProofKind.SURVEY:
        return f"{places.up(name)}coverage{MD}"
    if proof.kind is ProofKind.FACT:
        fact = FactId.parse(proof.id)
        page = f"{places.up(name)}{places.of_resource(fact.resource_id, MD)}"
        return page if fact.attribute == NAME else f"{page}#where-it-comes-from"
    return _GUIDE.lead(proof, name)


_GUIDE = Guide(MD, set(), set())


def _readme(sections: Sequence[Section]) -> Iterator[str]:
    yield "# Documentation of the datacenter\n"
    yield "Written by `dcdocs generate`; what is changed here by hand is overwritten.\n"
    yield "| document | state when this was written | |"
    yield "| --- | --- | --- |"
    for one in in_order(sections):
        state = one.freshness.state.replace("_", " ")
        name = places.of_document(one.document.id, MD)
        yield f"| [{one.document.title}]({name}) | {state} | {escaped(shown(one.says))} |"


def _rules(ids: set[str]) -> Iterator[str]:
    yield "# Derived numbers\n"
    yield "Numbers that nobody observed and that follow from what was, by these rules.\n"
    for one in sorted(ids):
        yield f"- {escaped(shown(recipe_words(one)))}"


def _message(survey: int, since: int, changes: Sequence[Change]) -> Iterator[str]:
    """What changed, as the message of a commit: numbers first, then one line for each."""
    if not since:
        yield f"Survey {survey}: The documentation begins."
        return
    if since == survey:
        yield f"Survey {survey}: the notes of people changed"
        return
    counts = Counter(change.kind for change in changes)
    told = ", ".join(f"{counts[kind]} {kind}" for kind in ChangeKind if counts[kind])
    yield f"Survey {survey}: {told or 'only measurements moved'}"
    yield ""
    for change in changes[:TOLD]:
        yield f"{shown(change.name)} ({change.resource_id}) {_happened(change)}, seen by survey {change.survey}"
    if len(changes) > TOLD:
        yield "And more: see the changes."


_HAPPENED: Mapping[ChangeKind, str] = {
    ChangeKind.APPEARED: "appeared",
    ChangeKind.RETURNED: "came back",
    ChangeKind.VANISHED: "is gone",
}


def _happened(change: Change) -> str:
    if change.kind in _HAPPENED:
        return _HAPPENED[change.kind]
    return "; ".join(map(_became, change.attributes))


def _became(one: AttributeChange) -> str:
    before, after = (shown(spoken(one.attribute, value)) for value in (one.before, one.after))
    return f"{label(one.attribute)}: {before} -> {after}"
