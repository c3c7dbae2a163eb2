"""A real Kubernetes control plane (API server, controllers, scheduler, etcd) on 127.0.0.1, with nodes that only pretend.

`reader` and `operator` log in with tokens of the service accounts that the room's own RBAC manifests make, so that
these are proven to be enough, and to be no more. The admin is the oracle's.

By hand: `python -m tests.peers.cluster start` prints an estate file; `... stop` removes all clusters started by hand.
"""

import contextlib
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx2
import yaml
from tests.peers import cluster_build, slots
from tests.peers.slots import PeerMissingError, run

KIND = "cluster"
PACKAGES = ("etcd-server", "openssl", "iproute2")
NODES = 3
START_SECONDS = 60.0
MANIFESTS = Path("src/datacenter_mcp/kubernetes")
BOUND_ROLE = MANIFESTS.parent / "bound" / "roles" / "kubernetes-mcp-server.yaml"
ACCOUNTS = ("reader", "operator")
OWN = "datacenter-docs"
MERGE = "application/merge-patch+json"


@dataclass(frozen=True)
class Cluster:
    """A running cluster. Its programs' ids, logs and credentials are in `folder`."""

    slot: int

    @property
    def folder(self) -> Path:
        return slots.ROOT / KIND / str(self.slot)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port()}"

    def port(self, offset: int = 0) -> int:
        """0: API server, 1 and 2: etcd, 3: kubelets."""
        return 21_000 + 10 * self.slot + offset

    @property
    def certificate(self) -> Path:
        return self.folder / "apiserver.crt"

    def token(self, account: str) -> Path:
        return self.folder / f"{account}.token"

    def kubeconfig(self, account: str = "admin", *, url: str | None = None) -> Path:
        """A kubeconfig file of `admin`, `reader` or `operator`; over another URL where one is given."""
        path = self.folder / f"{account}{'-elsewhere' if url else ''}.kubeconfig"
        server = {"server": url or self.url, "certificate-authority": str(self.certificate)}
        user = {"token": self.token(account).read_text()}
        content = {
            "apiVersion": "v1", "kind": "Config", "current-context": account,
            "clusters": [{"name": "peers", "cluster": server}], "users": [{"name": account, "user": user}],
            "contexts": [{"name": account, "context": {"cluster": "peers", "user": account}}],
        }  # fmt: skip
        path.write_text(yaml.safe_dump(content))
        path.chmod(0o600)
        return path

    def settings(self, account: str = "operator") -> dict[str, object]:
        """What the room needs to know."""
        return {"kubeconfig": str(self.kubeconfig(account))}

    @cached_property
    def trust(self) -> ssl.SSLContext:
        """Who trusts this cluster's certificate."""
        return ssl.create_default_context(cafile=str(self.certificate))

    @cached_property
    def http(self) -> httpx2.Client:
        """The oracle, past everything that is under test."""
        login = {"Authorization": f"Bearer {self.token('admin').read_text()}"}
        return httpx2.Client(base_url=self.url, verify=self.trust, headers=login, timeout=120)

    def ask(
        self, method: str, path: str, body: Any = None, *, kind: str = "application/json"
    ) -> Any:
        """One request of the oracle. Raises on any other answer than success."""
        content = None if body is None else json.dumps(body)
        answer = self.http.request(method, path, content=content, headers={"Content-Type": kind})
        if not answer.is_success:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json()

    def get(self, path: str) -> Any:
        return self.ask("GET", path)

    def patch(self, path: str, body: Any) -> Any:
        return self.ask("PATCH", path, body, kind=MERGE)

    def until(self, path: str, wanted: Any, seconds: float = 30.0) -> Any:
        """Ask until the answer is as wanted; no such thing is not yet. Fails at the deadline."""
        deadline = time.monotonic() + seconds
        while True:
            answer = self.http.get(path)
            if answer.is_success and wanted(answer.json()):
                return answer.json()
            assert answer.is_success or answer.status_code == 404, answer.text
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.1)

    @cached_property
    def children(self) -> dict[str, subprocess.Popen[bytes]]:
        """The programs that this very process started."""
        return {}

    def spawn(self, name: str, *argv: str) -> None:
        """Start a program of this cluster."""
        with (self.folder / f"{name}.log").open("a") as log:
            process = subprocess.Popen(argv, stdout=log, stderr=log, start_new_session=True)
        self.children[name] = process
        (self.folder / f"{name}.pid").write_text(f"{process.pid} {slots.owner_of(process.pid)}")

    def end(self, name: str, number: int = signal.SIGTERM) -> None:
        """End a program by its process id, and wait until it is gone."""
        file = self.folder / f"{name}.pid"
        if not file.exists():
            return
        pid, _, owner = file.read_text().partition(" ")
        while slots.owner_of(int(pid)) == owner:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), number)
            if name in self.children:
                self.children[name].poll()
            time.sleep(0.05)
        file.unlink()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The API server keeps its connections and answers nothing."""
        pid = int((self.folder / "apiserver.pid").read_text().split()[0])
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def start_apiserver(self) -> None:
        """Start the API server and wait until it is ready."""
        run_as = cluster_build.programs()
        key, folder = str(self.folder / "sa.key"), self.folder
        self.spawn(
            "apiserver", str(run_as / "kube-apiserver"), f"--etcd-servers=http://127.0.0.1:{self.port(1)}",
            f"--secure-port={self.port()}", "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1",
            "--insecure-port=0", f"--cert-dir={folder}", "--service-cluster-ip-range=10.96.0.0/16",
            "--authorization-mode=RBAC", f"--token-auth-file={folder / 'tokens.csv'}", "--allow-privileged=true",
            "--service-account-issuer=https://peers", f"--service-account-signing-key-file={key}",
            f"--service-account-key-file={key}", "--kubelet-preferred-address-types=InternalIP",
        )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(OSError, httpx2.HTTPError):
                if self.certificate.exists() and self.http.get("/readyz").is_success:
                    return
            assert time.monotonic() < deadline, (folder / "apiserver.log").read_text()[-2_000:]
            time.sleep(0.1)

    def restart_apiserver(self) -> None:
        """As an upgrade does: every connection is lost, and what was told is still known."""
        self.end("apiserver", signal.SIGKILL)
        self.start_apiserver()


def start(owner: str) -> Cluster:
    """Start a cluster. Raises `PeerMissingError` with what this machine lacks."""
    slots.need(PACKAGES)
    cluster_build.programs()
    cluster = Cluster(slots.take(KIND, owner, lambda slot: _clean(Cluster(slot))))
    try:
        _clean(cluster)
        cluster.folder.mkdir(parents=True)
        _etcd(cluster)
        _logins(cluster)
        cluster.start_apiserver()
        _controllers(cluster)
        _accounts(cluster)
        cluster.until("/api/v1/nodes", lambda nodes: len(nodes["items"]) == NODES)
    except BaseException:
        stop(cluster)
        raise
    return cluster


def stop(cluster: Cluster) -> None:
    """End everything of a cluster and remove it."""
    if "http" in vars(cluster):
        cluster.http.close()
    _clean(cluster)
    slots.give_back(KIND, cluster.slot)


def _etcd(cluster: Cluster) -> None:
    clients, peers = (f"http://127.0.0.1:{cluster.port(offset)}" for offset in (1, 2))
    cluster.spawn(
        "etcd", "etcd", "--data-dir", str(cluster.folder / "etcd"), "--unsafe-no-fsync",
        "--listen-client-urls", clients, "--advertise-client-urls", clients, "--listen-peer-urls", peers,
        "--initial-advertise-peer-urls", peers, "--initial-cluster", f"default={peers}",
    )  # fmt: skip


def _logins(cluster: Cluster) -> None:
    run("openssl", "genrsa", "-out", str(cluster.folder / "sa.key"), "2048")
    users = {"admin": ("admin", "system:masters"), "kubelet": ("kubelet", "system:masters"),
             "controllers": ("system:kube-controller-manager", ""),
             "scheduler": ("system:kube-scheduler", "")}  # fmt: skip
    lines = []
    for account, (user, group) in users.items():
        token = f"{account}-of-slot-{cluster.slot}"
        cluster.token(account).write_text(token)
        lines.append(f"{token},{user},{account}{f',{group}' if group else ''}\n")
    (cluster.folder / "tokens.csv").write_text("".join(lines))


def _controllers(cluster: Cluster) -> None:
    folder = cluster_build.programs()
    cluster.spawn(
        "controllers", str(folder / "kube-controller-manager"), "--kubeconfig", str(cluster.kubeconfig("controllers")),
        "--use-service-account-credentials=true", f"--service-account-private-key-file={cluster.folder / 'sa.key'}",
        "--port=0", "--secure-port=0", "--leader-elect=false", f"--root-ca-file={cluster.certificate}",
        "--kube-api-qps=200", "--kube-api-burst=400", "--concurrent-replicaset-syncs=10",
        "--pvclaimbinder-sync-period=1s",
    )  # fmt: skip
    cluster.spawn(
        "scheduler", str(folder / "kube-scheduler"), "--kubeconfig", str(cluster.kubeconfig("scheduler")),
        "--port=0", "--secure-port=0", "--leader-elect=false",
        "--kube-api-qps=200", "--kube-api-burst=400",
    )  # fmt: skip
    cluster.spawn("kubelet", sys.executable, "-m", "tests.peers.kubelet", str(cluster.folder), cluster.url,
                  str(cluster.port(3)), str(NODES))  # fmt: skip
    # Pods are refused until their namespace has this account.
    cluster.until("/api/v1/namespaces/default/serviceaccounts",
                  lambda found: any(one["metadata"]["name"] == "default" for one in found["items"]))  # fmt: skip


def _accounts(cluster: Cluster) -> None:
    """As a user does it: apply the room's manifests, and ask for tokens."""
    for file in (MANIFESTS / "reader-role.yaml", MANIFESTS / "operator-role.yaml", BOUND_ROLE):
        for document in yaml.safe_load_all(file.read_text()):
            cluster.ask("POST", _collection(document), document)
    for account in ACCOUNTS:
        asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
                 "spec": {"expirationSeconds": 86_400}}  # fmt: skip
        path = f"/api/v1/namespaces/{OWN}/serviceaccounts/{account}/token"
        cluster.token(account).write_text(cluster.ask("POST", path, asked)["status"]["token"])


def _collection(document: Mapping[str, Any]) -> str:
    """Where an object is made."""
    version = document["apiVersion"]
    base = "/api/v1" if version == "v1" else f"/apis/{version}"
    namespace = document["metadata"].get("namespace")
    inside = f"/namespaces/{namespace}" if namespace else ""
    return f"{base}{inside}/{document['kind'].lower()}s"


def _clean(cluster: Cluster) -> None:
    for name in ("kubelet", "scheduler", "controllers", "apiserver", "etcd"):
        cluster.end(name, signal.SIGKILL)
    shutil.rmtree(cluster.folder, ignore_errors=True)


def main(verb: str) -> None:
    """Start a cluster and print its estate file, or stop all that were started by hand."""
    if verb == "stop":
        for slot in slots.kept(KIND):
            stop(Cluster(slot))
        return
    try:
        cluster_build.build()
        cluster = start(slots.KEPT)
    except PeerMissingError as error:
        sys.exit(str(error))
    sys.stdout.write(f"# KUBECONFIG={cluster.kubeconfig('admin')}\n")
    slots.show_estate("cluster", "kubernetes", cluster.settings())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "start")
