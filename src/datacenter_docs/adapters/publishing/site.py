"""`Press` for a site of files: opened from the disk, searched in the browser, and every value leads to its fact.

Pages hold no ages: how fresh they are is in one script beside them, so that a survey that found nothing new rewrites
that and nothing else.
"""

import asyncio
import json
from collections import deque
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from markupsafe import Markup

from datacenter_docs.adapters.publishing import pages, places, proving
from datacenter_docs.adapters.publishing.citing import cited, in_order
from datacenter_docs.adapters.publishing.crew import Crew
from datacenter_docs.adapters.publishing.folder import Folder
from datacenter_docs.adapters.publishing.pages import HTML, Frame, Leaf
from datacenter_docs.adapters.writing import shell
from datacenter_docs.domain.citing import ProofKind
from datacenter_docs.domain.derivations import Derivation
from datacenter_docs.domain.documents import RESOURCE
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.domain.freshness import Freshness
from datacenter_docs.domain.observed import ObservedResource
from datacenter_docs.domain.reckonings import is_reckoned
from datacenter_docs.domain.speaking import label
from datacenter_docs.ports.publishing import (
    Edition,
    Pressed,
    Progress,
    ResourceText,
    Section,
)

COVERAGE = "coverage"
AT_ONCE = 2
"""Bunches of pages that are made or written while the next is described: one of each."""
_INDEX = "window.SEARCH = "


class SitePress:
    """Makes the site."""

    async def press(
        self, edition: Edition, folder: Path, progress: Progress, *, commits: bool
    ) -> Pressed:
        shelf = Folder(folder, f"site {version('datacenter-docs')} {len(shell.style())}")
        await asyncio.to_thread(shelf.open)
        return await _Run(edition, shelf, progress).run()


