"""Tickets: submit, show, list, watch; and the answers of people: approve, reject, execute, feedback."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from datacenter_docs.domain.errors import Invalid
from datacenter_docs.entrypoints.cli.context import (
    As,
    Json,
    json_line,
    say,
    server,
    show,
    table,
    tell,
)

app = typer.Typer(help="Tickets.", no_args_is_help=True)
TicketId = Annotated[str, typer.Argument(help="The ticket's id.")]
PlanHash = Annotated[
    str | None,
    typer.Option("--plan", help="The plan that you mean; refused when it is another by now."),
]
Comment = Annotated[str, typer.Option(help="Goes into the journal.")]


@app.command()
def submit(
    ticket_id: TicketId,
    description: Annotated[
        str, typer.Argument(help="What is wrong; `-` reads it from standard input.")
    ],
    title: Annotated[str, typer.Option(help="One line.")] = "",
    category: Annotated[str, typer.Option(help="network, storage, server, ...")] = "general",
    enable_auto_remediation: Annotated[
        bool, typer.Option("--auto-remediation", help="Allow automation for this ticket.")
    ] = False,
    *,
    requester: As,
    as_json: Json = False,
) -> None:
    """Send a ticket in."""
    body = {
        "ticket_id": ticket_id,
        "title": title,
        "description": sys.stdin.read() if description == "-" else description,
        "category": category,
        "enable_auto_remediation": enable_auto_remediation,
        "requester": requester,
    }
    show(
        server().post("/tickets", body),
        lambda d: say(f"{d['ticket_id']}: {d['status']}"),
        as_json=as_json,
    )


@app.command("show")
def show_ticket(ticket_id: TicketId, as_json: Json = False) -> None:
    """A ticket with everything that was found and done."""
    show(server().get(_path(ticket_id)), _render, as_json=as_json)


@app.command("list")
def list_tickets(
    status: Annotated[str | None, typer.Option(help="Only tickets in this state.")] = None,
    category: Annotated[str | None, typer.Option(help="Only tickets of this category.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    cursor: Annotated[str | None, typer.Option(help="next_cursor of the page before.")] = None,
    as_json: Json = False,
) -> None:
    """Tickets, newest first."""
    data = server().get("/tickets", status=status, category=category, limit=limit, cursor=cursor)
    columns = {
        "ticket": "ticket_id",
        "status": "status",
        "category": "category",
        "title": "title",
        "received": "received_at",
    }

    def render(page: dict[str, Any]) -> None:
        table("Tickets", columns, page["items"])
        if page["next_cursor"]:
            say(f"More with --cursor {page['next_cursor']}")

    show(data, render, as_json=as_json)


@app.command("calls")
def list_calls(ticket_id: TicketId, as_json: Json = False) -> None:
    """What was asked of the language model about a ticket, and what it cost. With --json: with all that was said."""
    columns = {
        "at": "at",
        "model": "model",
        "outcome": "outcome",
        "requests": "requests",
        "tokens read": "input_tokens",
        "tokens written": "output_tokens",
        "US dollars": "usd",
        "seconds": "seconds",
        "why not": "error",
    }
    data = server().get(f"{_path(ticket_id)}/model-calls")
    show(data, lambda page: table("Calls of the model", columns, page["items"]), as_json=as_json)


@app.command()
def watch(ticket_id: TicketId, as_json: Json = False) -> None:
    """Follow a ticket until it is closed. With --json: one JSON document a line."""
    for event, data in server().events(f"{_path(ticket_id)}/events"):
        if as_json:
            json_line({"event": event, **data})
        elif event == "end":
            say(f"ended: {data['status']}")
        else:
            say(f"{data['at'][:19]}  {event:20} {_gist(data['body'])}")


def add_to(main: typer.Typer) -> None:
    """Add the answers of people to the main application."""

    @main.command()
    def approve(
        ticket_id: TicketId,
        approver: As,
        comment: Comment = "",
        plan: PlanHash = None,
        as_json: Json = False,
    ) -> None:
        """Say yes to the plan of a ticket that awaits approval."""
        _answer(ticket_id, approver, comment, plan, as_json, approve=True)

    @main.command()
    def reject(
        ticket_id: TicketId,
        approver: As,
        comment: Comment = "",
        plan: PlanHash = None,
        as_json: Json = False,
    ) -> None:
        """Say no to the plan of a ticket that awaits approval."""
        _answer(ticket_id, approver, comment, plan, as_json, approve=False)

    @main.command()
    def execute(
        ticket_id: TicketId,
        approver: As,
        comment: Comment = "",
        plan: PlanHash = None,
        as_json: Json = False,
    ) -> None:
        """Run the plan of a proposed ticket yourself."""
        body = {"approver": approver, "comment": comment, "plan_hash": plan}
        show(server().post(f"{_path(ticket_id)}/execute", body), _render_grant, as_json=as_json)

    @main.command()
    def feedback(
        ticket_id: TicketId,
        feedback_type: Annotated[str, typer.Argument(help="positive, negative or neutral.")],
        author: As,
        rating: Annotated[int | None, typer.Option(min=1, max=5, help="Stars.")] = None,
        comment: Annotated[str | None, typer.Option()] = None,
        accurate: Annotated[
            bool | None, typer.Option("--accurate/--inaccurate", help="Was the resolution right?")
        ] = None,
        worked: Annotated[
            bool | None, typer.Option("--worked/--did-not-work", help="Did the actions work?")
        ] = None,
        as_json: Json = False,
    ) -> None:
        """Say how the resolution of a ticket was."""
        body = {
            "ticket_id": ticket_id,
            "feedback_type": feedback_type,
            "rating": rating,
            "comment": comment,
            "resolution_accurate": accurate,
            "actions_worked": worked,
            "author": author,
        }
        show(
            server().post("/feedback", body),
            lambda d: say(
                f"Thank you. The reliability score of {d['ticket_id']} is now {d['reliability_score']}."
            ),
            as_json=as_json,
        )


def read_file(path: Path) -> str:
    """The text of a file that a person named. Raises `Invalid`."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} cannot be read: {error}") from error


