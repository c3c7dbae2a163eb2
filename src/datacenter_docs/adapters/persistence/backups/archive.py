"""The file of a backup: a compressed tar with a manifest first, which names every other file in it with its hash."""

import gzip
import io
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import IO, Literal

from pydantic import ValidationError

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.values import Value

MANIFEST = "manifest.json"
_PIECE = 1 << 20
_LARGEST_MANIFEST = 1 << 16


class Manifest(Value):
    """What a backup holds. `records` and `head_hash`: of the journal at that moment. `files`: name -> sha256."""

    form: Literal[1] = 1
    made_by: str
    made_at: datetime
    database: Literal["sqlite", "postgresql"]
    records: int
    head_hash: str
    files: Mapping[str, str]


def digest(path: Path) -> str:
    """The sha256 of a file, as hex digits."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def write(target: IO[bytes], manifest: Manifest, folder: Path) -> None:
    """Write manifest and files, which lie in `folder`, into an open file."""
    told = manifest.model_dump_json(indent=1).encode()
    with tarfile.open(fileobj=target, mode="w:gz", compresslevel=1) as archive:
        header = tarfile.TarInfo(MANIFEST)
        header.size, header.mode = len(told), 0o600
        archive.addfile(header, io.BytesIO(told))
        for name in manifest.files:
            archive.add(folder / name, arcname=name, recursive=False)


@contextmanager
def opened(path: Path) -> Iterator["Archive"]:
    """A backup to read from, once and in its order. Raises `Invalid` when it is none, or cannot be read."""
    try:
        with gzip.open(path) as raw, tarfile.open(fileobj=raw, mode="r|") as archive:
            yield Archive(path, raw, archive)
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise Invalid(f"{path} cannot be read as a backup: {error}") from error


class Archive:
    """An open backup. Only what its manifest names is taken out, under these names, and checked."""

    def __init__(self, path: Path, raw: gzip.GzipFile, archive: tarfile.TarFile) -> None:
        self._path = path
        self._raw = raw
        self._archive = archive
        self.manifest = self._manifest()

    def take(self, folder: Path) -> None:
        """Write all files into a folder. Raises `Invalid` when one is missing, or not what the manifest says."""
        missing = dict(self.manifest.files)
        while (member := self._archive.next()) is not None:
            wanted = missing.pop(member.name, None)
            source = self._archive.extractfile(member)
            if wanted is None or source is None:
                raise Invalid(f"{self._path} holds {member.name!r}, which is not in its manifest.")
            _write(source, folder / member.name)
            if digest(folder / member.name) != wanted:
                raise Invalid(
                    f"{self._path} is damaged: {member.name} is not what the manifest says."
                )
        while self._raw.read(_PIECE):
            pass  # the check sum of the whole comes last
        if missing:
            raise Invalid(f"{self._path} is not whole: {', '.join(missing)} is missing.")

    def _manifest(self) -> Manifest:
        first = self._archive.next()
        source = self._archive.extractfile(first) if first and first.name == MANIFEST else None
        if source is None:
            raise Invalid(f"{self._path} is not a backup: it does not begin with a manifest.")
        try:
            return Manifest.model_validate_json(source.read(_LARGEST_MANIFEST))
        except ValidationError as error:
            raise Invalid(
                f"{self._path} is not a backup that this version can read: {error.errors()[0]['msg']}"
            ) from error


def _write(source: IO[bytes], place: Path) -> None:
    with place.open("xb") as file:
        place.chmod(0o600)
        shutil.copyfileobj(source, file)
