"""What Ceph says, and what the storage room makes of it: no cluster is needed."""

from collections.abc import Sequence

import pytest

from datacenter_mcp.contract.errors import Broken, InvalidRequest, Unsupported
from datacenter_mcp.contract.reading import HealthStatus
from datacenter_mcp.shell.command import CommandResult, Ends
from datacenter_mcp.storage.ceph import answers, mapping
from datacenter_mcp.storage.ceph.clearing import clear
from datacenter_mcp.storage.ceph.cluster import Cluster
from datacenter_mcp.storage.ceph.command import Command, failed
from datacenter_mcp.storage.ceph.nouns import Image
from datacenter_mcp.storage.operations import ClearParameters
from datacenter_mcp.storage.room import open_storage
from datacenter_mcp.storage.settings import HostSettings

LOG = "2026-11-23T22:16:53.521+0000 7fc0d20ec6c0 -1 librbd::Watcher: failed (1) Operation not permitted\n"
HOST = HostSettings(name="ceph1", driver="ceph", host="local", user="dcdocs", keyring="/etc/key")
SNAPSHOTS = (
    '[{"id":4,"name":"a","size":1,"protected":"false","timestamp":"Mon Nov 23 22:16:49 2020"},'
    '{"id":5,"name":"b","size":1,"protected":"false","timestamp":"Tue Nov 24 22:16:49 2020"},'
    '{"id":6,"name":"c","size":1,"protected":"false","timestamp":"Wed Nov 25 22:16:49 2020"}]'
)


class SaidShell:
    """A shell that answers from a table: the first key that is in the command; it keeps what it was asked."""

    local = True

    def __init__(self, table: dict[str, CommandResult]) -> None:
        self.table = table
        self.asked: list[Sequence[str]] = []

    async def run(
        self,
        argv: Sequence[str],
        *,
        stdin: str | None = None,
        timeout_seconds: float | None = None,
    ) -> CommandResult:
        self.asked.append(argv)
        return next(said for key, said in self.table.items() if key in " ".join(argv))

    async def ends(self) -> Ends | None:
        return None

    async def close(self) -> None:
        return None


@pytest.mark.parametrize(
    ("status", "stderr", "kind", "sent"),
    [
        (1, f"{LOG}rbd: error opening image x: (1) Operation not permitted", "refused", None),
        (13, "Error EACCES: access denied", "refused", None),
        (2, "rbd: error opening image with id abc: (2) No such file or directory", "not_found", None),
        (16, "rbd: snapshot id 5 is protected from removal.", "conflict", None),
        (110, "rbd: error opening image x: (110) Connection timed out", "unavailable", True),
        (110, "rbd: couldn't connect to the cluster!\nrbd: listing images failed: (110) Connection timed out", "unavailable", False),
        (1, f"{LOG}timed out", "unavailable", False),
        (1, "[errno 110] RADOS timed out (error connecting to the cluster)", "unavailable", False),
        (13, "[errno 13] RADOS permission denied (error connecting to the cluster)", "refused", False),
        (1, "[errno 2] RADOS object not found (error connecting to the cluster)", "refused", False),
        (2, "rbd: couldn't connect to the cluster!\nrbd: listing images failed: (2) No such file or directory", "refused", False),
        (1, "global_init: unable to open config file from search list /nowhere", "invalid", False),
        (1, "Error initializing cluster client: ObjectNotFound('RADOS object not found (error calling conf_read_file)')", "invalid", False),
        (127, "sh: 1: rbd: not found", "unsupported", False),
        (30, "rbd: resize error: (30) Read-only file system", "refused", True),
        (22, "rbd: shrinking an image is only allowed with the --allow-shrink flag", "broken", True),
        (139, "", "broken", True),
        (5, f"{LOG}", "broken", True),
        (30, "rbd: error opening image couldn't connect (1): (30) Read-only file system", "refused", True),
    ],
)  # fmt: skip
def test_a_failed_command_is_the_error_that_it_means(status, stderr, kind, sent):
    report = failed("rbd", CommandResult(status, "", stderr)).report

    assert (report.kind, report.sent) == (kind, sent)
    assert "7fc0d20ec6c0" not in report.message or stderr == LOG


async def test_account_and_time_are_said_in_every_command_and_no_key_ever_is():
    shell = SaidShell({"rbd": CommandResult(0, "[]", ""), "ceph": CommandResult(0, "{}", "")})
    command = Command(shell, HOST.model_copy(update={"conf": "/etc/one.conf"}))
    await command.ceph("status")
    await command.rbd("ls")
    await command.script('rbd "$@"', "word")

    for argv in shell.asked:
        assert {"--conf=/etc/one.conf", "--id=dcdocs", "--keyring=/etc/key"} <= set(argv)
        assert "--rados-osd-op-timeout=9" in argv


