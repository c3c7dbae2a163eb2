"""Places for the hostile tests: the past is lived once, and what the honest tickets lead to is asked once."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pytest
from tests.hostile.oracle import Effect
from tests.hostile.place import Places, live
from tests.hostile.trying import honest

EVERYTHING = os.environ.get("HOSTILE") == "all"
"""Each injection in every way (`make hostile`), not in one of them by turns."""


class Ground(NamedTuple):
    """Where injections are tried. `allowed`: what each carrier leads to alone."""

    places: Places
    allowed: Mapping[str, Sequence[Effect]]


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    folder = tmp_path_factory.mktemp("hostile")

    async def made() -> Ground:
        template = folder / "template"
        await live(template)
        places = Places(template, folder)
        async with places.new() as place:
            return Ground(places, await honest(place))

    return asyncio.run(made())
