"""Nodes without machines, for a real API server: keeps nodes Ready and plays the kubelet for the pods bound to them.

A pod asks for a fault with an annotation, in its template or set on it later: `peers/fault` = `crashloop`, `oom`,
`imagepull` or `notready`. `peers/ready-after` = seconds until it is ready, `peers/exits` = the code that its
containers end with. Logs and, as a metrics server would, `metrics.k8s.io` are served to the API server, over TLS with its
own certificate; the latter is offered by the cluster once an APIService names it.

Run by `tests.peers.cluster` in a process of its own: `python -m tests.peers.kubelet FOLDER URL PORT NODES`.
"""

import asyncio
import itertools
import json
import ssl
import sys
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2

FAULT, READY_AFTER, EXITS = "peers/fault", "peers/ready-after", "peers/exits"
BEAT_SECONDS = 4.0
AT_ONCE = 16
PATCH = "application/strategic-merge-patch+json"
CAPACITY = {"cpu": "64", "memory": "256Gi", "pods": "5000"}
WAITING = {
    "crashloop": ("CrashLoopBackOff", {"exitCode": 1, "reason": "Error"}, 7),
    "oom": ("CrashLoopBackOff", {"exitCode": 137, "reason": "OOMKilled"}, 4),
    "imagepull": ("ImagePullBackOff", None, 0),
}
"""Fault -> why its containers wait, how they ended last, how often they were restarted."""
METRICS = "/apis/metrics.k8s.io/v1beta1"
USAGE = {"cpu": "250000000n", "memory": "102400Ki"}


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def condition(name: str, *, holds: bool, reason: str = "PeersKubelet") -> dict[str, str]:
    return {"type": name, "status": str(holds), "reason": reason, "lastTransitionTime": now()}


class Kubelet:
    """All nodes of one cluster."""

    def __init__(self, http: httpx2.AsyncClient, count: int, port: int) -> None:
        self._http = http
        self._nodes = [f"node-{number}" for number in range(1, count + 1)]
        self._port = port
        self._addresses = itertools.count(2)
        self._played: dict[str, tuple[str | None, ...]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._known: dict[str, tuple[str, str]] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request of the API server."""
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = request.split()[1].partition("?")[0]
        body = (self._metrics(path) if path.startswith(METRICS) else log(path)).encode()
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        )
        writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    def _metrics(self, path: str) -> str:
        """The API itself, all nodes, or the pods of one namespace or of all."""
        *inside, what = path.removeprefix(METRICS).strip("/").split("/")
        if what == "nodes":
            items = [{"metadata": {"name": node}, "usage": USAGE} for node in self._nodes]
        elif what == "pods":
            items = [{"metadata": {"name": name, "namespace": namespace},
                      "containers": [{"name": "main", "usage": USAGE}]}
                     for namespace, name in self._known.values() if namespace in inside or not inside]  # fmt: skip
        else:
            return json.dumps({"kind": "APIResourceList", "groupVersion": "metrics.k8s.io/v1beta1", "resources": []})  # fmt: skip
        return json.dumps({"kind": "List", "metadata": {}, "items": items})

    async def run(self) -> None:
        """Until the process ends."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._beat())
            group.create_task(self._follow())

    async def _beat(self) -> None:
        while True:
            for number, node in enumerate(self._nodes, 1):
                try:
                    await self._alive(number, node)
                except httpx2.HTTPError as error:
                    print("beat", node, error, flush=True)  # noqa: T201 - its log
            await asyncio.sleep(BEAT_SECONDS)

    async def _alive(self, number: int, node: str) -> None:
        labels = {"kubernetes.io/hostname": node, "kubernetes.io/os": "linux",
                  "node-role.kubernetes.io/worker": ""}  # fmt: skip
        await self._ask("POST", "/api/v1/nodes", {
            "metadata": {"name": node, "labels": labels}, "spec": {"providerID": f"peers://{node}"},
        })  # fmt: skip
        versions = ("kernelVersion", "osImage", "containerRuntimeVersion", "kubeletVersion",
                    "kubeProxyVersion", "operatingSystem", "architecture", "bootID")  # fmt: skip
        system = str(uuid.uuid5(uuid.NAMESPACE_DNS, node))
        await self._ask("PATCH", f"/api/v1/nodes/{node}/status", {"status": {
            "capacity": CAPACITY, "allocatable": CAPACITY,
            "conditions": [condition("Ready", holds=True, reason="KubeletReady"),
                           condition("MemoryPressure", holds=False)],
            "nodeInfo": {**dict.fromkeys(versions, "peers"), "machineID": system.replace("-", ""),
                         "systemUUID": system.upper()},
            "addresses": [{"type": "InternalIP", "address": f"127.0.0.{10 + number}"},
                          {"type": "Hostname", "address": node}],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": self._port}},
        }})  # fmt: skip
        leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
        renewed = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        lease = {"metadata": {"name": node},
                 "spec": {"holderIdentity": node, "leaseDurationSeconds": 40, "renewTime": renewed}}  # fmt: skip
        if not await self._ask("PATCH", f"{leases}/{node}", lease):
            await self._ask("POST", leases, lease)

    async def _follow(self) -> None:
        """Every pod, now and whenever it changes."""
        while True:
            try:
                async for pod in self._pods():
                    task = asyncio.create_task(self._play(pod))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
            except (httpx2.HTTPError, ValueError) as error:
                print("follow", error, flush=True)  # noqa: T201 - its log
                await asyncio.sleep(0.2)

    async def _pods(self) -> AsyncIterator[dict[str, Any]]:
        unbounded = httpx2.Timeout(10, read=None)
        async with self._http.stream("GET", "/api/v1/pods", params={"watch": "1"}, timeout=unbounded) as answer:  # fmt: skip
            answer.raise_for_status()
            async for line in answer.aiter_lines():
                event = json.loads(line)
                if event["type"] in ("ADDED", "MODIFIED"):
                    yield event["object"]

    async def _play(self, pod: dict[str, Any]) -> None:
        if pod["spec"].get("nodeName") not in self._nodes:
            return
        meta = pod["metadata"]
        self._known[meta["uid"]] = (meta["namespace"], meta["name"])
        path = f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}"
        wanted = meta.get("annotations", {})
        script = (wanted.get(FAULT), wanted.get(READY_AFTER), wanted.get(EXITS))
        if "deletionTimestamp" in meta:
            script = ("deleted",)
        if self._played.get(meta["uid"]) == script:
            return
        self._played[meta["uid"]] = script
        try:
            async with self._slots:
                if script == ("deleted",):
                    body = {"gracePeriodSeconds": 0, "preconditions": {"uid": meta["uid"]}}
                    await self._ask("DELETE", path, body)
                    self._known.pop(meta["uid"], None)
                    return
                fault, after, exits = script
                await self._tell(
                    path, pod, fault=fault or ("notready" if after else None), exits=exits
                )
            if after and not fault:
                await asyncio.sleep(float(after))
                await self._tell(path, pod, fault=None, exits=exits)
        except httpx2.HTTPError as error:
            print("play", path, error, flush=True)  # noqa: T201 - its log
            del self._played[meta["uid"]]

    async def _tell(
        self, path: str, pod: dict[str, Any], *, fault: str | None, exits: str | None
    ) -> None:
        ready = fault is None and exits is None
        phase = "Pending" if fault == "imagepull" else "Running"
        if exits is not None:
            phase = "Succeeded" if exits == "0" else "Failed"
        address = pod["status"].get("podIP") or "10.244.{}.{}".format(
            *divmod(next(self._addresses), 254)
        )
        names = ("Ready", "ContainersReady")
        await self._ask("PATCH", f"{path}/status", {"status": {
            "phase": phase, "hostIP": "127.0.0.1", "podIP": address, "podIPs": [{"ip": address}],
            "startTime": pod["status"].get("startTime") or now(),
            "conditions": [condition("Initialized", holds=True), condition("PodScheduled", holds=True),
                           *(condition(name, holds=ready) for name in names)],
            "containerStatuses": [container(one, fault, exits, ready=ready)
                                  for one in pod["spec"]["containers"]],
        }})  # fmt: skip

    async def _ask(self, method: str, path: str, body: dict[str, Any]) -> bool:
        """One request; False: it is there already, or not there any more."""
        kind = PATCH if method == "PATCH" else "application/json"
        answer = await self._http.request(
            method, path, content=json.dumps(body), headers={"Content-Type": kind}
        )
        if answer.status_code in (404, 409):
            return False
        answer.raise_for_status()
        return True


