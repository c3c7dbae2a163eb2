"""What an auditor gets: a signed export, and a program that needs nothing of ours."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from tests.integration.api.product import running, submitted
from tests.integration.cli.commands import Command, dcdocs

OPENSSL = shutil.which("openssl")


def alone(program: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """A Python that sees no installed package."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(program), *map(str, arguments)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "verify_journal.py"
    assert dcdocs("audit", "verifier", "--output", str(path)).code == 0
    return path


def test_an_export_is_verified_without_the_product(cli: Command, client: httpx2.Client, program: Path, tmp_path: Path):  # fmt: skip
    submitted(client, "AUD-1")
    journal = tmp_path / "journal.jsonl"
    exported = cli("audit", "export", "--output", str(journal))
    held = alone(program, journal)
    journal.write_text(journal.read_text().replace("AUD-1", "AUD-2", 1))
    changed = alone(program, journal)

    assert exported.code == 0
    assert (held.returncode, held.stderr) == (0, "")
    assert held.stdout.startswith("The journal holds: ")
    assert changed.returncode == 6
    assert "was changed" in changed.stdout


def test_the_database_is_verified_without_the_product_with_the_anchors(tmp_path: Path, program: Path):  # fmt: skip
    data = tmp_path / "data"
    data.mkdir()
    with running(data) as up, httpx2.Client(base_url=up.url) as client:
        submitted(client, "AUD-3")
        up.stop()
    arguments = (data / "datacenter-docs.sqlite", "--anchors", data / "anchors.jsonl")
    held = alone(program, *arguments)
    with sqlite3.connect(data / "datacenter-docs.sqlite") as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():  # fmt: skip
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)")
    database.close()
    cut = alone(program, *arguments)

    assert held.returncode == 0, held.stdout + held.stderr
    assert cut.returncode == 6
    assert "the end is missing" in cut.stdout


@pytest.mark.skipif(OPENSSL is None, reason="there is no openssl: apt install openssl")
def test_a_signature_holds_by_openssl_until_the_export_is_changed(cli: Command, client: httpx2.Client, tmp_path: Path):  # fmt: skip
    submitted(client, "AUD-4")
    key, public, journal = (tmp_path / name for name in ("key.pem", "key.pub", "journal.jsonl"))
    assert OPENSSL is not None
    subprocess.run([OPENSSL, "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
    subprocess.run([OPENSSL, "pkey", "-in", key, "-pubout", "-out", public], check=True)
    said = cli("audit", "export", "--output", str(journal), "--sign-with", f"file:{key}")
    manifest = tmp_path / "journal.jsonl.sha256"
    check = [OPENSSL, "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in", manifest, "-sigfile", f"{manifest}.sig"]  # fmt: skip
    signed = subprocess.run(check, check=False, capture_output=True).returncode
    summed = subprocess.run(["sha256sum", "-c", manifest.name], cwd=tmp_path, check=False, capture_output=True).returncode  # fmt: skip
    manifest.write_text(manifest.read_text().replace("a", "b", 1))
    forged = subprocess.run(check, check=False, capture_output=True).returncode

    assert said.code == 0, said.err
    assert (signed, summed) == (0, 0)
    assert forged != 0


@pytest.mark.parametrize("reference", ["file:/nowhere/key.pem", "env:NO_SUCH_KEY", "plain"])
def test_a_key_that_cannot_be_used_is_a_sentence_and_nothing_is_written(cli: Command, reference: str, tmp_path: Path):  # fmt: skip
    journal = tmp_path / "journal.jsonl"
    said = cli("audit", "export", "--output", str(journal), "--sign-with", reference)

    assert said.code == 2
    assert len(said.err.splitlines()) == 1
    assert not journal.exists()
