"""Stories on a real vCenter simulator: a ticket about a VM, a person's yes, the VM changed and seen to be well, or undone."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from tests.e2e.product import Product, running
from tests.peers.vcenter import VCenter
from tests.peers.vcenter_oracle import Oracle

pytestmark = [pytest.mark.peer, pytest.mark.timeout(180)]
VM = "DC0_H0_VM0"
HUNGRY_MIB, FULL_MHZ = 30, 2290


@pytest.fixture(scope="module")
def product(vc: VCenter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    connection = {"name": "vcenter", "platform": "vmware", "server": "builtin", "allow_writes": True,
                  "timeout_seconds": 60, "settings": vc.settings()}  # fmt: skip
    with running(tmp_path_factory.mktemp("product"), [connection]) as product:
        yield product


@pytest.fixture
def oracle(vc: VCenter) -> Iterator[Oracle]:
    with closing(Oracle(vc)) as oracle:
        yield oracle


@pytest.fixture
def vm(vc: VCenter, oracle: Oracle) -> Iterator[str]:
    """The native id of a VM as it was made, before and after."""
    native = oracle.vms()[VM]
    oracle.mend(native)
    yield native
    oracle.mend(native)
    vc.order("load", vm=native, memory_mib=8, cpu_mhz=120)


@pytest.fixture
def policy(product: Product) -> Callable[[str], None]:
    def write(category: str) -> None:
        product.policy(category, allowed_systems=["vmware"],
                       allowed_action_types=["safe_write", "critical_write"])  # fmt: skip

    return write


def test_a_vm_that_hangs_is_restarted_once_and_its_guest_is_back(
    product: Product, oracle: Oracle, vm: str, policy: Callable[[str], None]
):
    policy("vm-hangs")
    counted = oracle.reboots(vm)
    ticket_id = product.submit("vm-hangs", f"The VM {VM} hangs, nobody can log in.")
    asked = product.settled(ticket_id)
    [action] = asked["suggested_actions"]
    untouched = oracle.reboots(vm)
    done = product.approve(ticket_id)

    assert (action["operation"], action["target"]) == ("restart_vm", f"vmware:vcenter:vm:{vm}")
    assert (asked["status"], untouched) == ("awaiting_approval", counted)
    assert done["status"] == "resolved"
    assert oracle.reboots(vm) == counted + 1
    checks = done["remediation_results"]["verification"]["checks"]
    assert checks[-1]["seen"] == "tools_state is running"


def test_a_snapshot_is_taken_before_a_change(
    product: Product, oracle: Oracle, vm: str, policy: Callable[[str], None]
):
    policy("vm-snapshot")
    text = f"Please take a snapshot of the VM {VM} before we patch it."
    ticket_id = product.submit("vm-snapshot", text)
    done = product.approve(ticket_id)

    assert done["status"] == "resolved"
    assert oracle.snapshots(vm) == ["before-change"]


def test_a_vm_gets_memory_after_approval_and_is_on_again(
    product: Product, vc: VCenter, oracle: Oracle, vm: str, policy: Callable[[str], None]
):
    policy("vm-memory")
    oracle.take_snapshot(vm, "nightly")
    vc.order("load", vm=vm, memory_mib=HUNGRY_MIB, cpu_mhz=120)
    ticket_id = product.submit("vm-memory", f"The VM {VM} is swapping, it is short of memory.")
    asked = product.settled(ticket_id)
    assert asked["remediation_decision"]["action_type"] == "critical_write"
    done = product.approve(ticket_id)

    assert done["status"] == "resolved", done
    assert (oracle.memory(vm), oracle.power(vm)) == (48, "poweredOn")


def test_a_vm_gets_cpus_after_approval(
    product: Product, vc: VCenter, oracle: Oracle, vm: str, policy: Callable[[str], None]
):
    policy("vm-cpu")
    oracle.take_snapshot(vm, "nightly")
    vc.order("load", vm=vm, memory_mib=8, cpu_mhz=FULL_MHZ)
    ticket_id = product.submit("vm-cpu", f"The VM {VM} is slow, its CPU is at 100 %.")
    done = product.approve(ticket_id)

    assert done["status"] == "resolved", done
    assert (oracle.cpus(vm), oracle.power(vm)) == (2, "poweredOn")


def test_without_a_recent_backup_no_memory_is_given(
    product: Product, vc: VCenter, oracle: Oracle, vm: str, policy: Callable[[str], None]
):
    policy("vm-unsafe")
    vc.order("load", vm=vm, memory_mib=HUNGRY_MIB, cpu_mhz=120)
    ticket = product.settled(product.submit("vm-unsafe", f"The VM {VM} is short of memory."))

    assert ticket["remediation_decision"]["safety_checks"]["backup_available"] is False
    assert ticket["status"] == "proposed"
    assert oracle.memory(vm) == 32


def test_memory_that_does_not_help_is_taken_back(
    product: Product, vc: VCenter, oracle: Oracle, vm: str, policy: Callable[[str], None]
):
    policy("vm-leak")
    oracle.take_snapshot(vm, "nightly")
    vc.order("load", vm=vm, memory_mib=10 * HUNGRY_MIB, cpu_mhz=120)
    ticket_id = product.submit("vm-leak", f"The VM {VM} is short of memory.")
    ticket = product.approve(ticket_id)
    results = ticket["remediation_results"]
    checks = {check["name"]: check["passed"] for check in results["verification"]["checks"]}

    assert ticket["status"] == "partially_remediated"
    assert [one["kind"] for one in results["executed_actions"]] == ["changed", "undone"]
    assert checks[f"pre-state of vmware:vcenter:vm:{vm}"] is True
    assert (oracle.memory(vm), oracle.power(vm)) == (32, "poweredOn")
