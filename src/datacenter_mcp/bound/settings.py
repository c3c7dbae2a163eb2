"""What the owner says about a bound server: which binding, and how the other server is reached."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from datacenter_mcp.contract.reading import Wire

Reference = Annotated[str, Field(pattern=r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$")]


class BoundSettings(Wire):
    """`platform`: what it has to be a binding for; None: whatever it is for. `binding`: the name of a shipped one, or a file. `command` starts the other server over stdio; or it is at `url`, with
    a bearer `token`. `environment`: variables of a started server, by reference.
    """

    platform: str | None = None
    binding: str
    command: tuple[str, ...] = ()
    url: Annotated[str, Field(pattern=r"^https?://")] | None = None
    token: Reference | None = None
    environment: dict[str, Reference] = {}
    call_timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 20.0

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if bool(self.command) is bool(self.url):
            raise ValueError("give either a command or a url")
        return self
