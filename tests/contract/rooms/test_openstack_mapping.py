"""What the OpenStack room makes of answers, without a cloud: also of those that the peer has not, from the API references."""

from datetime import UTC, datetime
from typing import Any

import pytest

from datacenter_mcp.contract.errors import Broken, Conflict, InvalidRequest, Refused, Unavailable
from datacenter_mcp.contract.reading import Resource, Source
from datacenter_mcp.contract.vocabulary.openstack import OPENSTACK
from datacenter_mcp.contract.vocabulary.words import mistakes
from datacenter_mcp.ids import Naming
from datacenter_mcp.openstack import answers, instances, mapping, quotas, wellness
from datacenter_mcp.openstack.actions import has_failed, is_over, latest_reboot
from datacenter_mcp.openstack.answers import ActionEntry, Flavor, FlavorInside, Server
from datacenter_mcp.openstack.refusals import error_of
from datacenter_mcp.openstack.room import open_openstack

IDS = Naming("openstack", "lab")
SOURCE = Source(connection="lab", tool="GET", arguments={}, observed_at=datetime(2026, 1, 1, tzinfo=UTC), payload_sha256="0" * 64)  # fmt: skip
INSIDE = {"original_name": "small", "vcpus": 1, "ram": 2048, "disk": 20, "extra_specs": {}}


def server(**more: Any) -> Server:
    return Server.model_validate({"id": "i-1", "name": "web", "tenant_id": "p-1", "status": "ACTIVE",
                                  "flavor": INSIDE, "OS-EXT-STS:power_state": 1, **more})  # fmt: skip


def flavor(name: str, cpus: int, memory: int, disk: int, **specs: str) -> Flavor:
    return Flavor(id=f"f-{name}", name=name, vcpus=cpus, ram=memory, disk=disk, extra_specs=specs)


def shown(item: Server, *flavors: Flavor) -> Resource:
    return instances.instance(IDS, item, instances.around(flavors), SOURCE)


def said(resource: Resource) -> dict[str, Any]:
    assert mistakes(OPENSTACK, resource) == []
    return {fact.attribute: fact.value for fact in resource.facts}


def test_the_larger_flavor_is_the_smallest_with_more_of_both_and_no_less_disk():
    offers = [
        flavor("huge", 8, 16_384, 80),
        flavor("cpus-only", 2, 2_048, 20),
        flavor("less-disk", 2, 4_096, 10),
        flavor("gpu", 2, 3_072, 20, gpu="1"),
        flavor("medium", 2, 4_096, 40),
    ]

    assert said(shown(server(), *offers))["larger_flavor"] == "medium"
    assert said(shown(server(), *offers[1:4]))["larger_flavor"] is None
    special = server(flavor={**INSIDE, "extra_specs": {"gpu": "1"}})
    assert said(shown(special, *offers))["larger_flavor"] == "gpu"


def test_a_flavor_that_is_no_longer_offered_has_a_name_and_no_id():
    facts = said(shown(server()))

    assert (facts["flavor"], facts["flavor_id"]) == ("small", None)


def test_a_name_goes_before_an_id():
    confusing = [flavor("f-b", 1, 1, 1), flavor("b", 2, 2, 2)]

    found = instances.offered("f-b", confusing)
    assert found is not None
    assert found.name == "f-b"
    assert instances.offered("c", confusing) is None


def test_an_instance_on_a_volume_has_no_image_and_one_in_error_says_why():
    on_volume = server(**{"image": "", "os-extended-volumes:volumes_attached": [{"id": "v-1"}]})
    broken = server(status="ERROR", fault={"message": "No valid host was found."})
    facts = said(shown(on_volume))

    assert (facts["image_id"], facts["volume_ids"]) == (None, ["openstack:lab:volume:v-1"])
    assert said(shown(broken))["fault"] == "No valid host was found."
    assert wellness.of(shown(broken)).reasons == ["web is in error (No valid host was found.)."]


@pytest.mark.parametrize(("state", "status"), [
    ({}, "ok"), ({"status": "VERIFY_RESIZE"}, "degraded"), ({"status": "SHUTOFF", "OS-EXT-STS:power_state": 4}, "degraded"),
    ({"OS-EXT-STS:task_state": "rebooting"}, "degraded"), ({"OS-EXT-STS:power_state": 6}, "failed"), ({"OS-EXT-STS:power_state": 0}, "ok"),
])  # fmt: skip
def test_the_health_of_an_instance_follows_its_status_and_its_guest(
    state: dict[str, Any], status: str
):
    assert wellness.of(shown(server(**state))).status == status


