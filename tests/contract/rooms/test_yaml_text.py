"""What a third party's server, a binding or settings say in YAML breaks no reader."""

import pytest

from datacenter_mcp.yaml_text import loaded

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"
BROKEN = (
    "2026-99-99",
    "9" * 5_000,
    "!!bool maybe",
    "!!timestamp x",
    "!!float y",
    "? {a: b}\n: c",
    "[" * 5_000,
    "a: [",
    "*nobody",
)


@pytest.mark.parametrize("text", BROKEN)
@pytest.mark.parametrize("aliases", [True, False])
def test_what_is_none_is_a_value_error(text: str, aliases: bool):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        loaded(text, aliases=aliases)


def test_an_answer_has_no_aliases_and_an_owners_file_may():
    assert loaded(BOMB, aliases=True)["c"][0][0] == ["x", "x"]
    with pytest.raises(ValueError, match="alias"):
        loaded(BOMB, aliases=False)


def test_json_is_yaml():
    assert loaded('{"a": [1, null]}', aliases=False) == {"a": [1, None]}
