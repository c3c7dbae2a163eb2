"""The command line's way to a running server: the same REST API that everybody uses, so that nothing differs."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx2

from datacenter_docs.domain.errors import (
    Broken,
    Conflict,
    DatacenterDocsError,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    Throttled,
    Unavailable,
    Unsupported,
)

TIMEOUT_SECONDS = 60.0
UNAUTHORIZED = 401
ERRORS: Mapping[int, type[DatacenterDocsError]] = {
    400: Invalid,
    UNAUTHORIZED: Refused,
    403: Forbidden,
    404: NotFound,
    409: Refused,
    413: Invalid,
    408: Unavailable,
    421: Refused,
    422: Invalid,
    429: Throttled,
    501: Unsupported,
    502: Broken,
    503: Unavailable,
}


class Server:
    """One server. Every failure is raised as one of our errors, with the server's own sentence. `headers`: of every request."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self._url = url.rstrip("/")
        self._http = httpx2.Client(
            base_url=f"{self._url}/api/v1", timeout=TIMEOUT_SECONDS, headers=dict(headers)
        )

    def get(self, path: str, **query: Any) -> Any:
        """A GET; query values that are None are left out."""
        return self._send("GET", path, params={k: v for k, v in query.items() if v is not None})

    def post(self, path: str, body: Any = None, **query: Any) -> Any:
        """A POST with a JSON body."""
        return self._send("POST", path, json=body, params=query)

    def put(self, path: str, body: Any, **query: Any) -> Any:
        """A PUT with a JSON body."""
        return self._send("PUT", path, json=body, params=query)

    def delete(self, path: str, **query: Any) -> Any:
        """A DELETE."""
        return self._send("DELETE", path, params=query)

    def events(self, path: str) -> Iterator[tuple[str, Any]]:
        """Server-sent events as (event, data), until the server ends them."""
        try:
            with self._http.stream("GET", path, timeout=None) as response:
                if response.is_error:
                    response.read()
                    raise _error(response)
                yield from _parsed(response.iter_lines())
        except httpx2.TransportError as error:
            raise self._unreachable(error) from error

    def text(self, path: str) -> str:
        """A GET of something that is not JSON."""
        return self._answered("GET", path).text

    def _send(self, method: str, path: str, **request: Any) -> Any:
        response = self._answered(method, path, **request)
        return response.json() if response.content else None

    def _answered(self, method: str, path: str, **request: Any) -> httpx2.Response:
        try:
            response = self._http.request(method, path, **request)
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            raise self._unreachable(error) from error
        except UnicodeEncodeError as error:
            raise Invalid("What you wrote is not text in this terminal's encoding.") from error
        if response.is_error:
            raise _error(response)
        return response

    def _unreachable(self, error: Exception) -> Unavailable:
        return Unavailable(
            f"No server answers at {self._url} ({error}). Start one with `dcdocs up`, or give another --url."
        )


def part(text: str) -> str:
    """A piece of a path, whatever it holds."""
    return quote(text, safe="")


def path(text: str) -> str:
    """Several pieces of a path at once: slashes and colons stay."""
    return quote(text, safe="/:@")


def _error(response: httpx2.Response) -> DatacenterDocsError:
    try:
        told = response.json()
        message, errors = str(told["detail"]), told.get("errors") or {}
    except (ValueError, KeyError, TypeError):
        return Broken(f"The server answered {response.status_code} without a problem document.")
    if response.status_code == UNAUTHORIZED:
        message += " Here: --token env:NAME or file:PATH, or `dcdocs login`."
    kind = ERRORS.get(response.status_code, Broken)
    if kind is Invalid:
        return Invalid(message, errors)
    if "differences" in told:
        return Conflict(
            message, {name: (d["stored"], d["sent"]) for name, d in told["differences"].items()}
        )
    return kind(message)


def _parsed(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    event, data = "message", ""
    for line in lines:
        field, _, value = line.partition(":")
        if field == "event":
            event = value.strip()
        elif field == "data":
            data += value.removeprefix(" ")
        elif not line and data:
            yield event, json.loads(data)
            event, data = "message", ""
