"""Risks: declared rules that hold only where the facts are known, and cite them."""

import re

import pytest
from tests.fakes.estate_samples import seen, vm
from tests.unit.documents.test_resource_pages import estate

from datacenter_docs.domain import platform_risks
from datacenter_docs.domain.risk_rules import RISK_RULES
from datacenter_docs.domain.risks import OfFact, RiskRule, risks_of
from datacenter_mcp.contract.vocabulary import kubernetes, network, openstack, storage, vmware

PLATFORMS = [
    getattr(platform_risks, name)
    for name in ("vmware", "kubernetes", "network", "storage", "openstack")
]
VOCABULARIES = {
    "vmware": vmware.VMWARE,
    "kubernetes": kubernetes.KUBERNETES,
    "network": network.NETWORK,
    "storage": storage.STORAGE,
    "openstack": openstack.OPENSTACK,
}


async def names(resource_id: str, **stated) -> list[str]:
    e = estate()
    await e.surveyed(seen(resource_id, **stated))
    resource = await e.reader.get(resource_id)
    return [risk.rule.name for risk in risks_of(resource, list(RISK_RULES.values()))]


def attributes(rule: RiskRule) -> list[str]:
    others = [c.against for c in rule.criteria if isinstance(c.against, OfFact)]
    return [*(c.attribute for c in rule.criteria), *(other.attribute for other in others)]


@pytest.mark.parametrize("rule", RISK_RULES.values(), ids=str)
def test_a_rule_speaks_the_words_of_its_platform(rule: RiskRule):
    words = VOCABULARIES[rule.platform][rule.kind].attributes

    assert set(attributes(rule)) <= set(words)
    assert not re.search(r"\d", rule.says + rule.why)


async def test_a_risk_holds_where_all_its_criteria_do_and_cites_them():
    e = estate()
    store = "vmware:lab:datastore:ds-1"
    await e.surveyed(seen(store, {"usage_ratio": 0.9}, promised_bytes=400, size_bytes=200))
    risks = list(risks_of(await e.reader.get(store), list(RISK_RULES.values())))

    assert [risk.rule.name for risk in risks] == ["datastore-filling", "datastore-overpromised"]
    assert [fact.attribute for fact in risks[1].facts] == ["promised_bytes", "size_bytes"]


async def test_what_is_not_known_is_no_risk():
    assert await names(vm("a"), connection_state=None, needs_consolidation=None) == []
    assert await names("vmware:lab:datastore:ds-1", promised_bytes=400) == []


async def test_a_text_is_never_more_than_a_number():
    assert await names("vmware:lab:datastore:ds-1", usage_ratio="full") == []


async def test_true_is_not_one():
    assert await names("storage:lab:volume:v", device_errors=True) == []


async def test_what_is_gone_endangers_nothing():
    e = estate()
    await e.surveyed(seen(vm("a"), needs_consolidation=True))
    await e.surveyed(vanished=[vm("a")])
    resource = await e.reader.get(vm("a"))

    assert list(risks_of(resource, list(RISK_RULES.values()))) == []


def test_every_rule_has_a_name_of_its_own():
    declared = [len(platform.RULES) for platform in PLATFORMS]

    assert len(RISK_RULES) == sum(declared) >= 25
