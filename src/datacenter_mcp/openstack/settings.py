"""What the owner says about a cloud: where it is, as whom to log in, and what to read of it."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from datacenter_mcp.contract.reading import Wire

Reference = Annotated[str, Field(pattern=r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$")]
Name = Annotated[str, Field(min_length=1, max_length=255)]


class OpenstackSettings(Wire):
    """One project of one cloud, or all of them.

    One of: `cloud`, a name in a `clouds.yaml` (`clouds_file` None: where the SDK looks for it); `auth_url` with `username`
    and `password`, a reference, and `project`; `auth_url` with `application_credential_id` and
    `application_credential_secret`, a reference.

    `ca_file` None: the authorities that this machine trusts. `all_projects`: read the instances and volumes of every
    project, which takes an administrator. `backup_max_age_seconds`: a snapshot that is not older counts as a backup.
    `request_timeout_seconds`: for one request. `page_size`: resources per request. `concurrency`: requests at the same
    time. `watch_seconds`: how long a resize is watched before the answer says that it is under way.
    """

    cloud: Name | None = None
    clouds_file: Name | None = None
    auth_url: Annotated[str, Field(pattern=r"^https?://")] | None = None
    username: Name | None = None
    password: Reference | None = None
    project: Name | None = None
    user_domain: Name = "Default"
    project_domain: Name = "Default"
    application_credential_id: Name | None = None
    application_credential_secret: Reference | None = None
    region: Name | None = None
    interface: Annotated[str, Field(pattern=r"^(public|internal|admin)$")] | None = None
    ca_file: Name | None = None
    all_projects: bool = False
    backup_max_age_seconds: Annotated[int, Field(ge=60, le=10**8)] = 86_400
    request_timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20.0
    page_size: Annotated[int, Field(ge=1, le=1_000)] = 500
    concurrency: Annotated[int, Field(ge=1, le=64)] = 6
    watch_seconds: Annotated[float, Field(ge=0, le=60)] = 10.0

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        person = (self.username, self.password, self.project)
        credential = (self.application_credential_id, self.application_credential_secret)
        if self.cloud is not None:
            if any(one is not None for one in (self.auth_url, *person, *credential)):
                raise ValueError("give cloud or auth_url, not both")
            return self
        if self.auth_url is None or self.clouds_file is not None:
            raise ValueError("give cloud, or auth_url with credentials")
        if all(person) == all(credential) or any(person) == any(credential):
            raise ValueError(
                "give username, password and project, or the application credential's id and secret"
            )
        return self
