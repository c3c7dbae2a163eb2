"""Faults of ports and links."""

from datacenter_mcp.demo.faults.fault import Cure, Fault, Test, counting, plus, sets

PORT = "network:interface"
UP = Test("oper_state", "up")
DOWN = Test("oper_state", "down")

FAULTS = (
    Fault(
        "port-shut", "Somebody shut the port that links the two routers.", (PORT, "r1 eth1"), "network", "Link down",
        ("The port {name} is down, please check.", "Interface {name} is shut, users have no connectivity.",
         "We lost the link on port {name}, it shows as disabled.", "Port {name} seems to be disabled, the link is down."),
        sets(admin_state="down"), (Test("admin_state", "down"), DOWN), (Test("admin_state", "up"), UP), Cure("enable_port"),
        wrong=Cure("restart_interface"),
    ),
    Fault(
        "port-stuck", "The port is enabled and passes nothing until it is bounced.", (PORT, "sw2 eth6"), "network", "Port stuck",
        ("The port {name} is stuck, no traffic goes through.", "Port {name} hangs and is not passing traffic.",
         "Interface {name} is hung, no traffic since an hour."),
        sets(_stuck=True), (Test("admin_state", "up"), DOWN), (Test("admin_state", "up"), UP), Cure("restart_interface"),
        wrong=Cure("clear_interface_errors"),
    ),
    Fault(
        "link-flapping", "The link goes down every minute until it is bounced.", (PORT, "sw1 eth5"), "network", "Link flapping",
        ("The link on port {name} keeps flapping.", "Port {name} is flapping since this morning, please bounce it.",
         "Interface {name} flaps again and again."),
        sets(link_downs=counting("link_downs", 1 / 60, 3), _flapping=True), (Test("_flapping", equals=True),),
        (Test("_flapping", equals=False), UP), Cure("restart_interface"),
    ),
    Fault(
        "counters-old", "Old error counts of a replaced optic hide whether new ones come.", (PORT, "sw1 eth7"), "network", "Interface errors",
        ("The interface {name} shows many input errors, the optic was changed last week.",
         "Port {name} counters show CRC errors from before the repair.", "Please look at the error counters of port {name}."),
        sets(rx_errors=plus(1_840, "rx_errors")), (Test("rx_errors", at_least=1),), (Test("rx_errors", at_most=0),),
        Cure("clear_interface_errors"), wrong=Cure("restart_interface"),
    ),
    Fault(
        "fibre-dirty", "A dirty fibre makes errors all the time; somebody has to clean it.", (PORT, "sw2 eth7"), "network",
        "Interface errors",
        ("The interface {name} shows many input errors.", "CRC errors on port {name}, and they grow.",
         "Users report loss, port {name} counts errors all the time."),
        sets(rx_errors=counting("rx_errors", 2.0, 500), _dirty=True), (Test("_dirty", equals=True), Test("rx_errors", at_least=1)),
        (Test("_dirty", equals=False),), wrong=Cure("clear_interface_errors"), looks_like="counters-old",
    ),
    Fault(
        "cable-cut", "The cable is damaged; no operation mends it.", (PORT, "sw1 eth8"), "network", "Port down",
        ("The port {name} is stuck, no traffic goes through.", "Port {name} hangs since the works in the cabinet.",
         "No traffic on interface {name}."),
        sets(_cut=True), (Test("_cut", equals=True), DOWN), (Test("_cut", equals=False), UP), wrong=Cure("restart_interface"),
        looks_like="port-stuck",
    ),
    Fault(
        "far-side-shut", "The session is down since the port at the other end is shut.", (PORT, "r1 eth2"), "network", "Uplink down",
        ("The uplink {name} is down, our side looks fine.", "No link on {name}, the port is enabled here.",
         "Connection lost on {name}; we changed nothing."),
        sets("_peer", admin_state="down"), (Test("admin_state", "down", of="_peer"), DOWN),
        (Test("admin_state", "up", of="_peer"), UP), Cure("enable_port", on="_peer"), wrong=Cure("restart_interface"),
        looks_like="port-shut",
    ),
    Fault(
        "link-recovered", "The link was down for a moment in the night, and is well again.", (PORT, "r2 eth3"), "network", "Link was down",
        ("The link on {name} was down this night, is it well?", "Short outage of port {name} last night, please check."),
        sets(link_downs=plus(1, "link_downs"), _was_down=True), (Test("_was_down", equals=True), UP), (UP,), hands_off=True,
        wrong=Cure("restart_interface"),
    ),
    Fault(
        "port-in-maintenance", "The port is shut for announced works, and has to stay shut.", (PORT, "sw2 eth8"), "network", "Port down",
        ("The port {name} is down.", "Port {name} is disabled since an hour, why?"),
        sets(admin_state="down", description="maintenance CHG-1042 until 18:00, do not enable"),
        (Test("admin_state", "down"),), (Test("admin_state", "down"),), worse=(Test("admin_state", "up"),), hands_off=True,
        wrong=Cure("enable_port"), looks_like="port-shut",
    ),
)  # fmt: skip
