"""Asks a cloud's services over HTTP, in threads: the SDK blocks. Knows logins, time limits and what may be repeated, and
nothing of what is asked for.

The SDK logs in, finds the endpoints in the catalog and their versions; its own models are not used, so that every fact
has the raw answer that it was read from.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

import requests
from keystoneauth1 import exceptions
from openstack.connection import Connection
from openstack.exceptions import SDKException
from os_service_types import ServiceTypes
from urllib3.exceptions import NewConnectionError

from datacenter_mcp.contract.errors import RoomError, Unavailable, Unsupported
from datacenter_mcp.openstack.login import open_connection
from datacenter_mcp.openstack.refusals import FIRST_REFUSAL, LoginRefused, error_of
from datacenter_mcp.openstack.settings import OpenstackSettings

T = TypeVar("T")
COMPUTE_VERSION = "2.61"
"""Nova's microversion (of 2018): flavors stand in instances, action logs show their events, ids are UUIDs."""
GRACE_SECONDS = 5.0
"""For a login that has to come first."""
SERVICES = {
    "compute": "compute",
    "identity": "identity",
    "image": "image",
    "network": "network",
    "volume": "block_storage",
}
"""Our name of a service -> the SDK's."""


TYPES = ServiceTypes()
"""By which other names catalogs have a service: `volumev3`, `block-store`, ..."""


class Call(NamedTuple):
    """One request. `path`: below the service's versioned endpoint. `body` None: none."""

    method: str
    service: str
    path: str
    query: Mapping[str, Any]
    body: Any = None


class Said(NamedTuple):
    """An answer. `request_id`: what the cloud calls this request in its logs; None: it does not say."""

    body: bytes
    request_id: str | None


class Lost(Unavailable):
    """A connection that was there and went away without an answer."""


class Session:
    """One cloud, as one account. Any number of tasks may ask at once; `concurrency` requests are under way."""

    def __init__(self, settings: OpenstackSettings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.concurrency, "openstack")
        self._opening = threading.Lock()
        self._connection: Connection | None = None

    async def get(self, service: str, path: str, query: Mapping[str, Any] | None = None) -> Said:
        """Read. When the connection is lost, once more over a new one."""
        call = Call("GET", service, path, query or {})
        try:
            return await self._in_thread(call)
        except Lost:
            return await self._in_thread(call)

    async def post(self, service: str, path: str, body: Any) -> Said:
        """Change something; never sent twice. `sent` of the error tells whether it may have arrived."""
        return await self._in_thread(Call("POST", service, path, {}, body))

    async def project_id(self) -> str:
        """The project that we are logged in to."""
        return (await self._run(lambda: self._logged_in(_login))) or ""

    async def close(self) -> None:
        """Let go of connections; threads that still wait for an answer end with their time limit."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._connection is not None:
            self._connection.close()

    async def _in_thread(self, call: Call) -> Said:
        return await self._run(lambda: self._logged_in(lambda one: self._send(one, call)))

    async def _run(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        seconds = self._settings.request_timeout_seconds
        try:
            # The SDK limits each wait for a piece of the answer; this limits the whole.
            async with asyncio.timeout(seconds + GRACE_SECONDS):
                return await loop.run_in_executor(self._threads, work)
        except TimeoutError as error:
            raise Unavailable(f"The cloud did not answer within {seconds:g} s.") from error

    def _logged_in(self, work: Callable[[Connection], T]) -> T:
        """Do it; when the login is refused, once more with the credentials read anew. A token that has expired or was taken
        back is renewed by the SDK itself.
        """
        connection, fresh = self._opened()
        try:
            return work(connection)
        except LoginRefused:
            if fresh:
                raise
        self._forget(connection)
        return work(self._opened()[0])

    def _send(self, connection: Connection, call: Call) -> Said:
        _login(connection)
        client = _client(connection, call.service)
        try:
            response = client.request(
                call.path,
                call.method,
                params=dict(call.query),
                json=call.body,
                microversion=COMPUTE_VERSION if call.service == "compute" else None,
                headers={"Accept": "application/json"},
                raise_exc=False,
                connect_retries=0,
                status_code_retries=0,
                skip_cache=True,
            )
        except (exceptions.ClientException, SDKException) as error:
            raise _unanswered(error, doing=f"{call.method} {call.path}") from error
        if response.status_code >= FIRST_REFUSAL:
            wait = response.headers.get("Retry-After")
            raise error_of(response.status_code, response.content, wait)
        return Said(response.content, response.headers.get("X-Openstack-Request-Id"))

    def _opened(self) -> tuple[Connection, bool]:
        """The connection, and whether it was opened just now."""
        with self._opening:
            if self._connection is not None:
                return self._connection, False
            self._connection = open_connection(self._settings)
            return self._connection, True

    def _forget(self, connection: Connection) -> None:
        with self._opening:
            if self._connection is connection:
                self._connection = None


def _login(connection: Connection) -> str | None:
    """Have a token that is good for the next request; the project that it is for. Nothing else was sent when this fails."""
    try:
        session = connection.session
        session.get_token()
        project: str | None = session.get_project_id()
    except exceptions.Unauthorized as error:
        raise LoginRefused from error
    except (exceptions.ClientException, SDKException) as error:
        raise Unavailable(f"The login at the cloud failed: {error}", sent=False) from error
    return project


def _client(connection: Connection, service: str) -> Any:
    """The SDK's client of a service; it asks for the versions of the endpoint the first time. Raises `Unsupported` when the
    catalog has no such service.
    """
    kind = SERVICES[service]
    try:
        auth: Any = connection.session.auth
        catalog = auth.get_access(connection.session).service_catalog.catalog
        offered = {entry["type"] for entry in catalog}
        if not offered & {kind, *TYPES.get_all_types(kind.replace("_", "-"))}:
            raise Unsupported(f"This cloud has no {service} service.", sent=False)
        return getattr(connection, kind)
    except (exceptions.ClientException, SDKException) as error:
        raise Unavailable(f"The {service} service was not found: {error}", sent=False) from error


def _unanswered(error: Exception, doing: str) -> RoomError:
    """A request without an answer. The SDK says the same for one that never left and one that was lost under way; what it
    was caused by tells them apart.
    """
    if isinstance(error, exceptions.Unauthorized):
        return LoginRefused()
    if isinstance(error, exceptions.EndpointNotFound):
        return Unsupported(f"{doing}: the cloud has no such service.", sent=False)
    cause = error.__context__
    reason = getattr(cause.args[0], "reason", None) if cause is not None and cause.args else None
    never_left = (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError)
    if isinstance(cause, never_left) or isinstance(reason, NewConnectionError):
        return Unavailable(f"{doing}: the cloud cannot be reached.", sent=False)
    if isinstance(cause, requests.exceptions.Timeout):
        return Unavailable(f"{doing}: the cloud did not answer in time.", sent=True)
    return Lost(f"{doing}: the connection to the cloud was lost.", sent=True)
