"""Programs of others from npm, by their lock file, in the user's cache; installed at the first call."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tests.peers.slots import PeerMissingError

MANIFESTS = Path(__file__).parent / "npm"


def installed() -> Path:
    """The folder that holds `node_modules`. Raises `PeerMissingError`."""
    if not shutil.which("npm"):
        raise PeerMissingError("npm is not installed")
    lock = hashlib.sha256((MANIFESTS / "package-lock.json").read_bytes()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "datacenter-docs" / f"npm-{lock}"
    done = folder / "installed"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        if done.exists():
            return folder
        for manifest in MANIFESTS.glob("package*.json"):
            shutil.copy(manifest, folder)
        try:
            subprocess.run(
                ["npm", "install", "--no-audit", "--no-fund"],
                cwd=folder, check=True, capture_output=True, timeout=300,
            )  # fmt: skip
        except subprocess.SubprocessError as error:
            raise PeerMissingError("npm could not install the peers") from error
        done.touch()
    return folder
