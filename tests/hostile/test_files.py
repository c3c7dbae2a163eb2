"""Files that are none: whatever stands in an estate file or a runbook, the answer is a value, or a sentence that names the file."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from datacenter_docs.adapters.platforms import estate_file
from datacenter_docs.adapters.reasoning import library
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.policy import Policy

EXAMPLES = 300
ODD = st.sampled_from([
    "2026-99-99", "0x", "1e999", ".nan", ".inf", "-.inf", "!!int x", "!!float y", "!!binary z", "!!python/object:os.x {}",
    "&a [*a]", "*nobody", "<<: 7", "? [a, b]\n: c", "{a: 1, a: 2}", "---\n---", "...\n", "\t", "%YAML 9.9", "@", "`", "|", ">",
    "!!timestamp 1", "!!set {a, b}", "!!omap [a: 1]", "!!pairs [a: 1]", "0o8", "1:60:60", "~", "- - - -", "'", '"\\x', "\ufeff", "\x00",
    "\x85", "\u2028", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "{" * 50, "[" * 2_000, "a: " * 400, "x" * 100_000,
    "12345678901234567890123456789012345678901234567890", "!!int '9" + "9" * 5_000 + "'", "9" * 5_000,
])  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.dates()
)
NESTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.integers() | st.none() | st.booleans(), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
ESTATE: dict[str, Any] = {
    "connections": [
        {"name": "lab", "platform": "network", "allow_writes": True, "timeout_seconds": 5,
         "settings": {"devices": [{"name": "r1", "host": "10.0.0.1", "password": "env:LAB"}]}},
        {"name": "mcp", "platform": "vmware", "server": "external", "transport": "http", "url": "https://x.example/mcp", "token": "env:T"},
    ]
}  # fmt: skip
RUNBOOK: dict[str, Any] = yaml.safe_load(
    next(iter(sorted(library.SHIPPED.glob("*.yaml")))).read_text("utf-8")
)


def places(data: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a nest."""
    found = [above] if above else []
    items = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    return found + [place for key, value in items for place in places(value, (*above, key))]


def changed(data: Any, place: tuple[Any, ...], value: Any) -> Any:
    """The nest with something else in one place."""
    key, *rest = place
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[key] = changed(copy[key], tuple(rest), value) if rest else value
    return copy


def spoiled(valid: dict[str, Any]) -> st.SearchStrategy[str]:
    """A valid file with one thing in it replaced by anything."""
    return st.builds(
        lambda place, value: yaml.safe_dump(changed(valid, place, value), allow_unicode=True),
        st.sampled_from(places(valid)),
        NESTS,
    )


def broken(valid: dict[str, Any]) -> st.SearchStrategy[str]:
    """The text of a valid file with something odd put in anywhere."""
    text = yaml.safe_dump(valid)
    return st.builds(
        lambda at, odd: text[:at] + odd + text[at:],
        st.integers(0, len(text)),
        ODD | st.text(max_size=9),
    )


def files(valid: dict[str, Any]) -> st.SearchStrategy[bytes]:
    texts = st.one_of(
        ODD, st.text(max_size=200), NESTS.map(lambda one: yaml.safe_dump(one, allow_unicode=True)), spoiled(valid), broken(valid),
        st.builds("connections: {}".format, ODD), st.builds("summary: {}\nname: x".format, ODD),
    )  # fmt: skip
    return texts.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=60)


def told(load: Callable[[Path], Any], path: Path, content: bytes) -> str | None:
    """What is said about a file; None: it is good. Anything but `Invalid` fails the test."""
    path.write_bytes(content)
    try:
        load(path)
    except Invalid as error:
        return error.message
    return None


@settings(
    max_examples=EXAMPLES,
    deadline=5_000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(content=files(ESTATE))
def test_an_estate_file_is_good_or_each_mistake_names_file_and_line(
    tmp_path: Path, content: bytes
):
    path = tmp_path / "datacenter.yaml"
    said = told(estate_file.load, path, content)

    assert said is None or said.startswith(str(path))
    if said and "cannot be read" not in said:
        assert re.match(rf"{re.escape(str(path))}:\d+: ", said), said
    assert said is None or len(said) < 200_000


@settings(
    max_examples=EXAMPLES,
    deadline=5_000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(content=files(RUNBOOK))
def test_a_runbook_is_good_or_its_mistake_names_the_file(tmp_path: Path, content: bytes):
    path = tmp_path / "own.yaml"
    said = told(library.read, path, content)

    assert said is None or said.startswith(f"{path}: ")


@settings(max_examples=EXAMPLES, deadline=5_000, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.sampled_from(sorted(Policy.model_fields)), value=NESTS)
def test_a_policy_is_good_or_each_mistake_names_its_field(place: str, value: Any):
    named: set[Any] = set()
    try:
        Policy.model_validate({"name": "p", "category": "network", place: value}).content_hash  # noqa: B018
    except ValidationError as error:
        named = {one["loc"][0] for one in error.errors()}

    assert named <= {place}


@pytest.mark.parametrize(
    "content",
    [
        b"connections: [{name: lab, platform: network, timeout_seconds: 2026-99-99}]",
        b"connections: " + b"[" * 5_000,
        b"a: &a [*a, *a]\nconnections: *a",
        b"connections:\n" + b"".join(b" " * n + b"- \n" for n in range(400)),
        b"connections: " + b"9" * 5_000,
    ],
)
@pytest.mark.parametrize("load", [estate_file.load, library.read])
def test_files_that_break_their_reader(
    tmp_path: Path, load: Callable[[Path], Any], content: bytes
):
    path = tmp_path / "x.yaml"
    said = told(load, path, content)

    assert said
    assert str(path) in said
