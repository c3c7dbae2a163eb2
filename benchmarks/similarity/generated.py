"""A stream of tickets of our own making: the default of `stream`, and what `fit.py` learns from.

Some hundred troubles are born over time and come back by Zipf's law, in the wrappers of several monitoring systems, as
mails with greetings and signatures, as events and log lines, with typos and cut titles. The same seed, the same stream.
"""

import random
from collections.abc import Callable, Iterator, Sequence

from benchmarks.similarity.generated_troubles import ALERTS, KITS, LINES, PEOPLE, SYSTEMS

SERVICES = [
    "webshop",
    "portal",
    "ledger",
    "invoicing",
    "search",
    "wiki",
    "sso",
    "ticketing",
    "reports",
    "gateway",
    "chat",
    "archive",
]
PEOPLE_NAMES = [
    "mmiller",
    "tschulz",
    "akumar",
    "l.rossi",
    "yilmaz",
    "bnguyen",
    "c.dubois",
    "ekowalski",
    "hsato",
]
MOUNTS = ["/var", "/srv/data", "/opt/app", "/export/logs", "/u02"]
PLACES = ["ber", "lon", "sto"]
ROLES = ["node", "vm", "gw", "sql", "fs", "dock", "lb"]
TYPO_SHARE = 0.05
OF_PEOPLE = 8.0
"""So much more often comes what people report: about a quarter of all tickets."""
MIXED = 0.25
"""So often a person tells one thing in the title and another in the body, leaves a word out, or puts one in."""
FILLERS = [
    "again",
    "suddenly",
    "still",
    "apparently",
    "today",
    "completely",
    "sometimes",
    "since-the-move",
]
CUT_TITLE = 100

Label = tuple[str, Sequence[tuple[str, str] | str]]
"""A trouble's name, and its alert as a single pair, or its phrasings: pairs of people, lines of machines."""


def stream(tickets: int = 12_000, seed: int = 7) -> list[dict]:
    """Records with `title`, `body`, `label`, `category` and `src`, in order of arrival."""
    rng = random.Random(seed)
    labels = _labels(rng)
    born = sorted(rng.randrange(int(tickets * 0.9)) for _ in labels)
    born[0] = 0
    records, alive = [], 0
    ranks = rng.sample(range(len(labels)), len(labels))
    weights = [
        (OF_PEOPLE if name.startswith("people: ") else 1) / (rank + 1) ** 0.9
        for rank, (name, _) in zip(ranks, labels, strict=True)
    ]
    for place in range(tickets):
        if alive < len(labels) and born[alive] <= place:
            chosen, alive = labels[alive], alive + 1
        else:
            chosen = rng.choices(labels[:alive], weights[:alive])[0]
        records.append({"id": place, **_ticket(rng, *chosen)})
    return records


def _labels(rng: random.Random) -> list[Label]:
    found: list[Label] = []
    for product, parts in SYSTEMS.items():
        for part in parts:
            for title, told in rng.sample(ALERTS, 5):
                alert = (
                    title.replace("{p}", product).replace("{o}", part),
                    told.replace("{p}", product).replace("{o}", part),
                )
                kits = rng.sample(KITS, 2) if rng.random() < 0.04 else [""]
                found += [
                    (f"{alert[0]} {kit}".strip(), [(f"{alert[0]} {kit}".strip(), alert[1])])
                    for kit in kits
                ]
    found = rng.sample(found, len(found)) + [(f"people: {k}", v) for k, v in PEOPLE.items()]
    return rng.sample(found, len(found))


def _ticket(rng: random.Random, label: str, ways: Sequence[tuple[str, str] | str]) -> dict:
    slots = _slots(rng)
    if label.startswith("people: "):
        way = rng.choice(ways)
        if isinstance(way, str):
            title, body = rng.choice(_LINES)(rng, way.format_map(slots), slots)
            source = "machine"
        else:
            other = rng.choice([one for one in ways if not isinstance(one, str)])
            told = (other if rng.random() < MIXED else way)[1].format_map(slots)
            title, body = _mail(rng, _worded(rng, way[0].format_map(slots)), told, slots)
            source = "human"
    else:
        title, told = (part.format_map(slots) for part in ways[0])
        title, body = rng.choice(_ALERTS)(rng, title, told, slots)
        source = "machine"
    return {"title": title, "body": body, "label": label, "category": "general", "src": source}


