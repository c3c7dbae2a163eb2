"""Opens a connection of the official SDK from the settings. Blocking: it reads files."""

from typing import Any

from keystoneauth1.exceptions import ClientException
from openstack import exceptions
from openstack.config import OpenStackConfig
from openstack.connection import Connection

from datacenter_mcp.contract.errors import InvalidRequest
from datacenter_mcp.openstack.settings import OpenstackSettings
from datacenter_mcp.secrets import resolve


def open_connection(settings: OpenstackSettings) -> Connection:
    """A connection with credentials read now; nothing was sent yet. Raises `InvalidRequest` for settings that lead nowhere.

    What the environment says about clouds (`OS_...`) is left out: the settings alone decide.
    """
    wanted: dict[str, Any] = {"api_timeout": settings.request_timeout_seconds}
    known = {"region_name": settings.region, "interface": settings.interface, "cacert": settings.ca_file}  # fmt: skip
    wanted |= {name: value for name, value in known.items() if value is not None}
    try:
        if settings.cloud is not None:
            files = [settings.clouds_file] if settings.clouds_file else None
            config = OpenStackConfig(config_files=files, load_envvars=False)
            region = config.get_one(cloud=settings.cloud, **wanted)
        else:
            config = OpenStackConfig(load_yaml_config=False, load_envvars=False)
            region = config.get_one(**_credentials(settings), **wanted)
        return Connection(config=region)
    except InvalidRequest as error:
        raise InvalidRequest(error.report.message, sent=False) from error
    except (exceptions.SDKException, ClientException, OSError) as error:
        raise InvalidRequest(
            f"The cloud's settings cannot be used: {error}", sent=False
        ) from error


def _credentials(settings: OpenstackSettings) -> dict[str, Any]:
    """Type and content of the login, with the secret in it."""
    if settings.application_credential_secret is not None:
        return {
            "auth_type": "v3applicationcredential",
            "auth": {
                "auth_url": settings.auth_url,
                "application_credential_id": settings.application_credential_id,
                "application_credential_secret": resolve(settings.application_credential_secret),
            },
        }
    return {
        "auth_type": "v3password",
        "auth": {
            "auth_url": settings.auth_url,
            "username": settings.username,
            "password": resolve(settings.password or ""),
            "project_name": settings.project,
            "user_domain_name": settings.user_domain,
            "project_domain_name": settings.project_domain,
        },
    }
