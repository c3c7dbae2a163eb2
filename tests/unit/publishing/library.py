"""An estate with its documentation, to be published: small, with hostile names, surveyed by hand."""

from datetime import timedelta
from pathlib import Path

from tests.fakes.clock import FakeClock
from tests.fakes.deeds import FakeDeeds
from tests.fakes.documents import FakeDocumentStore
from tests.fakes.estate import FakeEstateReader, FakeEstateRecorder
from tests.fakes.estate_memory import EstateMemory
from tests.fakes.estate_samples import Estate, seen, vm
from tests.fakes.memory import Memory
from tests.fakes.notes import FakeNoteStore
from tests.fakes.platforms import FakePlatformLister
from tests.unit.documents.test_resource_pages import HOST

from datacenter_docs.adapters.publishing.presses import presses
from datacenter_docs.adapters.writing.templates import TemplateWriter
from datacenter_docs.ports.estate import KeptPayload
from datacenter_docs.ports.publishing import Format, Pressed
from datacenter_docs.services.deriving import Deriving
from datacenter_docs.services.describing import Describing
from datacenter_docs.services.documenting import Documenting
from datacenter_docs.services.editions import Sources
from datacenter_docs.services.noting import Noting
from datacenter_docs.services.presenting import DEFAULT, Presenting
from datacenter_docs.services.publishing import Publishing

HOSTILE = (
    "<script>document.title='hacked'</script>",
    "\"><img src=x onerror=document.title='hacked'>",
    "](javascript:document.title='hacked') | `x` \\",
    '"] --> n9; click n9 "javascript:alert(1)" %% ```',
    "=cmd|' /C calc'!A0",
    "\u202egnp.exe \x1b[31m\nline",
    "../../etc/passwd",
)
HOURS = timedelta(hours=1)
STORE = "vmware:lab:datastore:ds-1"


class Library:
    """The estate, its documents, and whatever publishes them."""

    def __init__(self) -> None:
        memory = Memory()
        self.memory = EstateMemory(memory)
        self.clock = FakeClock()
        self.estate = Estate(FakeEstateReader(self.memory), FakeEstateRecorder(self.memory), self.clock)  # fmt: skip
        reader, store, writer, deeds = self.estate.reader, FakeDocumentStore(), TemplateWriter(), FakeDeeds(memory)  # fmt: skip
        self._documenting = Documenting(reader, store, writer, deeds)
        lister = FakePlatformLister()
        lister.lists("lab", [])
        self.noting = Noting(FakeNoteStore(memory), reader, store, (), self.clock)
        presenting = Presenting(
            reader, store, writer, lister, self.clock, deeds, self.noting, promises={DEFAULT: 2 * HOURS}
        )  # fmt: skip
        sources = Sources(reader, store, presenting, Describing(reader, deeds), Deriving(reader), self.noting, writer)  # fmt: skip
        self._publishing = Publishing(sources, self.clock, presses())

    async def survey(self, *sightings, **more) -> None:
        """A survey, and the documents after it."""
        await self.estate.surveyed(*sightings, **more)
        kept = [
            KeptPayload(one.reading.payload_sha256, f"answer about {one.id}", 10)
            for one in sightings
        ]
        await self.estate.recorder.keep(kept, self.clock.now())
        await self._documenting.refresh()

    async def publish(self, folder: Path, format: Format = Format.SITE, **more) -> Pressed:
        """One format of it."""
        return await self._publishing.publish(format, folder, lambda done, of: None, **more)


def things(**changes) -> list:
    """A host, a datastore, and machines with all kinds of names; `changes`: stated of the first machine."""
    return [
        seen(HOST, {"memory_usage_ratio": 0.95}, name="esx-1", cpu_cores=16, connection_state="connected"),
        seen(STORE, {"usage_ratio": 0.9, "used_bytes": 900}, name="gold", size_bytes=1000, accessible=True),
        *(
            seen(vm(f"vm-{n}"), name=name, host_id=HOST, datastore_ids=[STORE], power_state="on",
                 guest_os=name, **(changes if n == 0 else {}))
            for n, name in enumerate(HOSTILE)
        ),
    ]  # fmt: skip
