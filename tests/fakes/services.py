"""All services over fakes, wired as `bootstrap` wires the real ones, and shortcuts to a ticket at any stop."""

from dataclasses import dataclass
from typing import Any

from tests.fakes.clock import FakeClock
from tests.fakes.notices import FakeMeter, FakeNotifier
from tests.fakes.platforms import ETH1, FakePlatform
from tests.fakes.samples import a_ticket
from tests.fakes.storage import Storage, fake_storage

from datacenter_docs.adapters.reasoning import library
from datacenter_docs.adapters.reasoning.runbook_resolver import RunbookResolver
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.cases import Case, CaseChange
from datacenter_docs.domain.conditions import Condition
from datacenter_docs.domain.decision import Gates
from datacenter_docs.domain.diagnosis import Diagnosis
from datacenter_docs.domain.patterns import Thresholds
from datacenter_docs.domain.plans import Action, Plan
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.reliability import Weights
from datacenter_docs.domain.tickets import TicketState
from datacenter_docs.ports.guards import KillSwitchState, RateLimit
from datacenter_docs.services.acting import Acting
from datacenter_docs.services.approving import Approving
from datacenter_docs.services.checking import Checking
from datacenter_docs.services.closing import Closing
from datacenter_docs.services.curating import Curating
from datacenter_docs.services.deciding import Deciding
from datacenter_docs.services.executing import Executing
from datacenter_docs.services.governing import Governing
from datacenter_docs.services.learning import Learning
from datacenter_docs.services.receiving import Receiving
from datacenter_docs.services.recognising import Recognising
from datacenter_docs.services.recollecting import Recollecting
from datacenter_docs.services.resolving import Resolving
from datacenter_docs.services.scoring import Scoring
from datacenter_docs.services.settling import Settling
from datacenter_docs.services.verifying import Verifying
from datacenter_docs.workflows.ticket import Stops

GLOBAL = RateLimit("global", 10)
LOCK_WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class Bench:
    """The services and the fakes under them. `rung`: one entry per ring of the bell."""

    clock: FakeClock
    storage: Storage
    platform: FakePlatform
    meter: FakeMeter
    notifier: FakeNotifier
    rung: list[None]
    acting: Acting
    receiving: Receiving
    approving: Approving
    governing: Governing
    curating: Curating
    stops: Stops

    async def planned(
        self,
        *actions: Action,
        ticket_id: str = "T-1",
        state: TicketState = TicketState.REMEDIATING,
        healed_when: tuple[Condition, ...] = (),
        **request: Any,
    ) -> Case:
        """A ticket with a plan, as the target is seen now; in a state that it may be in with one."""
        ticket = a_ticket(ticket_id, self.clock.now(), category="network", **request)
        await self.storage.cases.receive(ticket, self.entry(EntryKind.TICKET_RECEIVED, ticket_id))
        diagnosis = Diagnosis(
            summary="The port is administratively down.",
            confidence=0.95,
            plan=Plan(actions=tuple(self.as_seen(action) for action in actions)),
            healed_when=healed_when,
            resolver="runbook:test",
        )
        at = self.clock.now()
        change = CaseChange(at=at, state=TicketState.PROCESSING, diagnosis=diagnosis)
        case = await self.storage.cases.change(ticket_id, change)
        if state is TicketState.PROCESSING:
            return case
        return await self.storage.cases.change(ticket_id, CaseChange(at=at, state=state))

    def as_seen(self, action: Action) -> Action:
        """The action with its target as it is now, unless it was looked at before."""
        look = action.look or self.platform.seen(
            action.operation, action.target, action.parameters
        )
        return action.replaced(look=look)

    def entry(self, kind: EntryKind, ticket_id: str) -> Entry:
        return Entry(kind=kind, at=self.clock.now(), ticket_id=ticket_id)

    async def case(self, ticket_id: str = "T-1") -> Case:
        return await self.storage.cases.get(ticket_id)

    async def kinds(self, ticket_id: str = "T-1") -> list[str]:
        """The kinds of the ticket's journal records, in order."""
        return [r.kind for r in (await self.storage.journal.page(ticket_id=ticket_id)).items]

    async def kill(self, *, on: bool = True) -> None:
        """Turn the kill switch."""
        state = KillSwitchState(on=on, reason="drill")
        entry = Entry(kind=EntryKind.KILL_SWITCH, at=self.clock.now())
        await self.storage.kill_switch.set(state, entry)

    async def policy(self, **fields: Any) -> Policy:
        """A policy of the category `network`."""
        given = {"allowed_systems": ("network",), **fields}
        policy = Policy(name="network", category="network", **given)
        await self.governing.put_policy(policy, "owner")
        return policy


def enable(target: str = ETH1, **fields: Any) -> Action:
    """The smallest repair."""
    return Action(operation="enable_port", target=target, **fields)


def restart(target: str = ETH1) -> Action:
    """A repair that leaves no state behind."""
    return Action(operation="restart_interface", target=target)


def bench(
    *,
    gates: Gates | None = None,
    thresholds: Thresholds | None = None,
    storage: Storage | None = None,
) -> Bench:
    """Everything new, but the storage where one is given. `gates` None: automation is on."""
    clock, stores = FakeClock(), storage or fake_storage()
    platform, meter, notifier = FakePlatform(clock), FakeMeter(), FakeNotifier()
    limits = thresholds or Thresholds()
    rung: list[None] = []

    def wake() -> None:
        rung.append(None)

    recognising = Recognising(stores.patterns)
    scoring = Scoring(stores.patterns, recognising, stores.feedback, stores.history, clock,
                      weights=Weights(), half_life_days=30.0, history_days=180)  # fmt: skip
    checking = Checking(
        platform, stores.limiter, clock, global_limit=GLOBAL, max_age_seconds=300.0
    )
    acting = Acting(platform, platform, stores.journal, stores.fence, stores.kill_switch, clock)
    executing = Executing(stores.cases, stores.policies, platform, acting, stores.locks,
                          stores.limiter, meter, clock, global_limit=GLOBAL,
                          lock_wait_seconds=LOCK_WAIT_SECONDS)  # fmt: skip
    stops = Stops(
        resolving=Resolving(stores.cases, RunbookResolver(
            library.load_all(None), platform,
            Recollecting(stores.cases, recognising, stores.feedback, stores.deeds, stores.estate, clock)), platform),
        deciding=Deciding(stores.cases, stores.policies, scoring, checking,
                          stores.kill_switch, meter, clock,
                          gates=gates or Gates(automation_enabled=True, require_approval=False,
                                               min_reliability=85.0), thresholds=limits),
        settling=Settling(stores.cases, stores.grants, clock),
        executing=executing,
        verifying=Verifying(stores.cases, platform, clock),
        closing=Closing(stores.cases, executing, notifier, meter, clock),
        learning=Learning(stores.cases, stores.patterns, stores.feedback, scoring,
                          meter, clock, thresholds=limits),
    )  # fmt: skip
    return Bench(
        clock=clock, storage=stores, platform=platform, meter=meter, notifier=notifier, rung=rung,
        acting=acting,
        receiving=Receiving(stores.cases, clock, wake),
        approving=Approving(stores.cases, stores.grants, stores.policies, platform, checking,
                            stores.kill_switch, clock, wake),
        governing=Governing(stores.policies, stores.patterns, stores.kill_switch, clock),
        curating=Curating(stores.cases, stores.patterns, clock),
        stops=stops,
    )  # fmt: skip
