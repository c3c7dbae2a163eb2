"""`Notifier` that tells people over the log, which every installation has, and keeps a record in the journal."""

import structlog

from datacenter_docs.domain.audit import Entry, EntryKind
from datacenter_docs.domain.errors import Unavailable
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.journal import Journal
from datacenter_docs.ports.notices import Notice

log = structlog.get_logger(__name__)


class JournalingNotifier:
    """Logs a notice, urgent ones as errors, and journals that it was sent."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    async def notify(self, notice: Notice) -> None:
        tell = log.error if notice.urgent else log.warning
        tell(
            "notice",
            ticket_id=notice.ticket_id,
            subject=notice.subject,
            text=notice.text,
            urgent=notice.urgent,
        )
        body = {"subject": notice.subject, "urgent": notice.urgent}
        entry = Entry(
            kind=EntryKind.NOTICE_SENT, at=self._clock.now(), ticket_id=notice.ticket_id, body=body
        )
        try:
            await self._journal.append([entry])
        except Unavailable as error:
            log.warning("notice_not_journaled", ticket_id=notice.ticket_id, error=error.message)
