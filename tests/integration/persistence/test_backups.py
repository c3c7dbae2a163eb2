"""Backups are of one moment though others write, and are brought back whole or not at all, on both databases."""

import asyncio
import gzip
import io
import sqlite3
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.peers.databases import opened

from datacenter_docs.adapters.clock import SystemClock
from datacenter_docs.adapters.persistence.anchors import AnchorFile
from datacenter_docs.adapters.persistence.backups import archive, keeping, snapshots
from datacenter_docs.adapters.persistence.backups.archive import Manifest
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.journal import SqlJournal
from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.errors import Invalid, NotFound, Refused

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
TIMES = 3
"""Backups that are made while others write."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A data folder beside the database."""
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> str:
    """Where nothing is yet, of the same kind as the database."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'elsewhere' / 'test.db'}"  # not in the data folder
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


def made(url: str, place: Path, target: Path) -> Manifest:
    return keeping.back_up(url, place / "workflows.sqlite", place / "anchors.jsonl", target, NOW)


def journal(database: Database, place: Path) -> SqlJournal:
    return SqlJournal(database, AnchorFile(place / "anchors.jsonl"), SystemClock())


def entry(number: int) -> Entry:
    return Entry(kind=EntryKind.NOTICE_SENT, at=NOW, body={"number": number})


async def test_a_copy_is_of_one_moment_though_others_write(
    database: Database, database_url: str, empty_url: str, place: Path, tmp_path: Path
):
    kept, stop = journal(database, place), asyncio.Event()

    async def write() -> int:
        number = 0
        while not stop.is_set():
            await kept.append([entry(number), entry(number)])  # two in each transaction
            await kept.anchor()
            number += 1
        return number

    writing = asyncio.create_task(write())
    manifests = []
    for number in range(TIMES):
        target = tmp_path / f"{number}.tar.gz"
        manifests.append(await asyncio.to_thread(made, database_url, place, target))
    stop.set()
    written = await writing

    records = [one.records for one in manifests]
    assert records == sorted(set(records)), "nobody wrote meanwhile"
    assert records[-1] <= 2 * written
    assert not any(number % 2 for number in records), "half a transaction"
    target = tmp_path / "restored"
    keeping.bring_back(tmp_path / f"{TIMES - 1}.tar.gz", empty_url, target)
    with opened(empty_url) as restored:
        report = await journal(restored, target).verify()
    assert report.ok, report.reason
    assert (report.records, report.head_hash) == (records[-1], manifests[-1].head_hash)


def test_nobody_writes_between_the_beginnings_of_two_readers(
    sqlite_url: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Or else the workflows would know of what the product's file does not."""
    database, workflows = Path(sqlite_url.removeprefix("sqlite:///")), place / "workflows.sqlite"
    with closing(sqlite3.connect(workflows)) as own:
        own.execute("CREATE TABLE done (key)")
    turned_away: list[str] = []

    def write_to_both(statement: str) -> None:
        if statement != "BEGIN":
            return
        with closing(sqlite3.connect(database, timeout=0)) as first, closing(sqlite3.connect(workflows)) as then:  # fmt: skip
            try:
                first.execute("DELETE FROM requests")
            except sqlite3.OperationalError as error:
                turned_away.append(str(error))
                return
            first.commit()
            then.execute("INSERT INTO done VALUES (1)")
            then.commit()

    def connected(file: Path) -> sqlite3.Connection:
        connection = _connected(file)
        if file == workflows:  # the reader of the product's file has begun before
            connection.set_trace_callback(write_to_both)
        return connection

    _connected = snapshots._connected
    monkeypatch.setattr(snapshots, "_connected", connected)
    made(sqlite_url, place, tmp_path / "one.tar.gz")
    keeping.bring_back(tmp_path / "one.tar.gz", f"sqlite:///{tmp_path}/to/t.db", tmp_path / "to")

    assert turned_away == ["database is locked"]
    with closing(sqlite3.connect(tmp_path / "to" / "workflows.sqlite")) as copied:
        assert copied.execute("SELECT count(*) FROM done").fetchone() == (0,)


