"""A real OpenID provider (`oidc-provider` from npm) on loopback, and people who log in to it without a browser."""

import base64
import hashlib
import html
import json
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from tests.peers.mcp_servers import free_port
from tests.peers.npm_packages import installed
from tests.peers.slots import PeerMissingError

PROGRAM = Path(__file__).parent / "oidc" / "provider.mjs"
AUDIENCE = "urn:datacenter-docs"
CLIENT = "dcdocs"
SCOPE = "openid email groups"
CALLBACK = "http://127.0.0.1/callback"
STOP_SECONDS = 10
Key = dict[str, Any]


def new_key(key_id: str) -> Key:
    """A private RSA key as a JSON Web Key."""
    private = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    told: Key = RSAAlgorithm.to_jwk(private, as_dict=True)
    return {**told, "kid": key_id, "use": "sig", "alg": "RS256"}


class OidcPeer:
    """One address at which a provider runs, or not. `keys`: what it signs with, the first one; changed by starting it anew."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.keys: Sequence[Key] = [new_key("first")]
        self._folder = folder

    @contextmanager
    def running(self) -> Iterator[None]:
        """Raises `PeerMissingError` where it cannot run."""
        if not shutil.which("node"):
            raise PeerMissingError("the OpenID provider needs node")
        told = {
            "modules": str(installed() / "node_modules"),
            "port": self.port,
            "audience": AUDIENCE,
            "keys": self.keys,
        }
        file = self._folder / "provider.json"
        file.write_text(json.dumps(told), encoding="utf-8")
        with subprocess.Popen(
            ["node", str(PROGRAM), str(file)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            try:
                assert process.stdout is not None
                while line := process.stdout.readline():
                    if line.strip() == "up":
                        break
                else:
                    raise PeerMissingError("the OpenID provider does not start")
                yield
            finally:
                process.terminate()
                process.wait(STOP_SECONDS)

    def logged_in(self, person: str) -> Mapping[str, str]:
        """The answer of the token endpoint (`access_token`, `id_token`) after the whole code flow with PKCE."""
        verifier = secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        query = {
            "client_id": CLIENT,
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": SCOPE,
            "resource": AUDIENCE,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        with httpx2.Client(base_url=self.issuer, timeout=10) as browser:
            answer = _through(browser, browser.get("/auth", params=query), person)
            code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
            grant = {
                "grant_type": "authorization_code",
                "client_id": CLIENT,
                "code": code,
                "redirect_uri": CALLBACK,
                "code_verifier": verifier,
                "resource": AUDIENCE,
            }
            told: Mapping[str, str] = browser.post("/token", data=grant).raise_for_status().json()
        return told

    def confirmed(self, url: str, person: str) -> str:
        """Somebody opens the page of a device's code, confirms, and logs in; what the last page says."""
        with httpx2.Client(base_url=self.issuer, timeout=10) as browser:
            return _through(browser, browser.get(url), person).text


def _through(browser: httpx2.Client, answer: httpx2.Response, person: str) -> httpx2.Response:
    """Follow redirects and fill in forms as `person`, until the callback, or a page without a form."""
    for _ in range(30):
        if answer.is_redirect:
            where = urljoin(str(answer.request.url), answer.headers["location"])
            if where.startswith(f"{CALLBACK}?"):
                return answer
            answer = browser.get(where)
            continue
        form = re.search(r'<form[^>]*action="([^"]*)"', answer.raise_for_status().text)
        if form is None:
            return answer
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', answer.text))
        fields = {name: html.unescape(value) for name, value in fields.items()}
        if 'name="login"' in answer.text:
            fields |= {"login": person, "password": "x"}
        answer = browser.post(urljoin(str(answer.request.url), html.unescape(form[1])), data=fields)  # fmt: skip
    raise AssertionError("the login does not end")


@contextmanager
def peer(folder: Path) -> Iterator[OidcPeer]:
    """A provider that runs. Raises `PeerMissingError`."""
    there = OidcPeer(folder)
    with there.running():
        yield there
