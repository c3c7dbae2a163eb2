"""The overview in a few sentences: whose they are is said, and every value in them is proved."""

from tests.fakes.deeds import FakeDeeds
from tests.fakes.documents import FakeDocumentStore
from tests.fakes.estate_samples import Estate, seen, vm
from tests.fakes.memory import Memory
from tests.fakes.phrasing import FakePhraser
from tests.fakes.walking import check
from tests.unit.documents.test_resource_pages import estate

from datacenter_docs.adapters.writing.templates import TemplateWriter
from datacenter_docs.services.documenting import Documenting

TEMPLATE = "Known are, of Virtualization: VM "


async def surveyed(e: Estate, phraser: FakePhraser | None, machines: int = 2) -> Documenting:
    await e.surveyed(*(seen(vm(f"web-{n}"), power_state="on") for n in range(machines)))
    store = FakeDocumentStore()
    service = Documenting(e.reader, store, TemplateWriter(), FakeDeeds(Memory()), phraser)
    await service.refresh()
    return service


async def overview(service: Documenting) -> str:
    return (await service._store.get("overview")).markdown


async def test_without_a_model_the_template_speaks_and_nobody_else_is_named():
    e = estate()
    text = await overview(await surveyed(e, None))
    await check(text, e.reader)

    assert TEMPLATE in text
    assert "Phrased by" not in text
    assert "by template" not in text


async def test_a_models_sentences_are_shown_escaped_and_their_values_lead_to_their_proof():
    e, phraser = estate(), FakePhraser()
    text = await overview(await surveyed(e, phraser))
    await check(text, e.reader)

    assert "It is read over [lab](connection:lab) \\*alone\\*." in text
    assert "*Phrased by fake:m; every value leads to what proves it.*" in text
    assert TEMPLATE not in text


async def test_where_the_model_is_not_taken_the_template_stands_and_says_why():
    e, phraser = estate(), FakePhraser()
    phraser.why_not = "it did not answer within 60 seconds."
    text = await overview(await surveyed(e, phraser))

    assert TEMPLATE in text
    assert "the model's words were not taken: it did not answer within 60 seconds." in text


async def test_the_same_values_are_phrased_once():
    e, phraser = estate(), FakePhraser()
    service = await surveyed(e, phraser)
    await e.surveyed(*(seen(vm(f"web-{n}"), power_state="off") for n in range(2)))
    await service.refresh()
    once = len(phraser.asked)
    await e.surveyed(*(seen(vm(f"web-{n}"), power_state="off") for n in range(3)))
    await service.refresh()

    assert (once, len(phraser.asked)) == (1, 2)


async def test_a_model_is_told_values_by_label_with_what_they_are():
    phraser = FakePhraser()
    await surveyed(estate(), phraser)
    told = {one.label: (one.words, one.cite.text) for one in phraser.asked[0]}

    assert told["c1"][1] == "lab"
    assert ("Virtualization: how many VM", "2") in told.values()
