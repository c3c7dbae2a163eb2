"""POST /tickets, durable before the 202, beside a bare FastAPI route with the same body, in turn in one run.

Run: `python -m benchmarks.speed.post_tickets [--seconds 3] [--clients 64] [--rounds 5]`. Goal: at least 60 % of the bare
route's requests per second.
"""

import argparse
import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

BARE = """
import sys, uvicorn
from fastapi import FastAPI
from datacenter_docs.domain.tickets import TicketRequest
from datacenter_docs.entrypoints.api.schemas import TicketAccepted
app = FastAPI()
@app.post("/api/v1/tickets", status_code=202)
async def create(body: TicketRequest) -> TicketAccepted:
    return TicketAccepted(ticket_id=body.ticket_id, status="processing", auto_remediation_enabled=body.enable_auto_remediation)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
"""


@contextlib.asynccontextmanager
async def server(*command: str, port: int) -> AsyncIterator[int]:
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            break
        yield port
    finally:
        process.terminate()
        await process.wait()


async def client(port: int, name: str, until: float) -> int:
    """Send tickets one after the other over one connection; the number that was accepted."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent = 0
    while time.perf_counter() < until:
        ticket = {
            "ticket_id": f"{name}-{sent}",
            "title": "Service down",
            "description": "Web service not responding on port 8080",
            "category": "server",
            "enable_auto_remediation": True,
        }
        body = json.dumps(ticket).encode()
        head = (
            "POST /api/v1/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 202"):
            raise SystemExit(f"not accepted: {answer[:200]!r}")
        lines = answer.lower().split(b"\r\n")
        length = next(
            int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length")
        )
        await reader.readexactly(length)
        sent += 1
    writer.close()
    return sent


async def rate(port: int, clients: int, seconds: float, label: str) -> float:
    started = time.perf_counter()
    until = started + seconds
    counts = await asyncio.gather(*(client(port, f"{label}-{n}", until) for n in range(clients)))
    return sum(counts) / (time.perf_counter() - started)


async def main(seconds: float, clients: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        estate = Path(folder) / "datacenter.yaml"
        estate.write_text("connections: []\n")
        ours = (
            sys.executable,
            "-m",
            "datacenter_docs.entrypoints.cli",
            "serve",
            "--port",
            "18431",
            "--data-dir",
            folder,
            "--estate",
            str(estate),
        )
        bare = (sys.executable, "-c", BARE, "18432")
        async with server(*ours, port=18431), server(*bare, port=18432):
            await rate(18431, clients, 1.0, "warm")
            await rate(18432, clients, 1.0, "warm")
            pairs = []
            for number in range(rounds):
                plain = await rate(18432, clients, seconds, f"r{number}")
                durable = await rate(18431, clients, seconds, f"r{number}")
                pairs.append((durable, plain))
                print(
                    f"durable {durable:8.0f}/s   bare {plain:8.0f}/s   ratio {durable / plain:.2f}"
                )
            print(
                f"median ratio {statistics.median(d / p for d, p in pairs):.2f} (goal 0.60), {clients} clients"
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    asyncio.run(main(given.seconds, given.clients, given.rounds))
