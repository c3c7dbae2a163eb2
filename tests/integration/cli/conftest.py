"""One running product per module, and the commands against it."""

from functools import partial

import pytest
from tests.integration.api.conftest import client, product
from tests.integration.api.product import Product
from tests.integration.cli.commands import Command, dcdocs
from tests.peers.postgres import postgres, postgres_url

__all__ = ["cli", "client", "postgres", "postgres_url", "product"]


@pytest.fixture
def cli(product: Product) -> Command:
    """`dcdocs` against the running product."""
    return partial(dcdocs, url=product.url)
