"""One running product per module, with data of its own, and a client that speaks to it."""

from collections.abc import Iterator

import httpx2
import pytest
from tests.integration.api.product import NOTHING, Product, running


@pytest.fixture(scope="module")
def product(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """`dcdocs up`; a module may name its own `ESTATE` and `SETTINGS`."""
    estate = getattr(request.module, "ESTATE", NOTHING)
    settings = getattr(request.module, "SETTINGS", None)
    with running(tmp_path_factory.mktemp("product"), estate=estate, settings=settings) as started:
        yield started
        assert "Traceback" not in started.errors.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def client(product: Product) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=product.url, timeout=30) as http:
        yield http
