"""Property reads in few calls: one view of all objects of some types, or one object with what it stands in; then portion by
portion, however long it is. Runs in a thread of the session.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

from pyVmomi import vim, vmodl
from pyVmomi.VmomiSupport import GetWsdlType

from datacenter_mcp.readings import Reading
from datacenter_mcp.vmware.answers import Ref, Seen, portion
from datacenter_mcp.vmware.session import Api

Collector = vmodl.query.PropertyCollector
Paths = Mapping[str, Sequence[str]]
"""Type of the platform -> the properties that are read of it."""
Portions = Sequence[Reading[Sequence[Seen]]]
TOOL = "RetrievePropertiesEx"
UPWARDS = "upwards"


@contextmanager
def viewing(api: Api, types: Iterable[str]) -> Iterator[Any]:
    """A view of all objects of these types that we may see."""
    view = api.content.viewManager.CreateContainerView(
        container=api.content.rootFolder, type=[_type(name) for name in types], recursive=True
    )
    try:
        yield view
    finally:
        view.DestroyView()


def viewed(api: Api, view: Any, paths: Paths, page: int) -> Iterator[Reading[Sequence[Seen]]]:
    """The objects of a view, portion by portion: what was taken out of one can be forgotten before the next is read."""
    in_view = Collector.TraversalSpec(type=vim.view.ContainerView, path="view", skip=False)
    start = Collector.ObjectSpec(obj=view, skip=True, selectSet=[in_view])
    return _read(api, [start], paths, page)


def some(api: Api, refs: Sequence[Ref], paths: Paths, page: int) -> Portions:
    """These objects. Raises the platform's ManagedObjectNotFound when one of them is gone."""
    starts = [Collector.ObjectSpec(obj=target(api, ref)) for ref in refs]
    return list(_read(api, starts, paths, page))


def lineage(api: Api, ref: Ref, paths: Paths) -> Portions:
    """One object, all that contain it, and the switch of a network, in one call."""
    again = Collector.SelectionSpec(name=UPWARDS)
    up = Collector.TraversalSpec(
        name=UPWARDS, type=vim.ManagedEntity, path="parent", skip=False, selectSet=[again]
    )
    switch = Collector.TraversalSpec(
        type=vim.dvs.DistributedVirtualPortgroup,
        path="config.distributedVirtualSwitch",
        skip=False,
    )
    start = Collector.ObjectSpec(obj=target(api, ref), skip=False, selectSet=[up, switch])
    return list(_read(api, [start], paths, page=100))


def beside(api: Api, ref: Ref, properties: Sequence[str], paths: Paths) -> Portions:
    """One object, and those that these properties of it refer to, in one call."""
    there = [
        Collector.TraversalSpec(type=_type(ref.type), path=path, skip=False) for path in properties
    ]
    start = Collector.ObjectSpec(obj=target(api, ref), skip=False, selectSet=there)
    return list(_read(api, [start], paths, page=100))


def following(api: Api, start: Any, path: str, paths: Paths, page: int) -> Portions:
    """The objects that a property of another one (an SDK stand-in) refers to."""
    there = Collector.TraversalSpec(type=type(start), path=path, skip=False)
    first = Collector.ObjectSpec(obj=start, skip=True, selectSet=[there])
    return list(_read(api, [first], paths, page))


def latest_events(api: Api, wanted: Any, most: int) -> Portions:
    """The latest events that a filter lets through, as the property `latestPage` of one object."""
    collector = api.content.eventManager.CreateCollectorForEvents(wanted)
    try:
        collector.SetCollectorPageSize(most)
        ref = Ref("EventHistoryCollector", collector._GetMoId())
        return some(api, [ref], {ref.type: ("latestPage",)}, page=1)
    finally:
        collector.DestroyCollector()


def target(api: Api, ref: Ref) -> Any:
    """The SDK's stand-in for an object; nothing is called."""
    return _type(ref.type)(ref.value, api.wire)


def _type(name: str) -> Any:
    """A type of the platform by the name that it has on the wire."""
    return GetWsdlType("urn:vim25", name)


def _read(
    api: Api, start: Sequence[Any], paths: Paths, page: int
) -> Iterator[Reading[Sequence[Seen]]]:
    wanted = [
        Collector.PropertySpec(type=_type(name), pathSet=list(each), all=False)
        for name, each in paths.items()
    ]
    specification = Collector.FilterSpec(objectSet=list(start), propSet=wanted)
    collector = api.content.propertyCollector
    body = api.wire.raw(
        collector, TOOL, [specification], Collector.RetrieveOptions(maxObjects=page)
    )
    for number in count(1):
        found = portion(body)
        told = {"types": sorted(paths), "portion": number}
        yield Reading(found.objects, TOOL, body.decode("utf-8", "surrogateescape"), told)
        if found.token is None:
            return
        body = api.wire.raw(collector, "ContinueRetrievePropertiesEx", found.token)
