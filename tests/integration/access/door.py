"""A product with authentication on, and everybody who may stand before it."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
from tests.fakes.clock import FakeClock
from tests.integration.api.product import NOTHING, Product, running
from tests.integration.cli.commands import dcdocs

from datacenter_docs.adapters.persistence.database import open_database
from datacenter_docs.adapters.persistence.tokens.store import SqlTokenStore
from datacenter_docs.domain.access import Role
from datacenter_docs.services.issuing import Issuing

ROLES = ("viewer", "operator", "approver", "admin")
ON = {"DATACENTER_DOCS_AUTHENTICATION": "true"}
API = "/api/v1"


@dataclass(frozen=True)
class Door:
    """`tokens`: by whom they are: a role, `expired` or `revoked`. A person is called as the role."""

    product: Product
    tokens: Mapping[str, str]

    def client(self, who: str | None) -> httpx2.Client:
        """A client with somebody's token; None: without any."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        return httpx2.Client(base_url=self.product.url, headers=headers, timeout=30)


@contextmanager
def opened(
    folder: Path,
    *,
    estate: str = NOTHING,
    settings: Mapping[str, str] | None = None,
    verify: ssl.SSLContext | bool = True,
) -> Iterator[Door]:
    """The product with a token of each kind; the first was made before it ran, as its owner would."""
    first = dcdocs(
        "token", "create", "root", "--role", "admin", "--data-dir", str(folder), "--as", "owner"
    )
    assert first.code == 0, first.err
    root = first.out.splitlines()[0]
    with running(folder, estate=estate, settings={**ON, **(settings or {})}) as product:
        http = httpx2.Client(
            base_url=product.url,
            headers={"Authorization": f"Bearer {root}"},
            timeout=30,
            verify=verify,
        )
        with http:
            tokens = {role: made(http, role, role) for role in ROLES}
            revoked = http.post(f"{API}/tokens", json={"name": "gone", "role": "admin"}).json()
            http.delete(f"{API}/tokens/{revoked['token_id']}").raise_for_status()
        yield Door(product, {"root": root, **tokens, "revoked": revoked["token"]})
        assert "Traceback" not in product.errors.read_text(encoding="utf-8")


def made(http: httpx2.Client, name: str, role: str) -> str:
    """A new token, from an admin's client."""
    given = http.post(f"{API}/tokens", json={"name": name, "role": role}).raise_for_status()
    token: str = given.json()["token"]
    return token


async def expired(folder: Path) -> str:
    """An admin's token that was made the day before yesterday, for a day."""
    database = open_database(f"sqlite:///{folder / 'datacenter-docs.sqlite'}")
    long_ago = FakeClock(datetime.now(UTC) - timedelta(days=2))
    numbers = iter(range(1, 10))
    issuing = Issuing(
        SqlTokenStore(database),
        long_ago,
        lambda size: f"{next(numbers):0{2 * size}x}",
        lambda token_id: None,
    )
    try:
        issued = await issuing.create("late", Role.ADMIN, "", timedelta(days=1), by="owner")
    finally:
        database.close()
    return issued.written
