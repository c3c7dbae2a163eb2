"""Configurations as they were before a change: one file per device and moment, for its owner's eyes only."""

import os
from datetime import UTC, datetime
from pathlib import Path

from datacenter_mcp.contract.errors import Unavailable


class Backups:
    """A folder of configurations. They hold secrets of the devices: folder and files are readable by our user only."""

    def __init__(self, folder: Path, kept: int) -> None:
        self._folder = folder
        self._kept = kept

    def keep(self, device: str, configuration: str) -> Path:
        """Write one, durably, and let go of the oldest of this device. Raises `Unavailable`: then nothing may be changed."""
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        path = self._folder / device / f"{moment}.cfg"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            with os.fdopen(
                os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w"
            ) as file:
                file.write(configuration)
                file.flush()
                os.fsync(file.fileno())
            for old in sorted(path.parent.glob("*.cfg"))[: -self._kept]:
                old.unlink()
        except OSError as error:
            raise Unavailable(
                f"The configuration of {device} cannot be kept in {self._folder}: {error.strerror}.",
                sent=False,
            ) from error
        return path
