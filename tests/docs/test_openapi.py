"""The committed OpenAPI document is the one of the code, and tells everything that a client needs."""

from pathlib import Path
from typing import Any

from tools.openapi import document

from datacenter_docs.entrypoints.api.app import create_app

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
DOCUMENT: dict[str, Any] = create_app(None).openapi()
ROUTES = [
    (f"{method.upper()} {path}", route)
    for path, methods in DOCUMENT["paths"].items()
    for method, route in methods.items()
]
SEED = {
    "POST /api/v1/tickets",
    "GET /api/v1/tickets/{ticket_id}",
    "POST /api/v1/feedback",
    "POST /api/v1/tickets/{ticket_id}/approve-remediation",
    "GET /api/v1/stats/reliability",
    "GET /api/v1/stats/auto-remediation",
    "GET /api/v1/patterns",
    "GET /api/v1/tickets/{ticket_id}/remediation-logs",
}


def test_the_committed_document_is_up_to_date() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == document(), "run: make openapi"


def test_it_is_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")


def test_every_route_of_the_description_is_there() -> None:
    assert {name for name, _ in ROUTES} >= SEED


def test_every_route_has_a_summary_and_a_description() -> None:
    assert len(ROUTES) > 20
    assert [name for name, route in ROUTES if not route.get("summary")] == []
    assert [name for name, route in ROUTES if not route.get("description")] == []


def test_every_route_may_answer_with_a_problem() -> None:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}

    for name, route in ROUTES:
        assert route["responses"]["default"]["content"] == problem, name
        assert "422" not in route["responses"], name


def test_every_answer_has_a_shape() -> None:
    for name, route in ROUTES:
        for status, answer in route["responses"].items():
            media = answer.get("content", {}).get("application/json")
            assert media is None or media["schema"], f"{name} {status}"


def test_every_list_has_a_cursor_and_a_limit() -> None:
    for name, route in ROUTES:
        parameters = {parameter["name"] for parameter in route.get("parameters", [])}
        schema = str(route["responses"].get("200", {}).get("content", {}))
        if "Items" in schema or "RemediationLogs" in schema:
            assert {"cursor", "limit"} <= parameters, name


def test_every_reference_leads_somewhere() -> None:
    schemas = DOCUMENT["components"]["schemas"]

    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            found = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return found.union(*(references(value) for value in node.values()))
        if isinstance(node, list):
            return set().union(*(references(value) for value in node))
        return set()

    assert references(DOCUMENT["paths"]) | references(schemas)
    for reference in references(DOCUMENT):
        assert reference.removeprefix("#/components/schemas/") in schemas
