"""What can be done: one write tool per operation, all with the same envelope."""

from datacenter_mcp.contract.reading import Scalar, Wire


class OperationOffer(Wire):
    """What the server says about one operation: listed even when writes are off, so that a plan can be made. `supported`
    False with the reason: no such system can do it, or its driver was not shown to.
    """

    operation: str
    supported: bool
    writable: bool
    reason: str | None = None


class OperationOffers(Wire):
    """All operations of a room, in catalogue order."""

    offers: list[OperationOffer]


class OperationResult(Wire):
    """What an operation did. `changed` False: it was so already, or `dry_run`. `would`: what a dry run would do; sentences.

    `before`/`after` hold the same keys as `Look.state`. A result is an answer of the platform, not proof: the caller
    looks again.
    """

    operation: str
    target: str
    idempotency_key: str
    changed: bool
    dry_run: bool
    before: dict[str, Scalar | list[Scalar]] = {}
    after: dict[str, Scalar | list[Scalar]] = {}
    would: list[str] = []
    detail: str = ""
