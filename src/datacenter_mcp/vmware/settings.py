"""What the owner says about a vCenter (or a single ESXi host)."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from datacenter_mcp.contract.reading import Wire

Reference = Annotated[str, Field(pattern=r"^(env|file):.+")]


class VmwareSettings(Wire):
    """One management server. `password` is a reference.

    Its certificate has to be signed by an authority of `ca_file` (None: of this machine), or have the SHA-256 `thumbprint`
    (hexadecimal, colons allowed). `insecure`: any certificate, for labs only.
    `timeout_seconds`: how long it may be silent. `concurrency`: calls at the same time. `page_objects`: objects in one
    portion of an answer. `backup_max_age_seconds`: a snapshot that is not older counts as a backup.
    `event_limit`: how many of the latest events are listed. `shutdown_seconds`: how long a guest may take to shut down.
    """

    host: Annotated[
        str, Field(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9:][A-Za-z0-9.:_-]*$")
    ]
    port: Annotated[int, Field(ge=1, le=65_535)] = 443
    username: Annotated[str, Field(min_length=1, max_length=255)]
    password: Reference
    ca_file: Path | None = None
    thumbprint: Annotated[str, Field(pattern=r"^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$")] | None = (
        None
    )
    insecure: bool = False
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 25.0
    concurrency: Annotated[int, Field(ge=1, le=32)] = 4
    page_objects: Annotated[int, Field(ge=1, le=5_000)] = 500
    backup_max_age_seconds: Annotated[int, Field(ge=60, le=10**8)] = 86_400
    event_limit: Annotated[int, Field(ge=1, le=1_000)] = 200
    shutdown_seconds: Annotated[float, Field(gt=0, le=3_600)] = 120.0

    @model_validator(mode="after")
    def _one_way_to_trust(self) -> Self:
        if sum((self.ca_file is not None, self.thumbprint is not None, self.insecure)) > 1:
            raise ValueError("give one of ca_file, thumbprint and insecure")
        return self
