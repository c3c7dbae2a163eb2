"""`dcdocs runbook`: what there is, and a try of one's own on the demo's troubles."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from datacenter_docs.domain.errors import Invalid, NotFound
from datacenter_docs.entrypoints.cli.main import app

MINE = """
name: port-disabled
summary: The port is shut.
why: It helps.
trigger:
  all_of: [[port], [down]]
platform: network
target_kind: interface
conditions:
  - {attribute: admin_state, equals: down, required: true, says: It is shut., otherwise: It is not shut.}
suggests: {operation: enable_port}
"""


def ran(*arguments: str):
    return CliRunner().invoke(app, ["runbook", *arguments])


def test_the_list_and_one_of_it():
    listed = json.loads(ran("list", "--json").stdout)
    shown = json.loads(ran("show", "vm-frozen", "--json").stdout)

    assert len(listed) >= 40
    assert shown["suggests"]["operation"] == "restart_vm"
    assert isinstance(ran("show", "nobody").exception, NotFound)


@pytest.mark.timeout(120)
def test_a_try_tells_on_which_tickets_it_is_considered_and_what_is_concluded(tmp_path: Path):
    file = tmp_path / "mine.yaml"
    file.write_text(MINE)
    rows = json.loads(ran("test", str(file), "--json").stdout)
    mine = [row for row in rows if row["answer"] == "port-disabled"]

    assert {"port-shut", "port-in-maintenance"} <= {row["fault"] for row in rows}
    assert mine
    assert all(row["considered"] for row in mine)
    assert all(plan.startswith("enable_port on ") for row in mine for plan in row["plan"])
    assert "volume-full" not in {row["fault"] for row in rows}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("enable_port", "format_disk"), "suggests"),
        (("equals: down", "equals: [1"), "is not valid YAML"),
        (("attribute: admin_state", "of: peer, attribute: admin_state"), "not among the related things"),
        (("why: It helps.", "why: It helps.\nrelated:\n  - {name: a, by: [linked], of: b, platform: network, kind: interface}"
          "\n  - {name: b, by: [linked], of: a, platform: network, kind: interface}"), "is a circle"),
        (("target_kind: interface", "target_kind: 7"), "target_kind"),
    ],
)  # fmt: skip
def test_a_mistake_names_the_file_and_the_field(
    change: tuple[str, str], says: str, tmp_path: Path
):
    file = tmp_path / "mine.yaml"
    file.write_text(MINE.replace(*change))
    error = ran("test", str(file)).exception

    assert isinstance(error, Invalid)
    assert str(file) in error.message
    assert says in error.message
