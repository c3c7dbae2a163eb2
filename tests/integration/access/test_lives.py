"""The life of a token: made, shown once, used, rotated, revoked; over the API and on the command line."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest
from tests.integration.access.door import API, ON, Door, made
from tests.integration.api.product import is_problem, running, until
from tests.integration.cli.commands import Said, dcdocs


@pytest.fixture(scope="module")
def admin(door: Door) -> Iterator[httpx2.Client]:
    with door.client("admin") as client:
        yield client


def status(door: Door, token: str, path: str = "/me") -> int:
    answer = httpx2.get(
        f"{door.product.url}{API}{path}", headers={"Authorization": f"Bearer {token}"}
    )
    return answer.status_code


def listed(admin: httpx2.Client) -> dict[str, dict[str, object]]:
    items = admin.get(f"{API}/tokens", params={"limit": 500}).json()["items"]
    return {item["token_id"]: item for item in items}


def test_a_token_is_shown_once_and_stands_nowhere(door: Door, admin: httpx2.Client) -> None:
    given = admin.post(f"{API}/tokens", json={"name": "kim", "role": "viewer", "note": "ci"})
    told = given.json()
    secret = told["token"].rpartition("_")[2]
    everything = admin.get(f"{API}/tokens").text + admin.get(f"{API}/audit").text
    with closing(sqlite3.connect(door.product.errors.parent / "datacenter-docs.sqlite")) as db:
        kept = "\n".join(db.iterdump())

    assert given.status_code == 201
    assert given.headers["cache-control"] == "no-store"
    assert told["token"].startswith(f"dcdocs_{told['token_id']}_")
    assert told["token_id"] in everything
    assert told["token_id"] in kept
    assert secret not in everything + kept + door.product.errors.read_text("utf-8")


def test_who_made_a_token_and_who_used_it_is_known(door: Door, admin: httpx2.Client) -> None:
    token = made(admin, "lee", "viewer")
    token_id = token.split("_")[1]
    before = listed(admin)[token_id]
    status(door, token)
    after = listed(admin)[token_id]

    assert (before["created_by"], before["last_used_at"]) == ("admin", None)
    assert after["last_used_at"] is not None
    assert after["ended"] is None


def test_a_revoked_token_opens_nothing_from_that_moment_on(
    door: Door, admin: httpx2.Client
) -> None:
    token = made(admin, "mia", "admin")
    assert status(door, token) == 200
    gone = admin.delete(f"{API}/tokens/{token.split('_')[1]}")

    assert gone.json()["ended"] == "was revoked"
    assert status(door, token) == 401
    assert admin.delete(f"{API}/tokens/{token.split('_')[1]}").json() == gone.json()


def test_a_rotated_token_goes_on_for_the_overlap(door: Door, admin: httpx2.Client) -> None:
    old = made(admin, "ned", "operator")
    old_id = old.split("_")[1]
    soft = admin.post(f"{API}/tokens/{old_id}/rotate", json={}).json()
    assert (status(door, old), status(door, soft["token"])) == (200, 200)
    hard = admin.post(f"{API}/tokens/{soft['token_id']}/rotate", json={"overlap_hours": 0}).json()

    assert (status(door, soft["token"]), status(door, hard["token"])) == (401, 200)
    assert (hard["name"], hard["role"], hard["replaces"]) == ("ned", "operator", soft["token_id"])
    is_problem(admin.post(f"{API}/tokens/{soft['token_id']}/rotate", json={}), 409)


def test_another_process_hears_of_a_revocation_within_a_moment(
    door: Door, admin: httpx2.Client
) -> None:
    token = made(admin, "olaf", "viewer")
    folder = door.product.errors.parent
    with running(folder, command="serve", settings=ON) as second:
        where = f"{second.url}{API}/me"
        headers = {"Authorization": f"Bearer {token}"}
        assert httpx2.get(where, headers=headers).status_code == 200
        admin.delete(f"{API}/tokens/{token.split('_')[1]}")
        answer = until(lambda: httpx2.get(where, headers=headers), lambda a: a.status_code == 401)

    assert "was revoked" in answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x"},
        {"name": "x", "role": "god"},
        {"name": "", "role": "admin"},
        {"name": "system", "role": "admin"},
        {"name": "x", "role": "admin", "valid_days": 0},
        {"name": "x", "role": "admin", "valid_days": 367},
        {"name": "x", "role": "admin", "token": "mine"},
    ],
)
def test_a_wrong_wish_for_a_token_is_refused(
    admin: httpx2.Client, body: dict[str, object]
) -> None:
    is_problem(admin.post(f"{API}/tokens", json=body), 422)


def test_who_asks_is_told_who_that_is(door: Door) -> None:
    with door.client("operator") as client:
        me = client.get(f"{API}/me").json()

    assert (me["name"], me["role"], me["login"]) == ("operator", "operator", "token")
    assert "tickets.submit" in me["permissions"]
    assert "plans.approve" not in me["permissions"]


# --- on the command line


def cli(door: Door, who: str | None, *arguments: str, **variables: str) -> Said:
    """`dcdocs` with somebody's token in a variable that its reference names."""
    shown = {"DATACENTER_DOCS_TOKEN": "env:MINE", "MINE": door.tokens[who]} if who else {}
    return dcdocs(*arguments, url=door.product.url, **{**shown, **variables})


