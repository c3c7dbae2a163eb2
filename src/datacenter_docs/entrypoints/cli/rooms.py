"""`mcp serve`: run one of our platform servers by hand, or for another MCP client."""

import subprocess
import sys

import typer

app = typer.Typer(help="Our own MCP servers.", no_args_is_help=True)


@app.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    },
)
def serve(context: typer.Context) -> None:
    """Serve a platform over MCP: `dcdocs mcp serve network --connection lab --settings FILE`; see --help there."""
    command = [sys.executable, "-m", "datacenter_mcp", "serve", *context.args]
    raise typer.Exit(subprocess.call(command))  # noqa: S603 - our own module, no shell
