"""Secrets by reference, the management path through bridges and VLANs, and answers that cannot be trusted."""

import pytest

from datacenter_mcp.contract.errors import Broken, InvalidRequest, Refused
from datacenter_mcp.network.drivers import frr_answers, linux_answers
from datacenter_mcp.network.drivers.ios import IosDriver
from datacenter_mcp.network.drivers.linux import LinuxDriver
from datacenter_mcp.network.nouns import Interface
from datacenter_mcp.network.paths import carrying
from datacenter_mcp.network.session import safe_interface
from datacenter_mcp.remarks import hands_off
from datacenter_mcp.secrets import resolve
from datacenter_mcp.shell.command import CommandResult
from datacenter_mcp.shell.local import LocalShell
from datacenter_mcp.storage.linux import answers
from datacenter_mcp.storage.linux.host import SEPARATOR, Host


def test_a_secret_is_read_from_the_environment_or_a_file(monkeypatch, tmp_path):
    monkeypatch.setenv("A_SECRET", "from-env")
    (tmp_path / "secret").write_text("from-file\n")

    assert resolve("env:A_SECRET") == "from-env"
    assert resolve(f"file:{tmp_path}/secret") == "from-file"


@pytest.mark.parametrize("reference", ["env:NOT_THERE", "file:/not/there", "hunter2", "env:", ""])
def test_a_bad_reference_is_told_without_a_value(reference):
    with pytest.raises(InvalidRequest) as caught:
        resolve(reference)

    assert "hunter2" not in str(caught.value)


def port(name: str, **more: object) -> Interface:
    return Interface(name, True, "up", **more)  # type: ignore[arg-type]


def test_members_of_a_bridge_and_parents_of_a_vlan_carry_what_comes_in_above_them():
    ports = [
        port("br0"),
        port("bond0.7", master="br0", lower=("bond0",)),
        port("bond0"),
        port("eth0", master="bond0"),
        port("eth1"),
    ]

    assert carrying(ports, frozenset({"br0"})) == {"br0", "bond0.7", "bond0", "eth0"}


@pytest.mark.parametrize("driver", [LinuxDriver, IosDriver])
@pytest.mark.parametrize(
    "name",
    ["", "-a", "eth0;reboot", "eth 0", "eth0\nshutdown", "x" * 16, "$(x)", "Gi0/1\n", "Gi0/1 ?"],
)
def test_a_name_that_is_no_interface_never_gets_into_a_command(driver, name):
    with pytest.raises(InvalidRequest):
        safe_interface(driver.interface_names, name)


def test_names_with_slashes_are_of_switches_only():
    known = safe_interface(IosDriver.interface_names, "GigabitEthernet1/0/7.20")
    with pytest.raises(InvalidRequest):
        safe_interface(LinuxDriver.interface_names, known)

    assert known == "GigabitEthernet1/0/7.20"


@pytest.mark.parametrize("text", ["", "garbage", "{}", '[{"ifname": 7}]', "[" * 100_000])
def test_garbage_from_a_linux_machine_is_broken(text):
    with pytest.raises(Broken):
        linux_answers.interfaces(text)


@pytest.mark.parametrize("text", ["", "% Unknown command", "} {"])
def test_garbage_from_a_router_is_broken(text):
    with pytest.raises(Broken):
        frr_answers.document(text, "show interface json")


@pytest.mark.parametrize(
    "line", ["ERROR: not a btrfs", "ID 1 otime 9 9 parent_uuid a uuid b path c"]
)
def test_a_snapshot_line_that_makes_no_sense_is_broken(line):
    with pytest.raises(Broken):
        answers.snapshots(line)


class SayingShell(LocalShell):
    """Answers every command the same."""

    def __init__(self, said: CommandResult) -> None:
        super().__init__(timeout_seconds=1)
        self._said = said

    async def run(self, argv, *, stdin=None, timeout_seconds=None):
        return self._said


NOTHING = f"{SEPARATOR}\n{SEPARATOR}\n"


async def test_a_host_without_volumes_has_none():
    reading = await Host("nas1", SayingShell(CommandResult(0, NOTHING, "")), sudo=False).volumes()

    assert reading.value == []


async def test_a_host_that_does_not_let_us_look_is_not_taken_for_one_without_volumes():
    denied = CommandResult(0, NOTHING, "sudo: a password is required\n")
    with pytest.raises(Refused):
        await Host("nas1", SayingShell(denied), sudo=True).volumes()


def test_a_snapshot_path_may_hold_spaces():
    [found] = answers.snapshots(
        "ID 257 gen 7 cgen 7 top level 5 otime 2026-11-23 14:57:37 parent_uuid p uuid u path my snap"
    )

    assert (found.number, found.path, found.parent_uuid) == (257, "my snap", "p")


def test_the_answers_of_one_vtysh_are_told_apart_by_the_commands_that_it_repeats():
    commands = ("show ip route json", "show bgp summary json", "show ip ospf neighbor json")
    said = "r1# show ip route json\n{\n}\nr1# show bgp summary json\n"

    assert frr_answers.echoed(said, commands) == ["{\n}", ""]
    assert frr_answers.echoed("This account is currently not available.\n", commands) == []


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ("maintenance CHG-1042 until 18:00, do not enable", True),
        ("Decommissioned 2026-03", True),
        ("uplink to the maintenance-free UPS", True),  # more careful than needed, never less
        ("to the storage array", False),
        ("", False),
        (None, False),
    ],
)
def test_a_remark_that_says_hands_off_is_heard(description, told):
    assert hands_off(description) is told
