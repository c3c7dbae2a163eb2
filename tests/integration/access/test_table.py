"""Every route against every role, and against none: driven by the committed OpenAPI document, and by a table of our own."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx2
import pytest
from fastapi import APIRouter
from tests.integration.access.door import ROLES, Door
from tests.integration.access.rules import OUTSIDE, RULES
from tests.integration.api.product import is_problem

from datacenter_docs.domain.access import LEAST_ROLE, Permission
from datacenter_docs.entrypoints.api.access import Guarded, must_be_guarded

DOCUMENT = json.loads(
    (Path(__file__).parents[3] / "docs" / "openapi.json").read_text(encoding="utf-8")
)
ROUTES = {
    f"{method.upper()} {path}": route
    for path, methods in DOCUMENT["paths"].items()
    for method, route in methods.items()
}
NEEDING = [route for route, role in RULES.items() if role is not None]
PUBLIC = [route for route, role in RULES.items() if role is None]


@pytest.fixture(scope="module")
def clients(door: Door) -> Iterator[Mapping[str | None, httpx2.Client]]:
    everybody = {who: door.client(who) for who in (None, *door.tokens)}
    yield everybody
    for client in everybody.values():
        client.close()


def asked(client: httpx2.Client, route: str) -> httpx2.Response:
    """Ask for something that is not there, without a body: whoever is let in is told so, and changes nothing."""
    method, _, path = route.partition(" ")
    path = re.sub(r"\{(number)\}", "999999", path)
    return client.request(method, re.sub(r"\{\w+\}", "nothing-is-called-so", path))


def test_every_route_has_a_line_in_the_table_and_every_line_a_route() -> None:
    assert RULES.keys() == ROUTES.keys() | OUTSIDE


@pytest.mark.parametrize("route", sorted(ROUTES))
def test_the_document_says_what_the_table_says(route: str) -> None:
    told, role = ROUTES[route], RULES[route]

    assert told.get("x-role") == role
    assert told["security"] == ([] if role is None else [{"bearer": []}])
    if role is not None:
        assert LEAST_ROLE[Permission(told["x-permission"])] == role


@pytest.mark.parametrize("route", sorted(NEEDING))
def test_a_route_lets_in_whom_the_table_says_and_nobody_else(
    clients: Mapping[str | None, httpx2.Client], route: str
) -> None:
    for nobody in (None, "expired", "revoked"):
        answer = asked(clients[nobody], route)

        is_problem(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="datacenter-docs"')
    least = RULES[route]
    for role in ROLES:
        answer = asked(clients[role], route)
        if ROLES.index(role) < ROLES.index(str(least)):
            told = is_problem(answer, 403)
            assert told["role_needed"] == least
            assert told["permission"] == (ROUTES.get(route) or {}).get("x-permission", "read")
        else:
            assert answer.status_code not in (401, 403, 405, 500), f"{role}: {answer.text}"


@pytest.mark.parametrize("route", sorted(PUBLIC))
def test_what_is_public_asks_nobody_who_they_are(
    clients: Mapping[str | None, httpx2.Client], route: str
) -> None:
    assert asked(clients[None], route).status_code in (200, 404)


def test_the_document_itself_is_public(clients: Mapping[str | None, httpx2.Client]) -> None:
    assert clients[None].get("/api/v1/openapi.json").json() == DOCUMENT


@pytest.mark.parametrize("route", sorted(route for route in NEEDING if route.startswith("GET ")))
def test_head_is_guarded_as_get_is(
    clients: Mapping[str | None, httpx2.Client], route: str
) -> None:
    assert asked(clients[None], route.replace("GET", "HEAD")).status_code == 401


def test_a_route_that_says_nothing_cannot_be_built() -> None:
    router = APIRouter(route_class=Guarded)

    async def forgotten() -> None:
        """Nothing."""

    with pytest.raises(TypeError, match="/forgotten: say what forgotten needs"):
        router.get("/forgotten")(forgotten)


def test_a_router_that_is_not_guarded_cannot_be_served() -> None:
    router = APIRouter()
    router.get("/open")(lambda: None)

    with pytest.raises(TypeError, match="/open is not `Guarded`"):
        must_be_guarded(router)
