#!/usr/bin/env python3
"""Verifies a journal of datacenter-docs without datacenter-docs: one file, Python 3.11 or newer, nothing else.

    python3 verify_journal.py journal.jsonl [--anchors anchors.jsonl]
    python3 verify_journal.py datacenter-docs.sqlite --anchors anchors.jsonl

Reads what `dcdocs audit export` wrote, or the database of the embedded product, read-only. Recomputes the hash of every
record and compares with the anchors, which were kept elsewhere. Exit code 0: the journal holds; 6: it does not, and the
first record that is wrong is named; 2: it could not be read.

A record's hash is the sha256 of `<previous hash> <seq> <length>:<kind> <length>:<time> <length>:<actor>
<length>:<ticket id> <length>:<body>`, with `-` in place of a ticket id that is not there; lengths are in characters, times
in UTC with microseconds, the body is JSON with sorted keys and without spaces.
"""

import argparse
import hashlib
import json
import re
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HOLDS, UNREADABLE, BROKEN = 0, 2, 6
GENESIS = "0" * 64
COLUMNS = ("seq", "kind", "at", "actor", "ticket_id", "body", "previous_hash", "hash")
Record = dict[str, Any]
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{6})?(?:Z|\+00:00)", re.ASCII)
SQLITE = b"SQLite format 3\x00"


class Wrong(Exception):
    """The journal does not hold, and why."""


def records(path: Path) -> Iterator[Record]:
    """The records of an export or of a database, in the order in which they stand there."""
    with path.open("rb") as file:
        is_database = file.read(len(SQLITE)) == SQLITE
    return _of_database(path) if is_database else _of_export(path)


def _of_database(path: Path) -> Iterator[Record]:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        columns = ", ".join(COLUMNS)
        for row in connection.execute(f"SELECT {columns} FROM journal ORDER BY seq"):  # noqa: S608 (names of ours)
            yield dict(zip(COLUMNS, row, strict=True))
    finally:
        connection.close()


def _of_export(path: Path) -> Iterator[Record]:
    with path.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
                yield {**{name: record[name] for name in COLUMNS},
                       "at": _time(record["at"]), "body": _canonical(record["body"])}  # fmt: skip
            except (ValueError, KeyError, TypeError) as error:
                raise Wrong(f"line {number} is not a record") from error


def _canonical(body: object) -> str:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)  # fmt: skip


def _time(text: str) -> str:
    """As it was hashed; an export leaves out what is zero. No other way to write the same time is taken for it."""
    written = _TIME.fullmatch(text)
    if written is None:
        raise ValueError(text)
    return f"{written[1]}{written[2] or '.000000'}+00:00"


def digest(record: Record) -> str:
    """The hash that a record with this content has to carry."""
    ticket = record["ticket_id"]
    parts = [
        record["previous_hash"],
        str(record["seq"]),
        *(f"{len(record[name])}:{record[name]}" for name in ("kind", "at", "actor")),
        "-" if ticket is None else f"{len(ticket)}:{ticket}",
        f"{len(record['body'])}:{record['body']}",
    ]
    return hashlib.sha256(" ".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def anchors(path: Path) -> dict[int, str]:
    """Hashes by number of record. A last line without its end is what a power cut left, and no anchor."""
    text = path.read_text("utf-8")
    found: dict[int, str] = {}
    for number, line in enumerate(text[: text.rfind("\n") + 1].splitlines(), 1):
        try:
            anchor = json.loads(line)
            seq, own = int(anchor["seq"]), str(anchor["hash"])
        except (ValueError, KeyError, TypeError) as error:
            raise Wrong(f"line {number} of the anchors is not an anchor") from error
        if found.setdefault(seq, own) != own:
            raise Wrong(f"record {seq} is anchored with two hashes")
    return found


def verify(journal: Iterator[Record], anchored: Mapping[int, str]) -> tuple[int, str]:
    """How many records there are, and the hash of the last. Raises `Wrong` at the first that is not as it should be."""
    seq, head = 0, GENESIS
    for record in journal:
        seq += 1
        if record["seq"] != seq:
            raise Wrong(f"record {seq} is missing: {record['seq']} stands in its place")
        if record["previous_hash"] != head:
            raise Wrong(f"record {seq} does not follow the record before it")
        if record["hash"] != digest(record):
            raise Wrong(f"record {seq} was changed: its content does not match its hash")
        head = record["hash"]
        if anchored.get(seq, head) != head:
            raise Wrong(
                f"record {seq} was written anew: its hash is not the one that was anchored"
            )
    if anchored and max(anchored) > seq:
        raise Wrong(f"the end is missing: record {max(anchored)} was anchored, {seq} are left")
    return seq, head


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)  # fmt: skip
    parser.add_argument(
        "journal", type=Path, help="what `audit export` wrote, or a SQLite database"
    )
    parser.add_argument("--anchors", type=Path, help="the anchors that were kept outside")
    given = parser.parse_args()
    try:
        anchored = anchors(given.anchors) if given.anchors else {}
        count, head = verify(records(given.journal), anchored)
    except Wrong as wrong:
        sys.stdout.write(f"THE JOURNAL DOES NOT HOLD: {wrong}.\n")
        return BROKEN
    except (OSError, UnicodeDecodeError, sqlite3.Error) as error:
        sys.stderr.write(f"It cannot be read: {error}\n")
        return UNREADABLE
    told = f"{len(anchored)} anchors" if anchored else "no anchors given: a cut end would not show"
    sys.stdout.write(f"The journal holds: {count} records, head {head}, {told}.\n")
    return HOLDS


if __name__ == "__main__":
    sys.exit(main())
