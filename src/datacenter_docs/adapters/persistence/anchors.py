"""Anchors: heads of the journal in a file outside the database, so that cutting off its end or rewriting it shows.

One JSON object per line: `seq`, `hash`, `at`. The file is only ever appended to; put it where the database's owner
cannot write to get more from it. Lines without a line end are what a power cut left of an anchor that was never given.
"""

import fcntl
import json
import os
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from datacenter_docs.domain.errors import Broken, Unavailable


class Anchor(NamedTuple):
    """The journal's head at some time."""

    seq: int
    hash: str


class AnchorFile:
    """The file. Several processes may append at once. Raises `Unavailable` when it cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[Anchor]:
        """All anchors, oldest first; no file: none. Raises `Broken` for a line that is no anchor."""
        try:
            text = self._path.read_text("utf-8")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise Unavailable(f"The anchors cannot be read: {error}") from error
        whole = text[: text.rfind("\n") + 1]
        return [_parsed(line, number) for number, line in enumerate(whole.splitlines(), 1)]

    def append(self, anchor: Anchor, at: datetime) -> None:
        """Add one, durable before this returns; nothing when it is the last one already."""
        line = json.dumps({"seq": anchor.seq, "hash": anchor.hash, "at": at.isoformat()}) + "\n"
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                content = file.read()
                end = content.rfind(b"\n") + 1
                file.truncate(end)
                if self.read()[-1:] != [anchor]:
                    file.write(line.encode())
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            raise Unavailable(f"The anchor cannot be written: {error}") from error


def _parsed(line: str, number: int) -> Anchor:
    try:
        data = json.loads(line)
        return Anchor(int(data["seq"]), str(data["hash"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Broken(f"Line {number} of the anchors is not an anchor: {line[:80]!r}") from error
