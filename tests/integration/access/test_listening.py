"""Beyond the loopback address: only with logins, and only where tokens cannot be read on their way."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tests.integration.access.door import API, ON, opened
from tests.integration.cli.commands import dcdocs


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return chain, secret


@pytest.mark.parametrize(
    ("settings", "told"),
    [({}, "Without authentication"), (ON, "others can read them")],
    ids=["open", "plain"],
)
def test_the_server_does_not_listen_where_it_would_be_open(
    tmp_path: Path, settings: dict[str, str], told: str
) -> None:
    arguments = ["up", "--host", "0.0.0.0", "--port", "0", "--data-dir", str(tmp_path)]
    said = dcdocs(*arguments, **settings)

    assert said.code == 4
    assert told in said.err


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"DATACENTER_DOCS_OIDC_ISSUER": "https://idp.example"}, "DATACENTER_DOCS_OIDC_AUDIENCE"),
        ({"DATACENTER_DOCS_TLS_KEY": "key.pem"}, "DATACENTER_DOCS_TLS_CERTIFICATE"),
        (
            {
                "DATACENTER_DOCS_OIDC_ISSUER": "https://idp.example",
                "DATACENTER_DOCS_OIDC_AUDIENCE": "x",
                "DATACENTER_DOCS_OIDC_ROLES": '{"a": "viewer"}',
            },
            "DATACENTER_DOCS_AUTHENTICATION",
        ),
        ({"DATACENTER_DOCS_OIDC_ROLES": '{"a": "god"}'}, "DATACENTER_DOCS_OIDC_ROLES.a"),
        ({"DATACENTER_DOCS_ALLOWED_HOSTS": "docs.example"}, "allowed_hosts"),
    ],
)
def test_half_a_setting_is_told(tmp_path: Path, settings: dict[str, str], told: str) -> None:
    said = dcdocs("up", "--port", "0", "--data-dir", str(tmp_path), **settings)

    assert said.code == 2
    assert told in said.err


def test_the_server_encrypts_by_itself(tmp_path: Path) -> None:
    chain, secret = certificate(tmp_path)
    settings = {
        "DATACENTER_DOCS_TLS_CERTIFICATE": str(chain),
        "DATACENTER_DOCS_TLS_KEY": str(secret),
    }
    trusted = ssl.create_default_context(cafile=str(chain))
    with opened(tmp_path / "data", settings=settings, verify=trusted) as door:
        headers = {"Authorization": f"Bearer {door.tokens['viewer']}"}
        answer = httpx2.get(f"{door.product.url}{API}/me", headers=headers, verify=trusted)
        plain = door.product.url.replace("https", "http")
        with pytest.raises(httpx2.TransportError):
            httpx2.get(f"{plain}/health")

    assert door.product.url.startswith("https://")
    assert answer.json()["name"] == "viewer"
