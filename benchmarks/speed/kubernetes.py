"""How long a listing of pods takes, beside `kubectl get pods -A -o json`, in turn in one run on a real control plane.

Run: `python -m benchmarks.speed.kubernetes [--pods 5000] [--rounds 3]`. Starts the cluster of the tests, which has to be
built before (`python -m tests.peers.cluster_build`); needs root and `kubectl`. The brain's read goes over stdio, as in
the product. Goal: under 10 s, at most three times kubectl.
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

from tests.peers import cluster, slots
from tests.peers.cluster import Cluster
from tests.peers.slots import PeerMissingError
from tests.peers.workloads import APPS, space

from datacenter_docs.adapters.platforms.estate_file import Connection, Estate
from datacenter_docs.adapters.platforms.pool import Pool
from datacenter_docs.adapters.platforms.reader import McpPlatformReader
from datacenter_docs.domain.ids import Platform
from datacenter_mcp.kubernetes.room import open_kubernetes

GOAL_SECONDS = 10.0
GOAL_TIMES = 3.0
FILL_SECONDS = 600.0
CALL_SECONDS = 120.0


def fill(lab: Cluster, pods: int, namespace: str) -> None:
    """So many running pods, in one deployment."""
    body = {
        "metadata": {"name": "crowd"},
        "spec": {
            "replicas": pods,
            "selector": {"matchLabels": {"app": "crowd"}},
            "template": {
                "metadata": {"labels": {"app": "crowd"}},
                "spec": {"containers": [{"name": "main", "image": "tiny:1"}]},
            },
        },
    }
    path = f"{APPS}/namespaces/{namespace}/deployments"
    lab.ask("POST", path, body)
    lab.until(
        f"{path}/crowd", lambda one: one["status"].get("readyReplicas") == pods, FILL_SECONDS
    )


async def taken(read: Callable[[], Awaitable[int]], pods: int) -> float:
    """Seconds of one read, which has to be complete."""
    begun = time.perf_counter()
    count = await read()
    seconds = time.perf_counter() - begun
    assert count >= pods, f"{count} of {pods} pods"
    return seconds


async def measure(lab: Cluster, pods: int, rounds: int) -> dict[str, float]:
    """The median seconds of each way to read all pods."""
    room = open_kubernetes("lab", lab.settings("reader"))
    connection = Connection(
        name="lab", platform=Platform.KUBERNETES, settings=lab.settings("reader")
    )
    pool = Pool(Estate(connections=(connection,)), timeout_seconds=CALL_SECONDS)
    brain = McpPlatformReader(pool)
    command = ["kubectl", "--kubeconfig", str(lab.kubeconfig("reader")), "get", "pods", "-A", "-o", "json"]  # fmt: skip

    async def kubectl() -> int:
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
        return done.stdout.count(b'"kind": "Pod"')

    async def ours() -> int:
        return len((await room.list_resources("pod", None)).resources)

    async def through_mcp() -> int:
        return len((await brain.inventory("kubernetes", kind="pod")).resources)

    ways = {"kubectl": kubectl, "room": ours, "brain": through_mcp}
    await pool.warm()
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            found[name].append(await taken(way, pods))
    await pool.close()
    await room.close()
    return {name: statistics.median(seconds) for name, seconds in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pods", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    try:
        lab = cluster.start(slots.me())
    except PeerMissingError as error:
        print(f"not measured: {error}", file=sys.stderr)
        return
    try:
        with space(lab) as own:
            fill(lab, asked.pods, own.name)
            seconds = asyncio.run(measure(lab, asked.pods, asked.rounds))
    finally:
        cluster.stop(lab)
    base = seconds["kubectl"]
    print(f"kubectl get pods -A -o json, {asked.pods} pods: {base:.2f} s")
    for name, label in (("room", "the room"), ("brain", "the brain, over MCP")):
        times = seconds[name] / base
        print(
            f"{label}: {seconds[name]:.2f} s, {times:.2f} times kubectl "
            f"(goals: under {GOAL_SECONDS:g} s, at most {GOAL_TIMES:g} times)"
        )


if __name__ == "__main__":
    main()
