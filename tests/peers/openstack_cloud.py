"""A real OpenStack (Keystone, Placement, Glance, Nova, Neutron, Cinder) on 127.0.0.1, whose hosts only pretend machines and volumes.

The project `shop` has the accounts `reader` and `operator`, with the room's own roles under its own policy file, and
`member`. `admin` is the oracle's.

By hand: `python -m tests.peers.openstack_cloud start` prints an estate file; `... stop` ends all that were started by hand.
"""

import base64
import contextlib
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import httpx2
import yaml
from tests.peers import openstack_build, openstack_config, openstack_seed, slots
from tests.peers.openstack_config import HOSTS, REGION, Place
from tests.peers.openstack_seed import PASSWORD
from tests.peers.slots import PeerMissingError

KIND = "openstack"
START_SECONDS = 120.0
PYTHON = "/usr/bin/python3"
SERVICES = ("nova-api", "nova-conductor", "nova-scheduler")
VOLUMES = ("cinder-api", "cinder-scheduler", "cinder-volume")
ORDER = ("agents", *(f"nova-{host}" for host in HOSTS), *SERVICES, *VOLUMES, "neutron", "glance",
         "placement", "keystone", "rabbit", "epmd", "mysql")  # fmt: skip
"""Every program, in the order in which they are ended."""


