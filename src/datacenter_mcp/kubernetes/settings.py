"""What the owner says about a cluster: where its credentials are. With nothing said: `~/.kube/config`."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from datacenter_mcp.contract.reading import Wire

DEFAULT_KUBECONFIG = "~/.kube/config"
Reference = Annotated[str, Field(pattern=r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$")]


class KubernetesSettings(Wire):
    """One cluster. One of: `kubeconfig`, a file, with `context` (None: its current one); `in_cluster`: the account of
    the pod that we run in; `server`, a URL, with `token`, a reference, and `certificate_authority`, a file (None: those
    that this machine trusts).

    `page_size`: resources per request. `concurrency`: requests at the same time. `request_timeout_seconds`: for one.
    """

    kubeconfig: str | None = None
    context: str | None = None
    in_cluster: bool = False
    server: Annotated[str, Field(pattern=r"^https?://")] | None = None
    token: Reference | None = None
    certificate_authority: str | None = None
    connect_timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 5.0
    request_timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20.0
    page_size: Annotated[int, Field(ge=1, le=10_000)] = 1_000
    concurrency: Annotated[int, Field(ge=1, le=64)] = 8

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        ways = [self.kubeconfig is not None, self.in_cluster, self.server is not None]
        if sum(ways) > 1:
            raise ValueError("give one of kubeconfig, in_cluster and server")
        if (self.server is None) != (self.token is None):
            raise ValueError("server and token belong together")
        return self
