"""The page of a resource: what is known of it, and where each value comes from."""

import pytest
from tests.fakes.clock import FakeClock
from tests.fakes.deeds import FakeDeeds
from tests.fakes.estate import FakeEstateReader, FakeEstateRecorder
from tests.fakes.estate_memory import EstateMemory
from tests.fakes.estate_samples import Estate, seen, vm
from tests.fakes.memory import Memory
from tests.fakes.walking import Linked, check

from datacenter_docs.adapters.writing.templates import TemplateWriter
from datacenter_docs.domain.citing import Proof, ProofKind
from datacenter_docs.domain.errors import NotFound
from datacenter_docs.services.describing import Describing

HOST = "vmware:lab:host:host-1"


def estate() -> Estate:
    memory = EstateMemory(Memory())
    return Estate(FakeEstateReader(memory), FakeEstateRecorder(memory), FakeClock())


async def written(e: Estate, resource_id: str) -> str:
    return TemplateWriter().markdown(
        await Describing(e.reader, FakeDeeds(Memory())).resource(resource_id)
    )


async def test_every_value_of_a_page_leads_to_its_fact():
    e = estate()
    await e.surveyed(
        seen(HOST, name="esx-1"),
        seen(
            vm("web-1"),
            {"cpu_usage_ratio": 0.25},
            memory_mib=4096,
            power_state="poweredOn",
            host_id=HOST,
        ),
    )
    values = await check(await written(e, vm("web-1")), e.reader)

    assert Linked("4 GiB", Proof(ProofKind.FACT, f"{vm('web-1')}#memory_mib@1")) in values
    assert Linked("25 %", Proof(ProofKind.FACT, f"{vm('web-1')}#cpu_usage_ratio@1")) in values
    assert Linked("esx-1", Proof(ProofKind.FACT, f"{HOST}#_name@1")) in values


async def test_a_resource_that_is_gone_says_so_with_its_last_values():
    e = estate()
    await e.surveyed(seen(vm("web-1"), memory_mib=4096))
    await e.surveyed(vanished=[vm("web-1")])
    text = await written(e, vm("web-1"))
    values = await check(text, e.reader)

    assert "**Gone**" in text
    assert "4 GiB" in {value.text for value in values}


async def test_a_page_says_what_was_known_then():
    e = estate()
    await e.surveyed(seen(vm("web-1"), memory_mib=4096))
    before = e.clock.now()
    await e.surveyed(seen(vm("web-1"), memory_mib=8192))
    then = TemplateWriter().markdown(
        await Describing(e.reader, FakeDeeds(Memory())).resource(vm("web-1"), before)
    )
    values = {value.text for value in await check(then, e.reader)}

    assert "4 GiB" in values
    assert "8 GiB" not in values


async def test_what_was_never_seen_has_no_page():
    with pytest.raises(NotFound):
        await written(estate(), vm("web-1"))


async def test_a_name_with_markup_stays_a_name():
    e = estate()
    nasty = "<img src=x onerror=alert(1)> | **x** ](y)"
    await e.surveyed(seen(vm("web-1"), name=nasty))
    values = await check(await written(e, vm("web-1")), e.reader)

    assert nasty in {value.text for value in values}
