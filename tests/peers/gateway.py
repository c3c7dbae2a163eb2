"""What stands between the room and a real API server, and fails as networks do: it loses answers, cuts them off, holds them
back, or lets somebody else act first. What it lets through is the API server's own.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

import httpx2
from tests.peers.cluster import Cluster

Fault = Literal["lose", "cut", "hold", "busy"]
"""`lose`: done, and the connection ends without an answer. `cut`: half an answer. `hold`: done, and no answer while the
fault lasts. `busy`: not done, 429."""
HOLD_SECONDS = 30.0


class Gateway(ThreadingHTTPServer):
    """Listens at `url` until `close`."""

    daemon_threads = True

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(("127.0.0.1", 0), Passing)
        self.upstream = httpx2.Client(base_url=cluster.url, verify=cluster.trust, timeout=30)
        self.asked: list[str] = []
        self.fault: tuple[Fault, str] | None = None
        self.first: tuple[str, Callable[[], object]] | None = None
        self.over = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @contextmanager
    def failing(self, fault: Fault, method: str) -> Iterator[None]:
        """Every request by that method fails so."""
        self.over.clear()
        self.fault = (fault, method)
        try:
            yield
        finally:
            self.fault = None
            self.over.set()

    def before(self, method: str, deed: Callable[[], object]) -> None:
        """Do something before the next request by that method is let through."""
        self.first = (method, deed)

    def close(self) -> None:
        """Stop listening."""
        self.over.set()
        self.shutdown()
        self._thread.join()
        self.server_close()
        self.upstream.close()


class Passing(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Gateway

    def do_GET(self) -> None:
        gateway = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        gateway.asked.append(f"{self.command} {self.path}")
        fault = gateway.fault[0] if gateway.fault and gateway.fault[1] == self.command else None
        if fault == "busy":
            self._answer(429, b'{"kind": "Status", "message": "too many requests"}', retry="3")
            return
        if gateway.first and gateway.first[0] == self.command:
            deed, gateway.first = gateway.first[1], None
            deed()
        kept = ("Authorization", "Content-Type", "Accept")
        headers = {name: self.headers[name] for name in kept if self.headers[name]}
        answer = gateway.upstream.request(self.command, self.path, content=body, headers=headers)
        if fault == "hold":
            gateway.over.wait(HOLD_SECONDS)
        if fault in ("lose", "hold"):
            self.close_connection = True
            return
        self._answer(answer.status_code, answer.content, half=fault == "cut")

    do_PATCH = do_DELETE = do_POST = do_GET  # noqa: N815 - the names that the base class asks for

    def _answer(self, status: int, body: bytes, *, half: bool = False, retry: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if retry:
            self.send_header("Retry-After", retry)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if half else body)
        self.close_connection = self.close_connection or half

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests read what they need."""
