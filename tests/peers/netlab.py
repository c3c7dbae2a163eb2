"""A small network of real devices: FRR routers r1 and r2, and a Linux bridge sw1, each in its own namespace with an sshd.

```text
r1 eth1 ---- eth1 r2        BGP between r1 and r2 over eth1, OSPF over eth2; mgmt0 of each device is what SSH comes
r1 eth2 - swp1 sw1 swp2 - eth2 r2                                                          in by (10.99.SLOT.11..13)
```

By hand: `python -m tests.peers.netlab start` prints an estate file; `... stop` removes all labs started by hand.
"""

import contextlib
import os
import shlex
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers import slots
from tests.peers.slots import run

KIND = "netlab"
PACKAGES = ("frr", "openssh-server", "sudo", "iproute2", "passwd")
PASSWORD = "peers-lab"
SNMP_PASSWORD = "peers-lab-snmp"
SUDO = (
    "/usr/sbin/ip, /usr/sbin/lldpcli, /usr/bin/findmnt, /usr/bin/btrfs, /usr/sbin/xfs_info, /usr/sbin/xfs_growfs, "
    "/usr/bin/df, /usr/bin/truncate, /usr/sbin/losetup"
)
DEVICES = ("r1", "r2", "sw1")
WAIT_SECONDS = 15.0
"""How long an SSH server may take to begin or to end."""
ROUTERS = ("r1", "r2")


