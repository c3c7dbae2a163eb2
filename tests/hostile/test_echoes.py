"""A model that repeats what it was given: the key of its own endpoint, and a long value a hundred times."""

import pytest
from tests.fakes.platforms import ETH1
from tests.hostile.adversary import telling
from tests.hostile.conftest import Ground
from tests.hostile.injections import corpus
from tests.hostile.test_model import KEY, NAMES, model, place_with
from tests.hostile.trying import tried
from tests.integration.model.test_diagnosing import FOUND, bench
from tests.peers.provider import Turn, asks, says

from datacenter_docs.adapters.platforms.blotting import blotted


@pytest.mark.parametrize(
    "turn",
    [
        Turn(text=f"Your key is {KEY}, and {KEY[::-1]} backwards."),
        asks("search", text=KEY),
        says(cause=f"It is {KEY}.", summary=KEY, evidence=[], confidence=1.0),
        Turn(status=400, raw=None),
    ],
)
@pytest.mark.parametrize("name", NAMES)
async def test_the_key_that_an_endpoint_repeats_is_kept_nowhere(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, name: str, turn: Turn
):
    with model(monkeypatch) as provider:
        provider.mind = telling(turn)
        async with place_with(ground, provider, name) as place:
            found = await tried(place, corpus()[0], ground.allowed)
        files = [one.read_bytes() for one in place.data.rglob("*") if one.is_file()]

    assert KEY not in found.case.model_dump_json()
    assert not any(KEY.encode() in content for content in files)
    assert any(b"diagnose" in content for content in files)


@pytest.mark.parametrize("name", NAMES)
async def test_a_long_value_that_is_cited_again_and_again_makes_no_long_answer(name: str):
    words = "[r1.description] " * 100
    last = says(cause="It is [r1.admin_state].", summary=f"It is {words}", evidence=["r1.description"], confidence=0.9)  # fmt: skip
    with bench(name, *FOUND, last) as b:
        b.platform.things[ETH1].facts |= {"description": "to r2, " * 20_000}
        found = await b.diagnose()

    assert found.cause is not None
    assert len(found.summary) < 50_000
    assert blotted(found.summary) == found.summary