class _Slots(dict[str, str]):
    """Values for one ticket; a number is another one at each place."""

    def __init__(self, rng: random.Random, fixed: dict[str, str]) -> None:
        super().__init__(fixed)
        self._rng = rng

    def __missing__(self, _: str) -> str:
        return str(self._rng.choice([self._rng.randrange(100), self._rng.randrange(10**6)]))


def _slots(rng: random.Random) -> _Slots:
    host = rng.choice(
        [
            f"{rng.choice(ROLES)}{rng.randrange(400):03}",
            f"{rng.choice(PLACES)}-{rng.choice(ROLES)}-{rng.randrange(60):02}",
            f"{rng.choice(ROLES)}{rng.randrange(60)}.{rng.choice(PLACES)}.example.org",
        ]
    )
    service = rng.choice(SERVICES) + rng.choice(["", "", str(rng.randrange(30))])
    fixed = {"h": host, "s": service, "u": rng.choice(PEOPLE_NAMES), "m": rng.choice(MOUNTS)}
    return _Slots(rng, fixed)


def _when(rng: random.Random) -> str:
    return f"2026-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02} {rng.randrange(24):02}:{rng.randrange(60):02}:07"


def _address(rng: random.Random) -> str:
    return ".".join(["10", *(str(rng.randrange(1, 250)) for _ in range(3))])


def _zabbix(rng: random.Random, title: str, told: str, slots: _Slots) -> tuple[str, str]:
    body = f"Trigger: {title}\nSeverity: high\nHost: {slots['h']} [{_address(rng)}]\nOriginal problem ID: {slots['n']}\n{told}\nTime {_when(rng)}"
    return f"PROBLEM: {title} on {slots['h']}", body


def _nagios(rng: random.Random, title: str, told: str, slots: _Slots) -> tuple[str, str]:
    body = f"***** Icinga *****\nNotification Type: PROBLEM\nService: {title}\nHost: {slots['h']}\nAddress: {_address(rng)}\nDate/Time: {_when(rng)}\nAdditional Info:\n{told}"
    return f"** CRITICAL Service Alert: {slots['h']}/{title} **", body


def _alertmanager(rng: random.Random, title: str, told: str, slots: _Slots) -> tuple[str, str]:
    name = "".join(word[:1].upper() + word[1:] for word in title.split() if word[0] != "(")
    name += title[title.index("(") + 1 : -1].title().replace(" ", "") if "(" in title else ""
    body = f"{told}\n VALUE = {slots['n']}\n LABELS = map[alertname:{name} instance:{slots['h']}:9100 job:{rng.choice(SERVICES)} severity:page]\nStarted {_when(rng)}"
    return f"[FIRING:{rng.randrange(1, 9)}] {name} {slots['h']}:9100 (page)", body


def _prometheus(rng: random.Random, title: str, told: str, slots: _Slots) -> tuple[str, str]:
    body = (
        f"{told}\n  VALUE = {slots['n']}\n  LABELS = {{instance={slots['h']}, rack=B{slots['n']}}}"
    )
    return f"{title} (instance {slots['h']})", body


def _forwarded(rng: random.Random, _: str, told: str, slots: _Slots) -> tuple[str, str]:
    return f"{slots['h']}: {told}"[:CUT_TITLE], f"received from: monitoring@{slots['h']}\n{told}\n"


def _grafana(rng: random.Random, title: str, told: str, _: _Slots) -> tuple[str, str]:
    body = f"State: Alerting\nMetric name: m{rng.randrange(99)}\nMessage: {told}\nRule URL: https://graphs.example.org/d/{rng.randrange(9999)}"
    return f"[Alerting] {title}", body