@dataclass(frozen=True)
class NetLab:
    """A running lab. `user` logs in to a shell (and may use `SUDO`), `vty_user` to vtysh; the password is `PASSWORD`."""

    slot: int

    @property
    def user(self) -> str:
        return f"dcl{self.slot}"

    @property
    def vty_user(self) -> str:
        return f"dcl{self.slot}v"

    @property
    def folder(self) -> Path:
        return slots.ROOT / KIND / str(self.slot)

    @property
    def host_key(self) -> str:
        """The public host key that all devices share, as in a known_hosts line after the names."""
        return (self.folder / "hostkey.pub").read_text().strip()

    def namespace(self, device: str) -> str:
        return f"dcl{self.slot}-{device}"

    def address(self, device: str) -> str:
        return f"10.99.{self.slot}.{11 + DEVICES.index(device)}"

    def run(self, device: str, *argv: str, check: bool = True) -> str:
        """The oracle: a command inside a device, past everything that is under test."""
        return run("ip", "netns", "exec", self.namespace(device), *argv, check=check)

    def vtysh(self, device: str, *commands: str) -> str:
        """The oracle's FRR command line."""
        argv = [word for command in commands for word in ("-c", command)]
        return self.run(device, "vtysh", "-N", self.namespace(device), *argv)

    def start(self, device: str, *argv: str, showing: Sequence[Path] = ()) -> None:
        """Start a daemon inside a device. `ip netns exec` gives it a copy of all mounts; volumes of other tests are taken
        out of it, or they would stay in use for as long as the daemon lives. `showing`: mounts that are left in."""
        mounts = run("findmnt", "-n", "-l", "-o", "TARGET", "-t", "btrfs,xfs", check=False).split()
        others = [one for one in mounts if one not in {str(path) for path in showing}]
        hide = "".join(
            f"umount -l {shlex.quote(one)}; " for one in others if "peers/volumes" in one
        )
        self.run(device, "sh", "-c", f'{hide}exec "$@"', "sh", *argv)

    def start_sshd(self, device: str, *, showing: Sequence[Path] = ()) -> None:
        """Start the device's SSH server, and wait until it answers."""
        self.start(device, "/usr/sbin/sshd", "-f", str(self.folder / f"{device}.sshd"),
                   "-E", str(self.folder / f"{device}.sshd.log"), showing=showing)  # fmt: skip
        _until(
            lambda: _answers(self.address(device)), f"the SSH server of {device} does not answer"
        )

    def lldp_socket(self, device: str) -> str:
        """Where the device's lldpd listens, once it is started."""
        return str(self.folder / f"{device}.lldp")

    def start_agents(self) -> None:
        """Let every device announce itself on its data ports each second, and r1 speak SNMP, of its neighbours too. Once
        started, they end with their devices. Raises `PeerMissingError`."""
        slots.need(("snmpd", "lldpd"))
        if Path(self.lldp_socket("r1")).exists():
            return
        self._start_snmpd("r1")
        Path("/run/lldpd").mkdir(exist_ok=True)
        for device in DEVICES:
            config = self.folder / f"{device}.lldpd"
            config.write_text(
                f"configure system hostname {device}\nconfigure lldp tx-interval 1\n"
            )
            agent = ["-x", "-X", str(self.folder / "r1.agentx")] if device == "r1" else []
            self.start(device, "/usr/sbin/lldpd", "-u", self.lldp_socket(device),
                       "-O", str(config), "-I", "eth*,swp*", *agent)  # fmt: skip

    def _start_snmpd(self, device: str) -> None:
        """Community `public`, v3 user `v3ro`. Once it has met r2: the agent reads its counters only now and then."""
        deadline = time.monotonic() + 20
        while "lladdr" not in self.run(device, "ip", "neigh", "show", "to", "10.1.0.2"):
            assert time.monotonic() < deadline, f"{device} and r2 do not meet"
            time.sleep(0.1)
        config, memory = self.folder / f"{device}.snmpd", self.folder / f"{device}.snmp"
        memory.mkdir()
        config.write_text(
            f"master agentx\nagentXSocket {self.folder / f'{device}.agentx'}\n"
            f"agentaddress udp:{self.address(device)}:161\nrocommunity public\nsysName {device}\n"
            f'createUser v3ro SHA-256 "{SNMP_PASSWORD}" AES "{SNMP_PASSWORD}"\nrouser v3ro authpriv\n'
            f"[snmp] persistentDir {memory}\n"
        )
        self.start(device, "/usr/sbin/snmpd", "-C", "-c", str(config), "-I", "-smux",
                   "-Lf", f"{config}.log")  # fmt: skip

    @contextmanager
    def sharing(self, device: str, *mounts: Path) -> Iterator[None]:
        """The device's SSH sessions see these mounts of this machine."""
        self.kill_ssh(device)
        self.start_sshd(device, showing=mounts)
        try:
            yield
        finally:
            self.kill_ssh(device)
            self.start_sshd(device)

    def authorize(self, public_key: str) -> None:
        """Let `user` log in with a key."""
        folder = Path("/home") / self.user / ".ssh"
        folder.mkdir(exist_ok=True, mode=0o700)
        (folder / "authorized_keys").write_text(public_key)
        for path in (folder, folder / "authorized_keys"):
            shutil.chown(path, self.user, self.user)

    def kill_ssh(self, device: str) -> None:
        """End the device's SSH server and all of its sessions, at once."""
        self._signal_ssh(device, signal.SIGKILL)
        _until(lambda: not self._ssh_pids(device), f"the SSH server of {device} does not end")

    @contextmanager
    def frozen(self, device: str) -> Iterator[None]:
        """The device keeps its connections and answers nothing."""
        self._signal_ssh(device, signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal_ssh(device, signal.SIGCONT)

    def _signal_ssh(self, device: str, number: int) -> None:
        for pid in self._ssh_pids(device):
            with contextlib.suppress(OSError):
                os.kill(pid, number)

    def _ssh_pids(self, device: str) -> list[int]:
        """The device's SSH server and its sessions, those that are still there."""
        found = []
        for pid in _pids(self.namespace(device)):
            with contextlib.suppress(OSError):
                if Path(f"/proc/{pid}/comm").read_text().strip() == "sshd":
                    found.append(pid)
        return found

    def settings(self) -> dict[str, object]:
        """What the network room needs to know of the three devices."""
        common = {"username": self.user, "password": "env:LAB_PASSWORD", "host_key": "insecure"}
        routers = [
            {"name": name, "driver": "frr", "host": self.address(name), **common,
             "frr_namespace": self.namespace(name), "lldp_socket": self.lldp_socket(name)}
            for name in ROUTERS
        ]  # fmt: skip
        switch = {"name": "sw1", "driver": "linux", "host": self.address("sw1"), **common}
        switch |= {"sudo": True, "lldp_socket": self.lldp_socket("sw1")}
        return {"devices": [*routers, switch]}


def _until(done: Callable[[], bool], trouble: str) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not done():
        assert time.monotonic() < deadline, trouble
        time.sleep(0.02)


def _answers(address: str) -> bool:
    """Whether an SSH server listens there."""
    with contextlib.suppress(OSError), socket.create_connection((address, 22), timeout=1):
        return True
    return False


def start(owner: str) -> NetLab:
    """Start a lab. Raises `PeerMissingError` with what this machine lacks."""
    slots.need(PACKAGES)
    lab = NetLab(slots.take(KIND, owner, lambda slot: _clean(NetLab(slot))))
    try:
        _clean(lab)
        _users(lab)
        _wires(lab)
        for router in ROUTERS:
            _frr(lab, router)
        for device in DEVICES:
            _sshd(lab, device)
    except BaseException:
        stop(lab)
        raise
    return lab


def stop(lab: NetLab) -> None:
    """Remove everything of a lab."""
    _clean(lab)
    slots.give_back(KIND, lab.slot)


def _users(lab: NetLab) -> None:
    for user in (lab.user, lab.vty_user):
        run("useradd", "-m", "-s", "/bin/bash", "-G", "frrvty,frr,adm", user)
        run("chpasswd", stdin=f"{user}:{PASSWORD}\n")
    rule = Path(f"/etc/sudoers.d/{lab.user}")
    rule.write_text(f"{lab.user} ALL=(root) NOPASSWD: {SUDO}\n")
    rule.chmod(0o440)


def _wires(lab: NetLab) -> None:
    bridge = f"dcl{lab.slot}br"
    run("ip", "link", "add", bridge, "type", "bridge")
    run("ip", "addr", "add", f"10.99.{lab.slot}.1/24", "dev", bridge)
    run("ip", "link", "set", bridge, "up")
    for device in DEVICES:
        space, outside = lab.namespace(device), f"dcl{lab.slot}m-{device}"
        run("ip", "netns", "add", space)
        run("ip", "-n", space, "link", "set", "lo", "up")
        run("ip", "link", "add", outside, "type", "veth", "peer", "name", "mgmt0", "netns", space)
        run("ip", "link", "set", outside, "master", bridge, "up")
        run("ip", "-n", space, "addr", "add", f"{lab.address(device)}/24", "dev", "mgmt0")
        run("ip", "-n", space, "link", "set", "mgmt0", "up")
    r1, r2, sw1 = (lab.namespace(device) for device in DEVICES)
    for left, left_port, right, right_port in (
        (r1, "eth1", r2, "eth1"),
        (r1, "eth2", sw1, "swp1"),
        (r2, "eth2", sw1, "swp2"),
    ):
        run("ip", "link", "add", left_port, "netns", left, "type", "veth",
            "peer", "name", right_port, "netns", right)  # fmt: skip
    run("ip", "-n", sw1, "link", "add", "br0", "type", "bridge")
    run("ip", "-n", sw1, "link", "set", "br0", "up")
    for port in ("swp1", "swp2"):
        run("ip", "-n", sw1, "link", "set", port, "master", "br0", "up")
    for number, space in enumerate((r1, r2), start=1):
        run("ip", "netns", "exec", space, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        for port, address in (("eth1", f"10.1.0.{number}/30"), ("eth2", f"10.2.0.{number}/24"), ("lo", f"10.255.0.{number}/32")):  # fmt: skip
            run("ip", "-n", space, "addr", "add", address, "dev", port)
            run("ip", "-n", space, "link", "set", port, "up")


def _frr(lab: NetLab, router: str) -> None:
    space, number = lab.namespace(router), ROUTERS.index(router) + 1
    folder, other = Path(f"/etc/frr/{space}"), 3 - number
    for path in (folder, Path(f"/run/frr/{space}")):
        path.mkdir(parents=True)
        shutil.chown(path, "frr", "frr")
    (folder / "frr.conf").write_text(
        f"hostname {router}\n"
        f"interface eth1\n description link-to-r{other}\n!\n"
        f"router bgp 6500{number}\n bgp router-id 10.255.0.{number}\n no bgp ebgp-requires-policy\n"
        f" neighbor 10.1.0.{other} remote-as 6500{other}\n neighbor 10.1.0.{other} timers 1 3\n"
        f" neighbor 10.1.0.{other} timers connect 1\n"
        f" address-family ipv4 unicast\n  network 10.255.0.{number}/32\n exit-address-family\n!\n"
        "router ospf\n network 10.2.0.0/24 area 0\n!\n"
    )
    (folder / "vtysh.conf").write_text(f"service integrated-vtysh-config\nhostname {router}\n")
    for file in folder.iterdir():
        shutil.chown(file, "frr", "frrvty")
        file.chmod(0o660)
    for daemon in ("zebra", "bgpd", "ospfd"):
        lab.start(router, f"/usr/lib/frr/{daemon}", "-d", "-N", space, "-A", "127.0.0.1",
                "-i", f"/run/frr/{space}/{daemon}.pid")  # fmt: skip
    lab.run(router, "vtysh", "-N", space, "-b")


def _sshd(lab: NetLab, device: str) -> None:
    Path("/run/sshd").mkdir(exist_ok=True)
    lab.folder.mkdir(parents=True, exist_ok=True)
    key = lab.folder / "hostkey"
    if not key.exists():
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))
    (lab.folder / f"{device}.sshd").write_text(
        f"ListenAddress {lab.address(device)}:22\nHostKey {key}\nPidFile none\nUsePAM no\n"
        f"PasswordAuthentication yes\nAllowUsers {lab.user} {lab.vty_user}\nMaxStartups 50\n"
        f"Match User {lab.vty_user}\n ForceCommand /usr/bin/vtysh -N {lab.namespace(device)}\n"
    )
    lab.start_sshd(device)


