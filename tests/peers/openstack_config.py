"""The configuration files of a small OpenStack on 127.0.0.1, as its operator would write them. Pure.

Nova reads the room's own policy file, so that the two roles it ships are proven to be enough, and to be no more.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

POLICY = Path("src/datacenter_mcp/openstack/nova-policy.yaml")
REGION = "R1"
SERVICE_PASSWORD = "service-of-the-lab"
HOSTS = ("cn1", "cn2")
DATABASES = (
    "keystone",
    "placement",
    "glance",
    "nova",
    "nova_api",
    "nova_cell0",
    "neutron",
    "cinder",
)
Sections = Mapping[str, Mapping[str, object]]


class Place(NamedTuple):
    """Where one cloud lives: its folder, and the first of its ports."""

    folder: Path
    base: int

    @property
    def socket(self) -> Path:
        """The database's."""
        return self.folder / "mysql.sock"

    def port(self, name: str) -> int:
        """Of a program."""
        return self.base + PORTS.index(name)

    def url(self, name: str) -> str:
        """Where a service answers, as it stands in the catalog."""
        return f"http://127.0.0.1:{self.port(name)}{PATHS.get(name, '')}"

    def database(self, name: str) -> str:
        """The URL of one of the databases."""
        return f"mysql+pymysql://root@localhost/{name}?unix_socket={self.socket}&charset=utf8"

    @property
    def messages(self) -> str:
        """The URL of the message queue."""
        return f"rabbit://guest:guest@127.0.0.1:{self.port('rabbit')}/"


PORTS = (
    "keystone",
    "placement",
    "glance",
    "nova",
    "neutron",
    "rabbit",
    "distribution",
    "epmd",
    "cinder",
)
PATHS = {"keystone": "/v3", "nova": "/v2.1", "cinder": "/v3/%(project_id)s"}


def write(place: Place) -> None:
    """All configuration files into the folder."""
    for name, sections in _all(place).items():
        lines: list[str] = []
        for section, values in sections.items():
            lines += [f"[{section}]", *(f"{key} = {value}" for key, value in values.items())]
        path = place.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([*lines, ""]))


def _all(place: Place) -> Mapping[str, Sections]:
    folder = place.folder
    files: dict[str, Sections] = {
        "keystone/keystone.conf": _keystone(place),
        "placement/placement.conf": {
            "api": {"auth_strategy": "keystone"},
            "placement_database": {"connection": place.database("placement")},
            **_login(place),
        },
        "glance.conf": _glance(place),
        "nova.conf": _nova(place),
        "neutron.conf": _neutron(place),
        "cinder.conf": _cinder(place),
    }
    for host in HOSTS:
        files[f"{host}.conf"] = {"DEFAULT": {"host": host, "state_path": folder / host}}
    return files


def _service(place: Place) -> Mapping[str, object]:
    """How services log in to each other."""
    return {
        "auth_type": "password", "auth_url": place.url("keystone"), "username": "svc",
        "password": SERVICE_PASSWORD, "project_name": "service", "user_domain_name": "Default",
        "project_domain_name": "Default", "region_name": REGION,
    }  # fmt: skip


def _login(place: Place) -> Sections:
    """How a service asks whether a token is good."""
    return {
        "keystone_authtoken": {
            **_service(place),
            "www_authenticate_uri": place.url("keystone"),
            "service_token_roles": "service",
            "service_token_roles_required": "true",
        }
    }


def _lock(place: Place) -> Sections:
    return {"oslo_concurrency": {"lock_path": place.folder / "lock"}}


def _keystone(place: Place) -> Sections:
    keys = place.folder / "keystone"
    return {
        "DEFAULT": {"transport_url": place.messages},
        "database": {"connection": place.database("keystone")},
        "token": {"provider": "fernet"},
        "fernet_tokens": {"key_repository": keys / "fernet"},
        "fernet_receipts": {"key_repository": keys / "fernet"},
        "credential": {"key_repository": keys / "credential"},
    }


