"""A server on loopback that speaks the wire protocols of two model providers from a script, or with a mind of its own:
streamed messages, tool calls, errors, truncation, silence. The product talks to it through the providers' own client libraries.

It is no model: what it says is what a test wrote. It shows that whatever a model says, what follows is right.
"""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWER = "answer"
"""The tool by which an answer is given."""


@dataclass(frozen=True)
class Call:
    """A call of a tool."""

    name: str
    arguments: Any


@dataclass(frozen=True)
class Turn:
    """What the model says once. `status`: an HTTP error instead; `raw`: these bytes as the body; `silent`: no answer until
    the server stops; `stop`: how the turn ends by the provider's word; `arguments` of a call may be a broken text.
    """

    text: str = ""
    calls: tuple[Call, ...] = ()
    status: int = 200
    raw: bytes | None = None
    silent: bool = False
    truncated: bool = False
    headers: tuple[tuple[str, str], ...] = ()


Mind = Callable[[dict[str, Any]], Turn]
"""What is said to a request, which holds the whole conversation so far."""


def says(**answer: Any) -> Turn:
    """A turn that gives the answer."""
    return Turn(calls=(Call(ANSWER, answer),))


def asks(name: str, **arguments: Any) -> Turn:
    """A turn that calls one tool."""
    return Turn(calls=(Call(name, arguments),))


@dataclass
class Provider:
    """The running server: where it is, and what it was asked. `mind` None: it goes by the script."""

    url: str
    script: list[Turn]
    mind: Mind | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def heard(self) -> str:
        """All that was ever sent to it, as one text."""
        return json.dumps(self.asked, ensure_ascii=False)

    def answer(self, body: dict[str, Any]) -> Turn:
        """What it says to a request."""
        return self.mind(body) if self.mind else self.next()

    def next(self) -> Turn:
        """The next turn; the last one again and again."""
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


@contextmanager
def speaking(script: Sequence[Turn] = (), mind: Mind | None = None) -> Iterator[Provider]:
    """A server for a script, or for a mind, which may be changed while it runs."""
    provider = Provider("", list(script), mind)

    class Handler(_Handler):
        peer = provider

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        provider.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    peer: Provider
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.peer.asked.append(body)
        self.peer.keys.append(self.headers.get("x-api-key") or self.headers.get("authorization"))
        turn = self.peer.answer(body)
        if turn.silent:
            self.peer.released.wait(60)
            self.close_connection = True
            return
        anthropic = self.path.endswith("/v1/messages")
        if turn.status != 200:
            self._send(turn.status, "application/json", _error(turn.status), turn.headers)
        elif turn.raw is not None:
            self._send(200, "text/event-stream", turn.raw)
        else:
            number = len(self.peer.asked)
            events = (_anthropic if anthropic else _openai)(turn, number, body)
            self._send(200, "text/event-stream", "".join(events).encode())

    def _send(
        self, status: int, media: str, body: bytes, headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        self.send_response(status)
        for name, value in (("content-type", media), ("content-length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def _error(status: int) -> bytes:
    kind = {429: "rate_limit_error", 529: "overloaded_error", 401: "authentication_error"}
    told = {"type": kind.get(status, "api_error"), "message": "secret-words-of-the-provider"}
    return json.dumps({"type": "error", "error": told}).encode()


def _event(name: str, **data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n"


def _anthropic(turn: Turn, number: int, asked: dict[str, Any]) -> Iterator[str]:
    usage = {"input_tokens": 1_000, "output_tokens": 1}
    head = {"id": f"msg_{number}", "type": "message", "role": "assistant", "model": asked["model"], "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage}  # fmt: skip
    yield _event("message_start", message=head)
    blocks: list[tuple[dict[str, Any], dict[str, Any]]] = []
    if turn.text:
        blocks.append(({"type": "text", "text": ""}, {"type": "text_delta", "text": turn.text}))
    for place, call in enumerate(turn.calls):
        start = {"type": "tool_use", "id": f"toolu_{number}_{place}", "name": call.name, "input": {}}  # fmt: skip
        blocks.append((start, {"type": "input_json_delta", "partial_json": _written(call)}))
    for index, (start, delta) in enumerate(blocks):
        yield _event("content_block_start", index=index, content_block=start)
        yield _event("content_block_delta", index=index, delta=delta)
        yield _event("content_block_stop", index=index)
    stop = "max_tokens" if turn.truncated else "tool_use" if turn.calls else "end_turn"
    yield _event("message_delta", delta={"stop_reason": stop, "stop_sequence": None}, usage={"output_tokens": 100})  # fmt: skip
    yield _event("message_stop")


def _openai(turn: Turn, number: int, asked: dict[str, Any]) -> Iterator[str]:
    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choices = [{"index": 0, "delta": delta, "finish_reason": finish}] if not more else []
        return f"data: {json.dumps({'id': f'chat_{number}', 'object': 'chat.completion.chunk', 'created': 1, 'model': asked['model'], 'choices': choices, **more})}\n\n"  # fmt: skip

    yield chunk({"role": "assistant", "content": turn.text})
    for place, call in enumerate(turn.calls):
        function = {"name": call.name, "arguments": _written(call)}
        yield chunk({"tool_calls": [{"index": place, "id": f"call_{number}_{place}", "type": "function", "function": function}]})  # fmt: skip
    stop = "length" if turn.truncated else "tool_calls" if turn.calls else "stop"
    yield chunk({}, stop)
    yield chunk(
        {}, usage={"prompt_tokens": 1_000, "completion_tokens": 100, "total_tokens": 1_100}
    )
    yield "data: [DONE]\n\n"


def _written(call: Call) -> str:
    return call.arguments if isinstance(call.arguments, str) else json.dumps(call.arguments)
