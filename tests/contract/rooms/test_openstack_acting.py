"""Rebooting and resizing instances of a real OpenStack, there and back again."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.contract.rooms.calling import calling, facts
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
from tests.peers.openstack_cloud import Cloud
from tests.peers.openstack_oracle import Oracle
from tests.peers.openstack_seed import connect

__all__ = ["oracle", "web"]
pytestmark = LANE
Asked = Callable[[str], dict[str, Any]]
EVERY: list[Asked] = [rebooting, resizing, confirming, reverting]


@pytest.mark.parametrize("asked", [rebooting, resizing])
async def test_a_dry_run_changes_nothing(cloud: Cloud, oracle: Oracle, web: str, asked: Asked):
    async with calling(room(cloud)) as call:
        tool, arguments = act(asked(web), dry_run=True)
        result = await call(tool, **arguments)

    assert (result["changed"], bool(result["would"])) == (False, True)
    assert (oracle.flavor(web), oracle.server(web)["status"]) == ("small", "ACTIVE")
    assert oracle.done(web, "reboot") + oracle.done(web, "resize") == 0


@pytest.mark.shows("openstack", "reboot_instance")
async def test_a_reboot_shows_in_the_marker_and_in_nothing_else(
    cloud: Cloud, oracle: Oracle, web: str
):
    async with calling(room(cloud)) as call:
        before = await call("look", **rebooting(web))
        tool, arguments = act(rebooting(web))
        result = await call(tool, **arguments)
        after = await call.until(
            lambda look: look["marker"] not in (None, before["marker"]), "look", **rebooting(web)
        )
        again = await call(tool, **arguments)
        described = facts(await call("describe_resource", id=name_of("instance", web)))

    assert (before["satisfied"], before["marker"]) == (None, "never rebooted")
    assert result["changed"]
    assert (after["state"], after["health"]["status"]) == (before["state"], "ok")
    assert again == result  # from memory
    assert oracle.done(web, "reboot") == 1
    assert described["rebooted_at"].endswith("+00:00")


async def test_each_reboot_has_a_marker_of_its_own(cloud: Cloud, oracle: Oracle, web: str):
    markers = []
    async with calling(room(cloud)) as call:
        for key in ("k1", "k2"):
            tool, arguments = act(rebooting(web), key)
            await call(tool, **arguments)
            oracle.until(web, lambda one: one["status"] == "ACTIVE")
            look = await call.until(lambda look: look["marker"], "look", **rebooting(web))
            markers.append(look["marker"])

    assert len(set(markers)) == 2


async def test_a_reboot_that_nobody_carries_out_shows_no_marker_until_it_is_done(
    cloud: Cloud, oracle: Oracle, web: str
):
    host = oracle.server(web)["OS-EXT-SRV-ATTR:host"]
    async with calling(room(cloud)) as call:
        with cloud.frozen(f"nova-{host}"):
            tool, arguments = act(rebooting(web))
            await call(tool, **arguments)
            waiting = await call("look", **rebooting(web))
        done = await call.until(lambda look: look["marker"], "look", **rebooting(web))

    assert (waiting["marker"], waiting["health"]["status"]) == (None, "degraded")
    assert done["marker"].startswith("req-")


@pytest.mark.shows("openstack", "resize_instance", "confirm_resize")
async def test_a_resize_waits_until_it_is_confirmed_and_is_final_then(
    cloud: Cloud, oracle: Oracle, web: str
):
    async with calling(room(cloud)) as call:
        before = await call("look", **resizing(web))
        tool, arguments = act(resizing(web))
        result = await call(tool, **arguments)
        after = await call.until(satisfied, "look", **resizing(web))
        waiting = await call("look", **confirming(web))
        status = oracle.server(web)["status"]
        tool, arguments = act(confirming(web))
        confirmed = await call(tool, **arguments)
        final = await call.until(satisfied, "look", **confirming(web))
        tool, arguments = act(confirming(web), "k2")
        again = await call(tool, **arguments)

    assert (before["satisfied"], before["state"]) == (False, {"flavor": "small"})
    assert (result["changed"], result["before"]) == (True, {"flavor": "small"})
    assert (after["state"], status) == ({"flavor": "medium"}, "VERIFY_RESIZE")
    assert (waiting["satisfied"], waiting["state"]) == (False, {"flavor": "medium"})
    assert (confirmed["changed"], again["changed"]) == (True, False)
    assert (final["state"], final["health"]["status"]) == ({"flavor": "medium"}, "ok")
    assert oracle.server(web)["status"] == "ACTIVE"


@pytest.mark.shows("openstack", "resize_instance", "revert_resize")
async def test_a_resize_that_is_reverted_brings_the_pre_state_back(
    cloud: Cloud, oracle: Oracle, web: str
):
    async with calling(room(cloud)) as call:
        before = await call("look", **resizing(web))
        tool, arguments = act(resizing(web))
        await call(tool, **arguments)
        await call.until(satisfied, "look", **resizing(web))
        tool, arguments = act(reverting(web))
        result = await call(tool, **arguments)
        back = await call.until(satisfied, "look", **reverting(web))

    assert result["changed"]
    assert back["state"] == before["state"]
    assert (oracle.flavor(web), oracle.server(web)["status"]) == ("small", "ACTIVE")


async def test_what_was_confirmed_cannot_be_reverted_and_the_refusal_says_so(
    cloud: Cloud, oracle: Oracle, web: str
):
    oracle.resize(web, "medium")
    async with calling(room(cloud)) as call:
        tool, arguments = act(confirming(web))
        await call(tool, **arguments)
        await call.until(satisfied, "look", **confirming(web))
        tool, arguments = act(reverting(web))
        error = await call.error(tool, **arguments)

    assert (error.kind, error.sent) == ("refused", False)
    assert "what was kept for going back is gone" in error.message
    assert oracle.flavor(web) == "medium"


async def test_what_is_so_already_is_left_alone(cloud: Cloud, oracle: Oracle, web: str):
    same = [resizing(web, "small"), confirming(web, "small"), reverting(web, "small")]
    async with calling(room(cloud)) as call:
        looks = [await call("look", **asked) for asked in same]
        results = [await call(act(asked)[0], **act(asked)[1]) for asked in same]

    assert [look["satisfied"] for look in looks] == [True] * 3
    assert [result["changed"] for result in results] == [False] * 3
    assert oracle.done(web, "resize") == 0


async def test_a_flavor_is_meant_by_its_id_too(cloud: Cloud, oracle: Oracle, web: str):
    small = oracle.shop.compute.find_flavor("small").id
    async with calling(room(cloud)) as call:
        look = await call("look", **resizing(web, small))

    assert (look["satisfied"], look["state"]) == (True, {"flavor": "small"})


async def test_flavors_that_cannot_be_had_are_refused_before_anything_is_sent(
    cloud: Cloud, oracle: Oracle, web: str
):
    errors = []
    async with calling(room(cloud)) as call:
        for flavor in ("none", "tiny", "huge"):
            tool, arguments = act(resizing(web, flavor))
            errors.append(await call.error(tool, **arguments))

    assert [(one.kind, one.sent) for one in errors] == [
        ("invalid", False),
        ("refused", False),
        ("refused", False),
    ]
    assert "there are: huge, medium, small, tiny" in errors[0].message
    assert "tiny has 1 GiB of disk" in errors[1].message
    assert "quota has room for" in errors[2].message
    assert oracle.done(web, "resize") == 0


async def test_a_resize_that_the_cloud_takes_and_gives_up_is_refused_and_seen(
    cloud: Cloud, oracle: Oracle, web: str
):
    flavor = oracle.admin.compute.create_flavor(name="vast", ram=10**7, vcpus=2, disk=40)
    try:
        async with calling(room(cloud)) as call:
            tool, arguments = act(resizing(web, "vast"))
            error = await call.error(tool, **arguments)
            look = await call("look", **resizing(web, "vast"))
    finally:
        oracle.admin.compute.delete_flavor(flavor)

    assert (error.kind, error.sent) == ("refused", None)
    assert "gave it up" in error.message
    assert (look["satisfied"], look["state"]) == (False, {"flavor": "small"})
    assert oracle.server(web)["status"] == "ACTIVE"


async def test_while_a_resize_waits_nothing_else_is_done(cloud: Cloud, oracle: Oracle, web: str):
    oracle.resize(web, "medium")
    errors = []
    async with calling(room(cloud)) as call:
        for asked in (rebooting(web), resizing(web, "small"), confirming(web, "tiny")):
            tool, arguments = act(asked)
            errors.append(await call.error(tool, **arguments))

    assert [(one.kind, one.sent) for one in errors] == [("conflict", False)] * 3
    assert oracle.server(web)["status"] == "VERIFY_RESIZE"


async def test_an_instance_that_is_busy_or_off_is_a_conflict(
    cloud: Cloud, oracle: Oracle, web: str
):
    host = oracle.server(web)["OS-EXT-SRV-ATTR:host"]
    async with calling(room(cloud)) as call:
        with cloud.frozen(f"nova-{host}"):
            oracle.shop.compute.stop_server(web)
            busy = [await call.error(act(asked(web))[0], **act(asked(web))[1]) for asked in (rebooting, resizing)]  # fmt: skip
        oracle.until(web, lambda one: one["status"] == "SHUTOFF")
        off = [await call.error(act(asked(web))[0], **act(asked(web))[1]) for asked in (rebooting, resizing)]  # fmt: skip
        look = await call("look", **rebooting(web))

    assert [(one.kind, one.sent) for one in busy + off] == [("conflict", False)] * 4
    assert "busy: powering-off" in busy[0].message
    assert look["health"]["status"] == "degraded"


async def test_a_locked_instance_is_a_hazard_and_is_refused(
    cloud: Cloud, oracle: Oracle, web: str
):
    oracle.admin.compute.lock_server(web)
    async with calling(room(cloud)) as call:
        look = await call("look", **resizing(web))
        tool, arguments = act(resizing(web))
        error = await call.error(tool, **arguments)

    assert look["hazards"] == ["locked"]
    assert (error.kind, error.sent) == ("refused", False)


async def test_a_recent_snapshot_is_the_backup(cloud: Cloud, oracle: Oracle, web: str):
    async with calling(room(cloud)) as call:
        without = await call("look", **resizing(web))
        image = oracle.snapshot(web)
        with_one = await call("look", **resizing(web))
        reboot = await call("look", **rebooting(web))
    oracle.shop.image.delete_image(image)

    assert (without["backup_available"], with_one["backup_available"]) == (False, True)
    assert reboot["backup_available"] is None


@pytest.mark.parametrize("asked", EVERY)
async def test_the_role_for_reading_may_do_nothing(
    cloud: Cloud, oracle: Oracle, web: str, asked: Asked
):
    if asked in (confirming, reverting):
        oracle.resize(web, "medium")
    before = oracle.server(web)
    async with calling(room(cloud, "reader")) as call:
        tool, arguments = act(asked(web))
        error = await call.error(tool, **arguments)

    assert (error.kind, error.sent) == ("refused", None)
    assert "Policy doesn't allow" in error.message
    assert oracle.server(web)["status"] == before["status"]
    assert oracle.flavor(web) == before["flavor"]["original_name"]


async def test_the_role_for_acting_may_do_no_more_than_its_operations(
    cloud: Cloud, oracle: Oracle, web: str
):
    with_it = connect(cloud.place, "operator", "shop")
    answers = [
        with_it.compute.delete(f"/servers/{web}"),
        with_it.compute.post(f"/servers/{web}/action", json={"os-stop": None}),
    ]
    with_it.close()

    assert [answer.status_code for answer in answers] == [403, 403]
    assert oracle.server(web)["status"] == "ACTIVE"


@pytest.mark.parametrize("asked", EVERY)
async def test_what_is_not_there_does_not_exist_and_another_kind_is_invalid(
    cloud: Cloud, oracle: Oracle, asked: Asked
):
    nobody = "00000000-0000-0000-0000-000000000000"
    wrong = {**asked(nobody), "target": name_of("volume", nobody)}
    async with calling(room(cloud)) as call:
        look = await call("look", **asked(nobody))
        tool, arguments = act(asked(nobody))
        error = await call.error(tool, **arguments)
        other = await call.error("look", **wrong)

    assert (look["exists"], look["health"]["status"]) == (False, "unknown")
    assert (error.kind, error.sent, other.kind) == ("not_found", False, "invalid")
