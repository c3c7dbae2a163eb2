"""Tickets of a made-up datacenter, for measuring from a bare clone: troubles of many components, each said in several ways,
with hosts, numbers and mail around them. The same number always makes the same ticket.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

_COMPONENTS = """
    uplink switch router firewall balancer proxy gateway resolver directory mailer printer scanner archive ledger cache
    queue broker scheduler indexer crawler database replica warehouse datastore volume snapshot backup tape controller
    hypervisor cluster node pod deployment ingress namespace registry runner pipeline certificate token vault sensor
    battery fan chassis transceiver antenna tunnel portal storefront checkout billing payroll intranet wiki"""
COMPONENTS = _COMPONENTS.split()
_PARTS = """
    port disk memory link session lease mount quota table journal thread socket handle buffer partition shard inode
    route record zone policy license heartbeat counter pool worker listener template volume cursor segment"""
PARTS = _PARTS.split()
SYMPTOMS = {
    "flapping": ("keeps going up and down", "flaps every few minutes", "changes state all the time"),
    "full": ("has no space left", "is nearly full", "ran out of room"),
    "slow": ("answers slowly", "takes ages", "has a high latency"),
    "refused": ("refuses connections", "does not let anybody in", "rejects every request"),
    "stale": ("shows old data", "was not updated since yesterday", "lags behind"),
    "crashing": ("crashes at start", "dies with an exception", "restarts again and again"),
    "corrupt": ("reports a checksum mismatch", "has corrupt blocks", "cannot be read back"),
    "expired": ("says the certificate expired", "is past its validity", "needs to be renewed"),
}  # fmt: skip
CHATTER = (
    "Please have a look when you find the time.",
    "It began this morning, and the users of the third floor complain.",
    "We restarted it once, without any effect.",
    "Nobody changed anything, as far as we know.",
    "The monitoring shows it red; see the attached picture.",
    "Hello team, thanks in advance and kind regards.",
    "It happened before, in spring, and went away by itself.",
    "The application owner asks for an estimate.",
)  # fmt: skip
SITES = ("ams", "fra", "nyc", "sgp", "lon")
TROUBLES = len(COMPONENTS) * len(PARTS) * len(SYMPTOMS)


@dataclass(frozen=True, slots=True)
class Made:
    """A made ticket. `trouble`: which one it is about, and what its category is."""

    title: str
    body: str
    trouble: int
    category: str


def ticket(number: int, troubles: int = TROUBLES) -> Made:
    """One ticket. Troubles differ in how often they come: the first ones make most of the tickets."""
    dice = random.Random(number)
    trouble = min(int(dice.paretovariate(0.6)) - 1, troubles - 1) if dice.random() < 0.7 else dice.randrange(troubles)  # fmt: skip
    scattered = trouble * 7_919 % TROUBLES
    component = COMPONENTS[scattered % len(COMPONENTS)]
    part = PARTS[scattered // len(COMPONENTS) % len(PARTS)]
    symptom = list(SYMPTOMS)[scattered // (len(COMPONENTS) * len(PARTS))]
    said = dice.choice(SYMPTOMS[symptom])
    host = f"{dice.choice(SITES)}-{component[:4]}-{dice.randrange(900):03}"
    title = dice.choice(
        (
            f"{component} {part} {said}",
            f"[{host}] {component.capitalize()}{part.capitalize()}{symptom.capitalize()}",
            f"{part} of the {component} {said}",
            f"RE: {component} on {host} {said}",
        )
    )
    lines = [
        f"The {part} of the {component} on {host} {dice.choice(SYMPTOMS[symptom])}.",
        f"Value {dice.random() * 100:.2f}, address 10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(256)}, incident {dice.randrange(10**7)}.",
        *dice.sample(CHATTER, dice.randrange(1, 4)),
    ]  # fmt: skip
    if symptom == "crashing":
        lines.append(f"{component.capitalize()}Error: {part}\n  at net.example.{component.capitalize()}.{part}Check({component.capitalize()}.java:{dice.randrange(900)})")  # fmt: skip
    return Made(title, "\n".join(lines), trouble, component)


def tickets(count: int, first: int = 0) -> Iterator[Made]:
    """So many tickets in order of arrival."""
    return (ticket(number) for number in range(first, first + count))
