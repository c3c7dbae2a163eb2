"""The shelf of raw answers: bounded, cut where they are long, and given out without secrets."""

import hashlib
import random

import pytest

from datacenter_mcp.contract.redaction import BLOT, redacted
from datacenter_mcp.shelf import BODY_LIMIT, BUNCH_LIMIT, Shelf, keeping_on, kept


def noise(size: int, seed: int) -> str:
    """Text that does not compress well."""
    return random.Random(seed).randbytes(size // 2).hex()


def shelved(shelf: Shelf, *texts: str) -> list[str]:
    with keeping_on(shelf):
        return [kept(text) for text in texts]


def test_a_raw_answer_comes_back_as_it_was():
    shelf = Shelf()
    [sha256] = shelved(shelf, "interfaces: ü")
    [payload] = shelf.bunch([sha256]).payloads

    assert sha256 == hashlib.sha256("interfaces: ü".encode()).hexdigest()
    assert (payload.body, payload.size_bytes, payload.cut, payload.redactions) == (
        "interfaces: ü", 14, False, 0,
    )  # fmt: skip


def test_without_a_shelf_nothing_is_kept():
    shelf = Shelf()
    sha256 = kept("text")

    assert shelf.bunch([sha256]).gone == [sha256]


def test_a_long_answer_is_cut_and_says_so():
    shelf = Shelf()
    text = "x" * (BODY_LIMIT + 1)
    [payload] = shelf.bunch(shelved(shelf, text)).payloads

    assert (len(payload.body), payload.size_bytes, payload.cut) == (BODY_LIMIT, len(text), True)


def test_half_a_surrogate_is_no_reason_to_fail():
    shelf = Shelf()

    assert shelf.bunch(shelved(shelf, "a\ud800b")).payloads[0].body == "a?b"


def test_what_does_not_fit_is_asked_for_again():
    shelf = Shelf()
    hashes = shelved(shelf, *(noise(BUNCH_LIMIT - 8, seed) for seed in range(3)))
    bunch = shelf.bunch(hashes)

    assert [payload.sha256 for payload in bunch.payloads] == hashes[:2]
    assert bunch.later == hashes[2:]


def test_the_oldest_make_room():
    shelf = Shelf(capacity_bytes=10_000)
    hashes = shelved(shelf, *(noise(4_000, seed) for seed in range(6)))
    bunch = shelf.bunch(hashes)
    left = len(bunch.payloads)

    assert 0 < left < 6
    assert [payload.sha256 for payload in bunch.payloads] == hashes[-left:]
    assert bunch.gone == hashes[:-left]


SECRETS = {
    "json": '{"user": "ops", "password": "hunter2"}',
    "nested json": r'{"annotation": "{\"password\": \"hunter2\"}"}',
    "yaml": "password: hunter2",
    "environment": "DB_PASSWORD=hunter2",
    "a variable": '{"name": "API_TOKEN", "value": "hunter2"}',
    "xml": "<adminPassword>hunter2</adminPassword>",
    "camel case": '{"clientSecret":"hunter2"}',
    "ios type 7": "username ops password 7 hunter2",
    "ios secret": "enable secret 5 hunter2",
    "snmp": "snmp-server community hunter2 RO",
    "bgp": " neighbor 10.0.0.1 password hunter2",
    "ospf": "ip ospf message-digest-key 1 md5 hunter2",
    "url": "nfs://ops:hunter2@nas1/export",
    "bearer": "Authorization: Bearer hunter2hunter2hunter2",
    "key": "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----",
    "half a key": "-----BEGIN PRIVATE KEY-----\\nhunter2",
    "crypt": "root:$6$hunter2hunter2$hunter2:19000::",
}


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_blotted_out_and_counted(name: str):
    text, count = redacted(SECRETS[name])

    assert "hunter2" not in text
    assert BLOT in text
    assert count == 1
    assert redacted(text) == (text, 0)


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "web", "cpu_count": 4, "state": "running"}',
        '{"automountServiceAccountToken": false, "tokenExpirationSeconds": 3600}',
        '{"resourceVersion": "12345", "uid": "4c4c4544-0038-4d10-8051-b7c04f4b3232"}',
        "interface eth1\n description to sw1 port 7\n no shutdown",
        "http://10.0.0.1:8080/path?x=1",
        "2: eth0: <BROADCAST,UP> mtu 1500 link/ether 02:00:00:00:00:01",
    ],
)
def test_what_is_no_secret_stays(text: str):
    assert redacted(text) == (text, 0)


def test_a_long_text_is_searched_quickly():
    text = noise(BODY_LIMIT, 1) + '"token": "hunter2"' + "a" * BODY_LIMIT

    assert redacted(text)[1] == 1
