"""The process behind `switch.py`: a Cisco-like switch on fake-switches, with what that library lacks for our driver.

It keeps shutdown, VLANs and running configuration by itself; here are added: `end`, counters with `show interfaces` and
`clear counters`, neighbours, routes, an account that stays in user mode, the refusals of IOS, and sickness to order.

Prints its SSH port and its control port once it listens. A line of JSON on the control port is an order (see
`Orders`); the answer is the state, as JSON.
"""

import json
import logging
import sys
from dataclasses import dataclass, field
from typing import Any

from fake_switches.cisco.cisco_core import BaseCiscoSwitchCore
from fake_switches.cisco.command_processor.config import ConfigCommandProcessor
from fake_switches.cisco.command_processor.config_interface import ConfigInterfaceCommandProcessor
from fake_switches.cisco.command_processor.config_vlan import ConfigVlanCommandProcessor
from fake_switches.cisco.command_processor.config_vrf import ConfigVRFCommandProcessor
from fake_switches.cisco.command_processor.default import DefaultCommandProcessor
from fake_switches.cisco.command_processor.enabled import EnabledCommandProcessor
from fake_switches.cisco.command_processor.piping import PipingProcessor
from fake_switches.command_processing.shell_session import ShellSession
from fake_switches.switch_configuration import Port, SwitchConfiguration, Vlan, VlanPort
from fake_switches.transports.ssh_service import SwitchSshService
from netaddr import IPNetwork
from tests.peers.switch_texts import ARP, CDP, INTERFACE, INVALID, LLDP, LOCKED, NO_LLDP, ROUTES
from twisted.internet import reactor
from twisted.internet.protocol import Factory
from twisted.protocols.basic import LineReceiver

PORTS = 4
LOG = logging.getLogger("switch")


@dataclass
class Orders:
    """What the switch was told to suffer from, and its counters.

    `locked`: somebody else has its configuration. `garbage`: `show interfaces` answers nonsense. `stuck`: `clear
    counters` is taken and does nothing. `mute_at`, `cut_at`: the next command of this text is done, and then the session
    answers nothing any more, or is closed. `unplugged`: ports without a cable. `errors`: input errors by port.
    """

    locked: bool = False
    garbage: bool = False
    stuck: bool = False
    mute_at: str | None = None
    cut_at: str | None = None
    lldp: bool = False
    hung: list[str] = field(default_factory=list)
    unplugged: list[str] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)


class Ends:
    """`end` leaves all levels of the configuration at once."""

    ended = False

    def do_end(self, *_: str) -> None:
        self.ended = self.is_done = True

    def delegate_to_sub_processor(self, line: str) -> bool:
        below: Any = self.sub_processor
        processed: bool = below.process_command(line)
        if below.is_done:
            self.sub_processor = None
            if getattr(below, "ended", False):
                self.do_end()
            else:
                self.show_prompt()
        return processed


class Interface(Ends, ConfigInterfaceCommandProcessor):
    """Configures a port; one that hangs lets go when it is shut."""

    def __init__(self, orders: Orders) -> None:
        super().__init__()
        self._orders = orders

    def do_shutdown(self, *args: str) -> None:
        super().do_shutdown(*args)
        self._orders.hung = [name for name in self._orders.hung if name != self.port.name]


class OneVlan(Ends, ConfigVlanCommandProcessor):
    """Configures a VLAN."""


class OneVrf(Ends, ConfigVRFCommandProcessor):
    """Configures a VRF."""


class Config(Ends, ConfigCommandProcessor):
    """Configures the switch."""


class Enabled(EnabledCommandProcessor):
    """The privileged level."""

    def __init__(self, orders: Orders) -> None:
        super().__init__(Config(OneVlan(), OneVrf(), Interface(orders)))
        self._orders = orders

    def do_configure(self, *args: str) -> None:
        if self._orders.locked:
            self.write_line(LOCKED)
        else:
            super().do_configure(*args)

    def do_show(self, *args: str) -> None:
        words = " ".join(args)
        answers = {"ip arp": ARP, "ip route": ROUTES, "cdp neighbors detail": CDP,
                   "lldp neighbors detail": LLDP if self._orders.lldp else NO_LLDP}  # fmt: skip
        if words in answers:
            self.write_line(answers[words])
        elif words == "interfaces" and self._orders.garbage:
            self.write_line("%SYS-3-CPUHOG: lorem ipsum dolor sit amet")
        elif words == "interfaces":
            for port in self.switch_configuration.ports:
                self.write_line(self._interface(port))
        elif args[0] in {"version", "vlan", "running-config"}:
            super().do_show(*args)
        else:
            self.write_line(INVALID)

    def do_clear(self, *args: str) -> None:
        port = self.switch_configuration.get_port("".join(args[1:]))
        if args[:1] != ("counters",) or port is None:
            self.write_line(INVALID)
            return

        def confirmed(_: str) -> None:
            if not self._orders.stuck:
                self._orders.errors[port.name] = 0
            self.write_line("")

        self.write('Clear "show interface" counters on this interface [confirm]')
        self.continue_to(confirmed)

    def _interface(self, port: Port) -> str:
        errors = self._orders.errors.get(port.name, 0)
        number = self.switch_configuration.ports.index(port)
        state = "up, line protocol is up (connected)"
        if port.shutdown:
            state = "administratively down, line protocol is down (disabled)"
        elif port.name in {*self._orders.unplugged, *self._orders.hung}:
            state = "down, line protocol is down (notconnect)"
        address = f"  Internet address is {port.ips[0]}\n" if isinstance(port, VlanPort) else ""
        return INTERFACE.format(
            name=port.name,
            state=state,
            mac=f"0012.7f57.ad{number:02x}",
            description=f"  Description: {port.description}\n" if port.description else "",
            address=address,
            errors=errors,
            crc=errors,
        )


