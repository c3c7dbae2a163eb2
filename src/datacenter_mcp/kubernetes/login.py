"""Opens a client of the official SDK from the settings. Blocking: it reads files, and may run a login helper."""

from pathlib import Path

from kubernetes import client, config
from kubernetes.config import ConfigException

from datacenter_mcp.contract.errors import InvalidRequest, Unavailable
from datacenter_mcp.kubernetes.settings import DEFAULT_KUBECONFIG, KubernetesSettings
from datacenter_mcp.secrets import resolve


def open_client(settings: KubernetesSettings) -> client.ApiClient:
    """A client with credentials read now; nothing is connected yet. Raises `InvalidRequest` for settings that lead
    nowhere, `Unavailable` when a login helper fails.
    """
    configuration = client.Configuration()
    try:
        if settings.server:
            _token(configuration, settings)
        elif settings.in_cluster:
            config.load_incluster_config(client_configuration=configuration)
        else:
            _kubeconfig(configuration, settings)
    except ConfigException as error:
        raise Unavailable(f"The credentials cannot be used: {error}", sent=False) from error
    except OSError as error:
        raise InvalidRequest(f"The credentials cannot be read: {error}", sent=False) from error
    # Nothing is sent twice without our knowing: we decide what may be repeated.
    configuration.retries = False
    configuration.connection_pool_maxsize = settings.concurrency
    return client.ApiClient(configuration)


def _token(configuration: client.Configuration, settings: KubernetesSettings) -> None:
    configuration.host = settings.server or ""
    configuration.ssl_ca_cert = settings.certificate_authority
    configuration.api_key = {"authorization": f"Bearer {resolve(settings.token or '')}"}


def _kubeconfig(configuration: client.Configuration, settings: KubernetesSettings) -> None:
    path = Path(settings.kubeconfig or DEFAULT_KUBECONFIG).expanduser()
    if not path.is_file():
        raise InvalidRequest(f"There is no kubeconfig file {path}.", sent=False)
    config.load_kube_config(
        config_file=str(path),
        context=settings.context,
        client_configuration=configuration,
        persist_config=False,
    )
