"""`up`, `serve`, `worker`: the processes of the product."""

import asyncio
import gc
import signal
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

COLLECT_AFTER_ALLOCATIONS = 50_000
Host = Annotated[
    str,
    typer.Option(
        help="The address to listen on; loopback only, while there is no authentication."
    ),
]
Port = Annotated[
    int, typer.Option(min=0, max=65_535, help="The port to listen on; 0: any free one.")
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        help="Where databases and anchors live. Default: DATACENTER_DOCS_DATA_DIR, or ./var"
    ),
]
Estate = Annotated[
    Path | None,
    typer.Option(
        help="The estate file. Default: ./datacenter.yaml, else this machine, read-only."
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the main application."""

    @app.command()
    def up(
        host: Host = "127.0.0.1",
        port: Port = 8000,
        data_dir: DataDir = None,
        estate: Estate = None,
    ) -> None:
        """Everything in one process: API and worker."""
        asyncio.run(_serve(host, port, data_dir, estate, works=True))

    @app.command()
    def serve(
        host: Host = "127.0.0.1",
        port: Port = 8000,
        data_dir: DataDir = None,
        estate: Estate = None,
    ) -> None:
        """The API alone; a `worker` on the same database works on the tickets."""
        asyncio.run(_serve(host, port, data_dir, estate, works=False))

    @app.command()
    def worker(data_dir: DataDir = None, estate: Estate = None) -> None:
        """Works on tickets, without an API."""
        asyncio.run(_work(data_dir, estate))


async def _serve(
    host: str, port: int, data_dir: Path | None, estate: Path | None, *, works: bool
) -> None:
    import uvicorn

    from datacenter_docs.bootstrap import open_house, read_settings
    from datacenter_docs.entrypoints.api.app import create_app
    from datacenter_docs.entrypoints.api.guard import must_be_loopback

    must_be_loopback(host)
    settings = read_settings(data_dir=data_dir, estate_file=estate)
    async with open_house(settings, works=works) as house:
        app = create_app(house, max_body_bytes=settings.max_body_bytes)
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=5,
        )
        connections = [connection.name for connection in house.reader.connections()]

        class Server(uvicorn.Server):
            """Says where it listens."""

            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                if self.started:
                    _announce(self.servers[0].sockets, connections)

        _settle_memory()
        await Server(config).serve()


async def _work(data_dir: Path | None, estate: Path | None) -> None:
    from datacenter_docs.bootstrap import open_house, read_settings

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_house(read_settings(data_dir=data_dir, estate_file=estate), works=True):
        typer.echo("Working. Stop with Ctrl-C.")
        await stop.wait()


def _announce(sockets: Sequence[socket.socket], connections: Sequence[str]) -> None:
    """Say where it listens, once it does."""
    host, port = sockets[0].getsockname()[:2]
    name = f"[{host}]" if ":" in host else host
    typer.echo(f"datacenter-docs listens on http://{name}:{port} (API documentation: /api/docs)")
    typer.echo(f"Connections: {', '.join(connections) or 'none'}. Stop with Ctrl-C.")


def _settle_memory() -> None:
    """What was loaded by now stays, so the garbage collector need not look at it again; it runs less often, too.

    Measured with `benchmarks/speed/post_tickets.py`: a third of the time of a request went into collections.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER_ALLOCATIONS, 20, 20)
