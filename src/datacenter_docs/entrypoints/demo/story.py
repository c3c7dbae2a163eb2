"""Who writes when about what, for six months: a table, and what follows from it and a seed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from datacenter_mcp.demo.things import Dice

DAYS = 182
NETWORK, SERVER, STORAGE, CLUSTER, CLOUD = "network", "server", "storage", "kubernetes", "cloud"
HELP_DESK, MONITORING, SHIFT = "help-desk", "monitoring", "shift-lead"


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of trouble over the months. `on`: names of what it befalls, in turn. `praised`: share of those who answer that
    are content. `answered`: share of the resolutions that anybody says something about. `approved`: share of the plans that a person
    says yes to. `days`: first and last day. `ways`: the phrasings, in turn.
    """

    fault: str
    times: int
    on: Sequence[str]
    praised: float = 0.95
    answered: float = 0.9
    approved: float = 1.0
    days: tuple[int, int] = (0, DAYS - 2)
    ways: Sequence[int] = (0,)


@dataclass(frozen=True, slots=True)
class Incident:
    """One ticket to be. `fault` None: nothing is broken, somebody asks something (`question`). The shares are drawn: what people will do."""

    at: datetime
    requester: str
    number: int = 0
    fault: str | None = None
    on: str | None = None
    way: int = 0
    question: int = 0
    opts_in: bool = False
    approves: bool = False
    answers: bool = False
    content: bool = False


PORTS = ("r1 eth1", "sw1 eth5", "sw2 eth5", "sw1 eth7", "sw2 eth7")
SERVERS = ("prod-app-01", "prod-app-02", "prod-web-01", "files-01", "mail-01")
SERIES = (
    Series("port-shut", 26, PORTS, praised=0.99),
    Series("port-shut", 3, PORTS, ways=(1, 2, 3)),
    Series("port-stuck", 9, ("sw2 eth6", "sw1 eth6", "sw2 eth5"), praised=1.0, days=(5, 150)),
    Series("cable-cut", 2, ("sw1 eth8",), praised=0.0, days=(155, DAYS - 10)),
    Series("link-flapping", 3, ("sw1 eth5", "r2 eth1")),
    Series("counters-old", 7, ("sw1 eth7", "sw2 eth7", "r1 eth2"), praised=0.6),
    Series("fibre-dirty", 2, ("sw2 eth7",), praised=0.0),
    Series("link-recovered", 2, ("r2 eth3",)),
    Series("volume-full", 12, ("nas1 /export/home", "nas1 /export/backup", "nas1 /export/db")),
    Series("block-device-full", 4, ("ceph1 shop-data", "ceph1 metrics"), approved=0.75),
    Series("snapshots-pile-up", 4, ("nas1 /export/backup",)),
    Series("snapshots-old", 5, ("nas1 /export/db", "nas1 /export/home"), approved=0.8),
    Series("volume-read-only", 1, ("nas1 /var/log",)),
    Series("vm-service-hung", 12, SERVERS, praised=1.0),
    Series("vm-frozen", 3, ("prod-web-02", "ci-01"), approved=0.7),
    Series("vm-memory-short", 6, ("prod-db-01", "prod-db-02")),
    Series("vm-cpu-short", 4, ("prod-app-02", "ci-01"), approved=0.75, praised=0.7),
    Series("snapshot-wanted", 8, SERVERS, praised=1.0),
    Series("vm-was-slow", 2, ("files-01",)),
    Series("host-port-shut", 1, ("esx3",)),
    Series("datastore-full", 1, ("vmfs2",)),
    Series("pod-hung", 7, ("prod web", "prod checkout", "prod api"), praised=0.9),
    Series(
        "bad-release",
        5,
        ("prod checkout", "staging preview", "prod api"),
        approved=0.8,
        days=(0, 160),
    ),
    Series("deployment-too-small", 4, ("prod checkout", "prod web")),
    Series("pod-out-of-memory", 1, ("prod cache",)),
    Series("node-frozen", 1, ("k8s-node-2",)),
    Series("instance-crashed", 10, ("shop-worker-1", "shop-worker-2", "shop-search"), praised=1.0),
    Series("instance-memory-short", 3, ("shop-frontend",), approved=0.7),
    Series("instance-cpu-short", 2, ("lab-runner",)),
)
QUESTIONS = (
    ("Printer on the third floor", "The printer on the third floor prints blank pages."),
    ("New colleague", "Please make an account for a new colleague who begins on Monday."),
    ("Certificate", "The certificate of the intranet expires next week."),
    ("Mail delayed", "Mails to a customer arrive an hour late, can somebody look?"),
    ("Report missing", "The monthly report was not in the folder this morning."),
    ("Question about backups", "How long are backups of the files kept?"),
)


def incidents(seed: int, end: datetime) -> Sequence[Incident]:
    """All of them in the order of time; the last is before `end`. The same arguments give the same story."""
    dice = Dice(seed)
    found = [_question(dice, index, end) for index in range(len(QUESTIONS))]
    for index, series in enumerate(SERIES):
        found += [_incident(dice, index, series, turn, end) for turn in range(series.times)]
    ordered = sorted(found, key=lambda incident: incident.at)
    return [replace(incident, number=number) for number, incident in enumerate(ordered, 1)]


def _incident(dice: Dice, index: int, series: Series, turn: int, end: datetime) -> Incident:
    name = (series.fault, index, turn)
    first, last = series.days
    day = first + (last - first) * (turn + dice.number("day", *name)) / series.times
    return Incident(
        at=_at(end, day),
        fault=series.fault,
        on=series.on[turn % len(series.on)],
        way=series.ways[turn % len(series.ways)],
        opts_in=dice.number("opts in", *name) < 0.95,
        approves=dice.number("approves", *name) < series.approved,
        answers=dice.number("answers", *name) < series.answered,
        content=dice.number("content", *name) < series.praised,
        requester=(HELP_DESK, MONITORING, SHIFT)[dice.between(0, 2, "who", *name)],
    )


def _question(dice: Dice, index: int, end: datetime) -> Incident:
    day = (DAYS - 5) * (index + dice.number("question", index)) / len(QUESTIONS)
    return Incident(at=_at(end, day), requester=HELP_DESK, question=index)


def _at(end: datetime, day: float) -> datetime:
    return end - timedelta(days=DAYS - day)