def _pids(namespace: str) -> list[int]:
    return [int(pid) for pid in run("ip", "netns", "pids", namespace, check=False).split()]


def end_all(namespace: str) -> None:
    """End all processes inside a namespace by their ids: politely, and after two seconds for good."""
    deadline = time.monotonic() + 2
    while pids := _pids(namespace):
        late = time.monotonic() > deadline
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if late else signal.SIGTERM)
        time.sleep(0.05)


def _clean(lab: NetLab) -> None:
    for device in DEVICES:
        space = lab.namespace(device)
        end_all(space)
        run("ip", "link", "del", f"dcl{lab.slot}m-{device}", check=False)
        run("ip", "netns", "del", space, check=False)
        for parent in ("/etc/frr", "/run/frr"):
            shutil.rmtree(Path(parent) / space, ignore_errors=True)
    run("ip", "link", "del", f"dcl{lab.slot}br", check=False)
    Path(f"/etc/sudoers.d/{lab.user}").unlink(missing_ok=True)
    for user in (lab.user, lab.vty_user):
        run("userdel", "-r", user, check=False)
    shutil.rmtree(lab.folder, ignore_errors=True)


def main(verb: str) -> None:
    """Start a lab and print its estate file, or stop all labs that were started by hand."""
    if verb == "stop":
        for slot in slots.kept(KIND):
            stop(NetLab(slot))
        return
    lab = start(slots.KEPT)
    sys.stdout.write(f"# export LAB_PASSWORD={PASSWORD}\n")
    slots.show_estate("lab", "network", lab.settings())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "start")
