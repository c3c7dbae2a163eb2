"""`up`, `serve`, `worker`: the processes of the product. SIGINT and SIGTERM end each of them in order, with exit code 0."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from datacenter_docs.domain.errors import Refused, Superseded
from datacenter_docs.entrypoints.listening import may_listen

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

GRACE_SECONDS = 3
"""How long open requests may go on after a signal; streams of events end by themselves."""
BACKLOG = 2_048
SEED, SIZE = 1, 200
"""Of the simulated datacenter, where nobody says otherwise; `SIZE`: about so many resources."""
Host = Annotated[
    str,
    typer.Option(
        help="The address to listen on; another than loopback needs authentication and encryption."
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
        demo: Annotated[
            bool,
            typer.Option("--demo", help="On the simulated datacenter; the first start makes it."),
        ] = False,
    ) -> None:
        """Everything in one process: API and worker."""
        asyncio.run(serve_product(host, port, data_dir, estate, works=True, demo=demo))

    @app.command()
    def serve(
        host: Host = "127.0.0.1",
        port: Port = 8000,
        data_dir: DataDir = None,
        estate: Estate = None,
    ) -> None:
        """The API alone; a `worker` on the same database works on the tickets."""
        asyncio.run(serve_product(host, port, data_dir, estate, works=False))

    @app.command()
    def worker(data_dir: DataDir = None, estate: Estate = None) -> None:
        """Works on tickets, without an API."""
        asyncio.run(_work(data_dir, estate))


async def serve_product(
    host: str,
    port: int,
    data_dir: Path | None,
    estate: Path | None,
    *,
    works: bool,
    demo: bool = False,
    seed: int = SEED,
    size: int = SIZE,
) -> None:
    """Serve until told to stop. `demo`: on the simulated datacenter, which is made with that `seed` and `size` when it is not
    there.
    """
    from datacenter_docs.bootstrap import open_house, read_settings, settle_memory
    from datacenter_docs.entrypoints.api.app import Front, create_app
    from datacenter_docs.entrypoints.api.routes.login import Provider

    settings = read_settings(data_dir=data_dir, estate_file=estate, demo=demo or None)
    encrypted = bool(settings.tls_certificate or settings.trusted_proxies)
    may_listen(host, authentication=settings.authentication, encrypted=encrypted)
    front = Front(
        settings.allowed_hosts,
        Provider(settings.oidc_issuer, settings.oidc_audience or "", settings.oidc_client)
        if settings.oidc_issuer
        else None,
        settings.max_body_bytes,
        settings.max_body_seconds,
    )
    with _listening(host, port) as listener:
        if settings.demo and not settings.world_file.exists():
            await _prepared(settings.data_dir, seed, size)
        async with open_house(settings, works=works) as house:
            app = create_app(house, front)
            server = _server(
                app,
                proxies=list(settings.trusted_proxies),
                certificate=settings.tls_certificate,
                key=settings.tls_key,
            )
            connections = [connection.name for connection in house.reader.connections()]

            def stop() -> None:
                app.state.stopping = server.should_exit = True

            with _told_to_stop(stop):
                _announce(listener, connections, encrypted=settings.tls_certificate is not None)
                settle_memory()
                async with _stopping_when(house.superseded, stop):
                    await server.serve([listener])
            _must_not_be_superseded(house.superseded)


async def _prepared(folder: Path, seed: int, size: int) -> None:
    """Make the demo's world with its history."""
    from datacenter_docs.entrypoints.demo.preparing import prepare

    typer.echo(
        "Making the demo datacenter and its six months of history; this takes a minute, once."
    )
    tickets = await prepare(folder, seed=seed, size=size)
    typer.echo(f"Made it, with {tickets} tickets. See docs/demo.md.")


async def _work(data_dir: Path | None, estate: Path | None) -> None:
    from datacenter_docs.bootstrap import open_house, read_settings, settle_memory

    stop = asyncio.Event()
    settings = read_settings(data_dir=data_dir, estate_file=estate)
    async with open_house(settings, works=True) as house:
        with _told_to_stop(stop.set):
            typer.echo("Working. Stop with Ctrl-C.")
            settle_memory()
            async with _stopping_when(house.superseded, stop.set):
                await stop.wait()
        _must_not_be_superseded(house.superseded)


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens, before anything else is opened. Raises `Refused` when the port is taken."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        raise Refused(
            f"Cannot listen on {host} port {port}: {error.strerror}. "
            "Stop what listens there, or give another --port (0: any free one)."
        ) from error
    # asyncio does this for its own sockets only; without it every answer waits 40 ms for the reader's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _server(
    app: "ASGIApp", *, proxies: list[str], certificate: Path | None, key: Path | None
) -> "uvicorn.Server":
    """`proxies`: whose word on the caller's address is taken."""
    import uvicorn

    class Server(uvicorn.Server):
        """Leaves the signals to us: its own way kills the process before the house is closed."""

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    return Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=proxies,
            ssl_certfile=certificate,
            ssl_keyfile=key,
        )
    )


@contextlib.asynccontextmanager
async def _stopping_when(
    happened: asyncio.Event, stop: Callable[[], object]
) -> AsyncIterator[None]:
    """Call `stop` when it happens."""

    async def watch() -> None:
        await happened.wait()
        stop()

    watcher = asyncio.create_task(watch())
    try:
        yield
    finally:
        watcher.cancel()


def _must_not_be_superseded(superseded: asyncio.Event) -> None:
    """An end that nobody asked for is an error, so that whatever supervises the process starts it again."""
    if superseded.is_set():
        raise Superseded(
            "This worker was away for longer than its lease, and another one has taken over its tickets. Start it again."
        )


@contextlib.contextmanager
def _told_to_stop(stop: Callable[[], object]) -> Iterator[None]:
    """Call `stop` on SIGINT and SIGTERM."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _announce(listener: socket.socket, connections: list[str], *, encrypted: bool) -> None:
    """Say where it listens."""
    host, port = listener.getsockname()[:2]
    name = f"[{host}]" if ":" in host else host
    typer.echo(f"datacenter-docs listens on {'https' if encrypted else 'http'}://{name}:{port}")
    typer.echo(f"Connections: {', '.join(connections) or 'none'}. Stop with Ctrl-C.")
