"""The estate as it is remembered: resources, their facts and where these come from, what changed, what belongs together."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime

from datacenter_docs.domain.access import Permission
from datacenter_docs.domain.changes import Change, ChangeKind
from datacenter_docs.domain.ids import Platform
from datacenter_docs.domain.observed import FactId
from datacenter_docs.domain.relations import Crowd
from datacenter_docs.domain.sightings import LONGEST_ID
from datacenter_docs.domain.tickets import Text
from datacenter_docs.entrypoints.api.access import needs
from datacenter_docs.entrypoints.api.dependencies import Cursor, Limit, TheHouse
from datacenter_docs.entrypoints.api.estate import (
    At,
    DifferenceShown,
    FactDetail,
    RelationShown,
    ResourceIdPath,
    ResourceShown,
    ResourceSummary,
)
from datacenter_docs.entrypoints.api.ids import WholeIds
from datacenter_docs.entrypoints.api.paging import page
from datacenter_docs.entrypoints.api.schemas import Items
from datacenter_docs.ports.estate import ChangeFilter, KeptPayload, ResourceFilter
from datacenter_docs.services.deriving import Derived

router = APIRouter(tags=["estate"], route_class=WholeIds)
Named = Annotated[Text | None, Query(max_length=320)]
Id = Annotated[Text | None, Query(max_length=LONGEST_ID)]
RECENT = timedelta(days=7)


@router.get("/resources")
@needs(Permission.READ)
async def list_resources(
    house: TheHouse,
    platform: Annotated[Platform | None, Query(description="Only of this platform.")] = None,
    connection: Named = None,
    kind: Named = None,
    name: Annotated[
        Text | None, Query(max_length=320, description="A part of the name, in any case.")
    ] = None,
    parent: Id = None,
    vanished: Annotated[
        bool | None, Query(description="Those that are gone, instead of those that are there.")
    ] = None,
    at: At = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Items[ResourceSummary]:
    """Resources in the order of their ids."""
    wanted = ResourceFilter(platform, connection, kind, name, parent, bool(vanished))
    found = await house.estate.find(wanted, cursor, limit, at)
    shown = [ResourceSummary.of(one) for one in found.items]
    return Items(items=shown, next_cursor=found.next_cursor)


@router.get("/resources/{resource_id:path}/history")
@needs(Permission.READ)
async def resource_history(
    resource_id: ResourceIdPath,
    house: TheHouse,
    attribute: Named = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Items[Change]:
    """What happened to a resource, or to one attribute of it, newest first."""
    found = await house.estate.history(resource_id, attribute, cursor, limit)
    return Items(items=list(found.items), next_cursor=found.next_cursor)


@router.get("/resources/{resource_id:path}/relations")
@needs(Permission.READ)
async def resource_relations(
    resource_id: ResourceIdPath,
    house: TheHouse,
    at: At = None,
    cursor: Cursor = None,
    limit: Limit = 200,
) -> Items[RelationShown]:
    """What a resource has to do with others, with the facts that prove it."""
    found = [RelationShown.of(one) for one in await house.estate.relations(resource_id, at)]
    listing = f"relations {resource_id}"
    return page(listing, found, lambda one: f"{one.rule} {one.left} {one.right}", cursor, limit)


@router.get("/resources/{resource_id:path}")
@needs(Permission.READ)
async def get_resource(
    resource_id: ResourceIdPath, house: TheHouse, at: At = None
) -> ResourceShown:
    """A resource with its facts; one that is gone as it was last known."""
    return ResourceShown.of(await house.estate.get(resource_id, at))


@router.get("/facts/{fact_id:path}")
@needs(Permission.READ)
async def get_fact(
    fact_id: Annotated[
        Text,
        Path(max_length=LONGEST_ID + 200, description="The fact's id; its # is %23 in a URL."),
    ],
    house: TheHouse,
) -> FactDetail:
    """A fact, with the call that read it. 404 says whether it never was, or is no longer kept."""
    return FactDetail.record(await house.estate.fact(FactId.parse(fact_id)))


@router.get("/payloads/{sha256}")
@needs(Permission.READ)
async def get_payload(
    sha256: Annotated[Text, Path(pattern="^[0-9a-f]{64}$")], house: TheHouse
) -> KeptPayload:
    """The raw answer of a platform, without secrets; a `body` of null says in `gone_because` why it is not there."""
    return await house.estate.payload(sha256)


@router.get("/changes/diff")
@needs(Permission.READ)
async def diff(
    house: TheHouse,
    since: Annotated[AwareDatetime, Query(description="How it was then.")],
    until: Annotated[
        AwareDatetime | None, Query(description="And how it was then; none: as it is now.")
    ] = None,
    platform: Annotated[Platform | None, Query(description="Only of this platform.")] = None,
    connection: Named = None,
    resource_id: Id = None,
) -> DifferenceShown:
    """What is different between two times: one change for each resource, whatever happened in between."""
    wanted = ChangeFilter(since, until, platform, connection, resource_id)
    return DifferenceShown.of(await house.drifting.between(since, wanted))


@router.get("/derivations/{derived_id:path}")
@needs(Permission.READ)
async def get_derivation(
    derived_id: Annotated[
        Text, Path(max_length=4_000, description="Its id; `?` and `&` are %3F and %26 in a URL.")
    ],
    house: TheHouse,
) -> Derived:
    """A number that follows from facts, made again from its id, with the facts or resources that went into it."""
    return await house.deriving.again(derived_id)


@router.get("/changes")
@needs(Permission.READ)
async def list_changes(
    house: TheHouse,
    since: Annotated[
        AwareDatetime | None, Query(description="Found after this; none: in the last seven days.")
    ] = None,
    until: Annotated[AwareDatetime | None, Query(description="Found not after this.")] = None,
    platform: Annotated[Platform | None, Query(description="Only of this platform.")] = None,
    connection: Named = None,
    resource_id: Id = None,
    kind: Annotated[ChangeKind | None, Query(description="Only changes of this kind.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Items[Change]:
    """What changed in the estate, newest survey first."""
    begin = since or (until or house.clock.now()) - RECENT
    wanted = ChangeFilter(begin, until, platform, connection, resource_id, kind)
    found = await house.estate.changes(wanted, cursor, limit)
    return Items(items=list(found.items), next_cursor=found.next_cursor)


@router.get("/crowds")
@needs(Permission.READ)
async def list_crowds(house: TheHouse, cursor: Cursor = None, limit: Limit = 100) -> Items[Crowd]:
    """What too many resources share to relate any two of them; it was left out of the relations."""
    crowds = await house.estate.crowds()
    return page("crowds", crowds, lambda one: f"{one.rule} {one.key}", cursor, limit)
