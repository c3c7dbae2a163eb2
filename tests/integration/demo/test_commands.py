"""`dcdocs demo` on a world without a product: break, ask, heal."""

import json
import shlex
from pathlib import Path

import pytest
from tests.fakes.world import make
from tests.integration.cli.commands import dcdocs

from datacenter_docs.adapters.clock import SystemClock
from datacenter_mcp.demo.faults.table import FAULTS


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A folder with a world of now."""
    make(tmp_path, lambda: SystemClock().now().timestamp())
    return str(tmp_path)


def test_a_fault_is_broken_judged_and_healed(folder: str):
    broken = dcdocs("demo", "break", "port-shut", "--data-dir", folder)
    standing = dcdocs("demo", "status", "--data-dir", folder, "--json").json
    twice = dcdocs("demo", "break", "port-shut", "--data-dir", folder)
    healed = dcdocs("demo", "heal", "--data-dir", folder, "--json").json
    after = dcdocs("demo", "status", "--data-dir", folder, "--json").json

    assert (
        "dcdocs ticket submit INC-port-shut-1 'The port r1 eth1 is down, please check.'"
        in broken.out
    )
    assert standing == [
        {
            "name": "port-shut",
            "target": "r1 eth1",
            "injected": True,
            "healed": False,
            "made_worse": False,
        }
    ]
    assert (twice.code, "is there already" in twice.err) == (4, True)
    assert healed == [{"name": "port-shut", "target": "network:interface:r1/eth1"}]
    assert after == []


def test_the_ticket_to_write_is_one_line_for_a_shell_that_holds_the_same_as_the_json(folder: str):
    told = dcdocs(
        "demo", "break", "vm-frozen", "--on", "ci-01", "--data-dir", folder, "--json"
    ).json
    sent = json.loads(shlex.split(told["curl"])[-1])

    assert sent == told["ticket"]
    assert sent["description"] == "The VM ci-01 is not responding."
    assert shlex.split(told["command"])[3:5] == [sent["ticket_id"], sent["description"]]


def test_every_fault_is_listed():
    listed = dcdocs("demo", "list", "--json").json

    assert [one["name"] for one in listed] == list(FAULTS)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [(["break", "none"], 3, "demo list"), (["break", "port-shut", "--on", "sw9 eth9"], 3, "sw9 eth9"),
     (["status", "--data-dir", "nowhere"], 2, "demo start")],
)  # fmt: skip
def test_what_is_not_there_is_told(folder: str, arguments: list[str], code: int, told: str):
    where = [] if "--data-dir" in arguments else ["--data-dir", folder]
    said = dcdocs("demo", *arguments, *where)

    assert said.code == code
    assert told in said.err


def test_the_demo_takes_no_estate_file(tmp_path: Path):
    said = dcdocs(
        "up",
        "--demo",
        "--port",
        "0",
        "--estate",
        "datacenter.yaml",
        DATACENTER_DOCS_DATA_DIR=str(tmp_path / "d"),
    )

    assert said.code == 2
    assert "an estate of its own" in said.err
    assert not (tmp_path / "d").exists()


def test_a_folder_with_other_data_is_left_alone(tmp_path: Path):
    (tmp_path / "datacenter-docs.sqlite").write_text("somebody's")
    said = dcdocs("demo", "start", "--port", "0", "--data-dir", str(tmp_path))

    assert said.code == 4
    assert "a folder of its own" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["datacenter-docs.sqlite"]
