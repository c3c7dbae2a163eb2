"""API tokens: create, list, rotate, revoke. The first one is made on the database itself, by whoever may open it."""

import asyncio
import getpass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from datacenter_docs.entrypoints.cli.context import ANONYMOUS, As, Json, say, server, show, table

app = typer.Typer(help="API tokens.", no_args_is_help=True)
TokenId = Annotated[
    str, typer.Argument(help="The token's id, which stands in it after `dcdocs_`.")
]
COLUMNS = {
    "token": "token_id",
    "whose": "name",
    "role": "role",
    "for": "note",
    "expires": "expires_at",
    "last used": "last_used_at",
    "ended": "ended",
}
TO_THE_MINUTE = 16
"""Characters of a time that people read."""


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose it is; goes into the journal.")],
    role: Annotated[str, typer.Option(help="viewer, operator, approver or admin.")] = "viewer",
    note: Annotated[str, typer.Option(help="What it is for.")] = "",
    days: Annotated[int, typer.Option(min=1, max=366, help="For how long it is valid.")] = 90,
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Make it without a server, on the database of this folder."),
    ] = None,
    *,
    by: As,
    as_json: Json = False,
) -> None:
    """Make a token. It is printed this once, and kept nowhere."""
    body = {"name": name, "role": role, "note": note, "valid_days": days}
    if data_dir is None:
        given = server().post("/tokens", body)
    else:
        maker = (
            getpass.getuser() if by == ANONYMOUS else by
        )  # a token says nothing without a server
        given = asyncio.run(_offline(data_dir, name, role, note, days, maker))
    show(given, _given, as_json=as_json)


@app.command("list")
def list_tokens(
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    cursor: Annotated[str | None, typer.Option(help="next_cursor of the page before.")] = None,
    as_json: Json = False,
) -> None:
    """All tokens, oldest first, without their secrets."""

    def render(page: dict[str, Any]) -> None:
        table("API tokens", COLUMNS, [_row(token) for token in page["items"]])
        if page["next_cursor"]:
            say(f"More with --cursor {page['next_cursor']}")

    show(server().get("/tokens", limit=limit, cursor=cursor), render, as_json=as_json)


@app.command()
def rotate(
    token_id: TokenId,
    overlap_hours: Annotated[
        float, typer.Option(min=0, max=168, help="For how long the old one goes on.")
    ] = 24.0,
    as_json: Json = False,
) -> None:
    """Make a new token in place of one, which goes on for a while."""
    answer = server().post(f"{_path(token_id)}/rotate", {"overlap_hours": overlap_hours})
    show(answer, _given, as_json=as_json)


@app.command()
def revoke(token_id: TokenId, as_json: Json = False) -> None:
    """Take a token away for good."""
    show(
        server().delete(_path(token_id)),
        lambda token: say(f"{token['token_id']} of {token['name']} opens nothing any more."),
        as_json=as_json,
    )


def add_to(main: typer.Typer) -> None:
    """Add the command to the main application."""

    @main.command()
    def whoami(as_json: Json = False) -> None:
        """Who the server takes you for, and what you may do."""
        show(server().get("/me"), _me, as_json=as_json)


async def _offline(
    data_dir: Path, name: str, role: str, note: str, days: int, by: str
) -> dict[str, Any]:
    from pydantic import ValidationError

    from datacenter_docs.bootstrap import open_issuing, read_settings
    from datacenter_docs.domain.access import Role
    from datacenter_docs.domain.errors import Invalid

    settings = read_settings(data_dir=data_dir)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        wanted = Role(role)
    except ValueError as error:
        raise Invalid(f"There is no role {role}: {', '.join(Role)}.") from error
    async with open_issuing(settings) as issuing:
        try:
            issued = await issuing.create(name, wanted, note, timedelta(days=days), by=by)
        except ValidationError as error:
            raise Invalid("That is no name, or the note is too long.") from error
    return {**issued.token.model_dump(mode="json"), "token": issued.written}


def _row(token: dict[str, Any]) -> dict[str, Any]:
    times = {name: (token[name] or "never")[:TO_THE_MINUTE] for name in ("expires_at", "last_used_at")}  # fmt: skip
    return {**token, **times}


def _given(token: dict[str, Any]) -> None:
    say(token["token"])
    say(
        f"This is the token of {token['name']}, {token['role']}, until {token['expires_at'][:16]}. It is not shown again."
    )
    if token["replaces"]:
        say(f"It replaces {token['replaces']}.")


def _me(me: dict[str, Any]) -> None:
    if me["role"] is None:
        say("This server asks nobody to log in.")
        return
    say(f"{me['name']}, {me['role']}, by {me['login']}")
    say(f"may: {', '.join(me['permissions'])}")


def _path(token_id: str) -> str:
    from datacenter_docs.entrypoints.cli.client import part

    return f"/tokens/{part(token_id)}"
