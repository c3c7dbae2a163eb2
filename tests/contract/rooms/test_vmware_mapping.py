"""What the simulator has none of, in the wire form of the vSphere Web Services reference: told in our words all the same."""

from datetime import UTC, datetime
from typing import Any

import pytest

from datacenter_mcp.contract.errors import Broken
from datacenter_mcp.contract.reading import Resource, Source
from datacenter_mcp.contract.vocabulary.vmware import VMWARE
from datacenter_mcp.contract.vocabulary.words import mistakes
from datacenter_mcp.ids import Naming
from datacenter_mcp.vmware import happenings, mapping, vms
from datacenter_mcp.vmware.answers import Ref, Seen, portion
from datacenter_mcp.vmware.health import health_of
from datacenter_mcp.vmware.mapping import Context
from datacenter_mcp.vmware.tree import Tree

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOURCE = Source(connection="vc", tool="t", arguments={}, observed_at=NOW, payload_sha256="0" * 64)
ENVELOPE = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e:Body>'
    '<RetrievePropertiesExResponse xmlns="urn:vim25">{}</RetrievePropertiesExResponse></e:Body></e:Envelope>'
)
FOLDERS = """
<objects><obj type="Datacenter">datacenter-1</obj><propSet><name>name</name><val>Paris</val></propSet></objects>
<objects><obj type="Folder">group-v1</obj><propSet><name>name</name><val>vm</val></propSet>
  <propSet><name>parent</name><val type="Datacenter">datacenter-1</val></propSet></objects>
<objects><obj type="Folder">group-v2</obj><propSet><name>name</name><val>a%2fb</val></propSet>
  <propSet><name>parent</name><val type="Folder">group-v1</val></propSet></objects>
"""


def read(objects: str) -> list[Seen]:
    return list(portion(ENVELOPE.format(f"<returnval>{objects}</returnval>").encode()).objects)


def seen(kind: str, native: str, **properties: str) -> list[Seen]:
    """The folders above, and one object with properties as XML; `__` in a name stands for a dot."""
    inside = "".join(
        f"<propSet><name>{name.replace('__', '.')}</name>{value}</propSet>"
        for name, value in properties.items()
    )
    return read(f'{FOLDERS}<objects><obj type="{kind}">{native}</obj>{inside}</objects>')


def context(objects: list[Seen]) -> Context:
    naming = Naming("vmware", "vc")
    return Context(naming, Tree(naming, objects), SOURCE, NOW)


def told(objects: list[Seen], kind: mapping.Kind) -> tuple[Resource, dict[str, Any]]:
    """The last object as a resource that obeys the vocabulary, and its facts."""
    resource = mapping.resource(objects[-1], kind, context(objects))
    assert mistakes(VMWARE, resource) == []
    return resource, {fact.attribute: fact.value for fact in resource.facts}


IN_FOLDER = '<val type="Folder">group-v2</val>'


def test_an_nfs_datastore_tells_who_serves_it():
    objects = seen(
        "Datastore", "datastore-9", parent=IN_FOLDER, name="<val>nfs-1</val>",
        summary="<val><type>NFS</type><accessible>true</accessible><capacity>1000</capacity>"
                "<freeSpace>50</freeSpace><maintenanceMode>normal</maintenanceMode></val>",
        info="<val><nas><remoteHost>nas1</remoteHost><remotePath>/vol/a</remotePath></nas></val>",
    )  # fmt: skip
    resource, said = told(objects, mapping.KINDS["Datastore"])

    assert (said["filesystem"], said["remote_host"], said["remote_path"]) == (
        "nfs",
        "nas1",
        "/vol/a",
    )
    assert (said["usage_ratio"], said["in_maintenance"]) == (0.95, False)
    assert resource.parent == "vmware:vc:datacenter:datacenter-1"
    assert health_of(resource).status == "degraded"


def test_a_vmfs_datastore_that_nobody_reaches_tells_no_sizes():
    objects = seen(
        "Datastore", "datastore-8", parent=IN_FOLDER,
        summary="<val><type>VMFS</type><accessible>false</accessible><capacity>0</capacity><freeSpace>0</freeSpace></val>",
        info="<val><vmfs><extent><diskName>naa.1</diskName></extent><extent><diskName>naa.2</diskName></extent></vmfs></val>",
    )  # fmt: skip
    resource, said = told(objects, mapping.KINDS["Datastore"])

    assert (said["device_names"], said["size_bytes"]) == (["naa.1", "naa.2"], None)
    assert health_of(resource).status == "failed"