def test_a_token_lives_on_the_command_line_too(door: Door) -> None:
    given = cli(door, "admin", "token", "create", "quin", "--role", "operator", "--note", "cron")
    token, sentence = given.out.splitlines()
    token_id = token.split("_")[1]
    shown = cli(door, "admin", "token", "list", "--limit", "500", "--json").json["items"]
    rotated = cli(door, "admin", "token", "rotate", token_id, "--overlap-hours", "0", "--json")
    revoked = cli(door, "admin", "token", "revoke", rotated.json["token_id"])

    assert "quin, operator" in sentence
    assert [one["note"] for one in shown if one["token_id"] == token_id] == ["cron"]
    assert status(door, token) == status(door, rotated.json["token"]) == 401
    assert "opens nothing any more" in revoked.out


def test_the_command_line_is_who_its_token_says(door: Door, tmp_path: object) -> None:
    sent = cli(door, "operator", "ticket", "submit", "C-1", "something is odd")
    shown = cli(door, "viewer", "ticket", "show", "C-1", "--json").json
    refused = cli(door, "operator", "ticket", "submit", "C-2", "odd", "--as", "somebody")

    assert sent.code == 0, sent.err
    assert shown["requester"] == "operator"
    assert (refused.code, refused.out) == (4, "")
    assert "logged in as operator" in refused.err


def test_a_command_without_a_token_is_told_to_log_in_and_one_without_the_role_what_is_missing(
    door: Door,
) -> None:
    nobody, viewer = cli(door, None, "ticket", "list"), cli(door, "viewer", "approve", "C-1")

    assert (nobody.code, viewer.code) == (4, 4)
    assert "Log in" in nobody.err
    assert "needs the role approver" in viewer.err


@pytest.mark.parametrize("reference", ["file", "env"])
def test_a_token_is_read_by_reference(door: Door, tmp_path_factory, reference: str) -> None:
    file = tmp_path_factory.mktemp("token") / "token"
    file.write_text(door.tokens["viewer"] + "\n")
    where = f"file:{file}" if reference == "file" else "env:MINE"
    said = dcdocs("--token", where, "whoami", url=door.product.url, MINE=door.tokens["viewer"])

    assert said.out.splitlines()[0] == "viewer, viewer, by token"


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("dcdocs_0_1", "env:NAME or file:PATH"),
        ("env:MISSING", "is no token"),
        ("file:/nowhere/at/all", "cannot be read"),
        ("env:ODD", "is no token"),
    ],
)
def test_a_reference_to_no_token_is_told_and_its_value_is_not(
    door: Door, reference: str, told: str
) -> None:
    said = dcdocs("--token", reference, "whoami", url=door.product.url, ODD="my secret")

    assert said.code == 2
    assert told in said.err
    assert "my secret" not in said.err


def test_a_token_is_not_sent_in_the_clear_to_another_machine(door: Door) -> None:
    said = dcdocs("--token", "env:MINE", "whoami", url="http://192.0.2.1:8000", MINE="x")

    assert said.code == 4
    assert "plain HTTP" in said.err


def test_the_first_token_is_made_by_whoever_may_open_the_files(door: Door) -> None:
    folder = str(door.product.errors.parent)
    given = dcdocs("token", "create", "rescue", "--role", "admin", "--data-dir", folder)
    wrong = dcdocs("token", "create", "rescue", "--role", "god", "--data-dir", folder)
    taken = dcdocs("token", "create", "System", "--role", "admin", "--data-dir", folder)

    assert status(door, given.out.splitlines()[0], "/tokens") == 200
    assert (wrong.code, taken.code) == (2, 2)
    assert "viewer, operator, approver, admin" in wrong.err
