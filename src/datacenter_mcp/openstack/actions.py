"""What an instance's action log says of its reboots and resizes. Pure."""

from collections.abc import Iterable

from datacenter_mcp.openstack.answers import ActionEntry

REBOOT = "reboot"
DONE, FAILED = "Success", "Error"
NEVER = "never rebooted"


def latest_reboot(log: Iterable[ActionEntry]) -> ActionEntry | None:
    """The last reboot that was asked for and did not fail; the log says of one that failed that it did. None: none."""
    reboots = [one for one in log if one.action == REBOOT and one.message is None]
    return max(reboots, key=lambda one: one.start_time, default=None)


def rebooted_at(log: Iterable[ActionEntry]) -> str | None:
    """When the last one began."""
    latest = latest_reboot(log)
    return latest.start_time if latest else None


def is_over(entry: ActionEntry) -> bool:
    """Whether all its steps have ended, and one has begun."""
    return bool(entry.events) and all(one.result is not None for one in entry.events)


def has_failed(entry: ActionEntry) -> bool:
    """Whether the cloud took it and could not do it."""
    return entry.message is not None or any(one.result == FAILED for one in entry.events)
