"""Every command that talks to a server: for people, and with --json for machines."""

import json
from pathlib import Path

import httpx2
import pytest
from tests.integration.api.product import A_SWITCH, settled, submitted, until_state
from tests.integration.cli.commands import Command

ESTATE = A_SWITCH + (
    "  - {name: nobody, platform: storage, transport: http, url: 'http://127.0.0.1:9/mcp'}\n"
)
SETTINGS = {"AUTO_REMEDIATION_ENABLED": "true", "AUTO_REMEDIATION_MIN_RELIABILITY": "0"}
POLICY = """\
name: network
category: network
min_confidence_score: 0
allowed_systems: [network]
"""
EVIL = "\x1b[31mred\x07 \x9b2J \u202egnp.exe\r\ndecision: auto_approved"


@pytest.fixture(scope="module", autouse=True)
def policy(client: httpx2.Client) -> None:
    body = {
        "name": "asking",
        "category": "asking",
        "min_confidence_score": 0,
        "allowed_systems": ["network"],
    }
    client.post("/api/v1/policies", json=body).raise_for_status()


def asked(client: httpx2.Client, ticket_id: str, port: str) -> None:
    ticket = submitted(
        client,
        ticket_id,
        title=f"The link on sw1 {port} is down",
        category="asking",
        enable_auto_remediation=True,
    )
    assert ticket["status"] == "awaiting_approval"


def test_a_ticket_is_submitted_shown_listed_and_watched(
    cli: Command, client: httpx2.Client
) -> None:
    sent = cli("ticket", "submit", "C-1", "the disk is full", "--as", "ann", "--title", "Disk")
    settled(client, "C-1")
    client.patch("/api/v1/tickets/C-1", json={"status": "resolved"}).raise_for_status()
    shown = cli("ticket", "show", "C-1")
    watched = cli("ticket", "watch", "C-1")

    assert (sent.code, sent.out) == (0, "C-1: processing\n")
    assert "C-1  resolved  Disk" in shown.out
    assert "asked by ann" in shown.out
    assert "C-1" in cli("ticket", "list").out
    assert "ticket.received" in watched.out
    assert watched.out.endswith("ended: resolved\n")


def test_a_description_may_come_from_standard_input(cli: Command) -> None:
    text = "line one\nשלום 💥"
    cli("ticket", "submit", "C-2", "-", text=text)

    assert cli("ticket", "show", "C-2", "--json").json["description"] == text


