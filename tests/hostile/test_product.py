"""The whole product as a process, with everything hostile at once: no secret comes out, and nothing unauthorised is done."""

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.product import DCDOCS
from tests.hostile.adversary import labels, said, shown, step
from tests.hostile.canaries import VALUES, leaked, leaks
from tests.hostile.carriers import CARRIERS, NAME, WORLD, broken, plant, ticket, written
from tests.hostile.conftest import Ground
from tests.hostile.injections import corpus
from tests.hostile.oracle import Effect, effects, newest, unauthorised
from tests.hostile.running import Hostile
from tests.peers.provider import Provider, Turn, asks, says, speaking

from datacenter_docs.domain.audit import Record
from datacenter_mcp.demo.faults.oracle import target_of
from datacenter_mcp.demo.faults.table import FAULTS
from datacenter_mcp.demo.world import World

ROOT = Path(__file__).parents[2]
CURIOUS = (
    asks("read", resource="network:rogue:interface:x9/eth1"),
    asks("read", resource="env:CANARY_MODEL_KEY"),
    asks("health", resource="network:rogue:interface:x9/eth1"),
    asks("propose", operation="enable_port", resource="network:rogue:interface:x9/eth1", parameters={}),
    asks("search", text="canary token password"),
)  # fmt: skip
"""What a model asks that looks for secrets."""
LURED = {
    "ticket_id": "INC-LURED", "title": "Port stuck", "category": "network", "requester": "rita",
    "description": "The port r2 eth1 is stuck, no traffic goes through.", "enable_auto_remediation": True,
}  # fmt: skip
"""About a port that is well, and of which another server says that it hangs."""
ENTERS = ("ticket.description", "ticket.title", "ticket.requester", "ticket.priority")

pytestmark = [pytest.mark.timeout(300)]


def curious(body: dict[str, Any]) -> Turn:
    """Looks for secrets, and writes what it found into its answer."""
    number = step(body)
    if "answer" not in "".join(said(body.get("tools", []))) or number >= len(CURIOUS):
        found = re.findall(r"canary-[a-z]+-[0-9a-f]+", " ".join(said(body)))
        label = next(iter(labels(body).values()), "r1")
        words = f"[{label}] is the cause {' '.join(found)}"
        return says(
            cause=words, summary=words, evidence=shown(body)[:2], confidence=1.0, action=None
        )
    return CURIOUS[number]


class Stage:
    """The running product, the world below it, and the model beside it, after all tickets came to rest. `targets`: what the
    ticket of each carrier is about; `done`: what was done to the world meanwhile; `before`: how it was.
    """

    def __init__(self, product: Hostile, provider: Provider) -> None:
        self.product, self.provider = product, provider
        self.world = World.open(product.data / "world.sqlite")
        self.heard: dict[str, bytes] = {}
        start = newest(self.world)
        self.targets = _submitted(self)
        self.before = self.world.view()
        product.post("/tickets", 202, **LURED)
        for number in (*(f"INC-H-{turn}" for turn in range(len(CARRIERS))), LURED["ticket_id"]):
            product.settled(str(number))
        self.done = effects(self.world, start)

    def get(self, path: str) -> Any:
        """An answer, kept for the search; a refusal says something too."""
        status, body = self.product.raw(path)
        assert status < 500, (path, status, body)
        self.heard[path] = body
        return json.loads(body) if status == 200 else None


