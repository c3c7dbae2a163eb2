"""The documentation of routers, volumes, a vCenter and a cluster in one estate: true to the last value, and one survey behind."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.devices import network, shut
from tests.e2e.product import PAUSE_SECONDS, Product, dcdocs, running, until
from tests.fakes.walking import check
from tests.peers.cluster import Cluster
from tests.peers.netlab import NetLab
from tests.peers.slots import run
from tests.peers.vcenter import VCenter
from tests.peers.vcenter_oracle import Oracle
from tests.peers.volumes import Volumes
from tests.peers.workloads import Space, space

from datacenter_docs.adapters.persistence.database import open_database
from datacenter_docs.adapters.persistence.estate.reader import SqlEstateReader
from datacenter_docs.adapters.persistence.written.store import SqlDocumentStore
from datacenter_docs.domain.citing import ProofKind

pytestmark = [pytest.mark.heavy_peer, pytest.mark.kubernetes, pytest.mark.timeout(300)]
WRITTEN_SECONDS = 10.0
"""From the end of a survey until its documents are written."""
SECTIONS = ("overview", "network", "storage", "virtualization", "kubernetes", "coverage")


@pytest.fixture(scope="module")
def shop(cluster: Cluster) -> Iterator[Space]:
    with space(cluster) as made:
        made.deployment("web", 2)
        yield made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documented")


@pytest.fixture(scope="module")
def product(
    lab: NetLab, disks: Volumes, vc: VCenter, cluster: Cluster, shop: Space, folder: Path
) -> Iterator[Product]:
    """The four of them in one estate, surveyed once."""
    connections = [
        network(lab),
        {"name": "disks", "platform": "storage", "settings": disks.settings()},
        {"name": "vcenter", "platform": "vmware", "settings": vc.settings()},
        {"name": "cluster", "platform": "kubernetes", "settings": cluster.settings()},
    ]
    with running(folder, connections) as product:
        product.survey()
        yield product


def page(product: Product, document: str) -> str:
    text: str = product.get(f"/documents/{document}")["markdown"]
    return text


def test_all_four_are_read_completely_and_their_sections_are_fresh(product: Product):
    documents = {
        one["id"]: one["freshness"]["state"] for one in product.get("/documents")["items"]
    }
    covered = {one["connection"]: one["state"] for one in product.survey()["coverage"]}

    assert covered == dict.fromkeys(("cluster", "disks", "lab", "vcenter"), "complete")
    assert documents.keys() >= set(SECTIONS)
    assert set(documents.values()) == {"fresh"}


async def written(product: Product, documents: SqlDocumentStore) -> None:
    """Wait until the documents are as new as the newest survey: they are written after its end."""
    newest = product.get("/surveys?limit=1")["items"][0]["number"]
    deadline = time.monotonic() + WRITTEN_SECONDS
    while await documents.survey() < newest:
        assert time.monotonic() < deadline, "the documents were not written in time"
        await asyncio.sleep(PAUSE_SECONDS)


async def test_every_value_of_every_section_and_page_leads_to_the_fact_that_says_it(
    product: Product, folder: Path
):
    resources = product.get("/resources?limit=500")["items"]
    database = open_database(f"sqlite:///{folder / 'data' / 'datacenter-docs.sqlite'}")
    cited = 0
    try:
        await written(product, SqlDocumentStore(database))
        estate = SqlEstateReader(database)
        for name in (*SECTIONS, *(f"resource/{one['id']}" for one in resources)):
            values = await check(page(product, name), estate)
            cited += sum(value.proof.kind is ProofKind.FACT for value in values)
    finally:
        database.close()

    assert {one["id"].split(":")[0] for one in resources} == {"network", "storage", "vmware", "kubernetes"}  # fmt: skip
    assert cited > 10 * len(resources)


def test_what_runs_on_a_host_is_on_its_page(product: Product, vc: VCenter):
    with closing(Oracle(vc)) as oracle:
        native = oracle.vms()["DC0_H0_VM0"]
        host = oracle.read(native, "runtime.host")._GetMoId()
    text = page(product, f"resource/vmware:vcenter:host:{host}")

    assert f"(fact:vmware:vcenter:vm:{native}#_name@1)" in text


@contextmanager
def port_down(lab: NetLab) -> Iterator[tuple[str, str]]:
    shut(lab, "r1", "eth1")
    try:
        yield "resource/network:lab:interface:r1/eth1", "[down]"
    finally:
        lab.run("r1", "ip", "link", "set", "dev", "eth1", "up")


@contextmanager
def snapshot_of_volume(disks: Volumes) -> Iterator[tuple[str, str]]:
    mount = disks.mount("btrfs")
    run("btrfs", "subvolume", "snapshot", "-r", str(mount), str(mount / "documented"))
    try:
        yield "storage", "documented"
    finally:
        run("btrfs", "subvolume", "delete", str(mount / "documented"))


@contextmanager
def snapshot_of_machine(vc: VCenter) -> Iterator[tuple[str, str]]:
    with closing(Oracle(vc)) as oracle:
        native = oracle.vms()["DC0_H0_VM0"]
        oracle.take_snapshot(native, "documented")
        try:
            yield f"resource/vmware:vcenter:vm:{native}", "documented"
        finally:
            oracle.mend(native)


@contextmanager
def another_release(shop: Space) -> Iterator[tuple[str, str]]:
    shop.release("web", "shop:documented")
    yield f"resource/kubernetes:cluster:deployment:{shop.name}/web", "shop:documented"


@pytest.mark.parametrize(
    ("peer", "change"),
    [
        ("lab", port_down),
        ("disks", snapshot_of_volume),
        ("vc", snapshot_of_machine),
        ("shop", another_release),
    ],
    ids=["FRR", "btrfs", "vCenter", "Kubernetes"],
)
def test_a_change_is_in_the_documents_one_survey_later(
    peer: str,
    change: Callable[[Any], AbstractContextManager[tuple[str, str]]],
    product: Product,
    request: pytest.FixtureRequest,
):
    product.survey()
    with change(request.getfixturevalue(peer)) as (document, words):
        before = page(product, document)
        product.survey()
        written = until(lambda: words in page(product, document), WRITTEN_SECONDS)

    assert words not in before
    assert written


def test_the_site_of_it_is_made_beside_the_running_server(product: Product, folder: Path):
    product.survey()
    code, _ = dcdocs("generate", "--out", str(folder / "site"), "--data-dir", str(folder / "data"), "--estate", str(folder / "datacenter.yaml"))  # fmt: skip
    pages = list((folder / "site" / "resources").glob("*.html"))

    assert code == 0
    assert len(pages) >= len(product.get("/resources?limit=500")["items"])
