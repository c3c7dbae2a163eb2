"""Builds the ASGI application around a house. No logic: routes, errors, guards."""

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter, FastAPI, Response

from datacenter_docs.bootstrap import House
from datacenter_docs.domain.access import Permission
from datacenter_docs.entrypoints.api import access, errors
from datacenter_docs.entrypoints.api.access import Guarded, needs, public
from datacenter_docs.entrypoints.api.dependencies import TheHouse
from datacenter_docs.entrypoints.api.guard import HostGuard
from datacenter_docs.entrypoints.api.routes import (
    approvals,
    documents,
    feedback,
    login,
    notes,
    operations,
    patterns,
    policies,
    resources,
    search,
    similar,
    stats,
    surveys,
    tickets,
    tokens,
)
from datacenter_docs.entrypoints.api.wire import BodyLimit, Head, SafeHeaders

NOUNS = (
    tickets,
    approvals,
    feedback,
    patterns,
    policies,
    stats,
    operations,
    surveys,
    resources,
    documents,
    notes,
    search,
    similar,
    tokens,
)


@dataclass(frozen=True)
class Front:
    """What the server lets through, and where people log in. `hosts`: its names beside those of this machine; the limits are of
    one request's body.
    """

    hosts: tuple[str, ...] = ()
    provider: login.Provider | None = None
    max_body_bytes: int = 1_048_576
    max_body_seconds: float = 30.0


def create_app(house: House | None, front: Front | None = None) -> FastAPI:
    """The application. `house` None: only to write the OpenAPI document. `front` None: the defaults."""
    front = front or Front()
    app = FastAPI(
        title="datacenter-docs",
        version="1",
        summary="Reads a datacenter, answers its tickets, and repairs where its owner allows it.",
        responses=errors.RESPONSES,
        redirect_slashes=False,
        docs_url=None,  # its page would load scripts from another site
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.house = house
    app.state.provider = front.provider
    app.state.stopping = False  # set by whoever stops the server: streams end, so that it can
    errors.install(app)
    for noun in NOUNS:
        app.include_router(access.must_be_guarded(noun.router), prefix="/api/v1")
    app.include_router(access.must_be_guarded(login.router))
    app.include_router(access.must_be_guarded(_probes()))
    app.add_middleware(Head)
    app.add_middleware(
        BodyLimit, limit_bytes=front.max_body_bytes, limit_seconds=front.max_body_seconds
    )
    app.add_middleware(HostGuard, hosts=front.hosts)
    app.add_middleware(SafeHeaders)  # the last one is the first to see a request
    errors.describe(app, access.SECURITY_SCHEMES)
    return app


def _probes() -> APIRouter:
    """Health, readiness and metrics, for machines."""
    router = APIRouter(tags=["probes"], route_class=Guarded)

    @router.get("/health")
    @public
    async def health() -> dict[str, str]:
        """The process is alive."""
        return {"status": "ok"}

    @router.get("/ready", responses={503: {"description": "Not ready"}})
    @public
    async def ready(house: TheHouse, response: Response) -> dict[str, str]:
        """The database answers, so requests can be served. 503 with the reason otherwise."""
        trouble = await house.trouble()
        if trouble:
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return {"status": "not ready", "reason": trouble} if trouble else {"status": "ready"}

    @router.get("/metrics", include_in_schema=False)
    @needs(Permission.READ)
    async def metrics(house: TheHouse) -> Response:
        """Prometheus metrics."""
        listed = await house.presenting.contents()
        house.meter.documented({one.head.id: one.freshness.state for one in listed})
        text, media_type = house.exposition()
        return Response(text, media_type=media_type)

    return router