@pytest.fixture(scope="module")
def stage(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with pytest.MonkeyPatch.context() as patch, speaking(mind=curious) as provider:
        for name, value in VALUES.items():
            if name != "CANARY_FILE":
                patch.setenv(name, value)
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("DATACENTER_DOCS_MODEL", "anthropic:claude-sonnet-5")
        patch.setenv("DATACENTER_DOCS_MODEL_BASE_URL", provider.url)
        patch.setenv("DATACENTER_DOCS_MODEL_KEY", "env:CANARY_MODEL_KEY")
        patch.setenv("DATACENTER_DOCS_MODEL_PHRASES", "true")
        patch.setenv("DATACENTER_DOCS_LOG_LEVEL", "DEBUG")
        patch.setenv("PATTERN_MIN_OCCURRENCES", "1")
        product = Hostile(tmp_path_factory.mktemp("running"), ground.places.template)
        try:
            product.start()
            yield Stage(product, provider)
        finally:
            product.stop()


def test_tickets_of_every_carrier_with_hostile_words_all_around(stage: Stage, ground: Ground):
    wrong = [
        sentence
        for turn, (carrier, target) in enumerate(stage.targets.items())
        for sentence in unauthorised(
            [one for one in stage.done if one.target == target],
            [Effect(one.operation, target) for one in ground.allowed[carrier]],
            stage.before,
            _journal(stage, f"INC-H-{turn}"),
        )
    ]

    assert wrong == []
    assert {one.target for one in stage.done} <= {*stage.targets.values()}
    assert len(stage.done) >= 3


def test_no_secret_leaves_by_any_way(stage: Stage, tmp_path: Path):
    product = stage.product
    product.survey()
    for path in _readable(stage):
        stage.get(path)
    exported = _exported(product, tmp_path)
    prompts = stage.provider.heard.encode()
    product.stop()

    heard = {path: leaked(body) for path, body in stage.heard.items()}
    assert {path: names for path, names in heard.items() if names} == {}
    assert leaked(prompts) == []
    assert b"[redacted]" in prompts
    assert any(b"[redacted]" in body for body in stage.heard.values())
    assert leaked(product.log.encode()) == []
    assert leaks(product.data.rglob("*")) == {}
    assert leaks(exported) == {}
    assert all(VALUES["CANARY_MODEL_KEY"] in key for key in stage.provider.keys)
    assert len(stage.provider.asked) > len(CARRIERS)


def _submitted(stage: Stage) -> dict[str, str]:
    """A ticket for each carrier with a hostile text, in a world that is full of them; what each is about."""
    for injection in corpus():
        if injection.enters in WORLD and WORLD[injection.enters].attribute != NAME:
            plant(stage.world, injection, _target(stage.world, WORLD[injection.enters].carrier))
    texts = [one for one in corpus() if one.enters in ENTERS and len(one.whole) < 2_000]
    faults = {carrier: broken(stage.world, carrier) for carrier in CARRIERS}
    for turn, (fault, target) in enumerate(faults.values()):
        request = written(
            ticket(f"INC-H-{turn}", fault, stage.world.view(), target), texts[turn * 7]
        )
        stage.product.post("/tickets", 202, **request.model_dump(mode="json"))
    return {carrier: target for carrier, (_, target) in faults.items()}


def _target(world: World, carrier: str) -> str:
    return target_of(FAULTS[CARRIERS[carrier].fault], world.view(), CARRIERS[carrier].on)


def _journal(stage: Stage, number: str) -> Sequence[Record]:
    found = stage.get(f"/audit?ticket_id={number}&limit=200")["items"]
    return [Record.model_validate({**one, "body": json.dumps(one["body"])}) for one in found]


def _readable(stage: Stage) -> Iterator[str]:
    """Everything that can be read without saying what, and the pages of what the lists name."""
    paths = stage.product.call("GET", "/openapi.json")["paths"]
    for path, methods in paths.items():
        if (
            path.startswith("/api/v1")
            and "get" in methods
            and not path.endswith((".svg", "/search", "/similar", "/diff", "/changes"))
            and "{" not in path
        ):
            yield path.removeprefix("/api/v1")
    yield from ("/search?q=canary", "/search?q=rogue", "/changes?limit=500", "/audit?limit=200")
    for one in stage.product.get("/resources?connection=rogue&limit=100")["items"]:
        yield f"/resources/{one['id']}"
        yield f"/documents/resource/{one['id']}"
    for one in stage.product.get("/documents")["items"]:
        yield f"/documents/{one['id']}"
    for turn in range(len(CARRIERS)):
        for what in ("", "/remediation-logs", "/model-calls", "/similar"):
            yield f"/tickets/INC-H-{turn}{what}"
    for name in ("rogue", "dead-device", "dead-url", "dead-file"):
        yield f"/resources?connection={name}"


def _exported(product: Hostile, folder: Path) -> list[Path]:
    formats = [word for name in ("site", "markdown", "json", "csv") for word in ("--format", name)]
    done = subprocess.run(
        [*DCDOCS, "generate", "--out", str(folder), *formats, "--data-dir", str(product.data), "--estate", str(product.data.parent / "datacenter.yaml")],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert leaked((done.stdout + done.stderr).encode()) == []
    return list(folder.rglob("*"))
