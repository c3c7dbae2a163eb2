"""What the platform measures by itself: counters of the last 20 seconds, where it offers them (VMs that run, and hosts)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pyVmomi import vim

from datacenter_mcp.contract.reading import Metric
from datacenter_mcp.vmware import asking
from datacenter_mcp.vmware.answers import Node, Ref
from datacenter_mcp.vmware.session import Api

INTERVAL_SECONDS = 20
MEASURED = ("VirtualMachine", "HostSystem")


class Measure(NamedTuple):
    """Our name of a counter, and what its numbers are multiplied with to come into our unit."""

    name: str
    factor: float


MEASURES = {
    # Milliseconds of the interval; of several CPUs it is the sum, so that it may be more than 1.
    "cpu.ready.summation": Measure("cpu_ready_ratio", 1 / (1000 * INTERVAL_SECONDS)),
    "mem.swapinRate.average": Measure("memory_swapped_in_bytes_per_second", 1024),
    "disk.usage.average": Measure("disk_bytes_per_second", 1024),
    "disk.maxTotalLatency.latest": Measure("disk_latency_seconds", 0.001),
    "net.usage.average": Measure("network_bytes_per_second", 1024),
    "sys.osUptime.latest": Measure("guest_uptime_seconds", 1),
}
"""The platform's `group.counter.rollup` -> ours."""


def counters(api: Api) -> Mapping[int, Measure]:
    """The numbers that this platform gives to the counters that we know; other versions give others."""
    manager = Ref("PerformanceManager", api.content.perfManager._GetMoId())
    [reading] = asking.some(api, [manager], {manager.type: ("perfCounter",)}, page=1)
    found = {}
    for counter in reading.value[0].get("perfCounter").parts():
        key, measure = counter.part("key").number, MEASURES.get(_full_name(counter))
        if key is not None and measure is not None:
            found[key] = measure
    return found


def measured(api: Api, ref: Ref, known: Mapping[int, Measure]) -> list[Metric]:
    """The latest number of each counter; none where the platform has none, as for a VM that is off."""
    Manager = vim.PerformanceManager  # noqa: N806 - it holds classes
    wanted = Manager.QuerySpec(
        entity=asking.target(api, ref),
        metricId=[Manager.MetricId(counterId=key, instance="") for key in sorted(known)],
        intervalId=INTERVAL_SECONDS,
        maxSample=1,
    )
    answer: Any = api.content.perfManager.QueryPerf(querySpec=[wanted])
    return [
        Metric(
            name=known[series.id.counterId].name, value=value * known[series.id.counterId].factor
        )
        for one in answer
        for series in one.value
        for value in series.value[-1:]
        if value >= 0  # -1: nothing was measured
    ]


def _full_name(counter: Node) -> str:
    parts = (("groupInfo", "key"), ("nameInfo", "key"), ("rollupType",))
    return ".".join(counter.part(*path).text or "" for path in parts)
