"""Signatures that anybody can check with OpenSSL: an export's hash in a file of its own, and the Ed25519 signature of that."""

from pathlib import Path
from typing import TYPE_CHECKING

from datacenter_docs.domain.errors import Invalid

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def private_key(reference: str) -> "Ed25519PrivateKey":
    """The key behind `env:NAME` or `file:PATH`. Raises `Invalid`, which never repeats what was read."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from datacenter_docs.bootstrap import resolve_secret

    try:
        key = load_pem_private_key(resolve_secret(reference).encode(), password=None)
    except (ValueError, TypeError) as error:
        raise Invalid(f"{reference} is not a private key in PEM without a password.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Invalid(
            f"{reference} is not an Ed25519 key. Make one: openssl genpkey -algorithm ed25519"
        )
    return key


def signed(path: Path, sha256: str, key: "Ed25519PrivateKey") -> Path:
    """Write `<path>.sha256`, as `sha256sum -c` reads it, and `<path>.sha256.sig` beside it; the former's path."""
    manifest = path.with_name(f"{path.name}.sha256")
    text = f"{sha256}  {path.name}\n".encode()
    try:
        manifest.write_bytes(text)
        manifest.with_name(f"{manifest.name}.sig").write_bytes(key.sign(text))
    except OSError as error:
        raise Invalid(f"{manifest} cannot be written: {error.strerror}") from error
    return manifest