class _Run:
    """One making of the site."""

    def __init__(self, edition: Edition, shelf: Folder, progress: Progress) -> None:
        self._edition = edition
        self._shelf = shelf
        self._progress = progress
        self._done = 0
        self._turn = asyncio.Lock()
        self._payloads: set[str] = set()
        self._noted: Set[str] = frozenset()
        self._sections: Sequence[Section] = ()
        self._frame = Frame()
        self._entries: dict[str, list[str]] = {}

    async def run(self) -> Pressed:
        since = self._shelf.survey
        self._sections = await self._edition.sections()
        listed = [section.document for section in in_order(self._sections)]
        self._frame = Frame(tuple((one.title, one.id) for one in listed))
        self._noted = await self._edition.noted()
        touched = await self._touched(since) if since else None
        if touched is None or touched:
            await self._prove()
            await self._resources(touched)
            await self._derived(touched)
        else:
            for prefix in ("resources/", "payloads/", "derived/", "past", "search"):
                self._shelf.keep_others(prefix, set())
        await asyncio.to_thread(self._write_sections, since)
        await self._surveys()
        await self._shared()
        await asyncio.to_thread(self._shelf.close, self._edition.survey, self._noted)
        return Pressed(self._shelf.written, self._shelf.kept, self._shelf.removed)

    async def _touched(self, since: int) -> Set[str]:
        """The resources whose pages may have changed, also by a note that came, changed or went."""
        noted = {one.removeprefix(RESOURCE) for one in self._noted | self._shelf.noted if one.startswith(RESOURCE)}  # fmt: skip
        return await self._edition.touched(since) | noted

    async def _prove(self) -> None:
        """Facts that sections speak of and that stand no longer get a page of their own."""
        named = {proof.id for proof in cited(self._sections) if proof.kind is ProofKind.FACT}
        records = await self._edition.past(named)
        self._frame = replace(self._frame, past={one.fact.id for one in records})
        self._write_page(f"past{HTML}", "Past facts", "", proving.past(records, HTML))

    async def _resources(self, touched: Iterable[str] | None) -> None:
        total = await self._edition.total() if touched is None else len(set(touched))
        self._entries = {} if touched is None else self._found_before()
        under_way: deque[asyncio.Task[None]] = deque()
        async with Crew(self._frame, total) as crew:
            async for bunch in self._edition.resources(None if touched is None else set(touched)):
                await self._fetch_payloads(bunch)
                if len(under_way) == AT_ONCE:
                    await under_way.popleft()
                under_way.append(asyncio.create_task(self._make_resources(crew, bunch)))
                self._done += len(bunch)
                self._progress(self._done, max(total, self._done))
            await asyncio.gather(*under_way)
        if touched is not None:
            self._shelf.keep_others("resources/", set())
            self._shelf.keep_others("payloads/", set())
        entries = [self._entries[one] for one in sorted(self._entries)]
        body = json.dumps(entries, separators=(",", ":"))
        await asyncio.to_thread(self._shelf.write, "search.js", f"{_INDEX}{body};\n")

    async def _fetch_payloads(self, bunch: Sequence[ResourceText]) -> None:
        """The raw answers that the pages lead to; one that lies there stays, whether or not the database still has it."""
        wanted = {one for text in bunch for one in proving.hashes(text.resource)}
        for digest in sorted(wanted - self._payloads):
            name = places.of_payload(digest)
            if self._shelf.has(name):
                self._shelf.keep(name)
                self._payloads.add(digest)
                continue
            try:
                body = (await self._edition.payload(digest)).body
            except NotFound:
                continue
            if body is not None:
                await asyncio.to_thread(self._shelf.write, name, body)
                self._payloads.add(digest)

    async def _make_resources(self, crew: Crew, bunch: Sequence[ResourceText]) -> None:
        leaves = [self._leaf(text) for text in bunch]
        made = await crew.pages(leaves)
        async with self._turn:  # one file at a time: they are written under one name at first
            await asyncio.to_thread(self._write_all, leaves, made)
        for leaf, text in zip(leaves, bunch, strict=True):
            one = text.resource
            self._entries[one.id] = [one.name, _told(one), leaf.name, one.id]

    def _leaf(self, text: ResourceText) -> Leaf:
        one = text.resource
        there = proving.hashes(one) & self._payloads
        name = places.of_resource(one.id, HTML)
        return Leaf(name, one.name, f"@{one.connection}", text.markdown, one, there)

    def _write_all(self, leaves: Sequence[Leaf], made: Sequence[str]) -> None:
        for leaf, page in zip(leaves, made, strict=True):
            self._shelf.write(leaf.name, page)

    def _found_before(self) -> dict[str, list[str]]:
        """What could be searched before, by id."""
        text = self._shelf.read("search.js").removeprefix(_INDEX).rstrip(";\n")
        return {entry[3]: entry for entry in json.loads(text or "[]")}

    async def _derived(self, touched: Iterable[str] | None) -> None:
        named = {proof.id for proof in cited(self._sections) if proof.kind is ProofKind.DERIVED}
        kinds = None if touched is None else {tuple(one.split(":", 3)[:3:2]) for one in touched}
        renewed = set()
        for one in named:
            name = places.of_derived(one, HTML)
            if kinds is None or not self._shelf.has(name) or _is_moved(one, kinds):
                renewed.add(one)
            else:
                self._shelf.keep(name)
        for number in await self._edition.derived(renewed):
            name = places.of_derived(number.id, HTML)
            self._write_page(name, number.words, "overview", proving.derived(number, HTML))

    def _write_sections(self, since: int) -> None:
        for section in self._sections:
            document = section.document
            name = places.of_document(document.id, HTML)
            if (
                since
                and document.id not in {COVERAGE, *self._noted, *self._shelf.noted}
                and document.survey <= since
                and self._shelf.has(name)
            ):
                self._shelf.keep(name)
                continue
            leaf = Leaf(name, document.title, document.id, document.markdown, None, self._payloads)
            self._shelf.write(name, pages.page(self._frame, leaf))

    async def _surveys(self) -> None:
        named = {proof.id for proof in cited(self._sections) if proof.kind is ProofKind.SURVEY}
        numbers = {int(one.partition("/")[0]) for one in named}
        told = proving.surveys(await self._edition.surveys(numbers), named)
        self._write_page(f"surveys{HTML}", "Surveys", COVERAGE, told)

    async def _shared(self) -> None:
        """How fresh each section is, and the pages of resources: by connection, and those about which sources disagree."""
        connections, contested = await self._edition.connections(), await self._edition.contested()
        fresh = {section.document.id: _told_fresh(section.freshness) for section in self._sections}
        fresh |= {f"@{name}": _told_fresh(one) for name, one in connections.items()}
        fresh |= {
            places.of_resource(one, HTML): _told_fresh(own) for one, own in contested.items()
        }
        await asyncio.to_thread(self._write_shared, fresh)

    def _write_shared(self, fresh: Mapping[str, object]) -> None:
        self._shelf.write("freshness.js", f"window.FRESHNESS = {json.dumps(fresh, indent=1)};\n")
        self._shelf.write("style.css", shell.style())
        self._shelf.write("site.js", shell.script())

    def _write_page(self, name: str, title: str, key: str, body: Markup) -> None:
        self._shelf.write(name, pages.framed(self._frame, name, title, key, body))


def _is_moved(derived_id: str, kinds: set[tuple[str, ...]]) -> bool:
    """Whether a number may be another one, now that resources of these platforms and kinds have changed."""
    if is_reckoned(derived_id):
        return True
    recipe = Derivation.parse(derived_id)
    return (recipe.platform, recipe.kind) in kinds


def _told(resource: ObservedResource) -> str:
    """What a search shows under a name, before the id."""
    gone = ", gone" if resource.vanished_at is not None else ""
    return f"{label(resource.kind)} of {resource.platform}{gone}"


def _told_fresh(freshness: Freshness) -> dict[str, object]:
    return {
        "state": freshness.state.value,
        "promised_seconds": freshness.promised.total_seconds(),
        "read_at": freshness.read_at.isoformat() if freshness.read_at else None,
        "reasons": list(freshness.reasons),
    }
