"""Counts failed logins per address, in memory: each process its own, and so many addresses at most."""

import ipaddress
from collections import OrderedDict
from datetime import timedelta

from datacenter_docs.domain.errors import Throttled
from datacenter_docs.domain.throttling import Bucket, failed, wait_seconds
from datacenter_docs.ports.clock import Clock

SPAN = timedelta(minutes=1)
MOST_ADDRESSES = 10_000
"""The address that failed longest ago is forgotten first."""
_NETWORK_BITS = 64
"""An IPv6 address counts with its network, since whoever has one has 2^64 of them."""


class Throttling:
    """Remembers who failed. `most`: failures of one address in a minute before it has to wait."""

    def __init__(self, clock: Clock, most: int, most_addresses: int = MOST_ADDRESSES) -> None:
        self._clock = clock
        self._most = most
        self._most_addresses = most_addresses
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def must_not_wait(self, address: str) -> None:
        """Raises `Throttled` while an address has failed too often."""
        bucket = self._buckets.get(_counted(address))
        seconds = wait_seconds(bucket, self._clock.now(), self._most, SPAN)
        if seconds > 0:
            raise Throttled("Too many failed logins from your address; wait a moment.", seconds)

    def failed(self, address: str) -> None:
        """Remember one failure."""
        key = _counted(address)
        self._buckets[key] = failed(self._buckets.get(key), self._clock.now(), self._most, SPAN)
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._most_addresses:
            self._buckets.popitem(last=False)


def _counted(address: str) -> str:
    """What an address is counted as."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known, _NETWORK_BITS), strict=False))
    return str(known)