def container(
    one: dict[str, Any], fault: str | None, exits: str | None, *, ready: bool
) -> dict[str, Any]:
    """The status of a container."""
    reason, ended, restarts = WAITING.get(fault or "", (None, None, 0))
    state: dict[str, Any] = {"running": {"startedAt": now()}}
    if reason:
        state = {"waiting": {"reason": reason, "message": f"back-off: {fault}"}}
    if exits is not None:
        state = {"terminated": {"exitCode": int(exits), "reason": "Completed" if exits == "0" else "Error",
                                "startedAt": now(), "finishedAt": now()}}  # fmt: skip
    last = {"terminated": {**ended, "startedAt": now(), "finishedAt": now()}} if ended else {}
    return {"name": one["name"], "image": one["image"], "imageID": "", "ready": ready, "started": ready,
            "restartCount": restarts, "state": state, "lastState": last}  # fmt: skip


def log(path: str) -> str:
    """`/containerLogs/NAMESPACE/POD/CONTAINER`: one line that names the container."""
    return f"hello from {path.removeprefix('/containerLogs/')}\n"


async def main(folder: Path, url: str, port: int, count: int) -> None:
    """`folder`: with `apiserver.crt` and `apiserver.key`, and the token in `kubelet.token`."""
    certificate, key = folder / "apiserver.crt", folder / "apiserver.key"
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(certificate, key)
    token = (folder / "kubelet.token").read_text()
    theirs = ssl.create_default_context(cafile=str(certificate))
    limits = httpx2.Limits(max_connections=AT_ONCE * 2)
    async with httpx2.AsyncClient(
        base_url=url, verify=theirs, timeout=20, limits=limits, headers={"Authorization": f"Bearer {token}"}
    ) as http:  # fmt: skip
        kubelet = Kubelet(http, count, port)
        listening = ["127.0.0.1", *(f"127.0.0.{10 + number}" for number in range(1, count + 1))]
        servers = [
            await asyncio.start_server(kubelet.serve, one, port, ssl=ours) for one in listening
        ]
        try:
            await kubelet.run()
        finally:
            for server in servers:
                server.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
