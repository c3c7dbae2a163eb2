"""Runs the console script as a person does, and reads what it said."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.integration.api.product import SCRIPT, environment

TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON document; fails where it is anything else."""
        return json.loads(self.out)


Command = Callable[..., Said]


def dcdocs(*arguments: str, url: str = "", text: str = "", **variables: str) -> Said:
    """Run `dcdocs` to its end. `url`: the server, empty: the default one. `text`: its standard input."""
    where = {"DATACENTER_DOCS_URL": url} if url else {}
    done = subprocess.run(
        [SCRIPT, *arguments],
        env=environment({**where, **variables}),
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_SECONDS,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Said(done.returncode, done.stdout, done.stderr)
