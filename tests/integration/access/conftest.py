"""One product with authentication on per module."""

import asyncio
from collections.abc import Iterator

import pytest
from tests.integration.access.door import Door, expired, opened
from tests.integration.api.product import NOTHING


@pytest.fixture(scope="module")
def door(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    """A module may name its own `ESTATE` and `SETTINGS`."""
    folder = tmp_path_factory.mktemp("door")
    estate = getattr(request.module, "ESTATE", NOTHING)
    settings = getattr(request.module, "SETTINGS", None)
    with opened(folder, estate=estate, settings=settings) as there:
        late = asyncio.run(expired(folder))
        yield Door(there.product, {**there.tokens, "expired": late})