def test_a_volume_of_cinder_is_told_in_bytes_and_with_what_storage_calls_it():
    item = answers.Volume.model_validate({
        "id": "v-1", "name": "data", "status": "in-use", "size": 2, "volume_type": "fast", "bootable": "false",
        "encrypted": False, "created_at": "2026-01-01T10:00:00.000000", "os-vol-host-attr:host": "cn1@ceph#ceph",
        "os-vol-tenant-attr:tenant_id": "p-1", "attachments": [{"server_id": "i-1"}],
    })  # fmt: skip
    facts = said(mapping.volume(IDS, item, "p-2", SOURCE))

    assert (facts["size_bytes"], facts["bootable"]) == (2 * 1024**3, False)
    assert (facts["backend_name"], facts["instance_ids"]) == (
        "volume-v-1",
        ["openstack:lab:instance:i-1"],
    )
    assert facts["created_at"] == "2026-01-01T10:00:00+00:00"


def test_quotas_of_all_three_services_are_told_alike():
    nova = {"id": "p-1", "ram": {"limit": -1, "in_use": 512, "reserved": 0},
            "cores": {"limit": 4, "in_use": 2, "reserved": 1}}  # fmt: skip
    neutron = {"port": {"limit": 10, "used": 5, "reserved": 0}}
    found = {one.name: said(one) for answer in (nova, neutron)
             for one in quotas.quotas(IDS, "p-1", answer, SOURCE)}  # fmt: skip

    assert found.keys() == {"ram_mib", "cores", "ports"}
    assert (found["ram_mib"]["limit"], found["ram_mib"]["usage_ratio"]) == (None, None)
    assert (found["cores"]["used"], found["cores"]["usage_ratio"]) == (3, 0.75)
    assert found["ports"]["usage_ratio"] == 0.5


def test_a_reboot_that_failed_is_none_and_one_without_a_result_is_not_over():
    def entry(**more: Any) -> ActionEntry:
        return ActionEntry.model_validate({"action": "reboot", "request_id": "req-1", "start_time": "2026-01-01T00:00:00", **more})  # fmt: skip

    first, failed = entry(), entry(start_time="2026-01-02T00:00:00", message="Error")

    assert latest_reboot([failed, first]) == first
    assert (has_failed(failed), is_over(first)) == (True, False)
    assert not is_over(entry(events=[{"result": None}]))
    assert is_over(entry(events=[{"result": "Success"}]))


@pytest.mark.parametrize(("status", "body", "kind", "sent", "told"), [
    (400, b'{"badRequest": {"code": 400, "message": "no such flavor"}}', InvalidRequest, None, "no such flavor"),
    (403, b'{"forbidden": {"message": "Quota exceeded for cores"}}', Refused, None, "Quota exceeded"),
    (404, b'{"NeutronError": {"type": "x", "message": "gone"}}', Exception, None, "gone"),
    (409, b'{"conflictingRequest": {"message": "task_state resizing"}}', Conflict, None, "resizing"),
    (401, b'{"error": {"message": "secret stuff"}}', Unavailable, False, "refused the login"),
    (429, b"", Unavailable, False, "429"),
    (503, b"<html>busy</html>", Unavailable, None, "did not say why"),
    (418, b"[]", Broken, None, "418"),
])  # fmt: skip
def test_refusals_are_typed_and_say_what_the_cloud_said(
    status: int, body: bytes, kind: type[Exception], sent: bool | None, told: str
):
    error = error_of(status, body, "7")

    assert isinstance(error, kind)
    assert told in str(error)
    assert error.report.sent is sent


@pytest.mark.parametrize("settings", [
    {}, {"cloud": "a", "auth_url": "https://a"}, {"auth_url": "https://a"}, {"auth_url": "https://a", "username": "u"},
    {"auth_url": "https://a", "username": "u", "password": "plain", "project": "p"}, {"clouds_file": "a"},
    {"auth_url": "https://a", "application_credential_id": "i"}, {"cloud": "a", "page_size": 0}, {"cloud": "a", "no": 1},
    {"auth_url": "https://a", "username": "u", "password": "env:P", "project": "p", "application_credential_id": "i",
     "application_credential_secret": "env:S"},
])  # fmt: skip
def test_settings_that_lead_nowhere_are_refused(settings: dict[str, Any]):
    with pytest.raises(InvalidRequest):
        open_openstack("lab", settings)


def test_the_extra_specs_of_a_flavor_may_be_hidden():
    hidden = FlavorInside.model_validate({name: INSIDE[name] for name in INSIDE if name != "extra_specs"})  # fmt: skip

    assert hidden.extra_specs == {}