@dataclass(frozen=True)
class Cloud:
    """A running cloud. Its programs' ids, logs and configuration are in `folder`."""

    slot: int

    @property
    def folder(self) -> Path:
        return slots.ROOT / KIND / str(self.slot)

    @property
    def place(self) -> Place:
        return Place(self.folder, 24_000 + 20 * self.slot)

    @property
    def url(self) -> str:
        """Nova's."""
        return f"http://127.0.0.1:{self.place.port('nova')}"

    @property
    def trust(self) -> ssl.SSLContext:
        """Nobody is asked for a certificate here."""
        return ssl.create_default_context()

    def clouds_file(self, **overrides: str) -> Path:
        """A `clouds.yaml` with one cloud per account; `overrides`: settings that all of them get besides."""
        accounts = {"admin": "admin", "reader": "shop", "operator": "shop", "member": "shop"}
        clouds = {
            account: {
                "region_name": REGION,
                "auth": {
                    "auth_url": self.place.url("keystone"), "username": account, "password": PASSWORD,
                    "project_name": project, "user_domain_name": "Default", "project_domain_name": "Default",
                },
                **overrides,
            }
            for account, project in accounts.items()
        }  # fmt: skip
        path = self.folder / f"clouds{'-elsewhere' if overrides else ''}.yaml"
        path.write_text(yaml.safe_dump({"clouds": clouds}))
        path.chmod(0o600)
        return path

    def settings(self, account: str = "operator", **overrides: str) -> dict[str, object]:
        """What the room needs to know."""
        return {"clouds_file": str(self.clouds_file(**overrides)), "cloud": account}

    @cached_property
    def children(self) -> dict[str, subprocess.Popen[bytes]]:
        """The programs that this very process started."""
        return {}

    def sql(self, text: str) -> str:
        """What no API tells or changes."""
        return openstack_build.sql(self.place, text)

    def spawn(self, name: str, *argv: str, **environment: str) -> None:
        """Start a program of this cloud."""
        with (self.folder / "log" / f"{name}.log").open("a") as log:
            process = subprocess.Popen(
                ["nice", "-n", "5", *argv], stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, **environment},
            )  # fmt: skip
        self.children[name] = process
        (self.folder / f"{name}.pid").write_text(f"{process.pid} {slots.owner_of(process.pid)}")

    def end(self, name: str, number: int = signal.SIGTERM) -> None:
        """End a program with its children by its process group, and wait until it is gone."""
        file = self.folder / f"{name}.pid"
        if not file.exists():
            return
        pid, _, owner = file.read_text().partition(" ")
        while slots.owner_of(int(pid)) == owner:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(int(pid), number)
            if name in self.children:
                self.children[name].poll()
            time.sleep(0.05)
        file.unlink()

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """A program keeps its connections and answers nothing."""
        pid = int((self.folder / f"{name}.pid").read_text().split()[0])
        os.killpg(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(pid, signal.SIGCONT)

    def start_nova(self, name: str) -> None:
        """Start one of Nova's programs: `nova-api`, `nova-cn1`, ..."""
        settings = [f"--config-file={self.folder / 'nova.conf'}"]
        host = name.removeprefix("nova-")
        if host in HOSTS:
            settings.append(f"--config-file={self.folder / f'{host}.conf'}")
            name_of_program = "nova-compute"
        else:
            name_of_program = name
        self.spawn(name, name_of_program, *settings)

    def until_it_answers(self, name: str) -> None:
        """Wait for a service to speak HTTP. Fails at the deadline."""
        deadline = time.monotonic() + START_SECONDS
        url = f"http://127.0.0.1:{self.place.port(name)}/"
        while True:
            with contextlib.suppress(httpx2.HTTPError):
                httpx2.get(url, timeout=10)
                return
            assert time.monotonic() < deadline, self.logs()
            time.sleep(0.2)

    def logs(self) -> str:
        """The end of every log, for a person."""
        return "\n".join(
            f"{path.name}: {path.read_text()[-400:]}" for path in self.folder.glob("log/*.log")
        )


def start(owner: str) -> Cloud:
    """Start a cloud. Raises `PeerMissingError` with what this machine lacks."""
    archive = openstack_build.databases()
    cloud = Cloud(slots.take(KIND, owner, lambda slot: _clean(Cloud(slot))))
    try:
        _clean(cloud)
        _folders(cloud)
        openstack_config.write(cloud.place)
        _keys(cloud)
        _beneath(cloud, archive)
        _services(cloud)
        openstack_seed.content(cloud.place)
    except BaseException:
        stop(cloud)
        raise
    return cloud


def stop(cloud: Cloud) -> None:
    """End everything of a cloud and remove it."""
    _clean(cloud)
    slots.give_back(KIND, cloud.slot)


def _folders(cloud: Cloud) -> None:
    for name in ("log", "lock", "images", "staging", "tasks", "nova/instances", "neutron", "cinder", "rabbit",
                 *(f"{host}/instances" for host in HOSTS)):  # fmt: skip
        (cloud.folder / name).mkdir(parents=True)


def _keys(cloud: Cloud) -> None:
    """Two Fernet keys each, as `keystone-manage` makes them."""
    for name in ("fernet", "credential"):
        folder = cloud.folder / "keystone" / name
        folder.mkdir(mode=0o700)
        for key in ("0", "1"):
            (folder / key).write_bytes(base64.urlsafe_b64encode(os.urandom(32)))


def _beneath(cloud: Cloud, archive: Path) -> None:
    """The database and the message queue, and what they have to hold before the first service starts."""
    place = cloud.place
    with tarfile.open(archive) as tar:
        tar.extractall(cloud.folder, filter="data")
    cloud.spawn("mysql", *openstack_build.daemon(place))
    epmd = {"ERL_EPMD_ADDRESS": "127.0.0.1", "ERL_EPMD_PORT": str(place.port("epmd"))}
    cloud.spawn("epmd", "epmd", "-address", "127.0.0.1", "-port", epmd["ERL_EPMD_PORT"])
    cloud.spawn("rabbit", "/usr/lib/rabbitmq/bin/rabbitmq-server", **epmd, **_rabbit(cloud))
    openstack_build.until_it_answers(place)
    zero, one = ("00000000-0000-0000-0000-00000000000" + digit for digit in "01")
    cloud.sql(
        "insert into nova_api.cell_mappings (created_at, uuid, name, transport_url, database_connection, disabled) values "
        f"(now(), '{zero}', 'cell0', 'none:///', '{place.database('nova_cell0')}', 0), "
        f"(now(), '{one}', 'cell1', '{place.messages}', '{place.database('nova')}', 0)"
    )
    settings = str(cloud.folder / "keystone/keystone.conf")
    urls = [f"--bootstrap-{kind}-url={place.url('keystone')}" for kind in ("public", "internal")]
    slots.run("keystone-manage", "--config-file", settings, "bootstrap", f"--bootstrap-password={PASSWORD}",
              f"--bootstrap-region-id={REGION}", *urls)  # fmt: skip


def _rabbit(cloud: Cloud) -> Mapping[str, str]:
    place, folder = cloud.place, cloud.folder
    return {
        "RABBITMQ_NODENAME": f"peers{cloud.slot}@localhost", "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(place.port("rabbit")), "RABBITMQ_DIST_PORT": str(place.port("distribution")),
        "RABBITMQ_MNESIA_BASE": str(folder / "rabbit"), "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "rabbit/pid"), "HOME": str(folder / "rabbit"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null", "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "rabbit/plugins"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }  # fmt: skip


def _services(cloud: Cloud) -> None:
    folder, place = cloud.folder, cloud.place
    _wsgi(cloud, "keystone", "/usr/bin/keystone-wsgi-public", OS_KEYSTONE_CONFIG_DIR=str(folder / "keystone"))  # fmt: skip
    cloud.until_it_answers("keystone")
    openstack_seed.accounts(place)
    _wsgi(cloud, "placement", "/usr/bin/placement-api", OS_PLACEMENT_CONFIG_DIR=str(folder / "placement"))  # fmt: skip
    cloud.spawn("glance", "glance-api", f"--config-file={folder / 'glance.conf'}")
    neutron = str(folder / "neutron.conf")
    cloud.spawn("neutron", "neutron-server", f"--config-file={neutron}")
    for name in (*SERVICES, *(f"nova-{host}" for host in HOSTS)):
        cloud.start_nova(name)
    for name in VOLUMES:
        cloud.spawn(name, name, f"--config-file={folder / 'cinder.conf'}")
    agents = Path(__file__).with_name("openstack_agents.py")
    for name in ("placement", "glance", "neutron", "nova", "cinder"):
        cloud.until_it_answers(name)
    cloud.spawn("agents", PYTHON, str(agents), neutron, *HOSTS)


def _wsgi(cloud: Cloud, name: str, program: str, **environment: str) -> None:
    """Without `Connection: close` uwsgi resets connections that clients keep."""
    cloud.spawn(
        name, "uwsgi", "--plugin", "python3", "--http-socket", f"127.0.0.1:{cloud.place.port(name)}",
        "--wsgi-file", program, "--processes", "1", "--threads", "4", "--enable-threads",
        "--buffer-size", "65535", "--die-on-term", "--add-header", "Connection: close", **environment,
    )  # fmt: skip


def _clean(cloud: Cloud) -> None:
    for name in ORDER:
        cloud.end(name, signal.SIGKILL)
    shutil.rmtree(cloud.folder, ignore_errors=True)


def main(verb: str) -> None:
    """Start a cloud and print its estate file, or stop all that were started by hand."""
    if verb == "stop":
        for slot in slots.kept(KIND):
            stop(Cloud(slot))
        return
    try:
        openstack_build.build()
        cloud = start(slots.KEPT)
    except PeerMissingError as error:
        sys.exit(str(error))
    sys.stdout.write(f"# OS_CLIENT_CONFIG_FILE={cloud.clouds_file()} OS_CLOUD=admin\n")
    slots.show_estate("cloud", "openstack", cloud.settings())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "start")
