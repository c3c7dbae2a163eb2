"""Where a server may listen: without authentication on this machine only, and beyond it where nobody can read tokens on their way."""

from datacenter_docs.domain.addresses import is_loopback
from datacenter_docs.domain.errors import Refused


def may_listen(host: str, *, authentication: bool, encrypted: bool) -> None:
    """Refuse to listen beyond this machine without logins, or where tokens could be read on their way. Raises `Refused` with what
    to do. `encrypted`: the server has a certificate, or a proxy in front of it that it knows.
    """
    if is_loopback(host):
        return
    if not authentication:
        raise Refused(
            f"Without authentication the server listens on this machine only, and {host} is not a loopback address. "
            "Use --host 127.0.0.1, or set DATACENTER_DOCS_AUTHENTICATION=true."
        )
    if not encrypted:
        raise Refused(
            f"On {host} tokens would be sent where others can read them. Set DATACENTER_DOCS_TLS_CERTIFICATE, "
            "or name the proxy that encrypts in DATACENTER_DOCS_TRUSTED_PROXIES."
        )
