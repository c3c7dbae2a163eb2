"""What the OpenStack room does when logins expire, services go away, answers are lost, and there is a lot."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.contract.rooms.calling import calling
from tests.contract.rooms.openstack_cases import (
    LANE,
    act,
    confirming,
    name_of,
    oracle,
    rebooting,
    resizing,
    reverting,
    room,
    satisfied,
    web,
)
from tests.peers.gateway import Gateway
from tests.peers.openstack_cloud import Cloud
from tests.peers.openstack_oracle import Oracle
from tests.peers.openstack_seed import PASSWORD

from datacenter_mcp.openstack.room import OpenstackRoom, open_openstack

__all__ = ["oracle", "web"]
pytestmark = [*LANE, pytest.mark.shows("openstack", "endures")]
MANY = 2_000
SHORT = {"request_timeout_seconds": 2.0}


@pytest.fixture
def way(cloud: Cloud) -> Iterator[Gateway]:
    """What stands before Nova, and fails when it is told to."""
    started = Gateway(cloud)
    yield started
    started.close()


def behind(way: Gateway, cloud: Cloud, **more: Any) -> OpenstackRoom:
    """The room, whose way to Nova is through something that may fail."""
    settings = cloud.settings("operator", compute_endpoint_override=f"{way.url}/v2.1")
    return open_openstack("lab", {**settings, **more})


def by_password(cloud: Cloud, secret: Path, account: str = "reader") -> dict[str, Any]:
    return {"auth_url": cloud.place.url("keystone"), "username": account, "password": f"file:{secret}",
            "project": "shop"}  # fmt: skip


async def test_a_token_that_is_taken_back_in_mid_session_is_renewed(cloud: Cloud, oracle: Oracle):
    me = name_of("project", oracle.project)
    opened = room(cloud, "reader")
    async with calling(opened) as call:
        before = await call("describe_resource", id=me)
        oracle.revoke_tokens_of("reader")
        after = await call("describe_resource", id=me)

    assert before["id"] == after["id"]


async def test_a_password_that_was_changed_is_read_anew(
    cloud: Cloud, oracle: Oracle, tmp_path: Path
):
    secret, me = tmp_path / "password", name_of("project", oracle.project)
    secret.write_text(PASSWORD)
    try:
        async with calling(open_openstack("lab", by_password(cloud, secret))) as call:
            await call("describe_resource", id=me)
            oracle.change_password("reader", "another")
            refused = await call.error("describe_resource", id=me)
            health = await call("get_health")
            secret.write_text("another")
            after = await call("describe_resource", id=me)
    finally:
        oracle.change_password("reader", PASSWORD)

    assert (refused.kind, refused.sent) == ("unavailable", False)
    assert "refused the login" in refused.message
    assert health["status"] == "failed"
    assert after["id"] == me


async def test_settings_that_cannot_be_used_are_told(cloud: Cloud, tmp_path: Path):
    errors = []
    for settings in (
        {"clouds_file": str(cloud.clouds_file()), "cloud": "none"},
        by_password(cloud, tmp_path / "none"),
        {**by_password(cloud, cloud.clouds_file()), "auth_url": "http://127.0.0.1:9/v3"},
    ):
        async with calling(open_openstack("lab", settings)) as call:
            errors.append(await call.error("describe_resource", id=name_of("flavor", "a")))

    assert [(one.kind, one.sent) for one in errors] == [
        ("invalid", False),
        ("invalid", False),
        ("unavailable", False),
    ]


async def test_a_service_that_restarts_is_found_again_and_the_others_are_read_meanwhile(
    cloud: Cloud, web: str
):
    async with calling(room(cloud)) as call:
        await call("get_health")
        cloud.end("nova-api")
        gone = await call.error("look", **rebooting(web))
        listed = await call("list_resources", limit=1_000)
        health = await call("get_health")
        cloud.start_nova("nova-api")
        await asyncio.to_thread(cloud.until_it_answers, "nova")
        back = await call("look", **rebooting(web))

    failed = {one["part"] for one in listed["failures"]}
    assert (gone.kind, gone.sent) == ("unavailable", False)
    assert {"instance", "flavor", "hypervisor"} <= failed
    assert {"network", "image", "project"} <= {one["kind"] for one in listed["resources"]}
    assert (health["status"], back["exists"]) == ("failed", True)


async def test_a_service_that_hangs_costs_its_time_limit_and_no_more(cloud: Cloud, web: str):
    async with calling(room(cloud, **SHORT)) as call:
        await call("get_health")
        with cloud.frozen("nova-api"):
            started = time.monotonic()
            error = await call.error("describe_resource", id=name_of("flavor", "a"))
            waited = time.monotonic() - started
        after = await call("look", **rebooting(web))

    assert (error.kind, waited < 8) == ("unavailable", True)
    assert after["exists"]


async def test_an_answer_that_is_lost_is_asked_for_again_and_one_that_is_cut_is_no_list(
    cloud: Cloud, way: Gateway
):
    async with calling(behind(way, cloud)) as call:
        await call("list_resources", kind="flavor")
        with way.failing("lose", "GET"):
            way.asked.clear()
            lost = await call.error("describe_resource", id=name_of("flavor", "a"))
            tries = len(way.asked)
        with way.failing("cut", "GET"):
            cut = await call("list_resources", kind="flavor")
        whole = await call("list_resources", kind="flavor")

    assert (lost.kind, tries) == ("unavailable", 2)
    assert (cut["resources"], [one["kind"] for one in cut["failures"]]) == ([], ["unavailable"])
    assert (len(whole["resources"]), whole["failures"]) == (4, [])


async def test_a_busy_cloud_says_when_to_come_again_and_has_done_nothing(
    cloud: Cloud, oracle: Oracle, way: Gateway, web: str
):
    async with calling(behind(way, cloud)) as call:
        tool, arguments = act(rebooting(web))
        with way.failing("busy", "POST"):
            error = await call.error(tool, **arguments)
        untouched = oracle.done(web, "reboot")
        result = await call(tool, **arguments)

    assert (error.kind, error.retry_after_seconds, error.sent) == ("unavailable", 3.0, False)
    assert (untouched, result["changed"], oracle.done(web, "reboot")) == (0, True, 1)


@pytest.mark.parametrize("fault", ["lose", "hold"])
async def test_a_change_whose_answer_never_came_is_found_by_looking_and_not_made_twice(
    cloud: Cloud, oracle: Oracle, way: Gateway, web: str, fault: Any
):
    errors = []
    async with calling(behind(way, cloud, **SHORT)) as call:
        for asked in (resizing(web), reverting(web), resizing(web), confirming(web)):
            tool, arguments = act(asked, f"k{len(errors)}")
            way.asked.clear()
            with way.failing(fault, "POST"):
                error = await call.error(tool, **arguments)
            sent = sum(one.startswith("POST") for one in way.asked)
            await asyncio.to_thread(oracle.until, web, lambda one: True)
            await call.until(satisfied, "look", **asked)
            errors.append((error.kind, error.sent, sent))
        before = await call("look", **rebooting(web))
        tool, arguments = act(rebooting(web))
        with way.failing(fault, "POST"):
            await call.error(tool, **arguments)
        await call.until(
            lambda look: look["marker"] not in (None, before["marker"]), "look", **rebooting(web)
        )

    assert errors == [("unavailable", True, 1)] * 4
    assert (oracle.flavor(web), oracle.done(web, "reboot")) == ("medium", 1)


async def test_whoever_was_faster_wins(cloud: Cloud, oracle: Oracle, way: Gateway, web: str):
    way.before("POST", lambda: oracle.resize(web, "medium"))
    async with calling(behind(way, cloud, request_timeout_seconds=30)) as call:
        tool, arguments = act(rebooting(web))
        error = await call.error(tool, **arguments)

    assert (error.kind, error.sent) == ("conflict", None)
    assert "while it is in" in error.message
    assert (oracle.flavor(web), oracle.done(web, "reboot")) == ("medium", 0)


async def test_thousands_of_things_come_complete_and_soon(cloud: Cloud, oracle: Oracle):
    with oracle.crowd(MANY):
        opened = room(cloud)
        started = time.monotonic()
        listing = await opened.list_resources("instance", None)
        took = time.monotonic() - started
        await opened.close()
    ids = {one.id for one in listing.resources}

    assert (len(listing.resources), len(ids), listing.failures) == (MANY, MANY, [])
    assert took < 60
