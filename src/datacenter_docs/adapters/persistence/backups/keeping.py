"""Makes a backup and brings one back: all of it or nothing, and never over something that is there."""

import os
import shutil
import tempfile
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import make_url

from datacenter_docs.adapters.persistence.backups import archive, dumps, snapshots
from datacenter_docs.adapters.persistence.backups.archive import Manifest
from datacenter_docs.domain.errors import Invalid, Refused


def back_up(url: str, workflows: Path, anchors: Path, target: Path, at: datetime) -> Manifest:
    """Write a backup to `target`, which must not be there yet. `workflows`: their SQLite file; on PostgreSQL they are in the
    database. Raises `Refused`, `Invalid` when it cannot be written, and what copying raises.
    """
    if target.exists():
        raise Refused(f"{target} is there already. Give another name, or remove it.")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as made:
            folder = Path(made)
            embedded = make_url(url).get_backend_name() == "sqlite"
            head = (
                snapshots.copy(_file_of(url), workflows, anchors, folder)
                if embedded
                else dumps.dump(url, anchors, folder)
            )
            manifest = Manifest(
                made_by=version("datacenter-docs"),
                made_at=at,
                database="sqlite" if embedded else "postgresql",
                records=head.records,
                head_hash=head.hash,
                files={one.name: archive.digest(one) for one in sorted(folder.iterdir())},
            )
            _put(manifest, folder, target)
    except OSError as error:
        raise Invalid(f"{target} cannot be written: {error.strerror or error}") from error
    return manifest


def _put(manifest: Manifest, folder: Path, target: Path) -> None:
    """Whole and on the disk before it has its name."""
    part = folder / "whole"
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb") as file:
        archive.write(file, manifest, folder)
        file.flush()
        os.fsync(file.fileno())
    part.rename(target)


def bring_back(source: Path, url: str, data_dir: Path) -> Manifest:
    """Bring a backup back into an empty place. Raises `Refused` where there is something, `Invalid` for what is no sound
    backup or is one of the other kind of database; then nothing was changed.
    """
    embedded = make_url(url).get_backend_name() == "sqlite"
    with archive.opened(source) as backup:
        manifest = backup.manifest
        if (manifest.database == "sqlite") != embedded:
            wanted = "a data folder" if manifest.database == "sqlite" else "a PostgreSQL database"
            raise Invalid(
                f"{source} is of {manifest.database}: it can be brought back to {wanted}."
            )
        if not embedded:
            dumps.refuse_unless_empty(url)
        try:
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            places = {name: _place(name, url, data_dir) for name in manifest.files}
            for place in places.values():
                if place.exists():
                    raise Refused(
                        f"{place} is there already. Give an empty folder with --data-dir."
                    )
            with tempfile.TemporaryDirectory(prefix=".restore-", dir=data_dir) as made:
                backup.take(Path(made))
                if not embedded:
                    dumps.bring_back(url, Path(made) / dumps.DUMP)
                    del places[dumps.DUMP]
                for name, place in places.items():
                    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                    shutil.move(Path(made) / name, place)
        except OSError as error:
            raise Invalid(f"{data_dir} cannot be written: {error.strerror or error}") from error
    return manifest


def _place(name: str, url: str, data_dir: Path) -> Path:
    """Where a file of a backup goes. Raises `Invalid` for a name that leads elsewhere."""
    if Path(name).name != name or name.startswith("."):
        raise Invalid(f"The backup holds a file with the name {name!r}, which leads elsewhere.")
    return _file_of(url) if name == snapshots.DATABASE else data_dir / name


def _file_of(url: str) -> Path:
    return Path(str(make_url(url).database))
