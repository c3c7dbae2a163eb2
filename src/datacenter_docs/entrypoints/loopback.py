"""What is this machine, and what is not: without authentication nobody else is answered.

For the guard of the API, for whoever listens, and for the command line, which sends no token in the clear to anybody else.
"""

import ipaddress

from datacenter_docs.domain.errors import Refused

LOOPBACK_NAMES = frozenset({"localhost"})


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


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's loopback."""
    if host.lower() in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
