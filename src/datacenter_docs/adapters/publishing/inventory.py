"""`Press` for the inventory: every fact of every resource that is there, with where it comes from, as JSON or CSV.

One fact is one line, in both: written while it is read, so that the size of the estate does not matter.
"""

import asyncio
import csv
import io
import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from datacenter_docs.domain.errors import Refused, Unavailable
from datacenter_docs.domain.observed import NAME, PARENT, CitedFact, ObservedResource
from datacenter_docs.domain.values import canonical_json
from datacenter_docs.ports.publishing import Edition, Pressed, Progress

COLUMNS = (
    "resource_id",
    "platform",
    "connection",
    "kind",
    "name",
    "attribute",
    "value",
    "measured",
    "since",
    "confirmed_at",
    "tool",
    "arguments",
    "payload_sha256",
    "fact_id",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
Lines = Callable[[Iterable[Mapping[str, Any]]], str]


class InventoryPress:
    """Makes one file. `begin`, `end`: what stands before and after the lines."""

    def __init__(self, name: str, begin: str, end: str, lines: Lines) -> None:
        self._name = name
        self._begin = begin
        self._end = end
        self._lines = lines

    async def press(
        self, edition: Edition, folder: Path, progress: Progress, *, commits: bool
    ) -> Pressed:
        place, part = folder / self._name, folder / f".{self._name}.part"
        total, done = await edition.total(), 0
        try:
            await asyncio.to_thread(_ready, folder)
            with part.open("w", encoding="utf-8", newline="") as file:
                file.write(self._begin)
                async for bunch in edition.observed():
                    text = self._lines(row for one in bunch for row in rows(one))
                    first = self._name.endswith("json") and done == 0
                    await asyncio.to_thread(file.write, text.removeprefix(",") if first else text)
                    done += len(bunch)
                    progress(done, max(total, done))
                file.write(self._end)
            await asyncio.to_thread(part.replace, place)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise Unavailable(
                f"{error.filename or place} cannot be written: {error.strerror}. "
                "What was there is as it was."
            ) from error
        return Pressed(1, 0, 0)


def _ready(folder: Path) -> None:
    if folder.is_file():
        raise Refused(f"{folder} is a file, and a folder is needed. Give another --out.")
    folder.mkdir(parents=True, exist_ok=True)


def rows(resource: ObservedResource) -> Iterator[Mapping[str, Any]]:
    """The facts of a resource, name and parent first."""
    own = (resource.fact(NAME), resource.fact(PARENT))
    for fact in (*own, *resource.facts()):
        if fact is not None:
            yield _row(resource, fact)


def _row(resource: ObservedResource, fact: CitedFact) -> Mapping[str, Any]:
    return {
        "resource_id": resource.id,
        "platform": resource.platform,
        "connection": resource.connection,
        "kind": resource.kind,
        "name": resource.name,
        "attribute": fact.attribute,
        "value": list(fact.value) if isinstance(fact.value, list | tuple) else fact.value,
        "measured": fact.measured,
        "since": fact.since.isoformat(),
        "confirmed_at": fact.confirmed_at.isoformat(),
        "tool": fact.source.tool,
        "arguments": dict(fact.source.arguments),
        "payload_sha256": fact.source.payload_sha256,
        "fact_id": fact.id,
    }


def json_lines(some: Iterable[Mapping[str, Any]]) -> str:
    """Rows of an array, each with the comma before it."""
    return "".join(f",\n{json.dumps(row)}" for row in some)


def csv_lines(some: Iterable[Mapping[str, Any]]) -> str:
    """Rows of a table. A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in some:
        writer.writerow([_cell(row[column]) for column in COLUMNS])
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return canonical_json(value)
    return f"'{value}" if _begins_like_a_formula(value) else value


def _begins_like_a_formula(text: str) -> bool:
    """Signs of full width count, and what nobody sees before them does not: a spreadsheet may read both so."""
    plain = (c for one in text for c in unicodedata.normalize("NFKC", one))
    first = next((c for c in plain if c in _FORMULA or (c.isprintable() and c != " ")), "")
    return first in _FORMULA


def as_json() -> InventoryPress:
    """`inventory.json`: an array of facts."""
    return InventoryPress("inventory.json", "[", "\n]\n", json_lines)


def as_csv() -> InventoryPress:
    """`inventory.csv`: a table of facts with a head."""
    return InventoryPress("inventory.csv", ",".join(COLUMNS) + "\r\n", "", csv_lines)
