"""Faults of VMs, and of what they stand on."""

from datacenter_mcp.demo.faults.fault import Cure, Fault, Test, sets, share

VM = "vmware:vm"
WELL = Test("heartbeat_status", "ok")

FAULTS = (
    Fault(
        "vm-service-hung", "A service in the guest hangs and takes the CPU; the guest still answers.", (VM, "prod-app-01"), "server",
        "Server hangs",
        ("The VM {name} is not responding.", "Server {name} hangs, please restart it.", "{name} is unresponsive, the service is down."),
        sets(_ailing=True), (Test("heartbeat_status", "degraded"),), (WELL, Test("tools_state", "running")), Cure("restart_vm"),
        wrong=Cure("snapshot_vm", {"snapshot_name": "just-in-case"}),
    ),
    Fault(
        "vm-frozen", "The guest is frozen; only a reset brings it back.", (VM, "prod-web-02"), "server", "Server hangs",
        ("The VM {name} is not responding.", "Server {name} is frozen, nobody can log in.", "{name} hangs completely, please reset it."),
        sets(_hung=True), (Test("heartbeat_status", "failed"), Test("tools_state", "not_running")),
        (WELL, Test("tools_state", "running")), Cure("restart_vm", {"allow_reset": True}), wrong=Cure("restart_vm"),
        looks_like="vm-service-hung",
    ),
    Fault(
        "vm-memory-short", "A VM needs more memory than it has.", (VM, "prod-db-01"), "server", "Server slow",
        ("The VM {name} is slow, its memory is used up.", "Server {name} is running out of memory.",
         "{name}: memory usage is at 100 percent, the application is slow."),
        sets(_memory_need_mib=share(1.05, "memory_mib")), (Test("memory_usage_ratio", at_least=0.95),),
        (Test("memory_usage_ratio", at_most=0.9),), Cure("increase_memory", {"memory_mib": share(1.5, "memory_mib")}),
        wrong=Cure("restart_vm"),
    ),
    Fault(
        "vm-cpu-short", "A VM needs more CPUs than it has.", (VM, "prod-app-02"), "server", "Server slow",
        ("The VM {name} is slow, its CPU is at the limit.", "Server {name}: CPU usage at 100 percent.",
         "High CPU load on {name}, the application is slow."),
        sets(_cpu_need=share(1.0, "cpu_count")), (Test("cpu_usage_ratio", at_least=0.95),), (Test("cpu_usage_ratio", at_most=0.9),),
        Cure("increase_cpu", {"cpu_count": share(2, "cpu_count")}), wrong=Cure("restart_vm"), looks_like="vm-memory-short",
    ),
    Fault(
        "snapshot-wanted", "A change is planned, and nobody has taken a snapshot yet.", (VM, "prod-db-02"), "server", "Snapshot please",
        ("Please take a snapshot of the VM {name} before the upgrade tonight.",
         "We need a snapshot of {name} before our change.", "Snapshot request for VM {name}: release on Thursday."),
        sets(_snapshot_wanted=True), (Test("_snapshot_wanted", equals=True),),
        (Test("_snapshot_wanted", equals=False), Test("newest_snapshot_age_seconds", at_most=3_600)),
        Cure("snapshot_vm", {"snapshot_name": "before-change"}), wrong=Cure("restart_vm"),
    ),
    Fault(
        "host-port-shut", "A host is off the network, with all its VMs, since its port on the switch is shut.",
        ("vmware:host", "esx3"), "server", "Host not responding",
        ("The host {name} is not responding, its VMs are unreachable.", "{name} disconnected from the management server."),
        sets("_ports", admin_state="down"), (Test("connection_state", "not_responding"), Test("admin_state", "down", of="_ports")),
        (Test("connection_state", "connected"),), Cure("enable_port", on="_ports"), elsewhere=True,
    ),
    Fault(
        "datastore-full", "VMs stand still since the volume under their datastore is full.", ("vmware:datastore", "vmfs2"), "storage",
        "VMs stand still",
        ("The datastore {name} is full, VMs stand still.", "No space left on datastore {name}."),
        sets("_volume", _growth_bytes=share(0.99, "size_bytes", "used_bytes")), (Test("usage_ratio", at_least=0.98),),
        (Test("usage_ratio", at_most=0.85),), Cure("expand_volume", {"size_bytes": share(1.5, "size_bytes")}, on="_volume"),
        elsewhere=True,
    ),
    Fault(
        "vm-retired", "A VM was shut down on purpose, and has to stay off.", (VM, "test-02"), "server", "Server down",
        ("The VM {name} is down.", "{name} is not responding since the weekend."),
        sets(power_state="off", notes="retired with CHG-0988, do not start"), (Test("power_state", "off"),),
        (Test("power_state", "off"),), hands_off=True, wrong=Cure("restart_vm"), looks_like="vm-service-hung",
    ),
    Fault(
        "vm-was-slow", "A VM was slow during its backup, and is well again.", (VM, "files-01"), "server", "Server was slow",
        ("The VM {name} was slow this night.", "Slow answers from {name} at 3 in the morning, is it well?"),
        sets(_was_slow=True), (Test("_was_slow", equals=True), WELL), (WELL,), hands_off=True, wrong=Cure("restart_vm"),
    ),
)  # fmt: skip
