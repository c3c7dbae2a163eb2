"""A stateful Cisco-like switch on 127.0.0.1, in a process of its own: four ports, a VLAN, and sickness to order.

By hand: `python -m tests.peers.switch start` prints an estate file; `... stop` ends all that were started by hand.
"""

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.peers import slots

KIND = "switch"
USER, READER, PASSWORD = "netop", "looker", "peers-lab"
PORT = "GigabitEthernet0/{}"
UPLINK = PORT.format(4)
HEALTHY = {
    "lldp": False,
    "locked": False,
    "garbage": False,
    "stuck": False,
    "mute_at": None,
    "cut_at": None,
}


@dataclass(frozen=True)
class Switch:
    """A running switch. `USER` is privileged, `READER` stays in user mode; the password of both is `PASSWORD`."""

    slot: int
    pid: int
    port: int
    control: int

    def order(self, **orders: Any) -> dict[str, Any]:
        """Give orders, see `switch_server.Orders`; `shut` names the ports that are down, all others are up. The oracle:
        the answer says which are shut or hang, and how many errors each counted."""
        with socket.create_connection(("127.0.0.1", self.control), timeout=10) as line:
            line.sendall(json.dumps(orders).encode() + b"\n")
            with line.makefile() as answer:
                state: dict[str, Any] = json.loads(answer.readline())
        return state

    def mend(self) -> None:
        """Healthy, all ports up, no errors."""
        self.order(**HEALTHY, shut=[], unplugged=[], hung=[], errors={})

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It keeps its connections and answers nothing."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def settings(self, **changes: Any) -> dict[str, Any]:
        """What the network room needs to know of it."""
        device = {"name": "sw9", "driver": "ios", "host": "127.0.0.1", "port": self.port,
                  "username": USER, "password": "env:LAB_PASSWORD", "host_key": "insecure",
                  "management_interface": UPLINK}  # fmt: skip
        return {"devices": [{**device, **changes}]}


_children: list[subprocess.Popen[str]] = []


def start(owner: str) -> Switch:
    """Start a switch. Raises `PeerMissingError` with what this machine lacks."""
    if importlib.util.find_spec("fake_switches") is None:
        raise slots.PeerMissingError("the package fake-switches is not installed")
    if os.geteuid() != 0:
        raise slots.PeerMissingError("this peer needs root")
    slot = slots.take(KIND, owner, _clean)
    folder = _folder(slot)
    folder.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-m", "tests.peers.switch_server", USER, READER, PASSWORD]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            argv, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, text=True,
            start_new_session=True,
        )  # fmt: skip
    (folder / "pid").write_text(slots.owner_of(process.pid) or "")
    _children.append(process)
    assert process.stdout is not None
    with process.stdout as output:
        said = output.readline().split()
    if len(said) != 2:
        why = (folder / "log").read_text().strip().rpartition("\n")[2]
        _clean(slot)
        slots.give_back(KIND, slot)
        raise slots.PeerMissingError(f"the switch did not start: {why}")
    return Switch(slot, process.pid, int(said[0]), int(said[1]))


def stop(switch: Switch) -> None:
    """End the process."""
    _clean(switch.slot)
    slots.give_back(KIND, switch.slot)


def _folder(slot: int) -> Path:
    return slots.ROOT / KIND / str(slot)


def _clean(slot: int) -> None:
    """End what the slot holds, if it is still the same process, and forget it."""
    folder = _folder(slot)
    with contextlib.suppress(OSError):
        owner = (folder / "pid").read_text()
        pid = int(owner.partition(":")[0] or 0)
        if pid and slots.owner_of(pid) == owner:
            os.kill(pid, signal.SIGKILL)
            for child in _children:
                if child.pid == pid:
                    child.wait()
    shutil.rmtree(folder, ignore_errors=True)


def main(verb: str) -> None:
    """Start a switch and print its estate file, or stop all that were started by hand."""
    if verb == "stop":
        for slot in slots.kept(KIND):
            _clean(slot)
            slots.give_back(KIND, slot)
        return
    switch = start(slots.KEPT)
    sys.stdout.write(f"# export LAB_PASSWORD={PASSWORD}\n")
    slots.show_estate("switches", "network", switch.settings())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "start")
