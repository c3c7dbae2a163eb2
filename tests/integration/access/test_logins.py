"""Logins of a real identity provider at a real server: over HTTP, and on the command line by device code."""

import json
import re
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.integration.access.door import API, Door, opened
from tests.integration.api.product import SCRIPT, environment, is_problem
from tests.integration.cli.commands import dcdocs
from tests.peers.fixtures import oidc
from tests.peers.oidc_provider import AUDIENCE, CLIENT, OidcPeer

__all__ = ["oidc"]
pytestmark = pytest.mark.peer
ROLES = {"ops": "operator", "lead": "approver"}


@pytest.fixture(scope="module")
def sso(oidc: OidcPeer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    settings = {
        "DATACENTER_DOCS_OIDC_ISSUER": oidc.issuer,
        "DATACENTER_DOCS_OIDC_AUDIENCE": AUDIENCE,
        "DATACENTER_DOCS_OIDC_CLIENT": CLIENT,
        "DATACENTER_DOCS_OIDC_NAME_CLAIM": "email",
        "DATACENTER_DOCS_OIDC_ROLES": json.dumps(ROLES),
    }
    with opened(tmp_path_factory.mktemp("sso"), settings=settings) as there:
        yield there


def test_people_are_who_the_provider_says_with_the_role_of_their_group(
    sso: Door, oidc: OidcPeer
) -> None:
    token = oidc.logged_in("lead-lea")["access_token"]
    with httpx2.Client(
        base_url=sso.product.url, headers={"Authorization": f"Bearer {token}"}
    ) as lea:
        me = lea.get(f"{API}/me").json()
        sent = lea.post(f"{API}/tickets", json={"ticket_id": "L-1", "description": "odd"})
        refused = lea.get(f"{API}/tokens")
        ticket = lea.get(f"{API}/tickets/L-1").json()

    assert (me["name"], me["role"], me["login"]) == ("lead-lea@example.test", "approver", "oidc")
    assert sent.status_code == 202
    assert ticket["requester"] == "lead-lea@example.test"
    is_problem(refused, 403)


def test_somebody_without_a_role_and_somebody_with_nonsense_are_told_apart(
    sso: Door, oidc: OidcPeer
) -> None:
    def answer(token: str) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx2.get(f"{sso.product.url}{API}/me", headers=headers)

    assert "in no group" in is_problem(answer(oidc.logged_in("guests-gil")["access_token"]), 403)["detail"]  # fmt: skip
    assert "does not hold" in is_problem(answer("a.b.c"), 401)["detail"]


def test_api_tokens_are_taken_beside(sso: Door) -> None:
    with sso.client("viewer") as viewer:
        assert viewer.get(f"{API}/me").json()["login"] == "token"


def test_clients_are_told_where_to_log_in(sso: Door, oidc: OidcPeer) -> None:
    told = httpx2.get(f"{sso.product.url}/.well-known/oauth-protected-resource").json()

    assert told["authorization_servers"] == [oidc.issuer]
    assert told["resource"] == AUDIENCE


def test_somebody_logs_in_on_the_command_line_by_a_code(
    sso: Door, oidc: OidcPeer, tmp_path: Path
) -> None:
    file = tmp_path / "new" / "token"
    with subprocess.Popen(
        [SCRIPT, "--url", sso.product.url, "login", "--to", str(file)],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        found = re.search(r"http\S+", process.stdout.readline())
        assert found
        page = oidc.confirmed(found.group(), "ops-olga")
        said = process.stdout.read()
    shown = dcdocs("--token", f"file:{file}", "whoami", url=sso.product.url)

    assert "Sign-in Success" in page
    assert process.returncode == 0
    assert "You are logged in" in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert shown.out.splitlines()[0] == "ops-olga@example.test, operator, by oidc"


def test_a_server_without_a_provider_says_so(tmp_path: Path) -> None:
    with opened(tmp_path / "plain") as plain:
        said = dcdocs("login", "--to", str(tmp_path / "token"), url=plain.product.url)

    assert said.code == 3
    assert "no identity provider" in said.err
    assert not (tmp_path / "token").exists()
