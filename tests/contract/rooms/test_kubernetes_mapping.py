"""What the Kubernetes room makes of answers that a test cluster does not give. Pure: no cluster."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter
from tests.contract.rooms.calling import facts

from datacenter_mcp.contract.errors import Broken, NotFound, RoomError
from datacenter_mcp.contract.reading import HealthStatus, Source
from datacenter_mcp.contract.vocabulary.kubernetes import KUBERNETES
from datacenter_mcp.contract.vocabulary.words import mistakes
from datacenter_mcp.ids import Naming
from datacenter_mcp.kubernetes import mapping, naming, pods, volumes, wellness, workloads
from datacenter_mcp.kubernetes.answers import Meta, Pod
from datacenter_mcp.kubernetes.controllers import DaemonSet, Quota, Workload
from datacenter_mcp.kubernetes.objects import Event, Node, Volume
from datacenter_mcp.kubernetes.quotas import lacking
from datacenter_mcp.kubernetes.refusals import error_of
from datacenter_mcp.kubernetes.restarting import named_after
from datacenter_mcp.kubernetes.volumes import handle_of
from datacenter_mcp.readings import parsed

IDS = Naming("kubernetes", "lab")
SOURCE = Source(connection="lab", tool="GET /", arguments={}, payload_sha256="0" * 64,
                observed_at=datetime(2026, 1, 1, tzinfo=UTC))  # fmt: skip
META = {"name": "a", "namespace": "shop", "uid": "u1"}


def pod(spec: dict[str, Any] | None = None, **status: Any) -> Pod:
    containers = {"containers": [{"name": "main", "image": "shop:1"}]}
    return Pod.model_validate(
        {"metadata": META, "spec": {**containers, **(spec or {})}, "status": status}
    )


@pytest.mark.parametrize(("spec", "wanted"), [
    ({"nfs": {"server": "10.0.0.1", "path": "/export"}}, ("nfs", "10.0.0.1:/export")),
    ({"rbd": {"monitors": [], "pool": "fast", "image": "vol-1"}}, ("rbd", "fast/vol-1")),
    ({"csi": {"driver": "csi.example", "volumeHandle": "h1"}}, ("csi.example", "h1")),
    ({"vsphereVolume": {"volumePath": "[ds1] a.vmdk"}}, ("vsphereVolume", "[ds1] a.vmdk")),
    ({"flocker": {"datasetName": "a"}}, (None, None)),
])  # fmt: skip
def test_a_volume_is_called_what_its_storage_calls_it(spec: dict[str, Any], wanted: object):
    assert handle_of(spec) == wanted


def test_a_volume_that_makes_no_sense_is_broken_and_not_guessed():
    odd = Volume.model_validate({"metadata": META, "spec": {"capacity": {"storage": "much"}}})

    with pytest.raises(Broken):
        volumes.volume(IDS, odd, SOURCE)


@pytest.mark.parametrize(
    "answer", ["", "[]", '{"metadata": {}}', '{"metadata": {"name": 1}, "spec": {}}', '{"spec": {']
)
def test_an_answer_of_another_shape_is_broken(answer: str):
    with pytest.raises(Broken):
        parsed(TypeAdapter(Pod), answer, "GET /")


def test_the_controller_of_a_pod_is_its_deployment_only_where_the_hash_says_so():
    owner = {"kind": "ReplicaSet", "name": "web-7d9f", "uid": "u2", "controller": True}
    plain = Meta.model_validate({**META, "ownerReferences": [owner]})
    hashed = Meta.model_validate(
        {**META, "ownerReferences": [owner], "labels": {"pod-template-hash": "7d9f"}}
    )

    assert [(found.kind, found.name) for meta in (plain, hashed) if (found := naming.workload_of(meta))] == [
        ("ReplicaSet", "web-7d9f"), ("Deployment", "web")]  # fmt: skip


def test_a_pod_without_a_node_says_why():
    refused = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
    found = pods.pod(IDS, pod(phase="Pending", conditions=[refused]), None, SOURCE)
    said = facts(found.model_dump())

    assert mistakes(KUBERNETES, found) == []
    assert (said["reason"], said["node_id"], said["ready"]) == ("Unschedulable", None, False)
    assert said["memory_limit_bytes"] is None


def test_a_container_that_failed_counts_more_than_one_that_is_done():
    done = {"name": "init", "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}}
    failed = {
        "name": "main",
        "state": {},
        "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}},
    }
    ended = pods.last_end(
        pod(phase="Running", initContainerStatuses=[done], containerStatuses=[failed])
    )

    assert ended is not None
    assert (ended.exit_code, ended.reason) == (137, "OOMKilled")


@pytest.mark.parametrize(("status", "wanted"), [
    ({"conditions": [{"type": "Ready", "status": "True"}]}, HealthStatus.OK),
    ({"conditions": [{"type": "Ready", "status": "Unknown"}]}, HealthStatus.FAILED),
    ({"conditions": [{"type": "Ready", "status": "True"}, {"type": "DiskPressure", "status": "True"}]}, HealthStatus.DEGRADED),
    ({}, HealthStatus.FAILED),
])  # fmt: skip
def test_a_node_is_as_well_as_its_conditions_say(status: dict[str, Any], wanted: HealthStatus):
    assert (
        wellness.node(Node.model_validate({"metadata": META, "status": status})).status is wanted
    )


@pytest.mark.parametrize(("ready", "wanted", "status"), [
    (2, 2, HealthStatus.OK), (1, 2, HealthStatus.DEGRADED), (0, 2, HealthStatus.FAILED), (0, 0, HealthStatus.OK),
    (1, 0, HealthStatus.DEGRADED),
])  # fmt: skip
def test_a_replicaset_is_as_well_as_its_pods(ready: int, wanted: int, status: HealthStatus):
    item = Workload.model_validate(
        {
            "metadata": META,
            "spec": {"replicas": wanted},
            "status": {"replicas": ready, "readyReplicas": ready},
        }
    )

    assert wellness.replicaset(item).status is status


def test_a_deployment_whose_controller_has_not_seen_the_change_is_not_settled():
    status = {
        "observedGeneration": 1,
        "replicas": 2,
        "updatedReplicas": 2,
        "readyReplicas": 2,
        "availableReplicas": 2,
    }
    seen, unseen = (
        Workload.model_validate(
            {"metadata": {**META, "generation": number}, "spec": {"replicas": 2}, "status": status}
        )
        for number in (1, 2)
    )

    assert (workloads.settled(seen), workloads.settled(unseen)) == (True, False)


def test_a_daemonset_shall_have_as_many_pods_as_nodes_fit_it():
    item = DaemonSet.model_validate({
        "metadata": {**META, "generation": 1},
        "spec": {"selector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["a", "b"]}]}},
        "status": {"observedGeneration": 1, "desiredNumberScheduled": 3, "numberReady": 2,
                   "updatedNumberScheduled": 3, "numberAvailable": 2}})  # fmt: skip
    found = workloads.daemonset(IDS, item, SOURCE)
    said = facts(found.model_dump())

    assert mistakes(KUBERNETES, found) == []
    assert (said["replicas"], said["ready_replicas"], said["rollout_complete"]) == (3, 2, False)
    assert said["selector"] == ["app In (a, b)"]


def test_an_event_of_a_newer_reporter_has_its_times_too():
    item = Event.model_validate({
        "metadata": META, "type": "Warning", "reason": "BackOff", "count": None, "firstTimestamp": None,
        "involvedObject": {"kind": "Pod", "name": "web-0", "namespace": "shop"},
        "eventTime": "2026-01-01T00:00:00.000000Z", "reportingComponent": "kubelet",
        "series": {"count": 7, "lastObservedTime": "2026-01-01T00:05:00.000000Z"}})  # fmt: skip
    said = facts(mapping.event(IDS, item, SOURCE).model_dump())

    assert (said["occurrences"], said["about_id"]) == (7, "kubernetes:lab:pod:shop/web-0")
    assert said["first_seen_at"] < said["last_seen_at"]
    assert said["reporter"] == "kubelet"


def test_a_quota_for_some_pods_only_is_not_judged():
    full = {"hard": {"pods": "1"}, "used": {"pods": "1"}}
    plain = Quota.model_validate({"metadata": META, "status": full})
    scoped = Quota.model_validate(
        {"metadata": META, "spec": {"scopes": ["BestEffort"]}, "status": full}
    )

    assert lacking(plain, {"pods": 1.0}, 1) == "The quota a has room for 0 pods; 1 are needed."
    assert lacking(scoped, {"pods": 1.0}, 1) is None


@pytest.mark.parametrize(("pod", "kind", "keeper", "wanted"), [
    ("web-7d9f-x2x4z", "ReplicaSet", "web-7d9f", True),
    ("web-7d9f-x2x4z", "ReplicaSet", "web", False),
    ("web-7d9f-x2x4z", "StatefulSet", "web-7d9f", False),
    ("db-0", "StatefulSet", "db", True),
    ("db-0", "DaemonSet", "db", False),
    ("a" * 58 + "x2x4z", "ReplicaSet", "a" * 58 + "-7d9f", True),
    ("a" * 57 + "-x2x4z", "ReplicaSet", "a" * 57, True),
])  # fmt: skip
def test_a_pod_that_is_gone_is_still_known_by_the_name_of_its_controller(
    pod: str, kind: str, keeper: str, wanted: bool
):
    assert named_after(pod, kind, keeper) is wanted


@pytest.mark.parametrize(("status", "kind", "sent"), [
    (400, "invalid", None), (401, "unavailable", False), (403, "refused", None), (404, "not_found", None),
    (405, "unsupported", None), (409, "conflict", None), (422, "invalid", None), (429, "unavailable", False),
    (500, "unavailable", None), (302, "broken", None),
])  # fmt: skip
def test_a_no_of_the_api_server_is_an_error_of_the_contract(
    status: int, kind: str, sent: bool | None
):
    error: RoomError = error_of(status, b'{"message": "because"}', None)

    assert (error.report.kind, error.report.sent) == (kind, sent)


@pytest.mark.parametrize(
    "text",
    ["pod:web", "node:a/b", "pod:shop/../../nodes", "pod:shop/a?b", "pod:shop/a/b", "pod:/a"],
)
def test_what_is_no_name_is_not_found(text: str):
    with pytest.raises(NotFound):
        naming.place(IDS.parse(f"kubernetes:lab:{text}"))
