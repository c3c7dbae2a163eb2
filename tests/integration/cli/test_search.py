"""Search on the command line."""

from collections.abc import Iterator

import pytest
from tests.integration.api.product import Product, until
from tests.integration.api.surveyed import surveyed
from tests.integration.cli.commands import Command

PORT = "network:fabric:interface:sw1/eth1"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with surveyed(tmp_path_factory.mktemp("product")) as started:
        yield started


def test_what_is_looked_for_is_listed_with_what_is_said_of_it(cli: Command):
    said = until(
        lambda: cli("search", "sw1", "eth1", "--kind", "resource").out, lambda out: PORT in out
    )

    assert said.splitlines()[0].startswith("resource  ")
    assert "admin state" in said


def test_machines_get_the_whole_answer(cli: Command):
    hits = until(
        lambda: cli("search", "sw1 eth1", "--limit", "1", "--json").json["items"],
        lambda hits: hits,
    )

    assert hits[0]["id"] == PORT


def test_nothing_found_is_said_and_a_misspelt_name_is_told(cli: Command):
    until(lambda: cli("search", "network").out, lambda out: "network" in out)

    assert cli("search", "qqqqq").out == "Nothing was found.\n"
    assert "Shown is: network" in cli("search", "netwrok").out
    assert cli("search", "x", "--kind", "thing").code == 2


def test_an_index_can_be_made_anew(cli: Command):
    assert cli("index", "rebuild").code == 0
