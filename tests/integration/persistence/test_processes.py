"""What holds when several processes use one database."""

from tests.fakes.storage import Storage
from tests.integration.persistence.processes import run_together
from tests.integration.persistence.worker import LIMIT


async def test_two_processes_append_to_one_chain_without_gaps(database_url: str, storage: Storage):
    first, second = run_together("append", database_url, 200)
    report = await storage.journal.verify()

    assert sorted(int(seq) for seq in first + second) == [*range(1, 401)]
    assert report.ok
    assert report.records == 400


def test_two_processes_never_exceed_the_rate_limit(database_url: str):
    first, second = run_together("reserve", database_url, 40)

    assert len(first) + len(second) == LIMIT.per_hour


def test_two_processes_never_hold_the_same_resource(database_url: str):
    outputs = run_together("lock", database_url, 60)
    resources = [
        resource
        for output in outputs
        for number in output
        for resource in (int(number), int(number) + 1)
    ]

    assert resources
    assert len(resources) == len(set(resources))


def test_two_processes_may_open_a_new_database_at_once(tmp_path, empty_postgres_url: str):
    for url in (f"sqlite:///{tmp_path / 'new' / 'data.db'}", empty_postgres_url):
        first, second = run_together("append", url, 5)

        assert sorted(int(seq) for seq in first + second) == [*range(1, 11)]