def test_every_answer_is_one_json_document(
    cli: Command, client: httpx2.Client, tmp_path: Path
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("name: json\ncategory: json\n", encoding="utf-8")
    asked(client, "C-3a", "port01")
    asked(client, "C-3b", "port02")
    submitted(client, "C-3c", title="The link on sw1 port03 is down")
    pattern = client.get("/api/v1/tickets/C-3c").json()["pattern_id"]
    commands = [
        ("ticket", "submit", "C-3", "x"),
        ("ticket", "show", "C-3"),
        ("ticket", "list"),
        ("approve", "C-3a", "--as", "ann"),
        ("reject", "C-3b", "--as", "ann"),
        ("execute", "C-3c", "--as", "ann"),
        ("feedback", "C-3", "positive", "--rating", "5", "--accurate", "--worked"),
        ("policy", "apply", str(file)),
        ("policy", "list"),
        ("policy", "show", "json"),
        ("pattern", "list"),
        ("pattern", "show", pattern),
        ("audit", "verify"),
        ("connection", "list"),
        ("connection", "test", "lab"),
        ("kill-switch",),
        ("kill-switch", "off"),
    ]
    for command in commands:
        said = cli(*command, "--json")

        assert said.code == 0, (command, said.err)
        assert isinstance(said.json, dict | list), command
        assert said.out.isascii()


def test_a_watched_ticket_is_one_json_document_a_line(cli: Command, client: httpx2.Client) -> None:
    submitted(client, "C-4")
    client.patch("/api/v1/tickets/C-4", json={"status": "rejected"}).raise_for_status()
    lines = cli("ticket", "watch", "C-4", "--json").out.splitlines()

    assert json.loads(lines[0])["event"] == "ticket.received"
    assert json.loads(lines[-1]) == {"event": "end", "status": "rejected"}


def test_a_plan_is_approved_rejected_and_executed(cli: Command, client: httpx2.Client) -> None:
    asked(client, "C-5", "port04")
    asked(client, "C-6", "port05")
    submitted(client, "C-7", title="The link on sw1 port06 is down")

    assert cli("approve", "C-5", "--as", "ann", "--comment", "go").code == 0
    assert cli("reject", "C-6", "--as", "ann").code == 0
    assert cli("execute", "C-7", "--as", "ann").code == 0
    assert until_state(client, "C-5", lambda state: state == "resolved")
    assert until_state(client, "C-6", lambda state: state == "rejected")
    assert until_state(client, "C-7", lambda state: state == "resolved")


def test_an_answer_for_another_plan_is_refused(cli: Command, client: httpx2.Client) -> None:
    asked(client, "C-8", "port07")
    said = cli("approve", "C-8", "--as", "ann", "--plan", "0" * 64)

    assert said.code == 4
    assert "another plan" in said.err
    assert said.out == ""


def test_feedback_thanks(cli: Command, client: httpx2.Client) -> None:
    submitted(client, "C-9")
    said = cli("feedback", "C-9", "negative", "--rating", "1", "--inaccurate", "--comment", "no")

    assert said.code == 0
    assert said.out.startswith("Thank you.")


def test_policies_are_applied_from_a_file_and_again_without_a_change(
    cli: Command, tmp_path: Path
) -> None:
    file = tmp_path / "policies.yaml"
    file.write_text("- {name: p1, category: p1}\n- {name: p2, category: p2}\n", encoding="utf-8")
    first = cli("policy", "apply", str(file), "--as", "ann")
    again = cli("policy", "apply", str(file))

    assert first.out == again.out == "p1: version 1\np2: version 1\n"
    assert "p1, version 1 by ann" in cli("policy", "show", "p1").out
    assert "p2" in cli("policy", "list").out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "cannot be read"),
        ("a: [", "is not valid YAML"),
        ("name: x\ncategory: 2026-99-99", ":2: '2026-99-99' is read as a timestamp"),
        ("&a [*a]", "is nested deeper"),
        ("just text", "each policy is a mapping"),
        ("name: x", "category: is missing"),
        ("{name: x, category: x, time_zone: Mars}", "time_zone"),
    ],
)
def test_a_bad_policy_file_is_wrong_input(
    cli: Command, tmp_path: Path, text: str | None, told: str
) -> None:
    file = tmp_path / "bad.yaml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    said = cli("policy", "apply", str(file))

    assert said.code == 2
    assert told in said.err


def test_patterns_are_listed_and_shown(cli: Command, client: httpx2.Client) -> None:
    submitted(client, "C-10", description="the gadget of zone nine broke", category="gadget")
    pattern = client.get("/api/v1/tickets/C-10").json()["pattern_id"]

    assert pattern in cli("pattern", "list", "--category", "gadget").out
    assert "missing_for_eligibility" in cli("pattern", "show", pattern).out


def test_the_journal_is_exported_and_verified(cli: Command, tmp_path: Path) -> None:
    cli("ticket", "submit", "C-11", "💥")
    output = tmp_path / "journal.jsonl"
    to_file = cli("audit", "export", "--output", str(output))
    lines = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    some = [
        json.loads(li) for li in cli("audit", "export", "--ticket-id", "C-11").out.splitlines()
    ]

    assert to_file.code == 0
    assert [record["seq"] for record in lines] == list(range(1, len(lines) + 1))
    assert {record["ticket_id"] for record in some} == {"C-11"}
    assert cli("audit", "verify").out.startswith("The journal holds")
    assert cli("audit", "export", "--output", str(tmp_path / "no" / "x")).code == 2


def test_connections_are_listed_and_tested(cli: Command) -> None:
    listed, well, sick = (
        cli("connection", "list"),
        cli("connection", "test", "lab"),
        cli("connection", "test", "nobody"),
    )

    assert "lab" in listed.out
    assert (well.code, sick.code) == (0, 1)
    assert "enable_port: can be done" in well.out
    assert "does not answer" in sick.out


def test_the_kill_switch_is_turned_on_and_off(cli: Command) -> None:
    on = cli("kill-switch", "on", "--reason", "drill", "--as", "ann")
    state = cli("kill-switch")
    off = cli("kill-switch", "off")

    assert "ON" in on.out
    assert "drill, set by ann" in state.out
    assert "off" in off.out
    assert cli("kill-switch", "maybe").code == 2


@pytest.mark.parametrize(
    "command",
    [
        ("ticket", "show", "C-none"),
        ("ticket", "watch", "C-none"),
        ("approve", "C-none"),
        ("execute", "C-none"),
        ("feedback", "C-none", "positive"),
        ("policy", "show", "none"),
        ("pattern", "show", "none"),
        ("connection", "test", "none"),
        ("ticket", "show", "../../health"),
    ],
)
def test_what_is_not_there_is_exit_code_3_and_a_sentence(
    cli: Command, command: tuple[str, ...]
) -> None:
    said = cli(*command)

    assert said.code == 3
    assert said.out == ""
    assert len(said.err.splitlines()) == 1


