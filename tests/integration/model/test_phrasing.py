"""Summaries over the providers' real client libraries: what is not proved is not taken."""

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.model_calls import FakeModelCalls
from tests.integration.model.test_diagnosing import BUDGET, NAMES
from tests.peers.provider import Turn, says, speaking

from datacenter_docs.adapters.platforms.blotting import blotted
from datacenter_docs.adapters.reasoning.model.asking import Asking
from datacenter_docs.adapters.reasoning.model.phrasing import ModelPhraser
from datacenter_docs.adapters.reasoning.model.providers import opened
from datacenter_docs.domain.citing import Cite, Phrased, Proof, ProofKind
from datacenter_docs.domain.errors import Unavailable
from datacenter_docs.ports.phrasing import Labelled, Phrasing

NINE = Cite("9", Proof(ProofKind.DERIVED, "count:vmware:vm"))
EVIL = Cite(
    "[x](javascript:1) password=hunter2hunter2", Proof(ProofKind.FACT, "vmware:lab:vm:a#_name@1")
)
GIVEN = [Labelled("n1", "how many VM", NINE), Labelled("k1.1", "one that is off", EVIL)]


async def phrased(name: str, *turns: Turn) -> tuple[Phrasing, str]:
    with speaking(turns) as provider:
        url = provider.url if name.startswith("anthropic") else f"{provider.url}/v1"
        asking = Asking(
            opened(name, url, None), name, FakeModelCalls(), FakeClock(), BUDGET, blotted
        )
        return await ModelPhraser(asking, blotted).phrase("overview", GIVEN), provider.heard


@pytest.mark.parametrize("name", NAMES)
async def test_the_sentences_come_back_as_words_and_the_very_values_that_were_given(name: str):
    phrasing, heard = await phrased(name, says(text="There are [n1] of them, and [k1.1] is off."))

    assert list(phrasing.parts) == [Phrased("There are "), NINE, Phrased(" of them, and "), EVIL, Phrased(" is off.")]  # fmt: skip
    assert phrasing.by == name
    assert "hunter2hunter2" not in heard


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text",
    [
        "There are 10 of them.",
        "There are [n2].",
        "Atlas-7 is off.",
        "# [n1]",
        "<b>[n1]</b> <script>",
    ],
)
async def test_what_was_not_given_is_not_taken(name: str, text: str):
    with pytest.raises(Unavailable, match="outside the rules"):
        await phrased(name, says(text=text))


async def test_a_second_try_may_be_right():
    phrasing, heard = await phrased(
        NAMES[0], says(text="There are 10."), says(text="There are [n1].")
    )

    assert NINE in phrasing.parts
    assert "is a number" in heard
