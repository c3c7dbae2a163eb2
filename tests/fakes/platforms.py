"""The fakes of `ports/platforms.py`: an estate in memory, whose answers can be made to fail in every way that hurts.

`effects` counts what really happened per idempotency key, which is what tests of "never twice" look at.
"""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.fakes.clock import FakeClock

from datacenter_docs.domain.errors import (
    Broken,
    DatacenterDocsError,
    NotFound,
    Refused,
    Unavailable,
    Unsupported,
)
from datacenter_docs.domain.estate import Fact, Health, HealthStatus, Look, Resource, Source
from datacenter_docs.domain.surveys import MissingPart
from datacenter_docs.domain.values import Scalar
from datacenter_docs.ports.estate import KeptPayload
from datacenter_docs.ports.platforms import (
    Acted,
    ConnectionInfo,
    ConnectionReport,
    Gap,
    Inventory,
    ListedPage,
)

CALL_TIMEOUT_SECONDS = 30.0
ADMIN = {"enable_port": "up", "disable_port": "down"}
OK = Health(status=HealthStatus.OK)
R1 = "network:lab:device:r1"
ETH1 = "network:lab:interface:r1/eth1"
ETH2 = "network:lab:interface:r1/eth2"


class Fault(StrEnum):
    """What can go wrong with one call. `lie`: says that it was done, and it was not. `lose_answer`: it was done, and nobody
    hears of it. `lose_request`: it was not, and nobody hears of it either. `vanish`: the target is gone for good.
    `blind`: it is seen, without its marker. `unsupported`: the target cannot do it at all.
    """

    HANG = "hang"
    REFUSE = "refuse"
    GARBAGE = "garbage"
    VANISH = "vanish"
    BLIND = "blind"
    LIE = "lie"
    LOSE_ANSWER = "lose_answer"
    LOSE_REQUEST = "lose_request"
    UNSUPPORTED = "unsupported"


@dataclass
class Thing:
    """A resource of the estate. `state` is what `look` shows, `facts` what is described; `restarts` None: no marker.

    `pending`: a resize waits to be confirmed.
    """

    state: dict[str, Scalar | list[Scalar]] = field(
        default_factory=lambda: {"admin_state": "down"}
    )
    facts: dict[str, Scalar | list[Scalar]] = field(default_factory=dict)
    parent: str | None = R1
    hazards: tuple[str, ...] | None = ()
    backup_available: bool | None = None
    health: Health = OK
    restarts: int | None = 0
    pending: bool = False
    exists: bool = True
    successor: str | None = None