async def test_nothing_is_written_over(
    database: Database, database_url: str, place: Path, tmp_path: Path
):
    await journal(database, place).append([entry(1)])
    target = tmp_path / "one.tar.gz"
    made(database_url, place, target)
    before = target.read_bytes()

    with pytest.raises(Refused, match="there already"):
        made(database_url, place, target)
    with pytest.raises(Refused, match=r"there already|holds data already"):
        keeping.bring_back(target, database_url, tmp_path)

    assert target.read_bytes() == before
    assert [one for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_where_nothing_is_there_is_nothing_to_back_up(tmp_path: Path):
    with pytest.raises(NotFound, match="does not exist"):
        made(f"sqlite:///{tmp_path / 'none.db'}", tmp_path, tmp_path / "one.tar.gz")
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_a_journal_is_nothing_to_back_up(
    empty_postgres_url: str, tmp_path: Path
):
    with pytest.raises(NotFound, match="no journal"):
        made(empty_postgres_url, tmp_path, tmp_path / "one.tar.gz")


def test_a_backup_goes_back_to_its_own_kind(
    sqlite_url: str, empty_postgres_url: str, place: Path, tmp_path: Path
):
    made(sqlite_url, place, tmp_path / "one.tar.gz")

    with pytest.raises(Invalid, match="of sqlite"):
        keeping.bring_back(tmp_path / "one.tar.gz", empty_postgres_url, tmp_path / "to")


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.95, 0.995])
def test_what_was_cut_is_not_brought_back(
    sqlite_url: str, place: Path, tmp_path: Path, part: float
):
    made(sqlite_url, place, tmp_path / "one.tar.gz")
    body = (tmp_path / "one.tar.gz").read_bytes()

    (tmp_path / "cut.tar.gz").write_bytes(body[: int(len(body) * part)])
    with pytest.raises(Invalid):
        keeping.bring_back(
            tmp_path / "cut.tar.gz", f"sqlite:///{tmp_path}/to/t.db", tmp_path / "to"
        )
    assert not any((tmp_path / "to").glob("*"))


def test_every_changed_byte_is_found(tmp_path: Path):
    """Also in what lies between the files. A few bits of gzip say nothing: with any value of them the content is the same."""
    with forged(tmp_path, {"database.sqlite": b"x" * 1_000, "anchors.jsonl": b"y"}) as file:
        whole = file.read_bytes()
    found = 0
    for at in range(len(whole)):
        changed = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        if _is_the_same(changed, whole):
            continue
        file.write_bytes(changed)
        with pytest.raises(Invalid):
            keeping.bring_back(file, f"sqlite:///{tmp_path / 'to' / 'test.db'}", tmp_path / "to")
        found += 1
    assert found > len(whole) * 0.9


def _is_the_same(changed: bytes, whole: bytes) -> bool:
    try:
        return gzip.decompress(changed) == gzip.decompress(whole)
    except (OSError, EOFError, zlib.error):
        return False


@pytest.mark.parametrize("name", ["../escaped", "/escaped", ".hidden", "a/b"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str):
    with forged(tmp_path, {name: b"x"}) as file, pytest.raises(Invalid, match="leads elsewhere"):
        keeping.bring_back(file, f"sqlite:///{tmp_path / 'to' / 'test.db'}", tmp_path / "to")
    assert not (tmp_path / "escaped").exists()


def test_another_file_than_the_manifest_says_is_refused(tmp_path: Path):
    with (
        forged(tmp_path, {"database.sqlite": b"x"}, {"database.sqlite": "0" * 64}) as file,
        pytest.raises(Invalid, match="damaged"),
    ):
        keeping.bring_back(file, f"sqlite:///{tmp_path / 'to' / 'test.db'}", tmp_path / "to")


@pytest.mark.parametrize(
    "body",
    [b"", b"no archive", gzip.compress(b"no tar", mtime=0), b"\x1f\x8b"],
    ids=["empty", "no archive", "no tar", "cut"],
)
def test_what_is_no_backup_is_said_to_be_none(tmp_path: Path, body: bytes):
    (tmp_path / "file").write_bytes(body)

    with pytest.raises(Invalid, match="backup"):
        keeping.bring_back(tmp_path / "file", f"sqlite:///{tmp_path / 't.db'}", tmp_path / "to")


def test_a_backup_and_what_is_brought_back_are_for_their_owner_alone(
    sqlite_url: str, place: Path, tmp_path: Path
):
    made(sqlite_url, place, tmp_path / "one.tar.gz")
    keeping.bring_back(
        tmp_path / "one.tar.gz", f"sqlite:///{tmp_path}/to/test.db", tmp_path / "to"
    )

    for path in (tmp_path / "one.tar.gz", tmp_path / "to", *(tmp_path / "to").iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path


@contextmanager
def forged(
    folder: Path, bodies: dict[str, bytes], hashes: dict[str, str] | None = None
) -> Iterator[Path]:
    """A file that somebody made by hand."""
    own = folder / "own"
    told: dict[str, Any] = {}
    for number, (name, body) in enumerate(bodies.items()):
        own.mkdir(exist_ok=True)
        (own / str(number)).write_bytes(body)
        told[name] = archive.digest(own / str(number))
    manifest = Manifest(
        made_by="x", made_at=NOW, database="sqlite", records=0, head_hash="", files=hashes or told
    )
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, body in {
            archive.MANIFEST: manifest.model_dump_json().encode(),
            **bodies,
        }.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    (folder / "forged.tar.gz").write_bytes(buffer.getvalue())
    yield folder / "forged.tar.gz"
