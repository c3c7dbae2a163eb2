"""`up`, `serve` and `worker` as processes: how they start, stop, refuse and go on."""

import signal
import socket
import sqlite3
import threading
from pathlib import Path

import httpx2
import pytest
from tests.integration.api.product import (
    estate_file,
    running,
    settled,
    submitted,
    until,
)
from tests.integration.api.surveyed import surveying
from tests.integration.cli.commands import dcdocs
from tests.peers.postgres import PostgresServer


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order_even_with_a_reader_and_the_next_start_goes_on(
    tmp_path: Path, number: signal.Signals
) -> None:
    with running(tmp_path) as first, httpx2.Client(base_url=first.url, timeout=30) as client:
        submitted(client, "P-1", category="general")

        def read() -> None:
            try:
                httpx2.get(f"{first.url}/api/v1/tickets/P-1/events", timeout=30)
            except httpx2.TransportError:
                return

        reader = threading.Thread(target=read)
        reader.start()
        code = first.stop(number)
        reader.join(10)
        assert code == 0
        assert "Traceback" not in first.errors.read_text(encoding="utf-8")
    with running(tmp_path) as second, httpx2.Client(base_url=second.url) as client:
        assert settled(client, "P-1")["status"] == "proposed"
        assert client.get("/api/v1/audit/verify").json()["ok"] is True


def test_a_signal_in_the_middle_of_a_survey_ends_it_without_a_word(tmp_path: Path) -> None:
    with surveying(tmp_path, size=2_000) as product:
        with httpx2.Client(base_url=product.url, timeout=30) as client:
            begun = until(lambda: client.get("/api/v1/surveys").json()["items"], bool)
        code = product.stop(signal.SIGINT)
        said = product.errors.read_text(encoding="utf-8")

    assert begun[0]["finished_at"] is None
    assert (code, said) == (0, "")


def test_a_second_one_on_the_same_data_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with running(tmp_path):
        estate = str(estate_file(tmp_path))
        said = dcdocs("up", "--port", "0", "--data-dir", str(tmp_path), "--estate", estate)

    assert said.code == 4
    assert "Another process works in" in said.err
    assert len(said.err.splitlines()) == 1


def test_a_port_in_use_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = dcdocs("up", "--port", port, "--data-dir", str(tmp_path / "data"))

    assert said.code == 4
    assert f"port {port}" in said.err
    assert len(said.err.splitlines()) == 1
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
@pytest.mark.parametrize("command", ["up", "serve"])
def test_an_address_that_others_can_reach_is_refused(
    tmp_path: Path, command: str, host: str
) -> None:
    said = dcdocs(command, "--host", host, "--data-dir", str(tmp_path / "data"))

    assert said.code == 4
    assert "--host 127.0.0.1" in said.err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("connections: [\n", "estate.yaml:2: is not valid YAML"),
        (
            "connections:\n  - name: Bad Name\n    platform: network\n",
            "estate.yaml:2: connections[0].name",
        ),
        (
            "connections:\n  - name: a\n    platform: moon\n",
            "estate.yaml:3: connections[0].platform",
        ),
        (
            "connections:\n  - name: a\n    platform: network\n    settings:\n      password: x\n",
            "estate.yaml:5: connections[0].settings.password: holds a secret",
        ),
        ("7", "estate.yaml:1: must begin with `connections:`"),
    ],
)
def test_a_broken_estate_file_is_told_with_file_and_line(
    tmp_path: Path, text: str, told: str
) -> None:
    estate = str(estate_file(tmp_path, text))
    said = dcdocs("up", "--port", "0", "--data-dir", str(tmp_path / "d"), "--estate", estate)

    assert said.code == 2
    assert told in said.err


def test_an_estate_file_that_is_not_there_is_wrong_input(tmp_path: Path) -> None:
    said = dcdocs("up", "--data-dir", str(tmp_path), "--estate", str(tmp_path / "none.yaml"))

    assert said.code == 2
    assert "none.yaml" in said.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUTO_REMEDIATION_MIN_RELIABILITY", "120"),
        ("AUTO_REMEDIATION_ENABLED", "perhaps"),
        ("DATACENTER_DOCS_MAX_BODY_BYTES", "lots"),
        ("DATACENTER_DOCS_WEIGHT_PATTERN_MATCH", "0.9"),
        ("DATACENTER_DOCS_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    said = dcdocs("up", "--port", "0", "--data-dir", str(tmp_path), **{name: value})

    assert said.code == 2
    assert name in said.err or "DATACENTER_DOCS_WEIGHT_" in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    [("ticket", "list"), ("audit", "verify"), ("ticket", "watch", "x"), ("kill-switch", "on")],
)
def test_no_server_is_exit_code_5_and_says_how_to_start_one(command: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
    said = dcdocs(*command, url=url)

    assert said.code == 5
    assert "dcdocs up" in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize(
    "url", ["nonsense", "http://", "ftp://127.0.0.1", "http://[", "http://a b"]
)
def test_a_url_that_is_none_is_told_in_a_sentence(url: str) -> None:
    said = dcdocs("ticket", "list", url=url)

    assert said.code in (2, 5)
    assert len(said.err.splitlines()) == 1


def test_a_journal_that_was_changed_is_found_without_a_server(tmp_path: Path) -> None:
    with running(tmp_path) as up, httpx2.Client(base_url=up.url) as client:
        submitted(client, "P-2")
        up.stop()
    sound = dcdocs("audit", "verify", "--data-dir", str(tmp_path))
    with sqlite3.connect(tmp_path / "datacenter-docs.sqlite") as database:
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute("UPDATE journal SET actor = 'nobody' WHERE seq = 1")
    database.close()
    changed = dcdocs("audit", "verify", "--data-dir", str(tmp_path))

    assert (sound.code, changed.code) == (0, 6)
    assert "DOES NOT HOLD at record 1" in changed.out


def test_no_journal_is_not_a_sound_one(tmp_path: Path) -> None:
    said = dcdocs("audit", "verify", "--data-dir", str(tmp_path / "typo"))

    assert said.code == 3
    assert "There is no journal" in said.err
    assert not (tmp_path / "typo").exists()


def test_api_and_worker_share_the_work_over_one_postgresql(
    tmp_path: Path, postgres: PostgresServer, postgres_url: str
) -> None:
    settings = {
        "DATACENTER_DOCS_DATABASE_URL": postgres_url.replace("postgresql:", "postgresql+psycopg:"),
        "DATACENTER_DOCS_WORKER_ID": "w1",
    }
    api, work = tmp_path / "api", tmp_path / "work"
    api.mkdir()
    work.mkdir()
    with (
        running(api, command="serve", settings=settings) as serve,
        httpx2.Client(base_url=serve.url, timeout=30) as client,
    ):
        client.post("/api/v1/tickets", json={"ticket_id": "P-3", "description": "x"})
        assert client.get("/api/v1/tickets/P-3").json()["status"] == "received"
        with running(work, command="worker", settings=settings) as worker:
            assert settled(client, "P-3")["status"] == "proposed"
            submitted(client, "P-4")
            assert worker.stop() == 0
        client.post("/api/v1/tickets", json={"ticket_id": "P-5", "description": "x"})
        with running(work, command="worker", settings=settings) as worker:
            assert settled(client, "P-5")["status"] == "proposed"
            assert worker.stop(signal.SIGINT) == 0
        assert client.get("/api/v1/audit/verify").json()["ok"] is True
        assert serve.stop() == 0


def test_the_rooms_can_be_served_by_hand() -> None:
    said = dcdocs("mcp", "serve", "--help")

    assert said.code == 0
    assert "--connection" in said.out
