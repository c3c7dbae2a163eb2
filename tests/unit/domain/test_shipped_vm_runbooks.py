"""Which tickets about VMs find which of the shipped runbooks that act, and which find none of them."""

import pytest

from datacenter_docs.adapters.reasoning import library
from datacenter_docs.domain.runbooks import triggered

SHIPPED = library.load(library.SHIPPED)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The VM web-01 hangs since this morning.", {"vm-hangs", "vm-frozen"}),
        ("Virtual machine db3 is not responding, please restart it.", {"vm-hangs", "vm-frozen"}),
        ("Guest app7 is swapping, it needs more RAM.", {"vm-memory-short"}),
        ("VM db3 is out of memory again.", {"vm-memory-short"}),
        ("The VM build-2 is slow, CPU is at 100 % all day.", {"vm-cpu-short"}),
        ("Please take a snapshot of the VM erp before we patch it.", {"vm-before-change"}),
        ("The VM web-01 has too many old snapshots.", set()),
        ("Pod web-0 hangs.", set()),
        ("Instance web-01 needs more memory.", set()),
        ("The load balancer in front of the VM is slow.", set()),
    ],
)
def test_a_ticket_in_a_users_words_finds_its_runbook(text, names):
    found = {book.name for book in SHIPPED if triggered(book, text, "any") and book.suggests}

    assert {name for name in found if name.startswith("vm-")} == names