def _checkmk(rng: random.Random, title: str, told: str, slots: _Slots) -> tuple[str, str]:
    body = f"Host:     {slots['h']}\nAlias:    {slots['h']}\nAddress:  {_address(rng)}\nService:  {title}\nEvent:    OK -> CRITICAL\nOutput:   CRIT - {told}\nPerfdata: x={slots['n']};80;90"
    return f"Check_MK: {slots['h']}/{title} OK -> CRITICAL", body


def _passed_on(rng: random.Random, title: str, told: str, _: _Slots) -> tuple[str, str]:
    body = f"From: noc@example.org\nSent: {_when(rng)}\nTo: helpdesk@example.org\nSubject: {title}\n\nDear colleagues,\n\nsee below.\n\n{told}\n\nBest regards\nNOC team\n--\nPhone 555-{rng.randrange(9999)}"
    return f"FW: {title}", body


def _bare(_: random.Random, line: str, __: _Slots) -> tuple[str, str]:
    return line, line


def _alert_line(rng: random.Random, line: str, slots: _Slots) -> tuple[str, str]:
    return f"ALERT {slots['h']}: {line}"[:90], f"{_when(rng)} {slots['h']} {line}"


def _event(rng: random.Random, line: str, _: _Slots) -> tuple[str, str]:
    body = f"Time: {_when(rng)}\nSource: {_address(rng)}\nMessage: {line}"
    return f"Monitoring event {rng.randrange(10**6)}", body


def _mail(rng: random.Random, title: str, told: str, slots: _Slots) -> tuple[str, str]:
    title, told = _typed(rng, title), _typed(rng, told)
    kind = rng.randrange(4)
    if kind == 0:
        return title, told
    if kind == 1:
        return title, f"received from: {slots['u']}@example.org\n\nhi,\n{told}\nthanks"
    if kind == 2:
        return title, f"Hello team,\n\n{told}\n\nkind regards\n{slots['u']}"
    return title, f"{told} Asset {rng.randrange(10**5)}, since {_when(rng)}."


def _worded(rng: random.Random, text: str) -> str:
    """With a word left out or put in, as nobody says it twice in the same way."""
    words = text.split()
    if rng.random() < MIXED and len(words) > 3:
        del words[rng.randrange(len(words))]
    if rng.random() < MIXED:
        words.insert(rng.randrange(len(words) + 1), rng.choice(FILLERS))
    return " ".join(words)


def _typed(rng: random.Random, text: str) -> str:
    """With slips of the pen: two letters swapped, or one left out."""
    return " ".join(_slip(rng, w) if rng.random() < TYPO_SHARE else w for w in text.split(" "))


def _slip(rng: random.Random, word: str) -> str:
    if len(word) < 5 or not word.isalpha():
        return word
    at = rng.randrange(1, len(word) - 1)
    left_out = word[:at] + word[at + 1 :]
    return rng.choice([left_out, word[:at] + word[at + 1] + word[at] + word[at + 2 :]])


Wrapper = Callable[[random.Random, str, str, _Slots], tuple[str, str]]
_ALERTS: Sequence[Wrapper] = (
    *(_zabbix, _nagios, _alertmanager, _prometheus, _forwarded) * 3,
    *(_grafana, _checkmk, _passed_on),
)
"""The last three come less often."""
_LINES: Sequence[Callable[[random.Random, str, _Slots], tuple[str, str]]] = (
    _bare,
    _alert_line,
    _event,
)


def log_lines(lines: int = 6_000, seed: int = 7) -> Iterator[dict]:
    """Records with `text` and `label`: the alerts' explanations and the machines' lines, bare."""
    rng = random.Random(seed)
    others = [told for _, ways in _labels(rng) for told in _machine_lines(ways)]
    templates = rng.sample([*LINES, *others], len(LINES) + len(others))
    weights = [1 / (rank + 1) for rank in range(len(templates))]
    for place in range(lines):
        template = rng.choices(templates, weights)[0]
        text = template.format_map(_slots(rng))
        yield {"id": place, "text": text, "label": template, "system": "generated"}


def _machine_lines(ways: Sequence[tuple[str, str] | str]) -> list[str]:
    lines = [way for way in ways if isinstance(way, str)]
    return lines or [way[1] for way in ways if isinstance(way, tuple)]
