"""Where people log in (OAuth 2.0 Protected Resource Metadata, RFC 9728): for the command line, and for other clients."""

from typing import NamedTuple

from fastapi import APIRouter, Request
from pydantic import BaseModel

from datacenter_docs.domain.errors import NotFound
from datacenter_docs.entrypoints.api.access import Guarded, public

router = APIRouter(tags=["access"], route_class=Guarded)


class Provider(NamedTuple):
    """The identity provider. `client` None: there is none for the command line."""

    issuer: str
    audience: str
    client: str | None


class ProtectedResource(BaseModel):
    """The members of RFC 9728, and `device_client`: the client for logging in on a command line; null: there is none."""

    resource: str
    authorization_servers: list[str]
    bearer_methods_supported: list[str] = ["header"]
    device_client: str | None


@router.get("/.well-known/oauth-protected-resource")
@public
async def where_to_log_in(request: Request) -> ProtectedResource:
    """The identity provider whose tokens are taken. 404: there is none."""
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise NotFound("This server has no identity provider; ask its admin for an API token.")
    return ProtectedResource(
        resource=provider.audience,
        authorization_servers=[provider.issuer],
        device_client=provider.client,
    )
