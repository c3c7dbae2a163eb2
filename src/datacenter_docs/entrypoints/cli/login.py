"""`login`: a token of the identity provider by device code (RFC 8628): the browser may be on any machine."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from datacenter_docs.domain.addresses import is_safe_way
from datacenter_docs.domain.errors import Broken, NotFound, Refused, Unavailable
from datacenter_docs.entrypoints.cli.context import PLACE, say, visible

if TYPE_CHECKING:
    import httpx2

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SCOPE = "openid email groups"
TIMEOUT_SECONDS = 30.0
PAUSE_SECONDS = 5
"""Between two questions, where the provider says nothing else (RFC 8628, 3.5)."""
DEFAULT = Path("~/.config/datacenter-docs/token")


def add_to(main: typer.Typer) -> None:
    """Add the command to the main application."""

    @main.command()
    def login(
        to: Annotated[
            Path, typer.Option(help="The file that holds the token afterwards.")
        ] = DEFAULT,
    ) -> None:
        """Log in at the identity provider of the server, with a browser on whatever machine."""
        import httpx2

        try:
            with httpx2.Client(timeout=TIMEOUT_SECONDS) as http:
                token = _accepted(http, _granted(http))
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Unavailable(f"Nobody answers: {error}") from error
        file = to.expanduser()
        _write(file, token)
        say(f"You are logged in. The token is in {file}: DATACENTER_DOCS_TOKEN=file:{file}")


def _granted(http: "httpx2.Client") -> dict[str, Any]:
    """The provider's answer, once a person has confirmed. Raises `Refused` when that person said no, or nothing for too long."""
    resource = _told(http, "GET", _root() + "/.well-known/oauth-protected-resource")
    client = resource["device_client"]
    if client is None:
        raise NotFound(
            "This server's provider has no client for the command line (DATACENTER_DOCS_OIDC_CLIENT)."
        )
    issuer = resource["authorization_servers"][0]
    provider = _told(http, "GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
    if "device_authorization_endpoint" not in provider:
        raise NotFound("The identity provider knows no device codes.")
    asked = {"client_id": client, "scope": SCOPE, "resource": resource["resource"]}
    code = _told(http, "POST", provider["device_authorization_endpoint"], asked)
    say(f"Open {code.get('verification_uri_complete', code['verification_uri'])}")
    say(f"and confirm the code {code['user_code']}.")
    pause = code.get("interval", PAUSE_SECONDS)
    answer = {"grant_type": GRANT, "client_id": client, "device_code": code["device_code"]}
    while True:
        time.sleep(pause)
        told = _told(http, "POST", provider["token_endpoint"], answer)
        error = told.get("error")
        if error is None:
            return told
        if error == "slow_down":
            pause += PAUSE_SECONDS
        elif error != "authorization_pending":
            raise Refused(f"The identity provider says no: {visible(str(error))}.")


def _accepted(http: "httpx2.Client", granted: dict[str, Any]) -> str:
    """The token that the server takes: of providers whose access tokens say nothing it is the other one."""
    if not is_safe_way(PLACE.url):
        raise Refused(f"A token is not sent over plain HTTP: ask for https, not {PLACE.url}.")
    detail = "The provider gave no token."
    for kind in ("access_token", "id_token"):
        token = granted.get(kind)
        if not isinstance(token, str):
            continue
        answer = http.get(_root() + "/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        if answer.is_success:
            return token
        detail = answer.json().get("detail", detail)
    raise Refused(f"The server does not take the token: {detail}")


def _told(
    http: "httpx2.Client", method: str, url: str, form: dict[str, str] | None = None
) -> dict[str, Any]:
    """The JSON of an answer, that of a refusal too."""
    if not is_safe_way(url):
        raise Refused(
            f"{urlsplit(url).scheme}://{urlsplit(url).netloc} is not https, so nothing is sent there."
        )
    answer = http.request(method, url, data=form)
    try:
        told = answer.json()
    except ValueError as error:
        raise Broken(f"{url} answered {answer.status_code} without JSON.") from error
    if answer.status_code == 404 and isinstance(told, dict):
        raise NotFound(str(told.get("detail", f"There is nothing at {url}.")))
    if not isinstance(told, dict):
        raise Broken(f"{url} answered with something else than an object.")
    return told


def _write(file: Path, token: str) -> None:
    """Readable by its owner only, from the first byte on."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(token + "\n")
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}.") from error


def _root() -> str:
    return PLACE.url.rstrip("/")