def _glance(place: Place) -> Sections:
    folder = place.folder
    return {
        "DEFAULT": {"bind_host": "127.0.0.1", "bind_port": place.port("glance"), "workers": 0,
                    "enabled_backends": "files:file"},
        "database": {"connection": place.database("glance")},
        **_login(place),
        "paste_deploy": {"flavor": "keystone", "config_file": "/etc/glance/glance-api-paste.ini"},
        "glance_store": {"default_backend": "files"},
        "files": {"filesystem_store_datadir": folder / "images"},
        "os_glance_staging_store": {"filesystem_store_datadir": folder / "staging"},
        "os_glance_tasks_store": {"filesystem_store_datadir": folder / "tasks"},
        **_lock(place),
    }  # fmt: skip


def _nova(place: Place) -> Sections:
    """Its driver only pretends machines. The new policy defaults are on: with the old ones a reader may delete servers."""
    service = _service(place)
    return {
        "DEFAULT": {
            "transport_url": place.messages, "state_path": place.folder / "nova", "my_ip": "127.0.0.1",
            "enabled_apis": "osapi_compute", "osapi_compute_listen": "127.0.0.1",
            "osapi_compute_listen_port": place.port("nova"), "osapi_compute_workers": 1,
            "compute_driver": "fake.FakeDriver", "allow_resize_to_same_host": "true",
            "vif_plugging_is_fatal": "false", "vif_plugging_timeout": 0, "reserved_host_memory_mb": 0,
            "report_interval": 3, "service_down_time": 12, "log_dir": "",
        },
        "api_database": {"connection": place.database("nova_api")},
        "database": {"connection": place.database("nova")},
        **_login(place),
        "service_user": {"send_service_user_token": "true", **service},
        "placement": service,
        "glance": service,
        "neutron": service,
        "cinder": {**service, "os_region_name": REGION},
        "vnc": {"enabled": "false"},
        "scheduler": {"workers": 1, "discover_hosts_in_cells_interval": 2},
        "conductor": {"workers": 1},
        "wsgi": {"api_paste_config": "/etc/nova/api-paste.ini"},
        "oslo_policy": {"enforce_scope": "true", "enforce_new_defaults": "true",
                        "policy_file": POLICY.resolve()},
        **_lock(place),
    }  # fmt: skip


def _neutron(place: Place) -> Sections:
    return {
        "DEFAULT": {
            "transport_url": place.messages, "bind_host": "127.0.0.1", "bind_port": place.port("neutron"),
            "api_workers": 0, "rpc_workers": 1, "core_plugin": "ml2", "service_plugins": "",
            "auth_strategy": "keystone", "api_paste_config": "/etc/neutron/api-paste.ini",
            "state_path": place.folder / "neutron", "notify_nova_on_port_status_changes": "false",
            "notify_nova_on_port_data_changes": "false", "dhcp_agent_notification": "false",
        },
        "database": {"connection": place.database("neutron")},
        **_login(place),
        "ml2": {"type_drivers": "flat,vlan,vxlan", "tenant_network_types": "vxlan",
                "mechanism_drivers": "openvswitch", "extension_drivers": "port_security"},
        "ml2_type_vxlan": {"vni_ranges": "1:1000"},
        **_lock(place),
    }  # fmt: skip


def _cinder(place: Place) -> Sections:
    """Its driver, of Cinder's own tests, keeps account of volumes and has none."""
    return {
        "DEFAULT": {
            "transport_url": place.messages, "state_path": place.folder / "cinder",
            "osapi_volume_listen": "127.0.0.1", "osapi_volume_listen_port": place.port("cinder"),
            "osapi_volume_workers": 1, "api_paste_config": "/etc/cinder/api-paste.ini",
            "auth_strategy": "keystone", "enabled_backends": "pretended", "host": HOSTS[0],
            "glance_api_servers": place.url("glance"),
            "resource_query_filters_file": "/etc/cinder/resource_filters.json",
        },
        "database": {"connection": place.database("cinder")},
        **_login(place),
        "service_user": {"send_service_user_token": "true", **_service(place)},
        "nova": _service(place),
        "pretended": {"volume_driver": "cinder.tests.fake_driver.FakeLoggingVolumeDriver",
                      "volume_backend_name": "pretended"},
        **_lock(place),
    }  # fmt: skip
