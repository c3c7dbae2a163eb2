"""No operation below gold is offered, and a grade rests on tests: the table, the marks and the page say the same."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contract.rooms.calling import calling
from tests.contract.rooms.plain_room import PlainRoom

from datacenter_mcp.bound.binding import SHIPPED, load
from datacenter_mcp.contract.tools import READ_TOOLS
from datacenter_mcp.demo.operations.catalogue import OPERATIONS
from datacenter_mcp.grades import ENDURES, READS, SHOWN, Grade, Proof, proof, refusal

TARGET = "network:plain:device:1"
BELOW_GOLD = [
    frozenset(),
    frozenset({READS}),
    frozenset({READS, ENDURES}),
    frozenset({READS, "set_size"}),
    frozenset({ENDURES, "set_size"}),
    frozenset({READS, ENDURES, "set_color"}),
]


def marks() -> Iterator[tuple[str, ...]]:
    """The arguments of every mark `shows` in these suites."""
    for path in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.shows":
                yield tuple(ast.literal_eval(argument) for argument in node.args)


def test_the_table_claims_what_tests_say_that_they_show_and_no_more():
    claimed = defaultdict(set)
    for driver, *what in marks():
        claimed[driver].update(what)
    bindings = [load(one.name.removesuffix(".yaml")) for one in SHIPPED.iterdir()]

    assert claimed == {**SHOWN, **{f"bound {one.name}": one.shown for one in bindings}}


@pytest.mark.parametrize("shown", BELOW_GOLD, ids=lambda shown: " ".join(sorted(shown)) or "none")
async def test_what_is_below_gold_is_neither_listed_nor_offered(shown):
    async with calling(PlainRoom(proof=Proof("plain", shown))) as call:
        tools = await call.tools()
        [offer] = (await call("list_operations", target=TARGET))["offers"]
        look = await call.error(
            "look", operation="set_size", target=TARGET, parameters={"size_bytes": 1}
        )

    assert tools.keys() == set(READ_TOOLS)
    assert offer["supported"] is False
    assert offer["reason"] == look.message
    assert "no operation below gold is offered" in look.message


async def test_what_one_driver_of_a_connection_shows_is_refused_for_the_targets_of_another():
    class Mixed(PlainRoom):
        def drivers(self, target):
            weak = Proof("weak", frozenset({READS}))
            return (weak,) if target == TARGET else (weak, *super().drivers(None))

    room = Mixed()
    async with calling(room) as call:
        tools = await call.tools()
        error = await call.error(
            "set_size", target=TARGET, idempotency_key="1", parameters={"size_bytes": 1}
        )

    assert "set_size" in tools
    assert (error.kind, error.sent, room.acted) == ("unsupported", False, [])


@pytest.mark.parametrize(
    ("shown", "grade"),
    [
        (set(), Grade.NONE),
        ({ENDURES, "x"}, Grade.NONE),
        ({READS, "x"}, Grade.BRONZE),
        ({READS, ENDURES}, Grade.SILVER),
        ({READS, ENDURES, "x"}, Grade.GOLD),
    ],
)
def test_a_grade_stands_on_all_below_it(shown, grade):
    assert Proof("plain", frozenset(shown)).grade is grade


def test_a_driver_that_nobody_graded_and_a_connection_without_any_offer_nothing():
    assert proof("of tomorrow").refusal("restart_vm")
    assert refusal([], "restart_vm")


def test_the_demo_offers_all_that_it_can_do():
    names = {operation.spec.name for every in OPERATIONS.values() for operation in every}

    assert proof("demo").operates == names
