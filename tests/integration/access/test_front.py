"""What stands before the door: failures are counted, bodies are bounded in size and time, and every answer is safe to show."""

import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2
import pytest
from tests.integration.access.door import API, Door
from tests.integration.api.product import is_problem

SETTINGS = {
    "DATACENTER_DOCS_LOGIN_FAILURES_A_MINUTE": "5",
    "DATACENTER_DOCS_MAX_BODY_SECONDS": "0.5",
    "DATACENTER_DOCS_ALLOWED_HOSTS": '["docs.example", "192.0.2.7"]',
    "DATACENTER_DOCS_TRUSTED_PROXIES": '["127.0.0.1"]',
}
NEXT = iter(range(1, 200))


@pytest.fixture
def address() -> str:
    """An address that nobody has failed from; the proxy says so, whom the settings name."""
    return f"198.51.100.{next(NEXT)}"


@pytest.fixture(scope="module")
def viewer(door: Door) -> Iterator[httpx2.Client]:
    with door.client("viewer") as client:
        yield client


def tried(door: Door, token: str, address: str) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": address}
    return httpx2.get(f"{door.product.url}{API}/me", headers=headers)


def test_whoever_guesses_waits_and_others_do_not(door: Door, address: str) -> None:
    before = [tried(door, f"dcdocs_{n:012}_{n:064}", address).status_code for n in range(5)]
    told = tried(door, "dcdocs_0_0", address)

    assert before == [401] * 5
    is_problem(told, 429)
    assert 1 <= int(told.headers["Retry-After"]) <= 12
    assert tried(door, door.tokens["viewer"], "203.0.113.1").status_code == 200


def test_a_failure_is_in_the_log_without_what_was_shown(door: Door, address: str) -> None:
    tried(door, "dcdocs_guessed", address)
    log = door.product.errors.read_text("utf-8")

    assert re.search(
        rf"login_failed.*{re.escape(address)}|{re.escape(address)}.*login_failed", log
    )
    assert "guessed" not in log


@pytest.mark.parametrize(
    "token", ["-", "x", "dcdocs_", "a.b.c", "e" * 20_000, "x y", "eyJhbGciOiJub25lIn0.e30."]
)
def test_nonsense_is_answered_with_a_problem(door: Door, address: str, token: str) -> None:
    is_problem(tried(door, token, address), 401)


@pytest.mark.parametrize("host", ["docs.example", "DOCS.example:8443", "192.0.2.7", "localhost:1"])
def test_the_server_answers_to_its_names(viewer: httpx2.Client, host: str) -> None:
    assert viewer.get(f"{API}/me", headers={"Host": host}).status_code == 200
    origin = {"Host": host, "Origin": f"https://{host}"}
    assert viewer.get(f"{API}/me", headers=origin).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "docs.example.evil.example", "192.0.2.8"])
def test_the_server_answers_to_no_other_name_even_with_a_token(
    viewer: httpx2.Client, host: str
) -> None:
    told = is_problem(viewer.get(f"{API}/me", headers={"Host": host}), 421)
    is_problem(viewer.get(f"{API}/me", headers={"Origin": f"https://{host}"}), 403)

    assert "DATACENTER_DOCS_ALLOWED_HOSTS" in told["detail"]


@pytest.mark.parametrize(
    "path",
    ["/health", "/ready", "/metrics", f"{API}/tickets", f"{API}/tickets/none", "/nowhere",
     f"{API}/documents/coverage?format=html", f"{API}/stats/calibration.svg", f"{API}/openapi.json"],
)  # fmt: skip
@pytest.mark.parametrize("host", ["localhost", "evil.example"])
def test_every_answer_says_what_a_browser_may_do_with_it(
    viewer: httpx2.Client, path: str, host: str
) -> None:
    headers = viewer.get(path, headers={"Host": host}).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def test_a_page_keeps_its_own_policy(viewer: httpx2.Client) -> None:
    answer = viewer.get(f"{API}/documents/coverage", params={"format": "html"})

    assert answer.headers.get_list("content-security-policy") == [
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ]


def wire(door: Door, *pieces: str) -> str:
    """Send pieces of a request as an operator, and no end; the whole answer."""
    where = urlsplit(door.product.url)
    head = f"POST {API}/tickets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer {door.tokens['operator']}\r\n"
    with socket.create_connection((str(where.hostname), where.port or 0), timeout=10) as stream:
        for piece in (head, *pieces):
            stream.sendall(piece.encode("latin-1"))
        return b"".join(iter(lambda: stream.recv(65_536), b"")).decode()


def test_a_body_that_does_not_come_is_not_waited_for(door: Door) -> None:
    answer = wire(door, "Content-Length: 100\r\n\r\n", '{"ticket_id"')

    assert answer.splitlines()[0].split()[1] == "408"
    assert "not complete within 0.5 seconds" in answer


def test_a_chunked_body_that_does_not_end_is_not_waited_for(door: Door) -> None:
    answer = wire(door, "Transfer-Encoding: chunked\r\n\r\n", '5\r\n{"tic\r\n')

    assert answer.splitlines()[0].split()[1] == "408"


def test_nobody_reads_the_body_of_somebody_who_may_not_ask(door: Door) -> None:
    where = urlsplit(door.product.url)
    head = f"POST {API}/tickets HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"
    with socket.create_connection((str(where.hostname), where.port or 0), timeout=10) as stream:
        stream.sendall(head.encode("latin-1"))
        first = stream.recv(65_536).decode()

    assert first.splitlines()[0].split()[1] == "401"
