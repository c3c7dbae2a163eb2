"""The Kubernetes room reads a real cluster: complete, paged, with stable ids and facts that an oracle confirms."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.contract.rooms.calling import calling, facts
from tests.peers.cluster import NODES, Cluster
from tests.peers.gateway import Gateway
from tests.peers.workloads import BATCH, Space, is_crashing, space

from datacenter_mcp.contract.reading import Resource
from datacenter_mcp.contract.vocabulary.kubernetes import KUBERNETES
from datacenter_mcp.contract.vocabulary.words import mistakes
from datacenter_mcp.kubernetes.room import KubernetesRoom, open_kubernetes

pytestmark = [
    pytest.mark.heavy_peer,
    pytest.mark.kubernetes,
    pytest.mark.shows("kubernetes", "reads"),
]
GIB = 1024**3


def room(cluster: Cluster, account: str = "reader", **more: Any) -> KubernetesRoom:
    return open_kubernetes("lab", {**cluster.settings(account), **more})


@pytest.fixture(scope="module")
def shop(cluster: Cluster) -> Iterator[Space]:
    """A namespace with one of everything."""
    with space(cluster) as made:
        made.deployment("web", 2, requests={"cpu": "100m", "memory": "64Mi"})
        made.statefulset("db", 1)
        job = {"metadata": {"name": "report"}, "spec": {"template": {
            "metadata": {"annotations": {"peers/exits": "0"}},
            "spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "report:1"}]}}}}  # fmt: skip
        made.make("jobs", job, group=BATCH)
        made.make("services", {"metadata": {"name": "web"}, "spec": {
            "selector": {"app": "web"}, "ports": [{"port": 80}]}})  # fmt: skip
        backend = {"service": {"name": "web", "port": {"number": 80}}}
        path = {"path": "/", "pathType": "Prefix", "backend": backend}
        made.make("ingresses", {"metadata": {"name": "web"}, "spec": {
            "rules": [{"host": "shop.example", "http": {"paths": [path]}}]}},
            group="/apis/networking.k8s.io/v1")  # fmt: skip
        _storage(made)
        cluster.until(
            made.path("jobs", "report", group=BATCH), lambda job: job["status"].get("succeeded")
        )
        yield made
        cluster.ask("DELETE", f"/api/v1/persistentvolumes/{made.name}")


def _storage(shop: Space) -> None:
    """A claim that is bound to a volume of a CSI driver, and a pod that uses it."""
    common = {"accessModes": ["ReadWriteOnce"], "storageClassName": shop.name}
    shop.cluster.ask("POST", "/api/v1/persistentvolumes", {
        "metadata": {"name": shop.name},
        "spec": {**common, "capacity": {"storage": "5Gi"}, "persistentVolumeReclaimPolicy": "Retain",
                 "csi": {"driver": "rbd.csi.ceph.com", "volumeHandle": "0001-pool-42"}}})  # fmt: skip
    shop.make("persistentvolumeclaims", {"metadata": {"name": "data"}, "spec": {
        **common, "resources": {"requests": {"storage": "3Gi"}}}})  # fmt: skip
    shop.make("pods", {"metadata": {"name": "bare"}, "spec": {
        "containers": [{"name": "main", "image": "tool:1"}],
        "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]}})  # fmt: skip
    shop.cluster.until(
        shop.path("persistentvolumeclaims", "data"), lambda one: one["status"]["phase"] == "Bound"
    )
    shop.until_pod("bare", lambda pod: pod["status"].get("podIP"))


async def test_everything_is_read_in_the_words_of_the_vocabulary(cluster: Cluster, shop: Space):
    async with calling(room(cluster)) as call:
        found = await call.everything()
    told = [mistake for one in found.values()
            for mistake in mistakes(KUBERNETES, Resource.model_validate(one))]  # fmt: skip

    assert told == []
    assert {one["kind"] for one in found.values()} == set(KUBERNETES) - {"daemonset"}


async def test_a_listing_is_complete_whatever_the_pages(cluster: Cluster, shop: Space):
    async with calling(room(cluster, page_size=2)) as call:
        paged = await call.everything(kind="pod", limit=1)
    async with calling(room(cluster)) as call:
        whole = await call.everything(kind="pod", limit=1_000)
    oracle = {f"kubernetes:lab:pod:{pod['metadata']['namespace']}/{pod['metadata']['name']}"
              for pod in cluster.get("/api/v1/pods")["items"]}  # fmt: skip

    assert list(paged) == list(whole) == sorted(oracle)


async def test_a_namespace_holds_what_is_in_it(cluster: Cluster, shop: Space):
    parent = f"kubernetes:lab:namespace:{shop.name}"
    async with calling(room(cluster)) as call:
        found = await call.everything(parent=parent)
        nothing = await call.everything(parent=f"{parent}-no")

    assert nothing == {}
    assert {one["parent"] for one in found.values()} == {parent}
    assert f"kubernetes:lab:deployment:{shop.name}/web" in found


async def test_what_a_pod_is_joined_to_can_be_followed_down_to_the_storage(
    cluster: Cluster, shop: Space
):
    oracle = shop.until_pod("bare", lambda pod: pod["spec"].get("nodeName"))
    async with calling(room(cluster)) as call:
        pod = facts(await call("describe_resource", id=f"kubernetes:lab:pod:{shop.name}/bare"))
        node = facts(await call("describe_resource", id=pod["node_id"]))
        claim = facts(await call("describe_resource", id=pod["claim_ids"][0]))
        volume = facts(await call("describe_resource", id=claim["volume_id"]))

    assert (pod["uid"], pod["node_name"]) == (
        oracle["metadata"]["uid"],
        oracle["spec"]["nodeName"],
    )
    assert pod["addresses"] == [oracle["status"]["podIP"]]
    assert (pod["owner"], pod["owner_id"]) == (None, None)
    assert node["provider_id"] == f"peers://{pod['node_name']}"
    assert (node["ready"], node["roles"], node["memory_bytes"]) == (True, ["worker"], 256 * GIB)
    assert (claim["requested_bytes"], claim["size_bytes"]) == (3 * GIB, 5 * GIB)
    assert (volume["volume_source"], volume["volume_handle"]) == (
        "rbd.csi.ceph.com",
        "0001-pool-42",
    )
    assert volume["claim_id"] == pod["claim_ids"][0]


async def test_the_owner_of_a_pod_is_the_workload_that_people_know(cluster: Cluster, shop: Space):
    async with calling(room(cluster)) as call:
        pods = await call.everything(kind="pod", parent=f"kubernetes:lab:namespace:{shop.name}")
    owners = {facts(pod)["owner_id"] for pod in pods.values()}
    web = next(facts(pod) for pod in pods.values() if "/web-" in pod["id"])

    assert owners == {None, *(f"kubernetes:lab:{kind}:{shop.name}/{name}" for kind, name in
                              (("deployment", "web"), ("statefulset", "db"), ("job", "report")))}  # fmt: skip
    assert (web["cpu_requested_cores"], web["memory_requested_bytes"]) == (0.1, 64 * 1024**2)


async def test_services_and_ingresses_say_where_requests_go(cluster: Cluster, shop: Space):
    async with calling(room(cluster)) as call:
        way = facts(await call("describe_resource", id=f"kubernetes:lab:ingress:{shop.name}/web"))
        service = facts(await call("describe_resource", id=way["service_ids"][0]))

    assert way["hosts"] == ["shop.example"]
    assert (service["ports"], service["selector"]) == (["80/TCP"], ["app=web"])
    assert service["addresses"][0].startswith("10.96.")


async def test_a_job_that_is_done_and_a_deployment_that_is_ready_are_well(
    cluster: Cluster, shop: Space
):
    ids = [f"kubernetes:lab:{kind}:{shop.name}/{name}" for kind, name in
           (("job", "report"), ("deployment", "web"), ("statefulset", "db"), ("persistentvolumeclaim", "data"))]  # fmt: skip
    async with calling(room(cluster)) as call:
        job = facts(await call("describe_resource", id=ids[0]))
        web = facts(await call("describe_resource", id=ids[1]))
        healths = [(await call("get_health", id=one))["status"] for one in ids]
        whole = await call("get_health")

    assert (job["state"], job["succeeded"]) == ("complete", 1)
    assert (web["replicas"], web["ready_replicas"], web["revision"]) == (2, 2, 1)
    assert (web["rollout_complete"], web["paused"], web["previous_revision"]) == (
        True,
        False,
        None,
    )
    assert healths == ["ok"] * 4
    assert (whole["status"], NODES) == ("ok", 3)


async def test_a_crashing_pod_says_why_with_its_last_words_and_an_event_points_to_it(
    cluster: Cluster,
):
    with space(cluster) as own:
        own.deployment("web", 1)
        [pod] = own.pods("web")
        name = pod["metadata"]["name"]
        own.annotate(name, fault="oom")
        own.until_pod(name, is_crashing)
        async with calling(room(cluster)) as call:
            crashing = await call("describe_resource", id=f"kubernetes:lab:pod:{own.name}/{name}")
            health = await call("get_health", id=crashing["id"])
            events = await call.everything(
                kind="event", parent=f"kubernetes:lab:namespace:{own.name}"
            )
    seen = facts(crashing)

    assert (seen["waiting_reason"], seen["last_termination_reason"]) == (
        "CrashLoopBackOff",
        "OOMKilled",
    )
    assert (seen["restart_count"], seen["last_exit_code"], seen["ready"]) == (4, 137, False)
    assert seen["log_tail"] == [f"hello from {own.name}/{name}/main"]
    assert health["status"] == "failed"
    assert crashing["id"] in {facts(event)["about_id"] for event in events.values()}


async def test_resource_usage_is_told_where_the_cluster_measures_it(cluster: Cluster, shop: Space):
    pod = shop.pods("web")[0]["metadata"]["name"]
    async with calling(room(cluster)) as call:
        unmeasured = facts(
            await call("describe_resource", id=f"kubernetes:lab:pod:{shop.name}/{pod}")
        )
        with measured(cluster):
            numbers = await call("get_metrics", id=f"kubernetes:lab:pod:{shop.name}/{pod}")
    told = {one["name"]: one["value"] for one in numbers["metrics"]}

    assert "cpu_used_cores" not in unmeasured
    assert (told["cpu_used_cores"], told["memory_used_bytes"]) == (0.25, 100 * 1024**2)


@contextmanager
def measured(cluster: Cluster) -> Iterator[None]:
    """The cluster offers `metrics.k8s.io`, from the server beside its kubelets."""
    services, apis = (
        "/api/v1/namespaces/default/services",
        "/apis/apiregistration.k8s.io/v1/apiservices",
    )
    name, port = "v1beta1.metrics.k8s.io", cluster.port(3)
    cluster.ask("POST", services, {"metadata": {"name": "metrics"}, "spec": {
        "type": "ExternalName", "externalName": "localhost", "ports": [{"port": port}]}})  # fmt: skip
    cluster.ask("POST", apis, {"metadata": {"name": name}, "spec": {
        "group": "metrics.k8s.io", "version": "v1beta1", "groupPriorityMinimum": 100, "versionPriority": 100,
        "insecureSkipTLSVerify": True, "service": {"namespace": "default", "name": "metrics", "port": port}}})  # fmt: skip
    try:
        cluster.until("/apis", lambda found: any(
            group["name"] == "metrics.k8s.io" for group in found["groups"]))  # fmt: skip
        cluster.until("/apis/metrics.k8s.io/v1beta1/nodes", lambda found: found["items"])
        yield
    finally:
        cluster.ask("DELETE", f"{apis}/{name}")
        cluster.ask("DELETE", f"{services}/metrics")


async def test_what_is_not_there_is_not_found_and_what_is_no_name_never_becomes_a_path(
    cluster: Cluster, gateway: Gateway
):
    ids = (
        "pod:default/nobody",
        "pod:nobody",
        "node:../pods",
        "node:a/b",
        "pod:default/a%2Fb",
        "ghost:default/a",
    )
    settings = {"kubeconfig": str(cluster.kubeconfig("reader", url=gateway.url))}
    async with calling(open_kubernetes("lab", settings)) as call:
        kinds = [
            (await call.error("describe_resource", id=f"kubernetes:lab:{one}")).kind for one in ids
        ]

    assert kinds == ["not_found"] * len(ids)
    assert [path for path in gateway.asked if "metrics" not in path] == ["GET /api/v1/namespaces/default/pods/nobody"]  # fmt: skip
