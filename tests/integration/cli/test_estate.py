"""The estate on the command line."""

from collections.abc import Iterator

import pytest
from tests.integration.api.product import Product
from tests.integration.api.surveyed import surveyed
from tests.integration.cli.commands import Command

PORT = "network:fabric:interface:sw1/eth1"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with surveyed(tmp_path_factory.mktemp("product")) as started:
        yield started


def test_a_survey_is_watched_to_its_end(cli: Command):
    said = cli("survey", "--watch", "--as", "rita")

    assert said.code == 0
    assert "finished" in said.out
    assert "by rita" in said.out
    assert "arrays" in said.out
    assert "complete" in said.out


def test_a_survey_is_watched_by_machines(cli: Command):
    lines = cli("survey", "--connection", "fabric", "--watch", "--json").out.splitlines()

    assert [line[:20] for line in lines] == ['{"event": "covered",', '{"event": "end", "nu']


def test_surveys_are_listed_and_shown(cli: Command):
    listed = cli("survey", "list", "--json").json["items"]
    shown = cli("survey", "show", "1")

    assert listed[-1]["requested_by"] == "first start"
    assert "survey 1  finished" in shown.out
    assert cli("survey", "show", "999").code == 3
    assert cli("survey", "--connection", "nobody").code == 2


def test_a_resource_is_listed_shown_and_has_a_history(cli: Command):
    listed = cli("resource", "list", "--kind", "interface", "--name", "sw1", "--json").json
    shown = cli("resource", "show", PORT).out
    history = cli("resource", "history", PORT).out

    assert PORT in [one["id"] for one in listed["items"]]
    assert "admin_state" in shown
    assert f"{PORT} is part of network:fabric:device:sw1" in shown
    assert "appeared" in history
    assert cli("resource", "show", "nonsense").code == 3


def test_a_fact_is_shown_with_its_raw_answer(cli: Command):
    said = cli("fact", "show", f"{PORT}#admin_state@1", "--payload").out

    assert "admin_state = up" in said
    assert "read by survey 1 from fabric: " in said
    assert '"admin_state": "up"' in said


def test_where_nothing_is_doubted_nothing_is_accepted(cli: Command):
    assert cli("survey", "accept", "fabric").out == "fabric: 0 resources are gone.\n"
