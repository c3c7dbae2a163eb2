"""Devices that hang, lock us out, disappear or talk nonsense: bounded time, a typed outcome, an honest end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.e2e.devices import downs, is_up, shut
from tests.e2e.product import Product, until
from tests.peers.netlab import NetLab
from tests.peers.slots import run

pytestmark = [pytest.mark.peer, pytest.mark.timeout(180)]
DOWN = "The link eth1 of r1 is down."


def asked(product: Product, lab: NetLab, category: str) -> str:
    """A ticket about a port that is shut, which waits for an answer."""
    shut(lab, "r1", "eth1")
    ticket_id = product.submit(category, DOWN)
    assert product.settled(ticket_id)["status"] == "awaiting_approval"
    return ticket_id


def failed_untouched(product: Product, lab: NetLab, ticket_id: str) -> str:
    """The approved ticket ended failed in bounded time, and nothing was done; the reason."""
    started = time.monotonic()
    ticket = product.approve(ticket_id)
    [outcome] = ticket["remediation_results"]["executed_actions"]

    assert time.monotonic() - started < 40
    assert (ticket["status"], outcome["kind"]) == ("failed", "failed")
    assert outcome["message"].startswith("Nothing was done: ")
    assert not ticket["auto_remediation_executed"]
    assert not is_up(lab, "r1", "eth1")
    reason: str = outcome["message"]
    return reason


def test_a_device_that_hangs_ends_the_ticket_in_bounded_time(product: Product, lab: NetLab):
    ticket_id = asked(product, lab, "hang")
    with lab.frozen("r1"):
        reason = failed_untouched(product, lab, ticket_id)

    assert "did not answer" in reason


def test_a_device_that_hangs_before_the_diagnosis_is_named_as_not_read(
    product: Product, lab: NetLab
):
    shut(lab, "r1", "eth1")
    with lab.frozen("r1"):
        ticket = product.settled(product.submit("gap", DOWN))

    assert ticket["status"] == "proposed"
    assert any(
        "lab r1 could not be read" in unknown for unknown in ticket["diagnosis"]["unknowns"]
    )


@contextmanager
def changed_account(lab: NetLab, change: list[str], back: list[str]) -> Iterator[None]:
    """The devices' account is changed, and r1 has to log us in anew."""
    run("usermod", *change, lab.user)
    lab.kill_ssh("r1")
    lab.start_sshd("r1")
    try:
        yield
    finally:
        run("usermod", *back, lab.user)
        lab.kill_ssh("r1")
        lab.start_sshd("r1")


def test_a_device_that_refuses_the_login_is_a_reason_and_not_a_repair(
    product: Product, lab: NetLab
):
    ticket_id = asked(product, lab, "login")
    with changed_account(lab, ["-L"], ["-U"]):
        reason = failed_untouched(product, lab, ticket_id)

    assert "refused the login" in reason


def test_a_device_that_talks_nonsense_is_not_believed(
    product: Product, lab: NetLab, tmp_path: Path
):
    shell = Path("/usr/local/bin/nonsense-shell")
    shell.write_text("#!/bin/sh\nprintf '<<< \\377 nonsense >>>\\n'\n")
    shell.chmod(0o755)
    ticket_id = asked(product, lab, "nonsense")
    try:
        with changed_account(lab, ["-s", str(shell)], ["-s", "/bin/bash"]):
            failed_untouched(product, lab, ticket_id)
    finally:
        shell.unlink()


def test_a_device_that_disappears_in_the_act_is_asked_again_and_told_as_it_is(
    product: Product, lab: NetLab
):
    before = downs(lab, "r2", "eth2")
    ticket_id = product.submit("vanish", "The port eth2 of r2 is stuck.")
    product.approve(ticket_id, waiting=False)
    until(lambda: downs(lab, "r2", "eth2") > before)
    lab.kill_ssh("r2")
    lab.start_sshd("r2")
    ticket = product.settled(ticket_id)
    [outcome] = ticket["remediation_results"]["executed_actions"]

    assert (ticket["status"], outcome["kind"]) == ("resolved", "changed")
    assert downs(lab, "r2", "eth2") == before + 1
    assert is_up(lab, "r2", "eth2")


def test_the_kill_switch_stops_an_approved_plan_and_survives_a_restart(
    product: Product, lab: NetLab
):
    ticket_id = asked(product, lab, "drill")
    product.post("/kill-switch", on=True, reason="drill", actor="olga")
    stopped = product.approve(ticket_id)
    assert stopped["status"] == "proposed"
    assert "The kill switch is on: drill" in stopped["resolution"]
    product.stop()
    product.start()
    assert product.get("/kill-switch")["on"]
    problem = product.post(f"/tickets/{ticket_id}/execute", 409, approver="ada")
    assert "kill switch is on" in problem["detail"]
    assert product.settled(product.submit("drill", DOWN))["status"] == "proposed"
    assert not is_up(lab, "r1", "eth1")
    product.post("/kill-switch", on=False, actor="olga")
    healed = product.execute(ticket_id)

    assert healed["status"] == "resolved"
    assert is_up(lab, "r1", "eth1")
    assert [o["kind"] for o in healed["remediation_results"]["executed_actions"]] == ["changed"]
