"""No secret is committed: patterns that are hardly ever anything else, over every file of the repository."""

import re

import pytest
from tests.architecture.repository import committed, name_of

PATTERNS = {
    "an API token of this product": r"dcdocs_[0-9a-f]{12}_[0-9a-f]{64}",
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*[A-Za-z0-9+/=]{20}",
    "a key of a cloud": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b",
    "a token of a code host": r"\bgh[pousr]_[0-9A-Za-z]{36}\b|\bgithub_pat_[0-9A-Za-z_]{60,}|\bglpat-[0-9A-Za-z_-]{20}",
    "a token of a chat": r"\bxox[abprs]-[0-9A-Za-z-]{20,}|hooks\.slack\.com/services/T\w+/B\w+/\w+",
    "a key of a model": r"\bsk-ant-[0-9A-Za-z_-]{30,}|\bsk-(?:proj-)?[0-9A-Za-z]{40,}",
    "a token of a package registry": r"\bnpm_[0-9A-Za-z]{36}\b|\bpypi-[0-9A-Za-z_-]{50,}",
    "a signed token": r"\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{20,}",
    "a password in a URL": r"\b[a-z][a-z0-9+]{2,}://[^\s:/@'\"<>{}]+:[^\s@/'\"<>{}$]{3,}@[\w.]*\w\.(?:com|net|org|io)\b",
}
FOUND = re.compile("|".join(f"(?:{pattern})" for pattern in PATTERNS.values()))
SAMPLES = (
    "dcdocs_" + "0a" * 6 + "_" + "0f" * 32,
    "-----BEGIN " + "PRIVATE KEY-----\n" + "MIIE" * 8,
    "-----BEGIN RSA " + "PRIVATE KEY-----\n" + "MIIE" * 8,
    "AK" + "IA" + "Z" * 16,
    "AI" + "za" + "q" * 35,
    "gh" + "p_" + "a" * 36,
    "gl" + "pat-" + "a" * 20,
    "xo" + "xb-" + "1" * 24,
    "sk-" + "ant-" + "a" * 40,
    "npm" + "_" + "b" * 36,
    "py" + "pi-" + "c" * 60,
    "ey" + "J" + "a" * 12 + ".ey" + "J" + "b" * 12 + "." + "c" * 24,
    "https" + "://ann:hunter2@git.example" + ".com/x",
)
"""Put together here, so that this file holds none."""


def test_no_file_holds_a_secret():
    found = [
        f"{name_of(path)}: {hit.group()[:12]}..."
        for path in committed()
        for hit in FOUND.finditer(path.read_text("utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize("text", SAMPLES)
def test_the_guard_sees_a_secret(text: str):
    assert FOUND.search(f"token = '{text}'")


@pytest.mark.parametrize(
    "text",
    ["dcdocs_...", "env:NAME", "-----BEGIN PUBLIC KEY-----\nMIIB", "sk-test-key",
     "postgresql://dcdocs@db.example/dcdocs", "sha512-" + "a" * 60, "0" * 64],
)  # fmt: skip
def test_the_guard_takes_nothing_else_for_one(text: str):
    assert not FOUND.search(text)
