"""Pages that several processes make: the same as one process makes, in order; and the end of one of them is told."""

import multiprocessing
import os

import pytest

from datacenter_docs.adapters.publishing.crew import PORTION, WORTH_IT, Crew
from datacenter_docs.adapters.publishing.pages import Frame, Leaf, page
from datacenter_docs.domain.errors import Unavailable

FRAME = Frame((("Overview", "overview"),), {"network:lan:device:r1#model@1"})
several_processors = pytest.mark.skipif(
    len(os.sched_getaffinity(0)) < 2, reason="there is one processor, so nothing is handed on"
)


def leaf(number: int) -> Leaf:
    return Leaf(
        f"resources/r{number}.html",
        f"r{number}",
        "@lan",
        f"# [r{number}](fact:network:lan:device:r{number}#_name@1)\n",
    )


async def test_many_make_what_one_makes_and_in_order() -> None:
    leaves = [leaf(number) for number in range(2 * PORTION + 1)]
    async with Crew(FRAME, len(leaves)) as alone, Crew(FRAME, WORTH_IT) as many:
        made = await many.pages(leaves)

        assert made == await alone.pages(leaves)
    assert made == [page(FRAME, one) for one in leaves]
    assert "r100" in made[100]


@several_processors
async def test_a_process_that_is_ended_is_told_and_not_waited_for() -> None:
    async with Crew(FRAME, WORTH_IT) as crew:
        await crew.pages([leaf(1)])
        for process in multiprocessing.active_children():
            process.kill()
            process.join()

        with pytest.raises(Unavailable, match="Run the same command again"):
            await crew.pages([leaf(number) for number in range(PORTION * 2)])
