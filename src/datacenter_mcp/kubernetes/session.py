"""Asks the API server over HTTP, in threads: the SDK's client blocks. Knows logins, time limits and what may be repeated,
and nothing of Kubernetes' kinds.

The client's own models are not used: to make them of a list with thousands of pods takes longer than to read it.
"""

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from kubernetes.client import ApiClient, ApiException
from urllib3 import exceptions

from datacenter_mcp.contract.errors import Unavailable
from datacenter_mcp.kubernetes.login import open_client
from datacenter_mcp.kubernetes.refusals import FIRST_REFUSAL, LOGIN_REFUSED, error_of
from datacenter_mcp.kubernetes.settings import KubernetesSettings

NOT_SENT = (
    exceptions.NewConnectionError,
    exceptions.ConnectTimeoutError,
    exceptions.ProxyError,
    exceptions.SSLError,
    exceptions.LocationValueError,
)
"""What fails before a request is on its way."""
GRACE_SECONDS = 1.0
JSON = "application/json"


class Request(NamedTuple):
    """One request. `body`: what becomes JSON; None: none."""

    method: str
    path: str
    seconds: float
    query: Mapping[str, Any]
    body: Any = None
    content_type: str = JSON


class Session:
    """One cluster's API server. Any number of tasks may ask at once; `concurrency` of them are under way."""

    def __init__(self, settings: KubernetesSettings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.concurrency, "kubernetes")
        self._opening = threading.Lock()
        self._client: ApiClient | None = None

    async def get(
        self, path: str, query: Mapping[str, Any] | None = None, *, seconds: float | None = None
    ) -> bytes:
        """Read. A connection that was lost is opened anew, once. `seconds` None: the settings' time limit."""
        limit = seconds or self._settings.request_timeout_seconds
        request = Request("GET", path, limit, query or {})
        try:
            return await self._ask(request)
        except Unavailable as error:
            if not isinstance(error.__cause__, exceptions.ProtocolError):
                raise
        return await self._ask(request)

    async def write(self, method: str, path: str, body: Any, content_type: str = JSON) -> bytes:
        """Change something; never sent twice. `sent` of the error tells whether it may have arrived."""
        limit = self._settings.request_timeout_seconds
        return await self._ask(Request(method, path, limit, {}, body, content_type))

    async def close(self) -> None:
        """Let go of connections; threads that still wait for an answer end with their time limit."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._client is not None:
            self._client.rest_client.close()

    async def _ask(self, request: Request) -> bytes:
        loop = asyncio.get_running_loop()
        try:
            # urllib3 limits each wait for a piece of the answer; this limits the whole.
            async with asyncio.timeout(request.seconds + GRACE_SECONDS):
                return await loop.run_in_executor(self._threads, self._logged_in, request)
        except TimeoutError as error:
            raise Unavailable(_late(request)) from error

    def _logged_in(self, request: Request) -> bytes:
        """Ask; when the login is refused, once more with the credentials read anew: tokens expire, files are renewed."""
        client = self._opened()
        status, answer, retry_after = self._send(client, request)
        if status == LOGIN_REFUSED:
            self._forget(client)
            status, answer, retry_after = self._send(self._opened(), request)
        if status >= FIRST_REFUSAL:
            raise error_of(status, answer, retry_after)
        return answer

    def _send(self, client: ApiClient, request: Request) -> tuple[int, bytes, str | None]:
        """Status, body and the wait that the server asks for."""
        serialized = client.param_serialize(
            request.method,
            request.path,
            query_params=list(request.query.items()),
            header_params={"Accept": JSON, "Content-Type": request.content_type},
            body=request.body,
            auth_settings=["BearerToken"],
        )
        patience = (
            min(request.seconds, self._settings.connect_timeout_seconds),
            request.seconds,
        )
        try:
            response = client.call_api(*serialized, _request_timeout=patience)
            answer: bytes = response.read()
            return response.status, answer, response.headers.get("Retry-After")
        except NOT_SENT as error:
            told = f"The API server cannot be reached: {error}"
            raise Unavailable(told, sent=False) from error
        except ApiException as error:  # what the SDK makes of a certificate that is not trusted
            told = f"The API server cannot be trusted: {error.reason}"
            raise Unavailable(told, sent=False) from error
        except exceptions.TimeoutError as error:
            raise Unavailable(_late(request), sent=True) from error
        except exceptions.HTTPError as error:
            told = f"The connection to the API server was lost: {error}"
            raise Unavailable(told, sent=True) from error

    def _opened(self) -> ApiClient:
        with self._opening:
            if self._client is None:
                self._client = open_client(self._settings)
            return self._client

    def _forget(self, client: ApiClient) -> None:
        with self._opening:
            if self._client is client:
                self._client = None


def _late(request: Request) -> str:
    return f"The API server did not answer within {request.seconds:g} s."
