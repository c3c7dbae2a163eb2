"""What can be done: one write tool per operation, all with the same envelope."""

from datacenter_mcp.contract.reading import Scalar, Wire

SINCE = "since"
"""The argument of write tools that carries what the caller saw before."""


class Seen(Wire):
    """What the caller of a write tool saw of its target. With it the server looks once more before it acts, and does nothing
    when it is so already or the marker has moved: a call that slept on its way may come after another that did the same.
    `marker` None: there was none, and only what is so already is told.
    """

    marker: str | None


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
