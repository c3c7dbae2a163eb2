"""The real clock."""

import threading
from datetime import UTC, timedelta
from uuid import UUID

from datacenter_docs.adapters.clock import SystemClock


def test_the_time_is_in_utc():
    now = SystemClock().now()

    assert now.tzinfo is UTC
    assert now.utcoffset() == timedelta(0)


def test_ids_are_uuids_of_version_7_in_the_order_of_creation():
    clock = SystemClock()
    ids = [clock.new_id() for _ in range(10_000)]

    assert ids == sorted(ids)
    assert {(UUID(text).version, UUID(text).variant) for text in ids} == {
        (7, "specified in RFC 4122")
    }


def test_an_id_says_when_it_was_made():
    clock = SystemClock()
    milliseconds = UUID(clock.new_id()).int >> 80

    assert abs(milliseconds / 1000 - clock.now().timestamp()) < 60


def test_threads_and_clocks_never_share_an_id():
    ids: list[str] = []
    shared = SystemClock()

    def make(clock: SystemClock) -> None:
        ids.extend([clock.new_id() for _ in range(2_000)])

    threads = [
        threading.Thread(target=make, args=(clock,)) for clock in (shared, shared, SystemClock())
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(ids)) == 6_000
