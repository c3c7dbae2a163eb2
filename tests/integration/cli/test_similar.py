"""Similar tickets and runbooks on the command line."""

from tests.integration.api.product import until
from tests.integration.cli.commands import Command


def test_a_ticket_is_shown_with_those_like_it_and_what_decided(cli: Command):
    assert cli("ticket", "submit", "CLI-S1", "The zeppelin hangar door is jammed", "--as", "ann").code == 0  # fmt: skip
    assert cli("ticket", "submit", "CLI-S2", "zeppelin hangar jammed", "--as", "ann").code == 0
    said = until(lambda: cli("ticket", "similar", "CLI-S2").out, lambda out: "CLI-S1" in out)
    found = cli("ticket", "similar", "CLI-S2", "--limit", "1", "--json").json

    assert "hangar" in said
    assert [item["ticket_id"] for item in found["items"]] == ["CLI-S1"]
    assert found["category"] == "general"


def test_runbooks_for_a_ticket_are_shown(cli: Command):
    text = "The deployment is scaled to zero replicas"
    assert cli("ticket", "submit", "CLI-S3", text, "--as", "ann").code == 0

    assert "deployment-at-zero" in cli("ticket", "runbooks", "CLI-S3").out.replace("\n", "")
    assert cli("ticket", "runbooks", "NOBODY").code != 0