class FakePlatform:
    """Reader and actuator over the same things. `faults` are taken in turn by the calls that they are set for."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.things: dict[str, Thing] = {
            R1: Thing(state={}, parent=None),
            ETH1: Thing(),
            ETH2: Thing(),
        }
        self.effects: Counter[str] = Counter()
        self.acts: list[tuple[str, str]] = []
        self.looks = 0
        self.cannot: Refused | Unsupported | None = None
        self.gaps: tuple[Gap, ...] = ()
        self._faults: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._broken: dict[str, Fault] = {}

    def inject(self, call: str, *faults: Fault | None) -> None:
        """The next calls meet these faults, in order; None: that one is well."""
        self._faults[call].extend(faults)

    def break_for_good(self, call: str, fault: Fault) -> None:
        """Every call from now on meets the fault."""
        self._broken[call] = fault

    def mend(self) -> None:
        self._broken.clear()
        self._faults.clear()

    def connections(self) -> Sequence[ConnectionInfo]:
        return [ConnectionInfo("lab", "network", "stdio", allow_writes=True, server="builtin")]

    async def test(self, connection: str) -> ConnectionReport:
        return ConnectionReport(
            connection, ok=True, health=OK, tools=(), operations={}, milliseconds=1.0
        )

    async def inventory(
        self, platform: str, *, kind: str | None = None, parent: str | None = None
    ) -> Inventory:
        found = [
            self._resource(name)
            for name in sorted(self.things)
            if name.startswith(f"{platform}:") and kind in (None, name.split(":")[2])
        ]
        return Inventory(tuple(r for r in found if parent in (None, r.parent)), self.gaps)

    async def describe(self, resource_id: str) -> Resource:
        self._meet("describe", resource_id)
        return self._resource(resource_id)

    async def health(self, resource_id: str) -> Health:
        self._meet("health", resource_id)
        return self._thing(resource_id).health

    async def system_health(self, resource_id: str) -> Health:
        self._meet("system_health", resource_id)
        parent = self._thing(resource_id).parent
        return self._thing(parent or resource_id).health

    async def look(self, operation: str, target: str, parameters: Mapping[str, Any]) -> Look:
        self.looks += 1
        blind = self._meet("look", target) is Fault.BLIND
        seen = self.seen(operation, target, parameters)
        return seen.replaced(marker=None) if blind else seen

    async def can(self, operation: str, target: str) -> Refused | Unsupported | None:
        self._meet("can", target)
        return self.cannot

    async def act(
        self,
        operation: str,
        target: str,
        parameters: Mapping[str, Any],
        *,
        baseline: Look,
        idempotency_key: str,
        dry_run: bool,
    ) -> Acted:
        self.acts.append((operation, idempotency_key))
        seen = self.seen(operation, target, parameters)
        if seen.satisfied or seen.marker != baseline.marker:
            return Acted(changed=False, detail="it was done meanwhile, and not again")
        fault = self._meet("act", target)
        if fault is not Fault.LIE:
            self._change(operation, target, parameters)
            self.effects[idempotency_key] += 1
        if fault is Fault.LOSE_ANSWER:
            raise Unavailable("lab was lost while it ran.")
        return Acted(changed=True, detail=f"{operation} was done")

    def seen(self, operation: str, target: str, parameters: Mapping[str, Any]) -> Look:
        """The target as it is, whatever faults there are."""
        thing = self._thing(target)
        restarts = operation.startswith("restart")
        satisfied: bool | None = None
        if operation in ADMIN:
            satisfied = thing.state.get("admin_state") == ADMIN[operation]
        elif not restarts:
            satisfied = all(thing.state.get(name) == value for name, value in parameters.items())
            satisfied = satisfied and not (operation == "confirm_resize" and thing.pending)
        return Look(
            exists=thing.exists,
            satisfied=satisfied,
            state=dict(thing.state),
            marker=str(thing.restarts) if restarts and thing.restarts is not None else None,
            hazards=thing.hazards,
            backup_available=thing.backup_available,
            health=thing.health,
            successor=thing.successor,
            source=self._source("look"),
        )

    def _change(self, operation: str, target: str, parameters: Mapping[str, Any]) -> None:
        thing = self._thing(target)
        if operation.startswith("restart"):
            thing.restarts = None if thing.restarts is None else thing.restarts + 1
        elif operation in ADMIN:
            thing.state["admin_state"] = ADMIN[operation]
        else:
            thing.state.update(parameters)
            thing.pending = operation == "resize_instance"

    def _meet(self, call: str, target: str) -> Fault | None:
        """Raise what the fault raises; otherwise it is the caller's to play."""
        fault = self._broken.get(call)
        if fault is None and self._faults[call]:
            fault = self._faults[call].popleft()
        if fault is Fault.HANG:
            self._clock.advance(CALL_TIMEOUT_SECONDS)
        if fault is Fault.VANISH:
            self._thing(target).exists = False
        errors: dict[Fault, DatacenterDocsError] = {
            Fault.HANG: Unavailable(
                f"lab did not answer {call} within {CALL_TIMEOUT_SECONDS:g} s."
            ),
            Fault.REFUSE: Refused("lab: permission denied"),
            Fault.UNSUPPORTED: Unsupported("lab: it has no such thing"),
            Fault.GARBAGE: Broken("lab answered outside the contract."),
            Fault.LOSE_REQUEST: Unavailable("lab was lost while it ran."),
        }
        if call == "act" and fault is Fault.VANISH:
            raise NotFound("lab: there is no such interface.")
        if fault in errors:
            raise errors[fault]
        return fault

    def _thing(self, name: str) -> Thing:
        try:
            return self.things[name]
        except KeyError:
            raise NotFound(f"There is no {name}.") from None

    def _resource(self, name: str) -> Resource:
        thing = self._thing(name)
        native = name.split(":", 3)[3]
        return Resource(
            id=name,
            kind=name.split(":")[2],
            name=native.replace("/", " "),
            parent=thing.parent,
            facts=tuple(
                Fact(attribute=k, value=v) for k, v in {**thing.state, **thing.facts}.items()
            ),
            source=self._source("describe_resource"),
        )

    def _source(self, tool: str) -> Source:
        return Source(
            connection="lab",
            tool=tool,
            arguments={},
            observed_at=self._clock.now(),
            payload_sha256="0" * 64,
        )


@dataclass
class FakePlatformLister:
    """Connections by name, each with its pages; what is no page is raised, and `HANG` never ends. `raw`: payloads by hash;
    None: nobody gives any.
    """

    listings: dict[str, list[ListedPage | DatacenterDocsError | Fault]] = field(
        default_factory=dict
    )
    raw: dict[str, str] | None = field(default_factory=dict)
    platform: str = "vmware"
    asked: list[str] = field(default_factory=list)

    def lists(
        self, connection: str, *resources: Resource, gaps: Sequence[MissingPart] = ()
    ) -> None:
        """From now on a connection lists this, on one page."""
        self.listings[connection] = [ListedPage(resources, gaps)]

    def connections(self) -> Sequence[ConnectionInfo]:
        return [
            ConnectionInfo(name, self.platform, "stdio", allow_writes=False, server="builtin")
            for name in sorted(self.listings)
        ]

    async def pages(self, connection: str) -> AsyncIterator[ListedPage]:
        for page in self.listings[connection]:
            if isinstance(page, DatacenterDocsError):
                raise page
            if page is Fault.HANG:
                await asyncio.Event().wait()
            assert isinstance(page, ListedPage)
            yield page

    async def payloads(self, connection: str, hashes: Sequence[str]) -> Sequence[KeptPayload]:
        self.asked += hashes
        if self.raw is None:
            raise Broken(f"{connection}: there is no tool get_payloads.")
        return [
            KeptPayload(one, self.raw[one], len(self.raw[one]))
            for one in hashes
            if one in self.raw
        ]
