"""Credentials that a server repeats are taken out by their very values, and nothing else is."""

import pytest

from datacenter_docs.adapters.platforms.blotting import without
from datacenter_docs.adapters.platforms.estate_file import Connection, secret_references
from datacenter_docs.domain.ids import Platform

SECRET = "s3cr3t-of-the-switch"


def test_a_known_secret_is_taken_out_of_keys_and_texts_at_any_depth():
    said = {"a": [f"login with {SECRET}", {SECRET: [SECRET]}], "n": 7, "none": None}

    assert without(said, [SECRET]) == {
        "a": ["login with [redacted]", {"[redacted]": ["[redacted]"]}],
        "n": 7,
        "none": None,
    }


@pytest.mark.parametrize(
    "secret", ['quote"and\\slash', "line\nend", "gehe\u0131m-\U0001f511", "half\ud800pair"]
)
@pytest.mark.parametrize("other", ["", "\ud800"])
def test_a_secret_is_found_however_json_writes_it(secret: str, other: str):
    assert without({"a": [other, f"x{secret}y"]}, [secret]) == {"a": [other, "x[redacted]y"]}


def test_what_holds_none_comes_back_as_it_is():
    said = {"a": [{"b": "c"}]}

    assert without(said, [SECRET]) is said


def test_a_secret_that_is_a_short_word_is_left_in_since_it_stands_in_every_text():
    said = {"id": "network:lab:interface:r1/eth1"}

    assert without(said, ["lab", ""]) is said


def test_references_under_telling_names_are_credentials_and_others_are_not():
    connection = Connection(
        name="lab", platform=Platform.NETWORK, server="external", transport="http", url="http://127.0.0.1:1/mcp",
        token="env:A", environment={"API_KEY": "env:B", "REGION": "env:NO"},
        settings={"devices": [{"password": "env:C", "community": "file:d", "username": "env:NO"}], "note": "env:NO"},
    )  # fmt: skip

    assert list(secret_references(connection)) == ["env:A", "env:B", "env:C", "file:d"]
