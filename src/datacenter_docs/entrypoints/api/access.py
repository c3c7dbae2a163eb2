"""Who may ask what. Each route says what it needs, with `@needs` or `@public`; one that says nothing cannot be built.

The check stands before the body is read. Where authentication is off nothing is checked, and it costs nothing.
"""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from sse_starlette import EventSourceResponse

from datacenter_docs.bootstrap import House
from datacenter_docs.domain.access import LEAST_ROLE, Permission, Principal
from datacenter_docs.domain.errors import DatacenterDocsError, Unauthenticated

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Handler = Callable[[Request], Awaitable[Response]]
SCHEME = "bearer"
SECURITY_SCHEMES = {
    SCHEME: {
        "type": "http",
        "scheme": "bearer",
        "description": "Where authentication is on: an API token (`dcdocs_...`), or a token of the identity provider.",
    }
}
"""For the OpenAPI document."""
_NEEDED = "_needed_permission"

log = structlog.get_logger(__name__)


def needs(permission: Permission) -> Callable[[Endpoint], Endpoint]:
    """Says what a route needs; stands between the route and its function."""

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _NEEDED, permission)
        return endpoint

    return mark


def public(endpoint: Endpoint) -> Endpoint:
    """Says that a route tells nothing about the datacenter, and everybody may ask it."""
    setattr(endpoint, _NEEDED, None)
    return endpoint


class Guarded(APIRoute):
    """A route that lets in who may ask. Raises `TypeError` where its function says neither `@needs` nor `@public`."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if not hasattr(endpoint, _NEEDED):
            raise TypeError(f"{path}: say what {endpoint.__name__} needs, or that it is public")
        self.permission: Permission | None = getattr(endpoint, _NEEDED)
        told = {**(options.pop("openapi_extra", None) or {}), **_told(self.permission)}
        super().__init__(path, endpoint, openapi_extra=told, **options)

    def get_route_handler(self) -> Any:
        """FastAPI's own place for what happens before a request is read."""
        answer = super().get_route_handler()
        permission = self.permission
        if permission is None:
            return answer

        async def admitted(request: Request) -> Response:
            house: House = request.app.state.house
            if house.authenticating is None:
                return await answer(request)
            await admit(request, house, permission)
            response = await answer(request)
            if isinstance(response, EventSourceResponse):
                events = response.body_iterator
                response.body_iterator = _while_admitted(request, house, permission, events)
            return response

        return admitted


async def admit(request: Request, house: House, permission: Permission) -> None:
    """Know who asks, and put it into the request. Raises `Unauthenticated`, `Throttled`, `Forbidden`, `Unavailable`."""
    if house.authenticating is None:
        return
    address = request.client.host if request.client else ""
    try:
        principal = await house.authenticating.principal(
            request.headers.get("authorization"), address
        )
    except Unauthenticated as error:
        if error.presented:
            log.warning("login_failed", address=address, why=error.message)
        raise
    principal.must(permission)
    request.scope["principal"] = principal


def principal_of(request: Request) -> Principal | None:
    """Who was let in; None: there is no authentication, or the route is public."""
    principal: Principal | None = request.scope.get("principal")
    return principal


def must_be_guarded(router: APIRouter) -> APIRouter:
    """The same router. Raises `TypeError` for a route that lets everybody in without saying so."""
    for route in router.routes:
        if not isinstance(route, Guarded):
            raise TypeError(f"{getattr(route, 'path', route)} is not `Guarded`")
    return router


async def _while_admitted(
    request: Request, house: House, permission: Permission, events: AsyncIterable[Any]
) -> AsyncIterator[Any]:
    """A stream that ends before the first event that its reader may not see any more."""
    async for event in events:
        try:
            await admit(request, house, permission)
        except DatacenterDocsError:
            return
        yield event


def _told(permission: Permission | None) -> dict[str, Any]:
    """What the OpenAPI document says of a route."""
    if permission is None:
        return {"security": []}
    return {
        "security": [{SCHEME: []}],
        "x-permission": permission.value,
        "x-role": LEAST_ROLE[permission].value,
    }
