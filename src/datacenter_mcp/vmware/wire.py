"""Requests to the SOAP API, and the raw answers to reads.

pyVmomi turns every element of an answer into an object of its own, in Python: half a minute for the disks of 10,000 VMs.
So reads of many properties are taken as they come (`raw`) and picked apart by `answers`; all else goes through pyVmomi.
"""

import hashlib
import ssl
from http import HTTPStatus
from http.client import HTTPException, HTTPSConnection
from typing import Any

from pyVmomi import SoapStubAdapter
from pyVmomi.SoapAdapter import SoapResponseDeserializer

from datacenter_mcp.vmware.settings import VmwareSettings

API_VERSION = "vim.version.version11"
"""6.5: whatever is newer speaks it too, and all that is read here is in it."""
IDLE_SECONDS = 10
"""Connections that were idle for longer are not used again: the other side may have closed them just now."""


class NotConnectedError(OSError):
    """There was no connection, so nothing was sent."""


class UnreadableError(Exception):
    """The SDK could not make a value of an answer; what was asked may have been done."""


class Connection(HTTPSConnection):
    """HTTPS whose peer may be pinned by the SHA-256 of its certificate.

    pyVmomi's own pinning compares the certificate of the first connection only: it switches verification off in the
    context that all later ones share.
    """

    def __init__(self, *, pin: str | None, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._pin = pin

    def connect(self) -> None:
        try:
            super().connect()
            self._verify()
        except OSError as error:
            self.close()
            raise NotConnectedError(str(error)) from error

    def _verify(self) -> None:
        if self._pin is None:
            return
        shown = hashlib.sha256(self.sock.getpeercert(binary_form=True) or b"").hexdigest()
        if shown != self._pin:
            raise ssl.SSLCertVerificationError("the certificate has another thumbprint")


class Wire(SoapStubAdapter):  # type: ignore[misc] # untyped, see pyproject
    """One API endpoint with its pool of connections; may be used by several threads."""

    def __init__(self, settings: VmwareSettings) -> None:
        pin = settings.thumbprint
        super().__init__(
            host=settings.host,
            port=settings.port,
            version=API_VERSION,
            poolSize=settings.concurrency,
            sslContext=_context(settings),
            httpConnectionTimeout=settings.timeout_seconds,
            connectionPoolTimeout=IDLE_SECONDS,
            acceptCompressedResponses=False,
        )
        self.scheme = Connection
        self.schemeArgs["pin"] = None if pin is None else pin.replace(":", "").lower()

    def InvokeMethod(self, *arguments: Any, **named: Any) -> Any:  # noqa: N802 - the SDK's name
        """As the SDK; but an answer that does not fit its types is told apart from a bug."""
        try:
            return super().InvokeMethod(*arguments, **named)
        except (TypeError, KeyError, AttributeError) as error:
            raise UnreadableError(str(error)) from error

    def raw(self, target: Any, method: str, *arguments: Any) -> bytes:
        """The answer of a method as it came. A fault is raised as pyVmomi raises it."""
        info = target._GetMethodInfo(method)
        request = self.SerializeRequest(target, info, arguments)
        headers = {
            "Cookie": self.cookie,
            "SOAPAction": self.versionId,
            "Content-Type": "text/xml; charset=utf-8",
        }
        connection = self.GetConnection()
        try:
            connection.request("POST", self.path, request, headers)
            response = connection.getresponse()
            body: bytes = response.read()
        except (OSError, HTTPException):
            connection.close()
            self.DropConnections()
            raise
        self.ReturnConnection(connection)
        if response.status == HTTPStatus.INTERNAL_SERVER_ERROR:
            raise SoapResponseDeserializer(self).Deserialize(body, info.result)
        if response.status != HTTPStatus.OK:
            raise HTTPException(f"{response.status} {response.reason}")
        return body


def _context(settings: VmwareSettings) -> ssl.SSLContext:
    context = ssl.create_default_context(
        cafile=str(settings.ca_file) if settings.ca_file is not None else None
    )
    if settings.insecure or settings.thumbprint is not None:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
