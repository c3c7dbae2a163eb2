"""Raised alarms, events and tasks as resources. Pure."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from datacenter_mcp.contract.reading import Resource
from datacenter_mcp.readings import facts
from datacenter_mcp.vmware.answers import Node, Ref, Seen
from datacenter_mcp.vmware.mapping import Context, age_seconds, iso, status

SUBJECTS = {"vm": "vm", "host": "host", "ds": "datastore", "net": "network",
            "computeResource": "computeResource", "datacenter": "datacenter"}  # fmt: skip
"""What an event may be about, the nearest first -> where its reference stands."""
ALARM_PATHS = {"Alarm": ("info.name", "info.description")}
TASK_PATHS = {"Task": ("info",)}


class Rule(NamedTuple):
    """The rule that an alarm follows."""

    name: str
    description: str | None


def rules(seen: Iterator[Seen]) -> Mapping[Ref, Rule]:
    """The rules by their references."""
    return {
        one.ref: Rule(one.get("info.name").text or one.ref.value, one.get("info.description").text)
        for one in seen
    }


def alarms(states: Node, known: Mapping[Ref, Rule], context: Context) -> Iterator[Resource]:
    """The raised alarms, from the states that the root folder sums up. One that is green or grey is none."""
    for state in states.parts():
        key, rule = state.part("key").text, state.part("alarm").ref
        raised, at = status(state.part("overallStatus")), state.part("time").moment
        if key is None or rule is None or at is None or raised not in ("degraded", "failed"):
            continue
        follows = known.get(rule, Rule(rule.value, None))
        yield Resource(
            id=context.naming.name("alarm", key),
            kind="alarm",
            name=follows.name,
            facts=facts(
                {
                    "status": raised,
                    "entity_id": context.tree.id(state.part("entity").ref),
                    "description": follows.description,
                    "raised_at": iso(at),
                    "age_seconds": age_seconds(at, context.now),
                    "acknowledged": state.part("acknowledged").flag,
                    "acknowledged_by": state.part("acknowledgedByUser").text,
                }
            ),
            source=context.source,
        )


def events(page: Node, context: Context) -> Iterator[Resource]:
    """The events of a page."""
    for event in page.parts():
        key, at = event.part("key").text, event.part("createdTime").moment
        if key is None or at is None:
            continue
        # Events of extensions are all EventEx; what they are stands inside.
        kind = event.part("eventTypeId").text or event.type or "Event"
        yield Resource(
            id=context.naming.name("event", key),
            kind="event",
            name=kind,
            facts=facts(
                {
                    "event_type": kind,
                    "message": event.part("fullFormattedMessage").text or kind,
                    "entity_id": context.tree.id(_subject(event)),
                    "user": event.part("userName").text,
                    "happened_at": iso(at),
                    "age_seconds": age_seconds(at, context.now),
                }
            ),
            source=context.source,
        )


def task(seen: Seen, context: Context) -> Resource:
    """A task of the platform."""
    info = seen.get("info")
    progress = info.part("progress").number
    operation = info.part("descriptionId").text or info.part("name").text or "task"
    error = info.part("error")
    return Resource(
        id=context.naming.name("task", seen.ref.value),
        kind="task",
        name=operation,
        facts=facts(
            {
                "operation": operation,
                "state": info.part("state").text or "queued",
                "entity_id": context.tree.id(info.part("entity").ref),
                "user": info.part("reason", "userName").text,
                "progress_ratio": None if progress is None else progress / 100,
                "error": error.part("localizedMessage").text or error.part("fault").type or None,
                "queued_at": iso(info.part("queueTime").moment),
                "started_at": iso(info.part("startTime").moment),
                "completed_at": iso(info.part("completeTime").moment),
            }
        ),
        source=context.source,
    )


def _subject(event: Node) -> Ref | None:
    return next(
        (ref for path in SUBJECTS.items() if (ref := event.part(*path).ref) is not None), None
    )
