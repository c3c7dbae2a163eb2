"""Many devices in namespaces, Linux or FRR, each with an SSH server, behind one bridge: for measuring, not for faults."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.peers import netlab, slots
from tests.peers.netlab import PASSWORD
from tests.peers.slots import run

KIND = "herd"
PACKAGES = ("openssh-server", "iproute2", "passwd")
DAEMONS = ("zebra", "bgpd", "ospfd")
"""What runs on an FRR device: as much as on those of `netlab.py`."""
MOST = 240


@dataclass(frozen=True)
class Herd:
    """The devices `h1` to `h<count>`; `user` logs in to a shell with `PASSWORD`. `driver`: `linux` or `frr`."""

    slot: int
    count: int
    driver: str = "linux"

    @property
    def user(self) -> str:
        return f"dch{self.slot}"

    @property
    def folder(self) -> Path:
        return slots.ROOT / KIND / str(self.slot)

    @property
    def bridge(self) -> str:
        return f"dch{self.slot}br"

    def namespace(self, number: int) -> str:
        return f"dch{self.slot}-h{number}"

    def address(self, number: int) -> str:
        return f"10.98.{self.slot}.{number + 1}"

    def settings(self) -> dict[str, Any]:
        """What the network room needs to know of them."""
        common = {"driver": self.driver, "username": self.user, "password": "env:LAB_PASSWORD",
                  "host_key": "insecure"}  # fmt: skip
        return {
            "devices": [
                {"name": f"h{number}", "host": self.address(number), **common,
                 **({"frr_namespace": self.namespace(number)} if self.driver == "frr" else {})}
                for number in range(1, self.count + 1)
            ]
        }  # fmt: skip


def start(owner: str, count: int, driver: str = "linux") -> Herd:
    """Start so many devices, at most `MOST`. Raises `PeerMissingError` with what this machine lacks."""
    if not 0 < count <= MOST:
        raise slots.PeerMissingError(f"from 1 to {MOST} devices")
    slots.need((*PACKAGES, "frr") if driver == "frr" else PACKAGES)
    herd = Herd(slots.take(KIND, owner, lambda slot: _clean(Herd(slot, MOST))), count, driver)
    try:
        _clean(herd)
        _common(herd)
        for number in range(1, count + 1):
            _device(herd, number)
            if driver == "frr":
                _frr(herd, number)
    except BaseException:
        stop(herd)
        raise
    return herd


def stop(herd: Herd) -> None:
    """Remove everything."""
    _clean(herd)
    slots.give_back(KIND, herd.slot)


def _common(herd: Herd) -> None:
    Path("/run/sshd").mkdir(exist_ok=True)
    herd.folder.mkdir(parents=True, exist_ok=True)
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(herd.folder / "hostkey"))
    groups = ["-G", "frrvty,frr"] if herd.driver == "frr" else []
    run("useradd", "-m", "-s", "/bin/bash", *groups, herd.user)
    run("chpasswd", stdin=f"{herd.user}:{PASSWORD}\n")
    run("ip", "link", "add", herd.bridge, "type", "bridge")
    run("ip", "addr", "add", f"10.98.{herd.slot}.1/24", "dev", herd.bridge)
    run("ip", "link", "set", herd.bridge, "up")


def _device(herd: Herd, number: int) -> None:
    space, outside = herd.namespace(number), f"dch{herd.slot}m{number}"
    config = herd.folder / f"h{number}.sshd"
    config.write_text(
        f"ListenAddress {herd.address(number)}:22\nHostKey {herd.folder}/hostkey\nPidFile none\n"
        f"UsePAM no\nPasswordAuthentication yes\nAllowUsers {herd.user}\n"
    )
    run("ip", "netns", "add", space)
    run("ip", "link", "add", outside, "type", "veth", "peer", "name", "mgmt0", "netns", space)
    run("ip", "link", "set", outside, "master", herd.bridge, "up")
    run("ip", "-n", space, "link", "set", "lo", "up")
    run("ip", "-n", space, "addr", "add", f"{herd.address(number)}/24", "dev", "mgmt0")
    run("ip", "-n", space, "link", "set", "mgmt0", "up")
    run("ip", "netns", "exec", space, "/usr/sbin/sshd", "-f", str(config), "-E", f"{config}.log")


def _frr(herd: Herd, number: int) -> None:
    """Daemons with a configuration of their own, in the pathspace that has the namespace's name."""
    space = herd.namespace(number)
    folder = Path(f"/etc/frr/{space}")
    for path in (folder, Path(f"/run/frr/{space}")):
        path.mkdir(parents=True)
        shutil.chown(path, "frr", "frr")
    (folder / "frr.conf").write_text(
        f"hostname h{number}\ninterface mgmt0\n description uplink\n!\n"
        f"router bgp {65_000 + number}\n neighbor 10.98.{herd.slot}.1 remote-as 65000\n!\n"
        f"router ospf\n passive-interface default\n network 10.98.{herd.slot}.0/24 area 0\n!\n"
    )
    (folder / "vtysh.conf").write_text("service integrated-vtysh-config\n")
    for file in folder.iterdir():
        shutil.chown(file, "frr", "frrvty")
        file.chmod(0o660)
    for daemon in DAEMONS:
        run("ip", "netns", "exec", space, f"/usr/lib/frr/{daemon}", "-d", "-N", space,
            "-A", "127.0.0.1", "-i", f"/run/frr/{space}/{daemon}.pid")  # fmt: skip
    run("ip", "netns", "exec", space, "vtysh", "-N", space, "-b")


def _clean(herd: Herd) -> None:
    known = set(run("ip", "netns", "list", check=False).split())
    for number in range(1, herd.count + 1):
        space = herd.namespace(number)
        if space in known:
            netlab.end_all(space)
            run("ip", "netns", "del", space, check=False)
        for parent in ("/etc/frr", "/run/frr"):
            shutil.rmtree(Path(parent) / space, ignore_errors=True)
    run("ip", "link", "del", herd.bridge, check=False)
    run("userdel", "-r", herd.user, check=False)
    shutil.rmtree(herd.folder, ignore_errors=True)
