"""What is this machine, and what is not: without authentication nobody else is answered.

Apart from the guard that uses it, so that a wrong address is refused before anything heavy is loaded.
"""

import ipaddress

from datacenter_docs.domain.errors import Refused

LOOPBACK_NAMES = frozenset({"localhost"})


def must_be_loopback(host: str) -> None:
    """Refuse to listen on any other address. Raises `Refused` with what to do."""
    if not is_loopback(host):
        raise Refused(
            f"Without authentication the server listens on this machine only, and {host} is not a loopback address. "
            "Use --host 127.0.0.1, and put a proxy that authenticates people in front of it."
        )


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's loopback."""
    if host.lower() in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
