"""Secrets out of a text, by the rules of the contract: for whatever leaves this machine."""

from datacenter_mcp.contract.redaction import redacted


def blotted(text: str) -> str:
    """The text without its secrets."""
    return redacted(text)[0]
