"""Policies: the owner's rules, versioned."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from datacenter_docs.domain.access import Permission
from datacenter_docs.domain.errors import Conflict, Invalid, NotFound
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.tickets import PersonName
from datacenter_docs.entrypoints.api.access import Guarded, needs
from datacenter_docs.entrypoints.api.dependencies import (
    MAX_COUNT,
    Cursor,
    Limit,
    Name,
    TheCaller,
    TheHouse,
)
from datacenter_docs.entrypoints.api.paging import page
from datacenter_docs.entrypoints.api.schemas import Items
from datacenter_docs.ports.policies import PolicyVersion

router = APIRouter(prefix="/policies", tags=["policies"], route_class=Guarded)
Author = Annotated[PersonName, Query(description="Who changes it; goes into the journal.")]


class PolicyShown(BaseModel):
    """A version of a policy."""

    name: str
    version: int
    content_hash: str
    author: str
    changed_at: datetime
    deleted: bool
    policy: Policy

    @classmethod
    def of(cls, version: PolicyVersion) -> "PolicyShown":
        """Draw it from a stored version."""
        return cls(
            name=version.policy.name,
            version=version.version,
            content_hash=version.content_hash,
            author=version.author,
            changed_at=version.changed_at,
            deleted=version.deleted,
            policy=version.policy,
        )


@router.get("")
@needs(Permission.READ)
async def list_policies(
    house: TheHouse, cursor: Cursor = None, limit: Limit = 50
) -> Items[PolicyShown]:
    """The current policies by name."""
    shown = [PolicyShown.of(version) for version in await house.policies.list_current()]
    return page("policies", shown, lambda policy: policy.name, cursor, limit)


@router.post("", status_code=HTTPStatus.CREATED)
@needs(Permission.GOVERN)
async def create_policy(
    body: Policy, house: TheHouse, caller: TheCaller, author: Author = "anonymous"
) -> PolicyShown:
    """Make a new policy. 409 when the name is taken by another, or the category has an enabled one."""
    author = caller.named(author, "author")
    try:
        known = await house.policies.get(body.name)
    except NotFound:
        return PolicyShown.of(await house.governing.put_policy(body, author))
    if known.policy == body:
        return PolicyShown.of(known)
    raise Conflict(
        f"There is a policy {body.name!r} already; change it with PUT.",
        {
            field: (old, getattr(body, field))
            for field, old in dict(known.policy).items()
            if old != getattr(body, field)
        },
    )


@router.get("/{name}")
@needs(Permission.READ)
async def get_policy(
    name: Name,
    house: TheHouse,
    version: Annotated[
        int | None, Query(ge=1, le=MAX_COUNT, description="An old version.")
    ] = None,
) -> PolicyShown:
    """The current version, or an old one."""
    return PolicyShown.of(await house.policies.get(name, version))


@router.put("/{name}")
@needs(Permission.GOVERN)
async def put_policy(
    name: Name, body: Policy, house: TheHouse, caller: TheCaller, author: Author = "anonymous"
) -> PolicyShown:
    """Store the next version. The same content again changes nothing."""
    author = caller.named(author, "author")
    if body.name != name:
        raise Invalid("The body names another policy than the URL.", {"name": f"must be {name}"})
    return PolicyShown.of(await house.governing.put_policy(body, author))


@router.delete("/{name}", status_code=HTTPStatus.NO_CONTENT)
@needs(Permission.GOVERN)
async def delete_policy(
    name: Name, house: TheHouse, caller: TheCaller, author: Author = "anonymous"
) -> None:
    """Take it away; its versions stay readable."""
    await house.governing.delete_policy(name, caller.named(author, "author"))


@router.get("/{name}/versions")
@needs(Permission.READ)
async def list_versions(
    name: Name, house: TheHouse, cursor: Cursor = None, limit: Limit = 50
) -> Items[PolicyShown]:
    """All versions, newest first."""
    shown = [PolicyShown.of(version) for version in await house.policies.versions(name)]
    return page(f"versions {name}", shown, _newest_first, cursor, limit)


def _newest_first(version: PolicyShown) -> str:
    """A key that counts down."""
    return f"{MAX_COUNT - version.version:010}"
