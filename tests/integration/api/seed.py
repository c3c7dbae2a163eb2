"""The curl lines of the product's own description, to the letter, and how to read them."""

import json
import shlex
from dataclasses import dataclass
from typing import Any

CREATE = """
curl -X POST http://localhost:8000/api/v1/tickets \\
-H "Content-Type: application/json" \\
-d '{
"ticket_id": "INC-12345",
"title": "Service down",
"description": "Web service not responding on port 8080",
"category": "server",
"enable_auto_remediation": true
}'
"""
CREATED = """
{
"ticket_id": "INC-12345",
"status": "processing",
"auto_remediation_enabled": true,
"confidence_score": 0.0,
"reliability_score": null
}
"""
SHOW = "curl http://localhost:8000/api/v1/tickets/INC-12345"
FEEDBACK = """
curl -X POST http://localhost:8000/api/v1/feedback \\
-H "Content-Type: application/json" \\
-d '{
"ticket_id": "INC-12345",
"feedback_type": "positive",
"rating": 5,
"was_helpful": true,
"resolution_accurate": true,
"actions_worked": true,
"comment": "Perfect resolution, service is back up!"
}'
"""
APPROVE = """
curl -X POST http://localhost:8000/api/v1/tickets/INC-12345/approve-remediation \\
-H "Content-Type: application/json" \\
-d '{
"ticket_id": "INC-12345",
"approve": true,
"approver": "john.doe@company.com",
"comment": "Approved for execution"
}'
"""
RELIABILITY = "curl http://localhost:8000/api/v1/stats/reliability?days=30"
REMEDIATION = "curl http://localhost:8000/api/v1/stats/auto-remediation?days=30"
PATTERNS = "curl http://localhost:8000/api/v1/patterns?category=network&min_occurrences=5"
LOGS = "curl http://localhost:8000/api/v1/tickets/TICKET-ID/remediation-logs"
ALL_FEEDBACK = {
    "ticket_id": "INC-001",
    "feedback_type": "positive",
    "rating": 5,
    "was_helpful": True,
    "resolution_accurate": True,
    "actions_worked": True,
    "comment": "Great resolution!",
    "what_worked": "The restart fixed it",
    "what_didnt_work": None,
    "suggestions": "Could add more details",
    "actual_resolution": "Had to increase memory instead",
    "actual_actions_taken": ["increase_memory"],
    "time_to_resolve": 30.0,
}
POLICY: dict[str, Any] = {
    "name": "network-auto-remediation",
    "category": "network",
    "min_confidence_score": 0.85,
    "min_reliability_score": 80.0,
    "min_similar_tickets": 5,
    "min_positive_feedback_rate": 0.8,
    "allowed_action_types": ["safe_write"],
    "allowed_systems": ["network"],
    "forbidden_commands": ["delete", "format", "shutdown"],
    "allowed_hours_start": 22,
    "allowed_hours_end": 6,
    "allowed_days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    "requires_approval": True,
    "auto_approve_threshold": 90.0,
    "approvers": ["admin@company.com"],
    "max_actions_per_hour": 10,
    "requires_rollback_plan": True,
    "requires_backup": True,
    "enabled": True,
}


@dataclass(frozen=True)
class Curl:
    """One curl line. `path`: with the query. `body` None: a GET."""

    method: str
    path: str
    headers: dict[str, str]
    body: str | None


def read(line: str) -> Curl:
    """Read the options that the description uses, as curl does. Fails for any other."""
    words = iter(shlex.split(line.replace("\\\n", " ").replace("&", "\\&")))
    assert next(words) == "curl"
    method, url, headers, body = "GET", "", {}, None
    for word in words:
        match word:
            case "-X":
                method = next(words)
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "-d":
                body = next(words)
            case _:
                assert not word.startswith("-"), word
                url = word
    return Curl(method, url.removeprefix("http://localhost:8000"), headers, body)


def shape(example: str) -> dict[str, type]:
    """Key -> type of an example answer."""
    return {key: type(value) for key, value in json.loads(example).items()}
