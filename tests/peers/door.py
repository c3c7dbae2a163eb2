"""An SSH server of this machine on 127.0.0.1 for one key, to reach over SSH what otherwise is local."""

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.peers import slots
from tests.peers.slots import run


@contextmanager
def opened(folder: Path) -> Iterator[Mapping[str, object]]:
    """The settings that lead through it, while it is open. Raises `PeerMissingError`."""
    slots.need(("openssh-server",))
    Path("/run/sshd").mkdir(exist_ok=True)
    for name in ("host", "user"):
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = folder / "sshd"
    config.write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nPidFile none\nUsePAM no\n"
        f"StrictModes no\nPasswordAuthentication no\nPermitRootLogin yes\nAuthorizedKeysFile {folder}/user.pub\n"
    )
    server = subprocess.Popen(
        ["/usr/sbin/sshd", "-D", "-f", str(config), "-E", str(folder / "sshd.log")],
        start_new_session=True,
    )
    try:
        while not _listens(port):
            assert server.poll() is None, (folder / "sshd.log").read_text()
        yield {"host": "127.0.0.1", "port": port, "username": "root", "host_key": "insecure",
               "private_key": f"file:{folder}/user"}  # fmt: skip
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
