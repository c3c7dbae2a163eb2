"""A local server that speaks OpenAI's embeddings over real HTTP, and can be told to misbehave."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from tests.fakes.embedding import meaning

KEY = "sk-test-key"


class Provider(ThreadingHTTPServer):
    """`mood`: how it answers. `requests`: the bodies that it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mood = "well"
        self.requests: list[dict[str, Any]] = []
        self.ending = Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


@contextmanager
def provider() -> Iterator[Provider]:
    """A running one."""
    server = Provider()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ending.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests.append(body)
        if self.path != "/v1/embeddings":
            self._answer(404, {"error": {"message": "no such path"}})
        elif self.headers.get("authorization") != f"Bearer {KEY}":
            self._answer(401, {"error": {"message": "invalid api key"}})
        elif self.server.mood.isdigit():
            self._answer(int(self.server.mood), {"error": {"message": "not now"}})
        else:
            self._deliver(body)

    def _deliver(self, body: dict[str, Any]) -> None:
        mood = self.server.mood
        if mood == "slow":
            self.server.ending.wait()  # longer than any caller has patience
            return
        data = [
            {"object": "embedding", "index": index, "embedding": meaning(text)}
            for index, text in enumerate(body["input"])
        ]
        data.reverse()  # the order is in `index`, and nowhere else
        if mood == "few":
            data.pop()
        if mood == "zero":
            data[0]["embedding"] = [0.0] * 4
        if mood == "uneven":
            data[0]["embedding"] = [1.0] * 7
        if mood == "words":
            data[0]["embedding"] = ["a"]
        whole = {"object": "list", "data": data, "model": body["model"], "usage": {"prompt_tokens": 1, "total_tokens": 1}}  # fmt: skip
        self._answer(200, whole, cut=mood == "cut")

    def _answer(self, status: int, body: dict[str, Any], *, cut: bool = False) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload[: len(payload) // 2] if cut else payload)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""
