"""A folder that is written again and again: only what changed, one whole file at a time, and never somebody else's.

A list of what was written, with hashes, lies in the folder. It is marked unfinished before the first change and
finished after the last, so that a run that broke off is known to have, and the next one looks at the files themselves.
"""

import json
from collections.abc import Set
from contextlib import suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from datacenter_docs.domain.errors import Refused, Unavailable

LIST = ".dcdocs.json"
TEMPORARY = ".dcdocs.part"


class Folder:
    """One format in one folder. `survey`, `noted`: up to where the run before came, and which documents had notes then. `maker`: what writes it and in which version; another one's list is not believed."""

    def __init__(self, path: Path, maker: str) -> None:
        self._path = path
        self._maker = maker
        self._before: dict[str, str] = {}
        self._now: dict[str, str] = {}
        self._made: set[Path] = set()
        self._finished = False
        self._begun = False
        self.survey = 0
        self.noted: frozenset[str] = frozenset()
        self.written = 0
        self.kept = 0
        self.removed = 0

    def open(self) -> None:
        """Look at what is there. Raises `Refused` for a folder with other things in it."""
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            there = {entry.name for entry in self._path.iterdir()} - {".git"}
            if not there:
                return
            listed = self._listed()
        except OSError as error:
            raise self._unwritable(error) from error
        if listed is None:
            raise Refused(
                f"{self._path} holds files that were not written by `dcdocs generate`. Give another --out."
            )
        self._before = dict(listed["files"])
        if listed["maker"] == self._maker and listed["finished"]:
            self._finished = True
            self.survey = int(listed["survey"])
            self.noted = frozenset(listed.get("noted", ()))

    def has(self, name: str) -> bool:
        """Whether a file was written by the run before and is still there."""
        return name in self._before and (self._path / name).is_file()

    def read(self, name: str) -> str:
        """The text of a file of the run before; empty: there is none."""
        try:
            return (self._path / name).read_text("utf-8") if self.has(name) else ""
        except OSError as error:
            raise self._unwritable(error) from error

    def write(self, name: str, text: str) -> None:
        """Write a file, unless it is there already and says the same."""
        body = text.encode()
        digest = sha256(body).hexdigest()[:32]
        self._now[name] = digest
        try:
            if self._is(name, digest):
                self.kept += 1
                return
            self._begin()
            place = self._path / name
            self._make(place.parent)
            self._replace(place, body)
        except OSError as error:
            raise self._unwritable(error) from error
        self.written += 1

    def keep(self, name: str) -> None:
        """Leave a file of the run before as it is."""
        if name in self._before:
            self._now[name] = self._before[name]
            self.kept += 1

    def keep_others(self, prefix: str, gone: set[str]) -> None:
        """Leave all files of the run before whose name begins so, but for those in `gone`."""
        for name in self._before:
            if name.startswith(prefix) and name not in gone and name not in self._now:
                self.keep(name)

    def close(self, survey: int, noted: Set[str] = frozenset()) -> None:
        """Remove what was neither written nor kept, and remember what there is, and what had notes."""
        left = sorted(self._before.keys() - self._now.keys())
        try:
            if left:
                self._begin()
            for name in left:
                (self._path / name).unlink(missing_ok=True)
                self.removed += 1
            if self._begun or not self._finished or (survey, noted) != (self.survey, self.noted):
                self._save(survey, noted, finished=True)
        except OSError as error:
            raise self._unwritable(error) from error

    def _is(self, name: str, digest: str) -> bool:
        if self._finished:
            return self._before.get(name) == digest and (self._path / name).is_file()
        place = self._path / name
        return place.is_file() and sha256(place.read_bytes()).hexdigest()[:32] == digest

    def _begin(self) -> None:
        if not self._begun:
            self._save(self.survey, self.noted, finished=False)
            self._begun = True

    def _save(self, survey: int, noted: Set[str], *, finished: bool) -> None:
        files = self._now if finished else {**self._before, **self._now}
        told = {"maker": self._maker, "finished": finished, "survey": survey, "noted": sorted(noted), "files": files}  # fmt: skip
        self._replace(self._path / LIST, json.dumps(told).encode())

    def _make(self, folder: Path) -> None:
        """Each folder once: a site has three, and a hundred thousand files in them."""
        if folder not in self._made:
            folder.mkdir(parents=True, exist_ok=True)
            self._made.add(folder)

    def _replace(self, place: Path, body: bytes) -> None:
        """All of it or nothing: a reader, or a full disk, never meets half a file."""
        part = place.with_name(TEMPORARY)
        part.write_bytes(body)
        part.replace(place)

    def _listed(self) -> dict[str, Any] | None:
        try:
            told = json.loads((self._path / LIST).read_text("utf-8"))
            names = [PurePosixPath(name) for name in told["files"]]
            inside = not any(name.is_absolute() or ".." in name.parts for name in names)
            return told if inside and {"maker", "finished", "survey"} <= told.keys() else None
        except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _unwritable(self, error: OSError) -> Unavailable:
        with suppress(OSError):
            (self._path / TEMPORARY).unlink(missing_ok=True)
        return Unavailable(
            f"{error.filename or self._path} cannot be written: {error.strerror}. "
            "Every file is whole, as it was or as it is now; run the same command again to finish."
        )