def test_a_conflict_shows_what_differs(cli: Command) -> None:
    cli("ticket", "submit", "C-12", "one")
    said = cli("ticket", "submit", "C-12", "two")

    assert said.code == 4
    assert "description: stored 'one', sent 'two'" in said.err


@pytest.mark.parametrize(
    "command",
    [
        ("ticket", "submit", "a/b", "x"),
        ("ticket", "submit", "C-13", ""),
        ("feedback", "C-1", "splendid"),
        ("feedback", "C-1", "positive", "--rating", "9"),
        ("ticket", "list", "--status", "nonsense"),
        ("ticket", "list", "--cursor", "nonsense"),
        ("ticket", "list", "--limit", "0"),
        ("ticket", "nonsense"),
        ("nonsense",),
        ("ticket", "show"),
    ],
)
def test_wrong_input_is_exit_code_2(cli: Command, command: tuple[str, ...]) -> None:
    said = cli(*command)

    assert said.code == 2
    assert said.err


def test_no_text_of_a_ticket_steers_the_terminal(cli: Command, client: httpx2.Client) -> None:
    fields = {"title": EVIL, "description": EVIL, "requester": EVIL, "category": "evil"}
    submitted(client, "C-14", **fields)
    body = {"status": "failed", "resolution": EVIL, "actor": EVIL}
    client.patch("/api/v1/tickets/C-14", json=body).raise_for_status()
    conflict = cli("ticket", "submit", "C-14", "other")
    for said in (
        cli("ticket", "show", "C-14"),
        cli("ticket", "list", "--category", "evil"),
        cli("ticket", "watch", "C-14"),
        cli("ticket", "show", "C-14", "--json"),
        cli("ticket", "watch", "C-14", "--json"),
        cli("audit", "export", "--ticket-id", "C-14"),
        conflict,
    ):
        text = said.out + said.err

        assert not any(c in text for c in "\x1b\x07\x9b\u202e\r"), repr(text)
        assert not any(line.startswith("decision: auto_approved") for line in text.splitlines())


@pytest.mark.parametrize(
    "command",
    [("ticket", "list"), ("policy", "list"), ("pattern", "list"), ("connection", "list")],
)
def test_a_table_fits_into_80_columns_and_every_id_stands_on_one_line(
    cli: Command, client: httpx2.Client, command: tuple[str, ...]
) -> None:
    submitted(client, "INC-2026-00012345", title="A rather long title " * 8, category="network")
    listed = cli(*command, COLUMNS="80")
    ids = {
        "ticket": ["INC-2026-00012345"],
        "policy": ["asking"],
        "pattern": [client.get("/api/v1/tickets/INC-2026-00012345").json()["pattern_id"]],
        "connection": ["lab", "nobody"],
    }

    assert max(map(len, listed.out.splitlines())) <= 80
    assert all(name in listed.out for name in ids[command[0]])


def test_a_page_says_how_to_see_the_next_one(cli: Command, client: httpx2.Client) -> None:
    submitted(client, "C-15")
    submitted(client, "C-16")
    first = cli("ticket", "list", "--limit", "1")
    cursor = first.out.split("--cursor ")[1].strip()

    assert cli("ticket", "list", "--limit", "1", "--cursor", cursor).code == 0


def test_people_put_patterns_right(cli: Command, client: httpx2.Client) -> None:
    found = []
    for ticket_id, told in (("PT-1", "the fan of the rack is loud"), ("PT-2", "no dial tone")):
        submitted(client, ticket_id, title=told, category="put-right")
        found.append(client.get(f"/api/v1/tickets/{ticket_id}").json()["pattern_id"])
    loud, mute = found
    renamed = cli("pattern", "rename", loud, "Fans", "--as", "ann")
    merged = cli("pattern", "merge", mute, loud, "--as", "ann")
    split = cli("pattern", "split", loud, "PT-2", "--as", "ann")
    forbidden = cli("pattern", "forbid", loud, "--as", "ann")

    assert "name: Fans" in renamed.out
    assert "occurrence_count: 2" in merged.out
    assert "occurrence_count: 1" in split.out
    assert "automation_forbidden: True" in forbidden.out
    assert "automation_forbidden: False" in cli("pattern", "forbid", loud, "--allow").out
    assert cli("pattern", "merge", mute, loud).code != 0
