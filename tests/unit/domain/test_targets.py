"""Which resource a ticket speaks of, where two are called alike."""

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
