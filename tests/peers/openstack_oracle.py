"""What an administrator of the cloud sees and does, past everything that is under test."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from uuid import uuid4

from tests.peers.openstack_cloud import Cloud
from tests.peers.openstack_seed import connect

WAIT_SECONDS = 60.0
COPY = "c0ffee00-0000-4000-8000-"
COPIED = (
    ("nova.instances", "uuid"),
    ("nova.instance_extra", "instance_uuid"),
    ("nova.instance_info_caches", "instance_uuid"),
    ("nova.instance_system_metadata", "instance_uuid"),
    ("nova_api.instance_mappings", "instance_uuid"),
)
"""The tables that an instance stands in, and which of their columns names it; the first is what the others hang on."""
SHUTDOWN = 4
"""Nova's power state of a guest that does not run."""


class Oracle:
    """The project `shop`, as its member and as the administrator."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self.admin = connect(cloud.place)
        self.shop = connect(cloud.place, "member", "shop")

    @cached_property
    def project(self) -> str:
        return str(self.shop.current_project_id)

    def close(self) -> None:
        self.shop.close()
        self.admin.close()

    @contextmanager
    def instance(self, flavor: str = "small") -> Iterator[str]:
        """The id of a new active instance; it is gone afterwards."""
        compute, image = self.shop.compute, self.shop.image.find_image("plain")
        made = compute.create_server(
            name=f"web-{uuid4().hex[:6]}", image_id=image.id, flavor_id=compute.find_flavor(flavor).id,
            networks=[{"uuid": self.shop.network.find_network("inside").id}],
        )  # fmt: skip
        try:
            self.until(made.id, lambda one: one["status"] == "ACTIVE")
            yield made.id
        finally:
            self.admin.compute.delete_server(made.id, force=False)
            self.admin.compute.wait_for_delete(made, interval=0.2, wait=WAIT_SECONDS)

    @contextmanager
    def volume(self) -> Iterator[str]:
        """The id of a new volume of 2 GiB; it is gone afterwards."""
        made = self.shop.create_volume(size=2, name="data", wait=True, timeout=WAIT_SECONDS)
        try:
            yield str(made.id)
        finally:
            self.shop.delete_volume(made.id, wait=True, timeout=WAIT_SECONDS)

    @contextmanager
    def without_volumes(self) -> Iterator[None]:
        """The catalog has no Cinder meanwhile."""
        service = self.admin.identity.find_service("cinder")
        self.admin.identity.update_service(service, is_enabled=False)
        try:
            yield
        finally:
            self.admin.identity.update_service(service, is_enabled=True)

    def server(self, native: str) -> dict[str, Any]:
        """As Nova tells the administrator."""
        answer = self.admin.compute.get(f"/servers/{native}", microversion="2.61")
        assert answer.ok, answer.text
        server: dict[str, Any] = answer.json()["server"]
        return server

    def until(self, native: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The instance once nothing is done to it and it is as wanted: its status alone comes too early."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            server = self.server(native)
            if server["OS-EXT-STS:task_state"] is None and wanted(server):
                return server
            assert time.monotonic() < deadline, server
            time.sleep(0.1)

    def flavor(self, native: str) -> str:
        """The name of its flavor."""
        return str(self.server(native)["flavor"]["original_name"])

    def done(self, native: str, action: str) -> int:
        """How often something was asked for, as its action log says."""
        log = self.admin.compute.get(
            f"/servers/{native}/os-instance-actions", microversion="2.61"
        ).json()["instanceActions"]
        return sum(one["action"] == action for one in log)

    def resize(self, native: str, flavor: str) -> None:
        """By somebody else; it waits to be confirmed afterwards."""
        found = self.shop.compute.find_flavor(flavor)
        self.shop.compute.resize_server(native, found)
        self.until(native, lambda one: one["status"] == "VERIFY_RESIZE")

    def snapshot(self, native: str) -> str:
        """A snapshot of an instance as Nova makes it: an image with its marks. The pretended machines have nothing to copy."""
        image = self.shop.create_image(
            f"snapshot of {native}", data=b"\0" * 512, disk_format="raw", container_format="bare", wait=True,
            image_type="snapshot", instance_uuid=native,
        )  # fmt: skip
        return str(image.id)

    @contextmanager
    def crashing_once_resized(self, native: str) -> Iterator[None]:
        """Its guest does not come up with a new flavor, and Nova knows: a pretended machine has no guest that could."""
        self._cloud.sql(
            "create trigger nova.crash before update on nova.instances for each row set new.power_state = "
            f"if(new.uuid = '{native}' and new.vm_state = 'resized', {SHUTDOWN}, new.power_state)"
        )
        try:
            yield
        finally:
            self._cloud.sql("drop trigger nova.crash")

    def force_down(self, host: str, down: bool) -> None:
        """Have a compute host count as down, as a watchdog outside of the cloud does."""
        [service] = [one for one in self.admin.compute.services() if one.host == host]
        answer = self.admin.compute.put(
            f"/os-services/{service.id}", json={"forced_down": down}, microversion="2.61"
        )
        assert answer.ok, answer.text

    def change_password(self, account: str, password: str) -> None:
        """As an administrator does; all tokens of the account end."""
        user = self.admin.identity.find_user(account)
        self.admin.identity.update_user(user, password=password)
        _next_second()

    def revoke_tokens_of(self, account: str) -> None:
        """Shut an account out and let it in again: its tokens are gone."""
        user = self.admin.identity.find_user(account)
        for enabled in (False, True):
            self.admin.identity.update_user(user, is_enabled=enabled)
        _next_second()

    @contextmanager
    def crowd(self, count: int) -> Iterator[None]:
        """So many instances, as rows like those of the one among them that was really made."""
        with self.instance("tiny") as native:
            self._cloud.sql("".join(self._copies(*where, native, count - 1) for where in COPIED))
            try:
                yield
            finally:
                gone = (f"delete from {table} where {column} like '{COPY}%';" for table, column in reversed(COPIED))  # fmt: skip
                self._cloud.sql("".join(gone))

    def _copies(self, table: str, column: str, native: str, count: int) -> str:
        """SQL that copies the rows of an instance under other UUIDs."""
        schema, _, name = table.partition(".")
        asked = f"select column_name from information_schema.columns where table_schema = '{schema}' and table_name = '{name}'"
        columns = [one for one in self._cloud.sql(asked).split() if one not in ("id", column)]
        named = ", ".join(f"`{one}`" for one in columns)
        uuid = f"concat('{COPY}', lpad(seq, 12, '0'))"
        return (
            f"insert into {table} (`{column}`, {named}) select {uuid}, {named} "
            f"from {table} join nova.seq_1_to_{count} where `{column}` = '{native}';"
        )


def _next_second() -> None:
    """Keystone counts in whole seconds: a token of the same second would be taken for one from before."""
    now = int(time.time())
    while int(time.time()) == now:
        time.sleep(0.05)
