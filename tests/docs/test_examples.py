"""Examples are code: every file under `examples/` and every YAML and JSON block of the documents loads as the product
loads it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from tests.architecture.repository import ROOT, name_of
from tests.docs.documents import Block, blocks

from datacenter_docs.adapters.platforms import estate_file
from datacenter_docs.adapters.reasoning import library
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.presets import PRESETS
from datacenter_docs.domain.runbooks import Runbook
from datacenter_mcp.network.settings import NetworkSettings
from datacenter_mcp.storage.settings import StorageSettings
from datacenter_mcp.vmware.settings import VmwareSettings

EXAMPLES = ROOT / "examples"
ROOMS = {"network": NetworkSettings, "storage": StorageSettings, "vmware": VmwareSettings}


def check_estate(path: Path) -> None:
    """The file, and the settings of each room that it starts."""
    estate = estate_file.load(path)
    assert estate.connections
    for connection in estate.connections:
        if connection.server == "builtin":
            ROOMS[connection.platform].model_validate(connection.settings)


def _estate(text: str, folder: Path) -> None:
    path = folder / "datacenter.yaml"
    path.write_text(text)
    check_estate(path)


def _policy(text: str, _folder: Path) -> None:
    Policy.model_validate(yaml.safe_load(text))


def _runbook(text: str, _folder: Path) -> None:
    Runbook.model_validate(yaml.safe_load(text))


LOADERS: dict[str, Callable[[str, Path], None]] = {
    "estate": _estate,
    "policy": _policy,
    "runbook": _runbook,
}


def where(block: Block) -> str:
    """For people who read which test failed."""
    return f"{name_of(block.document)}: {block.text[:30]!r}"


@pytest.mark.parametrize("block", [b for b in blocks() if b.language == "yaml"], ids=where)
def test_every_yaml_block_says_what_it_is_and_loads(block: Block, tmp_path: Path):
    _, _, kind = block.info.partition(" ")

    LOADERS[kind](block.text, tmp_path)


@pytest.mark.parametrize(
    "text",
    [b.text for b in blocks() if b.language == "json"]
    + [
        part.split("'")[1]
        for b in blocks()
        if b.language == "sh"
        for part in b.text.split(" -d ")[1:]
    ],
)
def test_every_json_text_parses(text: str):
    assert json.loads(text)


def test_the_example_of_an_estate_loads():
    check_estate(EXAMPLES / "datacenter.yaml")


@pytest.mark.parametrize("path", sorted((EXAMPLES / "policies").glob("*.yaml")), ids=name_of)
def test_every_example_of_a_policy_loads(path: Path):
    assert Policy.model_validate(yaml.safe_load(path.read_text("utf-8")))


@pytest.mark.parametrize("category", sorted(PRESETS))
def test_the_examples_are_the_presets(category: str):
    text = (EXAMPLES / "policies" / f"{category}.yaml").read_text("utf-8")

    assert Policy.model_validate(yaml.safe_load(text)) == PRESETS[category]


def test_the_examples_of_runbooks_load_and_replace_none_that_ships():
    own = library.load(EXAMPLES / "runbooks")
    shipped = {book.name for book in library.load(library.SHIPPED)}

    assert own
    assert {book.name for book in own} & shipped == set()