async def test_without_settings_the_tools_own_defaults_hold():
    shell = SaidShell({"rbd": CommandResult(0, "[]", "")})
    await Command(shell, HostSettings(name="ceph1", driver="ceph", host="local")).rbd("ls")

    assert not [
        word for word in shell.asked[0] if word.startswith(("--conf", "--id", "--keyring"))
    ]


async def test_a_snapshot_that_somebody_else_removed_meanwhile_is_no_failure():
    gone = CommandResult(2, "", "rbd: failed to remove snapshot: (2) No such file or directory")
    shell = SaidShell(
        {
            "snap rm --pool=rbd --image-id=k --snap-id=4": gone,
            "snap rm --pool=rbd --image-id=k --snap-id=5": CommandResult(0, "", ""),
            "snap ls": CommandResult(0, SNAPSHOTS, ""),
            "children": CommandResult(0, "[]", ""),
        }
    )
    cluster = Cluster("ceph1", Command(shell, HOST))
    done = await clear(
        cluster, Image("rbd", "k", "one", 1), ClearParameters(older_than_seconds=0), dry_run=False
    )

    assert (done.changed, done.detail) == (True, "deleted: b")


def test_what_somebody_muted_is_no_complaint():
    text = (
        '{"fsid":"f","health":{"status":"HEALTH_WARN","checks":{'
        '"OSD_DOWN":{"severity":"HEALTH_WARN","summary":{"message":"1 osds down","count":1},"muted":false},'
        '"POOL_NO_REDUNDANCY":{"severity":"HEALTH_WARN","summary":{"message":"x","count":1},"muted":true}}},'
        '"osdmap":{"num_osds":3,"num_up_osds":2},'
        '"pgmap":{"bytes_total":100,"bytes_used":25,"bytes_avail":75,"degraded_ratio":0.123456}}'
    )
    state = answers.state(text)

    assert state.complaints == ["OSD_DOWN: 1 osds down"]
    assert (state.usage_ratio, state.degraded_ratio) == (0.25, 0.1235)
    assert mapping.cluster_health(state).status is HealthStatus.DEGRADED


def test_a_cluster_in_the_middle_of_an_upgrade_names_both_versions():
    text = '{"overall":{"ceph version 16.2.15 (x) pacific (stable)":2,"ceph version 17.2.7 (y) quincy (stable)":1}}'

    assert answers.software(text) == "ceph 16.2.15, ceph 17.2.7"


def test_an_erasure_coded_pool_has_no_copies_and_a_paused_cluster_takes_no_writes():
    usage = '{"pools":[{"name":"ec","stats":{"stored":10,"max_avail":90}}]}'
    osd_map = (
        '{"flags_set":["pausewr"],"pools":[{"pool_name":"ec","type":3,"size":5,"flags_names":"hashpspool",'
        '"quota_max_bytes":50,"application_metadata":{"rgw":{}}},{"pool_name":"new","type":1,"size":3,'
        '"flags_names":"","quota_max_bytes":0}]}'
    )
    [pool] = answers.pools(usage, osd_map)

    assert (pool.copies, pool.quota_bytes, pool.free_bytes) == (None, 50, 40)
    assert (pool.writable, pool.for_images) == (False, False)
    assert pool.usage_ratio == 0.2


@pytest.mark.parametrize(
    "read", [answers.state, answers.software, answers.names, answers.snapshots, answers.watchers]
)
@pytest.mark.parametrize("text", ["", "null", '{"fsid": 1', '[{"id": "x"}]'])
def test_nonsense_is_told(read, text):
    with pytest.raises(Broken):
        read(text)


def test_a_snapshot_without_a_date_is_told():
    with pytest.raises(Broken, match="when a was taken"):
        answers.snapshots('[{"id":4,"name":"a","size":1,"protected":"false","timestamp":""}]')


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"driver": "ceph", "sudo": True}, "ceph needs no sudo"),
        ({"driver": "linux", "conf": "/etc/ceph/ceph.conf"}, "belong to the driver ceph"),
        ({"driver": "ceph", "keyring": "ceph.keyring"}, "keyring"),
        ({"driver": "ceph", "user": "--id"}, "user"),
    ],
)
def test_settings_that_do_not_fit_the_driver_are_told(wrong, said):
    with pytest.raises(InvalidRequest, match=said):
        open_storage("c", {"hosts": [{"name": "ceph1", "host": "local", **wrong}]})


async def test_a_machine_without_the_tools_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    room = open_storage("c", {"hosts": [HOST.model_dump()]})

    with pytest.raises(Unsupported, match="cannot be run"):
        await room.describe("storage:c:cluster:ceph1")