class User(DefaultCommandProcessor):
    """The level of an account that may only look: neither its `enable` nor anything else leads further up."""

    def init(self, *args: Any) -> None:
        super().init(*args)
        self.enabled_processor.init(*args)

    def do_enable(self, *_: str) -> None:
        self.write_line("% Error in authentication.")

    def do_terminal(self, *_: str) -> None:
        return None

    def do_show(self, *args: str) -> None:
        if args[:1] == ("running-config",):
            self.write_line(INVALID)
        else:
            self.enabled_processor.do_show(*args)


class Terminal:
    """What a session writes on; silent once it was muted."""

    def __init__(self, below: Any) -> None:
        self._below = below
        self.silent = False

    def write(self, text: str) -> None:
        if not self.silent:
            self._below.write(text)


class Session(ShellSession):
    """A login, which an order may mute or cut."""

    def __init__(self, processor: Any, terminal: Terminal, orders: Orders) -> None:
        self._terminal, self._orders = terminal, orders
        super().__init__(processor)

    def receive(self, line: str) -> bool:
        orders, said = self._orders, line.strip()
        if said == orders.mute_at:
            orders.mute_at, self._terminal.silent = None, True
        cut = said == orders.cut_at
        if cut:
            orders.cut_at = None
        return bool(super().receive(line)) and not cut

    def handle_unknown_command(self, _: str) -> None:
        self.command_processor.write_line(INVALID)


class Core(BaseCiscoSwitchCore):
    """The switch: who logs in as `reader` stays in user mode."""

    def __init__(self, configuration: SwitchConfiguration, orders: Orders, reader: str) -> None:
        super().__init__(configuration)
        self._orders, self._reader = orders, reader

    def launch(self, protocol: str, terminal_controller: Any) -> Session:
        processor: Any = Enabled(self._orders)
        if terminal_controller.shell.user.username == self._reader.encode():
            processor = User(processor)
        terminal = Terminal(terminal_controller)
        processor.init(self.switch_configuration, terminal, LOG, PipingProcessor(LOG))
        return Session(processor, terminal, self._orders)


class Control(LineReceiver):
    """Takes orders."""

    delimiter = b"\n"

    def __init__(self, orders: Orders, configuration: SwitchConfiguration) -> None:
        self._orders, self._configuration = orders, configuration

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 (Twisted's name)
        for name, value in json.loads(line).items():
            if name == "shut":
                for port in self._configuration.ports:
                    port.shutdown = port.name in value or None
            else:
                setattr(self._orders, name, value)
        shut = [port.name for port in self._configuration.ports if port.shutdown]
        state = {"shut": shut, "errors": self._orders.errors, "hung": self._orders.hung}
        self.sendLine(json.dumps(state).encode())


def main(user: str, reader: str, password: str) -> None:
    """Serve until the process is ended."""
    orders = Orders()
    svi = VlanPort(1, "Vlan1")
    svi.add_ip(IPNetwork("10.20.0.2/24"))
    ports = [Port(f"GigabitEthernet0/{number}") for number in range(1, PORTS + 1)]
    ports[0].description = "to the storage array"
    ports[1].access_vlan = 20
    configuration = SwitchConfiguration(
        "127.0.0.1", name="sw9", auto_enabled=True, ports=[*ports, svi], vlans=[Vlan(20, "backup")]
    )
    secret = password.encode()
    ssh = SwitchSshService(
        ip="127.0.0.1", port=0, switch_core=Core(configuration, orders, reader),
        users={user: secret, reader: secret},
    ).hook_to_reactor(reactor)  # fmt: skip
    factory = Factory.forProtocol(lambda: Control(orders, configuration))
    control = reactor.listenTCP(0, factory, interface="127.0.0.1")
    sys.stdout.write(f"{ssh.getHost().port} {control.getHost().port}\n")
    sys.stdout.flush()
    reactor.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
