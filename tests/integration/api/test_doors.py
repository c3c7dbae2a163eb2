"""Who is let in: Host, Origin, methods, routes; and what does not even come as HTTP."""

import socket
from urllib.parse import urlsplit

import httpx2
import pytest
from tests.integration.api.product import Product, is_problem, submitted

TICKETS = "/api/v1/tickets"


def sent(product: Product, text: str) -> str:
    """Send bytes as they are; the whole answer."""
    where = urlsplit(product.url)
    with socket.create_connection((str(where.hostname), where.port or 0), timeout=10) as wire:
        wire.sendall(text.encode("latin-1"))
        wire.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: wire.recv(65_536), b"")).decode()


@pytest.mark.parametrize("path", ["/health", "/metrics", TICKETS, "/api/docs", "/nowhere"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.1",
        "0.0.0.0",
        "[::2]",
        "127.0.0.1@evil.example",
        "evil.example#127.0.0.1",
        "[",
    ],
)
def test_a_foreign_host_is_misdirected(client: httpx2.Client, path: str, host: str) -> None:
    is_problem(client.get(path, headers={"Host": host}), 421)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1:9", "127.1.2.3", "[::1]:8"]
)
def test_this_machine_may_be_called_by_any_of_its_names(client: httpx2.Client, host: str) -> None:
    assert client.get("/health", headers={"Host": host}).status_code == 200


def test_no_host_at_all_is_refused(product: Product) -> None:
    assert " 421 " in sent(product, "GET /health HTTP/1.0\r\n\r\n").splitlines()[0]
    assert " 400 " in sent(product, "GET /health HTTP/1.1\r\n\r\n").splitlines()[0]


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "http://localhost.evil.example",
        "file://",
        "http://[",
        "*",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a_foreign_origin_is_forbidden(client: httpx2.Client, method: str, origin: str) -> None:
    body = {"ticket_id": "D-csrf", "description": "x"} if method == "POST" else None

    is_problem(client.request(method, TICKETS, json=body, headers={"Origin": origin}), 403)
    is_problem(client.get(f"{TICKETS}/D-csrf"), 404)


def test_a_page_of_this_machine_may_ask(client: httpx2.Client) -> None:
    answer = client.get(TICKETS, headers={"Origin": "http://localhost:3000"})

    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers


def test_a_text_that_a_browser_sends_without_asking_first_is_not_taken(
    client: httpx2.Client,
) -> None:
    answer = client.post(
        TICKETS,
        content='{"ticket_id":"D-simple","description":"x"}',
        headers={"Content-Type": "text/plain"},
    )

    is_problem(answer, 415)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nowhere",
        "/api",
        "/api/v1",
        "/api/v2/tickets",
        "/api/v1/ticket",
        f"{TICKETS}/",
        "//",
        f"{TICKETS}/x/nowhere",
        "/api/v1/%74ickets%2f",
        "/API/V1/TICKETS",
        "/.env",
    ],
)
def test_an_unknown_route_is_not_found(client: httpx2.Client, path: str) -> None:
    is_problem(client.get(path), 404)


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "TRACE", "OPTIONS", "BREW"])
def test_an_unknown_method_is_not_allowed(client: httpx2.Client, method: str) -> None:
    told = is_problem(client.request(method, TICKETS), 405)

    assert told["detail"] == "This can be asked with GET, HEAD, POST only."


def test_what_is_allowed_is_told(client: httpx2.Client) -> None:
    answer = client.delete(TICKETS)

    assert answer.headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics", TICKETS, f"{TICKETS}/D-head"])
def test_head_is_get_without_the_body(client: httpx2.Client, path: str) -> None:
    submitted(client, "D-head")
    full, head = client.get(path), client.head(path)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == full.headers["content-type"]


def test_head_of_a_stream_ends(client: httpx2.Client) -> None:
    submitted(client, "D-stream")
    head = client.head(f"{TICKETS}/D-stream/events")

    assert head.status_code == 200
    assert head.headers["content-type"].startswith("text/event-stream")
    assert client.head(f"{TICKETS}/D-none").status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        "garbage\r\n\r\n",
        "\x16\x03\x01\x02",
        "GET /health\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        "POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    ],
)
def test_what_is_not_http_is_answered_with_400_or_nothing(product: Product, text: str) -> None:
    answer = sent(product, text)

    assert not answer or " 400 " in answer.splitlines()[0]
    assert "Traceback" not in answer
