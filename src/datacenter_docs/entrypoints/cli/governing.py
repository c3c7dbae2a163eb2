"""The kill switch."""

from typing import Annotated, Any, Literal

import typer

from datacenter_docs.entrypoints.cli.context import As, Json, say, server, show


def add_to(app: typer.Typer) -> None:
    """Add the command to the main application."""

    @app.command("kill-switch")
    def kill_switch(
        actor: As,
        to: Annotated[
            Literal["on", "off"] | None, typer.Argument(help="Without it, the state is shown.")
        ] = None,
        reason: Annotated[str, typer.Option(help="Goes into the journal.")] = "",
        as_json: Json = False,
    ) -> None:
        """Stop everything (on), or allow it again (off)."""
        body = {"on": to == "on", "reason": reason, "actor": actor}
        state = server().get("/kill-switch") if to is None else server().post("/kill-switch", body)
        show(state, _render, as_json=as_json)


def _render(state: dict[str, Any]) -> None:
    told = "ON: no new action starts" if state["on"] else "off"
    say(
        f"The kill switch is {told}"
        + (f" ({state['reason']}, set by {state['actor']})" if state["reason"] else "")
    )
