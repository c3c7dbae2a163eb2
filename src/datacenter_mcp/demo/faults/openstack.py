"""Faults of instances, and of the machines and services under them."""

from datacenter_mcp.demo.faults.fault import Cure, Fault, Test, and_back, sets, share

INSTANCE = "openstack:instance"
RUNNING = Test("power_state", "running")

FAULTS = (
    Fault(
        "instance-crashed", "The kernel of an instance crashed.", (INSTANCE, "shop-worker-1"), "cloud", "Instance down",
        ("The instance {name} is not responding.", "Instance {name} hangs, please reboot it.", "{name} crashed, nobody can log in."),
        sets(_crashed=True), (Test("power_state", "crashed"),), (RUNNING, Test("status", "active")), Cure("reboot_instance"),
        wrong=Cure("resize_instance", {"flavor": "m1.small"}),
    ),
    Fault(
        "instance-memory-short", "An instance needs more memory than its flavor gives.", (INSTANCE, "shop-frontend"), "cloud",
        "Instance slow",
        ("The instance {name} is slow, its memory is used up.", "Instance {name} is too small, memory at 100 percent.",
         "{name} is out of memory, please give it a larger flavor."),
        sets(_memory_need_mib=share(1.0, "memory_mib")), (Test("memory_usage_ratio", at_least=0.95),),
        (Test("memory_usage_ratio", at_most=0.9),), Cure("resize_instance", {"flavor": "m1.large"}), wrong=Cure("reboot_instance"),
    ),
    Fault(
        "instance-cpu-short", "An instance needs more CPUs than its flavor gives.", (INSTANCE, "lab-runner"), "cloud", "Instance slow",
        ("The instance {name} is slow, its CPU is at the limit.", "Instance {name} is too small for its load."),
        sets(_cpu_need=share(1.0, "cpu_count")), (Test("cpu_usage_ratio", at_least=0.95),), (Test("cpu_usage_ratio", at_most=0.9),),
        Cure("resize_instance", {"flavor": "m1.large"}), wrong=Cure("reboot_instance"), looks_like="instance-crashed",
    ),
    Fault(
        "hypervisor-cut-off", "A hypervisor does not answer since its port on the switch is shut.",
        ("openstack:hypervisor", "compute1"), "cloud", "Hypervisor down",
        ("The hypervisor {name} is down, its instances are unreachable.", "{name} does not report any more."),
        sets("_port", admin_state="down"), (Test("state", "down"), Test("admin_state", "down", of="_port")), (Test("state", "up"),),
        Cure("enable_port", on="_port"), elsewhere=True,
    ),
    Fault(
        "instance-locked", "An instance is down for announced works, and locked so that nobody touches it.",
        (INSTANCE, "lab-builder"), "cloud", "Instance down",
        ("The instance {name} is not responding.", "Instance {name} hangs, please reboot it."),
        sets(_crashed=True, locked=True), (Test("power_state", "crashed"), Test("locked", equals=True)),
        (Test("locked", equals=True),), hands_off=True, wrong=Cure("reboot_instance"), looks_like="instance-crashed",
    ),
    Fault(
        "service-late", "A service of the cloud was restarted and reports again by itself.",
        ("openstack:service", "cinder-volume controller1"), "cloud", "Service down",
        ("The service {name} is down.", "{name} does not report since a minute."),
        and_back(sets(_down=True), 60, _down=False), (Test("state", "down"),), (Test("state", "up"),), hands_off=True,
    ),
)  # fmt: skip
