"""What every step does with failures."""

from datacenter_docs.domain.errors import NotFound, Unavailable
from datacenter_docs.workflows import steps


class Work:
    """Raises what it is given, in turn, then answers."""

    def __init__(self, *raised: Exception) -> None:
        self.raised = list(raised)
        self.calls = 0

    async def __call__(self) -> steps.Wire:
        self.calls += 1
        if self.raised:
            raise self.raised.pop(0)
        return {"done": True}


async def test_a_database_that_is_away_is_waited_for_however_long(monkeypatch):
    monkeypatch.setattr(steps, "MAX_WAIT_SECONDS", 0.001)
    work = Work(*[Unavailable("away")] * 50)

    assert await steps.guarded("act", "T-1", work) == {"done": True}
    assert work.calls == 51


async def test_what_no_retry_helps_is_told_and_not_tried_again():
    work = Work(NotFound("There is no ticket T-1."))

    assert await steps.guarded("act", "T-1", work) == {"error": "There is no ticket T-1."}
    assert work.calls == 1


async def test_a_bug_ends_the_ticket_and_not_the_worker(capsys):
    answer = await steps.guarded("act", "T-1", Work(KeyError("secret")))

    assert answer["error"].startswith("act broke: KeyError.")
    assert "secret" not in answer["error"]