def _answer(
    ticket_id: str, approver: str, comment: str, plan: str | None, as_json: bool, *, approve: bool
) -> None:
    body = {
        "ticket_id": ticket_id,
        "approve": approve,
        "approver": approver,
        "comment": comment,
        "plan_hash": plan,
    }
    show(
        server().post(f"{_path(ticket_id)}/approve-remediation", body),
        _render_grant,
        as_json=as_json,
    )


def _path(ticket_id: str) -> str:
    from datacenter_docs.entrypoints.cli.client import part

    return f"/tickets/{part(ticket_id)}"


def _render(ticket: dict[str, Any]) -> None:
    say(f"{ticket['ticket_id']}  {ticket['status']}  {ticket['title']}")
    say(
        f"category {ticket['category']}, asked by {ticket['requester']}, received {ticket['received_at'][:19]}"
    )
    if ticket["resolution"]:
        say()
        tell(ticket["resolution"])
    for action in ticket["suggested_actions"]:
        parameters = ", ".join(f"{name}={value}" for name, value in action["parameters"].items())
        say()
        say(f"plan: {action['operation']}({parameters}) on {action['target']}")
        tell(action["action"])
    if ticket["plan_hash"]:
        say(f"plan hash {ticket['plan_hash']}")
    if ticket["reliability_breakdown"]:
        breakdown = ticket["reliability_breakdown"]
        factors = ", ".join(f"{name} {value}" for name, value in breakdown["breakdown"].items())
        say()
        say(
            f"reliability {breakdown['overall_score']} ({breakdown['confidence_level']}): {factors}"
        )
    if ticket["remediation_decision"]:
        decision = ticket["remediation_decision"]
        say(f"decision: {decision['verdict']}, risk {decision['risk_level']}")
        for reason in decision["reasoning"]:
            say(f"  - {reason}")
    for unknown in (ticket["diagnosis"] or {}).get("unknowns", []):
        say(f"open question: {unknown}")


def _render_grant(grant: dict[str, Any]) -> None:
    say(
        f"{grant['ticket_id']}: {grant['status']} by {grant['approver']}. Follow it with `dcdocs ticket watch {grant['ticket_id']}`."
    )


def _gist(body: dict[str, Any]) -> str:
    """The most telling words of a journal record."""
    for path in (
        ("outcome", "message"),
        ("decision", "verdict"),
        ("summary",),
        ("state",),
        ("operation",),
        ("overall_score",),
    ):
        value: Any = body
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            return str(value)
    return ""
