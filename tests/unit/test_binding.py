"""Binding files: what they say is checked before anything is asked, and answers are never trusted."""

from pathlib import Path

import pytest
import yaml

from datacenter_mcp.bound import binding, expressions
from datacenter_mcp.contract.errors import Broken, InvalidRequest

SMALL = """
name: small
platform: kubernetes
about: For tests.
health: {tool: ping}
kinds:
  pod:
    parts: {namespace: ns, name: name}
    name: name
    list: {tool: pods}
    read: {tool: pod, arguments: {of: "{namespace}/{name}"}}
    facts: {phase: status.phase}
operations:
  scale_deployment:
    target: pod
    summary: Set a number.
    call: {tool: scale, arguments: {name: "{name}", scale: "{replicas}"}}
    parameters: {replicas: {type: integer, minimum: 0, maximum: 10}}
    state: {replicas: spec.replicas}
"""


def loaded(folder: Path, text: str = SMALL) -> binding.Binding:
    file = folder / "small.yaml"
    file.write_text(text)
    return binding.load(str(file))


def test_every_shipped_binding_is_a_valid_one():
    names = [file.name.removesuffix(".yaml") for file in binding.SHIPPED.iterdir()]

    assert names
    assert [binding.load(name).name for name in names] == names


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("phase: status.phase", 'phase: "status.[phase"', "is no JMESPath"),
        ('of: "{namespace}/{name}"', 'of: "{nowhere}"', "nothing fills nowhere"),
        ("target: pod", "target: node", "there is no kind node"),
        ("about: For tests.", "about: For tests.\nmore: 1", "more"),
        ('scale: "{replicas}"', 'scale: "{count}"', "nothing fills count"),
    ],
)
def test_a_wrong_binding_is_told_where_it_is_wrong(
    tmp_path: Path, was: str, becomes: str, says: str
):
    with pytest.raises(InvalidRequest, match=says.replace("[", "\\[")):
        loaded(tmp_path, SMALL.replace(was, becomes))


def test_a_binding_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(InvalidRequest, match="kubernetes-mcp-server"):
        binding.load("nowhere")


def test_the_tools_that_read_and_those_that_write_are_known(tmp_path: Path):
    small = loaded(tmp_path)

    assert small.reading_tools == {"ping", "pods", "pod"}
    assert small.writing_tools == {"scale"}


def test_parameters_are_checked_strictly(tmp_path: Path):
    model = loaded(tmp_path).operations["scale_deployment"].model("scale_deployment")

    assert model.model_validate({"replicas": 3}).model_dump() == {"replicas": 3}
    for wrong in ({"replicas": "3"}, {"replicas": 11}, {}, {"replicas": 1, "more": 1}):
        with pytest.raises(ValueError, match="validation error"):
            model.model_validate(wrong)


def test_a_slot_alone_keeps_its_type_and_within_a_text_it_becomes_one():
    template = {"scale": "{replicas}", "what": "{name}={replicas}", "fixed": [1, "{name}"]}

    assert expressions.filled(template, {"replicas": 3, "name": "web"}) == {
        "scale": 3,
        "what": "web=3",
        "fixed": [1, "web"],
    }
    assert expressions.slots(template) == {"replicas", "name"}


def test_a_word_in_an_expression_is_a_word_and_nothing_else():
    found = expressions.value("[?name=='{name}'] | [0]", [{"name": "web"}], {"name": "web"})

    assert found == {"name": "web"}
    with pytest.raises(InvalidRequest):
        expressions.value("[?name=='{name}']", [], {"name": "x' || 'y"})


@pytest.mark.parametrize("said", [{"phase": {"a": 1}}, {"phase": [[1]]}])
def test_a_fact_that_is_no_plain_value_is_broken(said: object):
    with pytest.raises(Broken):
        expressions.fact("phase", said)


def test_an_answer_that_does_not_fit_is_broken():
    with pytest.raises(Broken):
        expressions.value("join('/', names)", {"names": 3})


def test_the_shipped_bindings_are_plain_yaml():
    for file in binding.SHIPPED.iterdir():
        assert yaml.safe_load(file.read_text("utf-8"))["about"]
