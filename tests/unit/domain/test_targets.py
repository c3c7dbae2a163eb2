"""Which resource a ticket speaks of, where two are called alike."""

import time
from datetime import UTC, datetime

import pytest

from datacenter_docs.domain.estate import Resource, Source
from datacenter_docs.domain.targets import candidates

SOURCE = Source(connection="lab", tool="none", arguments={}, payload_sha256="0" * 64,
                observed_at=datetime(2026, 1, 1, tzinfo=UTC))  # fmt: skip


def deployment(namespace: str, name: str) -> Resource:
    return Resource(id=f"kubernetes:lab:deployment:{namespace}/{name}", kind="deployment", name=f"{namespace} {name}",
                    parent=f"kubernetes:lab:namespace:{namespace}", source=SOURCE)  # fmt: skip


PAIR = (deployment("shop", "web"), deployment("office", "web"))


@pytest.mark.parametrize("text", [
    "The deployment shop/web is overloaded.", "web in shop is overloaded", "Deployment web, namespace shop: high load",
])  # fmt: skip
def test_of_two_with_one_name_the_one_in_the_named_namespace_is_meant(text: str):
    assert [found.resource for found in candidates(text, PAIR)] == [PAIR[0]]


@pytest.mark.parametrize(
    "text", ["The deployment shop/webshop is slow.", "x/shop/web is slow", "shop/web/v2 is slow"]
)
def test_a_native_id_counts_only_as_a_whole(text: str):
    assert candidates(text, PAIR) == []


def port(native: str) -> Resource:
    device, _, name = native.partition("/")
    return Resource(id=f"network:lab:interface:{native}", kind="interface", name=f"{device} {name}",
                    parent=f"network:lab:device:{device}", source=SOURCE)  # fmt: skip


def machine(name: str) -> Resource:
    return Resource(
        id=f"vmware:lab:vm:vm-{name}",
        kind="vm",
        name=name,
        parent="vmware:lab:host:h",
        source=SOURCE,
    )


PORTS = (port("sw2/eth6"), port("sw2/eth7"), port("sw3/eth6"))
VMS = (machine("prod-app-01"), machine("prod-app-011"), machine("web"))


@pytest.mark.parametrize("text", [
    "sw2 eth6 is stuck", "sw2-eth6 is stuck", "sw2/eth6", "Eth6 of switch SW2", "sw2 Ethernet6: no traffic",
    "sw2, Ethernet 6 or rather eth6", "(sw2 eth6)",
])  # fmt: skip
def test_a_port_is_known_however_it_is_written(text: str):
    assert [found.resource.name for found in candidates(text, PORTS)] == ["sw2 eth6"]


@pytest.mark.parametrize("text", [
    "PROD-APP-01 hangs", "prod app 01 hangs", "prod_app_01: timeout", "prodapp01 hangs", "prod-app-01.example.com is dead",
    "'prod-app-01' hangs.", "prod-app-01's service",
])  # fmt: skip
def test_a_machine_is_known_however_it_is_written(text: str):
    assert [found.resource.name for found in candidates(text, VMS)] == ["prod-app-01"]


@pytest.mark.parametrize("text", [
    "prod-app-0", "my-prod-app-01", "prod-app-01-old", "xprodapp01", "web-01 hangs", "the web.config is wrong", "sw2-eth66",
])  # fmt: skip
def test_a_part_of_another_name_is_no_name(text: str):
    assert candidates(text, (*VMS, *PORTS)) == []


@pytest.mark.parametrize("word", ["a", "a-", "1", "-_", "eth1/", "[", "\u0130"])
def test_a_long_word_costs_no_more_than_many_short_ones(word: str):
    begun = time.process_time()
    candidates(word * 16_000, PAIR)

    assert time.process_time() - begun < 0.5