@pytest.mark.parametrize(
    ("vlan", "expected"),
    [
        ('<vlan xsi:type="VmwareDistributedVirtualSwitchVlanIdSpec"><vlanId>42</vlanId></vlan>', 42),
        ('<vlan xsi:type="VmwareDistributedVirtualSwitchVlanIdSpec"><vlanId>0</vlanId></vlan>', None),
        ('<vlan xsi:type="VmwareDistributedVirtualSwitchTrunkVlanSpec"><vlanId><start>1</start></vlanId></vlan>', None),
    ],
)  # fmt: skip
def test_only_one_untagged_vlan_is_a_vlan(vlan, expected):
    objects = seen(
        "DistributedVirtualPortgroup", "dvportgroup-1", parent=IN_FOLDER,
        config__defaultPortConfig=f"<val>{vlan}</val>",
    )  # fmt: skip
    _, said = told(objects, mapping.KINDS["DistributedVirtualPortgroup"])

    assert (said["network_type"], said["vlan_id"]) == ("distributed", expected)


def test_a_vm_that_waits_for_an_answer_says_so_and_where_people_put_it():
    objects = seen(
        "VirtualMachine", "vm-7", parent=IN_FOLDER, name="<val>erp%2fdb</val>",
        runtime__powerState="<val>poweredOn</val>", runtime__connectionState="<val>connected</val>",
        runtime__question="<val><id>1</id><text>No space left. Retry?</text></val>",
        guest__toolsRunningStatus="<val>guestToolsNotRunning</val>",
        guest__toolsVersionStatus2="<val>guestToolsNotInstalled</val>",
        guest__disk="<val><GuestDiskInfo><diskPath>/</diskPath><capacity>100</capacity><freeSpace>40</freeSpace></GuestDiskInfo>"
                    "<GuestDiskInfo><diskPath>/var</diskPath><capacity>100</capacity><freeSpace>3</freeSpace></GuestDiskInfo></val>",
    )  # fmt: skip
    resource, said = told(objects, vms.VM)

    assert (resource.name, said["folder"]) == ("erp/db", "/a/b")
    assert resource.parent == "vmware:vc:datacenter:datacenter-1"
    assert (said["fullest_filesystem"], said["fullest_filesystem_ratio"]) == ("/var", 0.97)
    assert (said["question"], said["tools_state"]) == ("No space left. Retry?", None)
    assert health_of(resource).status == "failed"


def test_snapshots_of_snapshots_name_their_parents():
    tree = (
        "<val><currentSnapshot type='VirtualMachineSnapshot'>snapshot-2</currentSnapshot><rootSnapshotList>"
        "<snapshot type='VirtualMachineSnapshot'>snapshot-1</snapshot><name>a</name>"
        "<createTime>2026-03-01T10:00:00Z</createTime><state>poweredOn</state><childSnapshotList>"
        "<snapshot type='VirtualMachineSnapshot'>snapshot-2</snapshot><name>b</name>"
        "<createTime>2026-03-01T13:00:00+02:00</createTime></childSnapshotList></rootSnapshotList></val>"
    )
    objects = seen("VirtualMachine", "vm-7", name="<val>db</val>", snapshot=tree)
    first, second = vms.snapshots(objects[-1], context(objects))
    said = {fact.attribute: fact.value for fact in second.facts}

    assert [mistakes(VMWARE, one) for one in (first, second)] == [[], []]
    assert said["parent_snapshot_id"] == first.id == "vmware:vc:snapshot:vm-7/snapshot-1"
    assert (said["age_seconds"], said["is_current"]) == (3600, True)


def test_an_event_of_an_extension_is_called_by_its_own_name():
    page = (
        '<val><Event xsi:type="EventEx"><key>7</key><createdTime>2026-03-01T11:59:00Z</createdTime>'
        "<userName></userName><fullFormattedMessage>Lost access</fullFormattedMessage>"
        '<ds><name>d</name><datastore type="Datastore">datastore-9</datastore></ds>'
        "<eventTypeId>esx.problem.storage.lost</eventTypeId></Event></val>"
    )
    objects = seen("EventHistoryCollector", "x", latestPage=page)
    [event] = happenings.events(objects[-1].get("latestPage"), context(objects))
    said = {fact.attribute: fact.value for fact in event.facts}

    assert mistakes(VMWARE, event) == []
    assert said["event_type"] == "esx.problem.storage.lost"
    assert (said["entity_id"], said["user"]) == ("vmware:vc:datastore:datastore-9", None)


def test_what_our_account_may_not_read_is_remembered():
    [one] = read(
        '<objects><obj type="HostSystem">host-1</obj><missingSet><path>config.network.pnic</path><fault>'
        '<fault xsi:type="NoPermission"/></fault></missingSet><missingSet><path>x</path><fault>'
        '<fault xsi:type="InvalidProperty"/></fault></missingSet></objects>'
    )

    assert (one.ref, one.denied) == (Ref("HostSystem", "host-1"), ["config.network.pnic"])


def test_a_read_that_found_nothing_is_empty_and_nonsense_is_broken():
    assert portion(ENVELOPE.format("").encode()).objects == ()
    for nonsense in (b"", b"<html/>", b"<a><b><returnval>", b"{}"):
        with pytest.raises(Broken):
            portion(nonsense)
