"""Where a server may listen, and where a secret may travel."""

import pytest

from datacenter_docs.domain.addresses import is_loopback, is_safe_way
from datacenter_docs.domain.errors import Refused
from datacenter_docs.entrypoints.listening import may_listen


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "LOCALHOST"])
def test_this_machine_needs_neither_logins_nor_encryption(host: str):
    assert is_loopback(host)
    may_listen(host, authentication=False, encrypted=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "docs.example", ""])
def test_beyond_this_machine_both_are_needed(host: str):
    with pytest.raises(Refused, match="Without authentication"):
        may_listen(host, authentication=False, encrypted=True)
    with pytest.raises(Refused, match="others can read them"):
        may_listen(host, authentication=True, encrypted=False)
    may_listen(host, authentication=True, encrypted=True)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://docs.example", True),
        ("https://10.0.0.1:8443/x", True),
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:1", True),
        ("http://localhost", True),
        ("http://docs.example", False),
        ("http://localhost.docs.example", False),
        ("http://127.0.0.1@docs.example", False),
        ("ftp://127.0.0.1", False),
        ("https://", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_a_secret_travels_where_nobody_reads_along(url: str, safe: bool):
    assert is_safe_way(url) is safe
