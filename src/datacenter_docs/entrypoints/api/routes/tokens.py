"""API tokens, and who one is. No `Idempotency-Key` here: its memory would keep the written token."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from datacenter_docs.domain.access import ANONYMOUS, Login, Permission, Role
from datacenter_docs.domain.tickets import PersonName, Text
from datacenter_docs.domain.tokens import LONGEST, LONGEST_OVERLAP, ApiToken
from datacenter_docs.entrypoints.api.access import Guarded, needs
from datacenter_docs.entrypoints.api.dependencies import (
    Cursor,
    Limit,
    Name,
    TheCaller,
    TheHouse,
)
from datacenter_docs.entrypoints.api.schemas import Body, Items
from datacenter_docs.services.issuing import Issued

router = APIRouter(tags=["access"], route_class=Guarded)


class Me(BaseModel):
    """Who asks. `role` and `login` null: there is no authentication, and everybody who reaches the server may do everything."""

    name: str
    role: Role | None
    login: Login | None
    permissions: list[Permission]


class TokenBody(Body):
    """A new token. `name`: whose it is; goes into the journal with all that is done with it. `note`: what it is for."""

    name: PersonName
    role: Role
    note: Annotated[Text, Field(max_length=200)] = ""
    valid_days: Annotated[int, Field(ge=1, le=LONGEST.days)] = 90


class RotationBody(Body):
    """For how long the old token goes on, so that its holder can change over."""

    overlap_hours: Annotated[float, Field(ge=0, le=LONGEST_OVERLAP / timedelta(hours=1))] = 24.0


class TokenShown(BaseModel):
    """What may be shown of a token. `ended`: why it opens nothing any more; null: it does."""

    token_id: str
    name: str
    role: Role
    note: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    replaces: str | None
    ended: str | None

    @classmethod
    def of(cls, token: ApiToken, now: datetime) -> "TokenShown":
        """Draw it from a token."""
        return cls(**dict(token), ended=token.ended(now))


class TokenGiven(TokenShown):
    """A new token. `token`: how its holder writes it; shown this once, and kept nowhere."""

    token: str

    @classmethod
    def given(cls, issued: Issued) -> "TokenGiven":
        """Draw it from what was issued."""
        return cls(**dict(issued.token), ended=None, token=issued.written)


@router.get("/me")
@needs(Permission.READ)
async def who_am_i(caller: TheCaller) -> Me:
    """Who asks, with which role, and what that allows."""
    principal = caller.principal
    if principal is None:
        return Me(name=ANONYMOUS, role=None, login=None, permissions=list(Permission))
    allowed = [permission for permission in Permission if principal.may(permission)]
    return Me(**dict(principal), permissions=allowed)


@router.get("/tokens")
@needs(Permission.MANAGE_TOKENS)
async def list_tokens(
    house: TheHouse, cursor: Cursor = None, limit: Limit = 50
) -> Items[TokenShown]:
    """All API tokens, oldest first, without their secrets; those that have ended too."""
    found, now = await house.issuing.find(cursor, limit), house.clock.now()
    shown = [TokenShown.of(token, now) for token in found.items]
    return Items(items=shown, next_cursor=found.next_cursor)


@router.post("/tokens", status_code=HTTPStatus.CREATED)
@needs(Permission.MANAGE_TOKENS)
async def create_token(body: TokenBody, house: TheHouse, caller: TheCaller) -> TokenGiven:
    """A new API token. The answer is the only place where it is ever written."""
    issued = await house.issuing.create(
        body.name,
        body.role,
        body.note,
        timedelta(days=body.valid_days),
        by=caller.named(ANONYMOUS, "actor"),
    )
    return TokenGiven.given(issued)


@router.post("/tokens/{token_id}/rotate", status_code=HTTPStatus.CREATED)
@needs(Permission.MANAGE_TOKENS)
async def rotate_token(
    token_id: Name, body: RotationBody, house: TheHouse, caller: TheCaller
) -> TokenGiven:
    """A new token of the same owner and role in place of this one, which goes on for the overlap."""
    overlap = timedelta(hours=body.overlap_hours)
    by = caller.named(ANONYMOUS, "actor")
    return TokenGiven.given(await house.issuing.rotate(token_id, overlap, by=by))


@router.delete("/tokens/{token_id}")
@needs(Permission.MANAGE_TOKENS)
async def revoke_token(token_id: Name, house: TheHouse, caller: TheCaller) -> TokenShown:
    """Take a token away for good: at once in this process, within a second in others. Twice is fine."""
    token = await house.issuing.revoke(token_id, by=caller.named(ANONYMOUS, "actor"))
    return TokenShown.of(token, house.clock.now())
